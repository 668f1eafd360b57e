"""The site under test: one that the environment names, or the embedded host's own, made for the run.

CONTRACT_URL, CONTRACT_USER, CONTRACT_PASSWORD name a running site with the app installed;
CONTRACT_HOST is the Host header that chooses the site on a bench with several.
CONTRACT_UNSEEDED=1 makes nothing there beforehand, so that each case has to fail by itself on a server
that only looks like one.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
import warnings
from contextlib import contextmanager

import pytest
import requests

from .wire import Client, resource
from .world import World, build, remove

PASSWORD = "admin"
PERIOD = "2001-03"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_served(process, url: str, log, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()}")
        try:
            requests.get(f"{url}/api/method/ping", timeout=2)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer in time")


@pytest.fixture(scope="session")
def site(request, tmp_path_factory):
    """(url, user, password, host) of the site under test."""
    if url := os.environ.get("CONTRACT_URL"):
        user = os.environ.get("CONTRACT_USER", "Administrator")
        yield url, user, os.environ["CONTRACT_PASSWORD"], os.environ.get("CONTRACT_HOST")
        return
    template = request.getfixturevalue("bench_template")
    root = tmp_path_factory.mktemp("contract")
    shutil.copytree(template.root / "sites", root / "sites")
    with serving(type(template)(root)) as url:
        yield url, "Administrator", PASSWORD, None


@contextmanager
def serving(bench):
    """The embedded host serves the bench's site at the URL that this gives."""
    port = free_port()
    log = bench.root / "serve.log"
    with log.open("w") as out:
        process = bench.popen("serve", "--port", str(port), stdout=out, stderr=out)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_served(process, url, log)
            yield url
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def world(site):
    world = World(*site)
    if os.environ.get("CONTRACT_UNSEEDED"):
        yield world
        return
    admin = world.administrator()  # once: at the end a lock-out may bar this address from signing in
    try:
        build(world, admin)
        yield world
    finally:
        if left := remove(world, admin):
            warnings.warn("left behind:\n" + "\n".join(left), stacklevel=1)


@pytest.fixture(scope="session")
def manager(world) -> Client:
    """A System Manager who is not Administrator, by token."""
    return world.as_("manager")


@pytest.fixture(scope="session")
def staff(world) -> Client:
    """Staff of unit A: sees A and A1 alone."""
    return world.as_("staff")


@pytest.fixture(scope="session")
def clerk(world) -> Client:
    """Reads, writes and creates cases, but neither submits nor deletes nor reads `secret`."""
    return world.as_("clerk")


@pytest.fixture(scope="session")
def officer(world) -> Client:
    return world.as_("officer")


@pytest.fixture(scope="session")
def nobody(world) -> Client:
    """Signed in, without a right to any of the DocTypes made here."""
    return world.as_("nobody")


@pytest.fixture(scope="session")
def neighbour(world) -> Client:
    """Like nobody; cases share documents with this one."""
    return world.as_("neighbour")


@pytest.fixture
def guest(world) -> Client:
    return world.anonymous()


@pytest.fixture(scope="session")
def draft_list(world, manager):
    """A board with a list of March 2001: unit A on time with 3 of 4."""
    categories = {"category": world.category, "unit": world.units["A"], "source": "contract"}
    for number in range(4):
        day = "2001-02-10" if number else "2001-02-11"
        late = "2001-03-11" if number < 3 else "2001-03-30"
        ticket = {"subject": f"t{number}", "reported_on": f"{day} 08:00:00", "due_on": "2001-03-12"}
        manager.post(resource("Issue Ticket"), {**categories, **ticket, "resolved_on": f"{late} 09:00:00"})
    values = {
        "board_name": world.board,
        "metric": "On-time Rate",
        "minimum_sample": 1,
        "category": world.category,
    }
    manager.post(resource("List Board"), values)
    made = manager.call("cadre_incentive.api.lists.rebuild", period=PERIOD, board=world.board)
    rows = made.json().get("message") or [{}]
    return rows[0].get("name", "none")


def pytest_collection_modifyitems(items):
    """Lock-outs come last: where a host locks an address, nobody could sign in any more."""
    items.sort(key=lambda item: "test_lock_out" in str(item.path))
