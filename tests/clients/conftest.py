"""Published clients of Frappe's API, unmodified, on the site that the contract suite works on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from contract.conftest import PERIOD, draft_list, manager, site, world

__all__ = ["draft_list", "manager", "site", "world"]

REPORT = "Red Black List"


@pytest.fixture(scope="session")
def access(world):
    """What a client has to be told: url, user, password, key and secret of a System Manager."""
    key, secret = world.tokens["manager"].split(":")
    return SimpleNamespace(
        url=world.url, user=world.people["manager"], password=world.secret_word, key=key, secret=secret
    )


@pytest.fixture
def report_arguments(world, draft_list) -> dict:
    """Arguments of query_report.run that give the one row: unit A, 3 of 4."""
    return {"report_name": REPORT, "filters": {"board": world.board, "period": PERIOD}}
