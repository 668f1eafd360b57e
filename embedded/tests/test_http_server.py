"""`bench serve` as a process: real sockets, several clients at once."""

import http.client
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from host_site import SITE
from http_host import DOCTYPE, READER, WRITER

BENCH = Path(sys.executable).parent / "bench"
URL = quote(f"/api/resource/{DOCTYPE}")
CLIENTS, ROUNDS = 4, 25


@pytest.fixture(scope="module")
def server(site, http_site):
    """Port of a running server."""
    process = subprocess.Popen(
        [str(BENCH), "--site", SITE, "serve", "--port", "0"],
        env={**os.environ, "SITES_PATH": str(site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            break
    yield int(found.group(1))
    process.terminate()
    process.wait(timeout=20)


class Connection:
    """One kept-alive connection with a user's token."""

    def __init__(self, port, token=None):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"token {token}"} if token else {}

    def send(self, method, path, values=None, **headers):
        body = None if values is None else json.dumps(values)
        headers = {**self.headers, **headers, **({"Content-Type": "application/json"} if body else {})}
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        return answer.status, answer.headers, answer.read()


def test_it_answers_over_a_socket(server):
    connection = Connection(server)
    for _ in range(3):
        status, headers, body = connection.send("GET", "/api/method/ping")
        assert (status, json.loads(body)) == (200, {"message": "pong"})
        assert "Server" not in headers and headers["X-Request-Id"]


def test_forged_forwarding_headers_are_dropped(server, http_site):
    connection = Connection(server)
    status, headers, _body = connection.send(
        "GET", "/login", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
    )
    assert status == 200 and "Strict-Transport-Security" not in headers


def test_bodies_in_chunks(server, http_site):
    connection = Connection(server, http_site[WRITER])
    parts = [b'{"title": ', b'"in ', b'chunks"}']
    connection.http.request(
        "POST",
        URL,
        iter(parts),
        {**connection.headers, "Content-Type": "application/json"},
        encode_chunked=True,
    )
    answer = connection.http.getresponse()
    assert answer.status == 200 and json.loads(answer.read())["data"]["title"] == "in chunks"


def test_head_and_not_modified(server):
    connection = Connection(server)
    status, headers, body = connection.send("HEAD", "/assets/frappe/login.js")
    assert (status, body) == (200, b"")
    status, _headers, _body = connection.send(
        "GET", "/assets/frappe/login.js", **{"If-None-Match": headers["ETag"]}
    )
    assert status == 304


def work(server, token, number):
    """One client's reads and writes; returns the titles that were acknowledged."""
    connection, acknowledged = Connection(server, token), []
    for turn in range(ROUNDS):
        title = f"crowd {number} {turn}"
        status, _headers, body = connection.send("POST", URL, {"title": title, "amount": turn})
        assert status == 200, body
        name = json.loads(body)["data"]["name"]
        assert connection.send("GET", f"{URL}/{name}")[0] == 200
        status, _headers, body = connection.send("PUT", f"{URL}/{name}", {"amount": turn + 1})
        assert status == 200 and json.loads(body)["data"]["amount"] == turn + 1
        query = f"?filters={quote(json.dumps([['title', 'like', f'crowd {number} %']]))}&limit_page_length=0"
        status, _headers, body = connection.send("GET", URL + query)
        assert status == 200 and len(json.loads(body)["data"]) == turn + 1
        acknowledged.append(title)
    return acknowledged


def test_four_clients_at_once(server, http_site):
    with ThreadPoolExecutor(CLIENTS) as pool:
        titles = list(pool.map(lambda number: work(server, http_site[WRITER], number), range(CLIENTS)))
    query = f"?fields={quote(json.dumps(['title']))}&limit_page_length=0&filters=" + quote(
        json.dumps([["title", "like", "crowd %"]])
    )
    _status, _headers, body = Connection(server, http_site[READER]).send("GET", URL + query)
    stored = [row["title"] for row in json.loads(body)["data"]]
    assert sorted(stored) == sorted(title for each in titles for title in each), "nothing lost or doubled"


def test_writers_of_one_document_wait_for_each_other(server, http_site):
    """Four clients add one to a number under optimistic locking: every acknowledged one counts."""
    owner = Connection(server, http_site[WRITER])
    name = json.loads(owner.send("POST", URL, {"title": "counter", "amount": 0})[2])["data"]["name"]

    def count_up(_number):
        connection, done = Connection(server, http_site[WRITER]), 0
        while done < 5:
            doc = json.loads(connection.send("GET", f"{URL}/{name}")[2])["data"]
            values = {"amount": doc["amount"] + 1, "modified": doc["modified"]}
            status, _headers, body = connection.send("PUT", f"{URL}/{name}", values)
            assert status in (200, 417), body
            done += status == 200

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(count_up, range(CLIENTS)))
    assert json.loads(owner.send("GET", f"{URL}/{name}")[2])["data"]["amount"] == 5 * CLIENTS


def test_a_port_that_is_taken_is_one_line(server, site):
    process = subprocess.run(
        [str(BENCH), "--site", SITE, "serve", "--port", str(server)],
        env={**os.environ, "SITES_PATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 1 and "Cannot listen" in process.stderr
    assert "Traceback" not in process.stderr


def test_the_database_is_durable(frappe_site):
    assert frappe_site.db.sql("pragma journal_mode")[0][0] == "wal"
    assert frappe_site.db.sql("pragma synchronous")[0][0] == 2, "2 is FULL"


def test_a_trusted_proxy_is_believed(site, http_site):
    process = subprocess.Popen(
        [str(BENCH), "--site", SITE, "serve", "--port", "0", "--trusted-proxy", "127.0.0.1"],
        env={**os.environ, "SITES_PATH": str(site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = next(int(line.rsplit(":", 1)[1]) for line in process.stderr if "Serving on" in line)
        status, headers, _body = Connection(port).send(
            "GET",
            "/login",
            **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.8.7.6", "X-Request-Id": "by-proxy"},
        )
        assert status == 200 and "Strict-Transport-Security" in headers
        log = (site / SITE / "logs" / "frappe.web.log").read_text()
        entry = next(line for line in map(json.loads, log.splitlines()) if line["request_id"] == "by-proxy")
        assert entry["remote_addr"] == "9.8.7.6"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_sigterm_lets_the_server_finish(site, http_site):
    process = subprocess.Popen(
        [str(BENCH), "--site", SITE, "serve", "--port", "0"],
        env={**os.environ, "SITES_PATH": str(site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    port = next(int(line.rsplit(":", 1)[1]) for line in process.stderr if "Serving on" in line)
    assert Connection(port).send("GET", "/api/method/ping")[0] == 200
    process.terminate()
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in process.stderr.read()
