"""Four clients at once, reads and writes mixed: nothing is lost, nothing doubled, nobody waits in vain."""

from __future__ import annotations

import os

import pytest
from stress.books import Books, differences
from stress.crowd import Crowd
from stress.ground import prepare
from stress.server import Server

SECONDS = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 6
# Far below what any machine does; a server that stalls stays under it.
WRITES_PER_SECOND = 1


@pytest.fixture
def server(bench):
    with Server(bench) as server:
        yield server


def test_four_clients_at_once(server, tmp_path):
    tokens = prepare(server.administrator())
    with Crowd(server.url, tokens, SECONDS, tmp_path) as crowd:
        crowd.wait()
    books = Books(crowd.journals)
    print(f"{books.acknowledged} writes acknowledged in {SECONDS} s")
    assert not differences(books, server.administrator(), server.database())
    assert books.acknowledged > WRITES_PER_SECOND * SECONDS
    assert "database is locked" not in server.log.read_text()
