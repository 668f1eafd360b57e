"""frappectl, Frappe's own command line: the second version of the API, as a library and as a command."""

import io
import json
import os
import subprocess
import sys

import pytest
from frappectl.client import FrappeClient
from frappectl.errors import FrappeError


@pytest.fixture
def client(access):
    with FrappeClient(access.url, f"{access.key}:{access.secret}") as client:
        yield client


@pytest.fixture
def made(client, world):
    return client.create_document(world.case, world.new_case("a/b", hits=1))


@pytest.fixture
def command(access, tmp_path):
    """Run `frappectl --json ...`; returns what it prints."""
    environment = {
        "FRAPPE_SITE": access.url,
        "FRAPPE_API_KEY": access.key,
        "FRAPPE_API_SECRET": access.secret,
        "XDG_CONFIG_HOME": str(tmp_path),
    }

    def run(*arguments: str):
        done = subprocess.run(
            [sys.executable, "-m", "frappectl", "--json", *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def ours(world) -> list:
    return [["title", "like", f"{world.prefix} %"]]


def test_list(client, world):
    rows, _more = client.list_documents(
        world.case, fields=["name", "hits"], filters=[*ours(world), ["hits", ">=", 4]], order_by="hits asc"
    )
    assert [row["hits"] for row in rows] == [4, 5]


def test_count(client, world):
    assert client.get_count(world.case, ours(world)) == 5


def test_create_and_get(client, world, made):
    assert client.get_document(world.case, made["name"])["hits"] == 1


def test_update(client, world, made):
    assert client.update_document(world.case, made["name"], {"note": "changed"})["note"] == "changed"


def test_conflict(client, world, made):
    stale = made["modified"]
    client.update_document(world.case, made["name"], {"note": "first"})
    with pytest.raises(FrappeError) as refusal:
        client.update_document(world.case, made["name"], {"note": "second", "modified": stale})
    assert refusal.value.status_code == 417
    assert client.get_document(world.case, made["name"])["note"] == "first"


def test_submit_and_cancel(client, world, made):
    for method, docstatus in (("submit", 1), ("cancel", 2)):
        client.run_doc_method(world.case, made["name"], method)
        assert client.get_document(world.case, made["name"])["docstatus"] == docstatus


def test_delete(client, world, made):
    client.delete_document(world.case, made["name"])
    with pytest.raises(FrappeError) as refusal:
        client.get_document(world.case, made["name"])
    assert refusal.value.status_code == 404


def test_upload_and_download(client, world, made):
    attach = {"is_private": True, "doctype": world.case, "docname": made["name"]}
    file = client.upload_file(io.BytesIO(b"hello"), f"{world.prefix}-d.txt", **attach)
    target = io.BytesIO()
    client.stream_download(file["file_url"], target.write)
    assert target.getvalue() == b"hello"


def test_meta(client, world):
    assert client.get_meta(world.case)["is_submittable"] == 1


def test_method(client, access):
    assert client.get_logged_user() == access.user


def test_report(client, world, report_arguments):
    arguments = {**report_arguments, "filters": json.dumps(report_arguments["filters"])}
    answer = client.call_method("frappe.desk.query_report.run", params=arguments, http_method="GET")
    assert [(row["unit"], row["k"], row["n"]) for row in answer["result"]] == [(world.units["A"], 3, 4)]


def test_refusal(client, world):
    with pytest.raises(FrappeError, match="Lost"):
        client.create_document(world.case, world.new_case(status="Lost"))


def test_command_list(command, world):
    rows = command("doc", "list", world.case, "-f", f"title like {world.prefix} al%", "--fields", "name,hits")
    assert [row["hits"] for row in rows] == [1]


def test_command_life_of_a_document(command, world):
    name = command("doc", "create", world.case, "--set", f"title={world.title('ctl')}")["name"]
    assert command("doc", "update", world.case, name, "--set", "note=set")["note"] == "set"
    assert command("doc", "submit", world.case, name)["docstatus"] == 1
    assert command("doc", "cancel", world.case, name)["docstatus"] == 2


def test_command_report(command, world, report_arguments):
    arguments = json.dumps(report_arguments["filters"])
    answer = command("report", "run", report_arguments["report_name"], "--filters-json", arguments)
    assert [row["unit"] for row in answer["result"]] == [world.units["A"]]
