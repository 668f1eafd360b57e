"""A server that is killed in the middle of writing has kept what it acknowledged, and nothing by halves."""

from __future__ import annotations

import os
import random
from pathlib import Path

from stress.books import Books, differences
from stress.client import message
from stress.crowd import Crowd
from stress.ground import prepare
from stress.server import Server

KILLS = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 3
# Writes between a start and the next kill.
FEWEST, MOST = 15, 60


# `bench serve` with one more method, which asks the connection that answers the request.
ASKING = """
import frappe.client
from frappe.utils.bench_helper import main

def pragmas():
    return {name: frappe.db.sql(f"pragma {name}")[0][0] for name in ("journal_mode", "synchronous")}

frappe.client.pragmas = frappe.whitelist(allow_guest=True)(pragmas)
main()
"""


def test_what_was_acknowledged_outlives_the_server(bench, tmp_path):
    dice = random.Random(KILLS)
    journals: list[Path] = []
    with Server(bench) as server:
        tokens = prepare(server.administrator())
        for turn in range(KILLS):
            with Crowd(server.url, tokens, 600, tmp_path, prefix=f"k{turn}", mortal=True) as crowd:
                crowd.wait_for_writes(dice.randint(FEWEST, MOST))
                server.kill()
                crowd.wait()
            server.start()
            journals += crowd.journals
            books = Books(journals)
            found = differences(books, server.administrator(), server.database())
            assert not found, f"after kill {turn + 1}: {found}"
    lost = sum(told["lost"] for told in books.writes.values())
    print(f"{books.acknowledged} writes acknowledged, {lost} in flight at {KILLS} kills")
    assert books.acknowledged > FEWEST * KILLS / 2
    assert "database is locked" not in server.log.read_text()


def test_the_server_writes_ahead_and_waits_for_the_disk(bench):
    """WAL with synchronous=FULL (2), asked of the connections that serve requests."""
    with Server(bench, program=ASKING) as server:
        admin = server.administrator()
        answers = [message(admin.get("/api/method/frappe.client.pragmas")) for _ in range(8)]
    assert answers == [{"journal_mode": "wal", "synchronous": 2}] * 8
