"""REST requests per second of the embedded server, against a bare Werkzeug app behind the same waitress.

The bare app does what no server can leave out: it finds the user of the API key, checks the secret, and reads
or writes the same rows of the same table in the same file with the same PRAGMAs. No meta, permissions, hooks,
validation, sessions or log.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks import city
from benchmarks.measure import Result, pairs

# At least a quarter of the bare app's requests per second.
LIMIT = 4.0
REQUESTS = 150
THREADS = "8"
LIST = "/api/resource/ToDo?fields=%5B%22name%22%2C%22description%22%2C%22status%22%2C%22date%22%5D"
FIELDS = ("name", "creation", "modified", "owner", "modified_by", "description", "status", "priority")


def bare_app(path: str, key: str):
    """The WSGI application of the baseline, over the site's own database file."""
    import hmac
    import secrets
    import threading
    from datetime import datetime

    from cryptography.fernet import Fernet
    from frappe.database.connection import open_connection
    from werkzeug.wrappers import Request, Response

    local, cipher = threading.local(), Fernet(key)

    def connection():
        if not hasattr(local, "connection"):
            local.connection = open_connection(path)
        return local.connection

    def user_of(request):
        api_key, _, secret = request.headers.get("Authorization", "").removeprefix("token ").partition(":")
        row = (
            connection()
            .execute(
                "SELECT u.name, a.password FROM tabUser u JOIN __Auth a ON a.name = u.name"
                " AND a.doctype = 'User'"
                " AND a.fieldname = 'api_secret' WHERE u.api_key = ? AND u.enabled = 1",
                (api_key,),
            )
            .fetchone()
        )
        if row and hmac.compare_digest(cipher.decrypt(row[1].encode()), secret.encode()):
            return row[0]
        return None

    @Request.application
    def application(request):
        user = user_of(request)
        if not user:
            return Response(status=401)
        if request.method == "GET":
            rows = connection().execute(
                "SELECT name, description, status, date FROM tabToDo ORDER BY modified DESC LIMIT 20"
            )
            names = [column[0] for column in rows.description]
            data = [dict(zip(names, row, strict=True)) for row in rows]
        else:
            moment = str(datetime.now())
            values = request.get_json()
            row = (secrets.token_hex(5), moment, moment, user, user, values["description"], "Open", "Medium")
            connection().execute("BEGIN IMMEDIATE")
            connection().execute(
                f"INSERT INTO tabToDo ({', '.join(FIELDS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
            )
            connection().execute("COMMIT")
            data = dict(zip(FIELDS, row, strict=True))
        return Response(json.dumps({"data": data}, default=str), mimetype="application/json")

    return application


def serve_bare(path: str, key: str, port: str) -> None:
    import waitress

    waitress.serve(bare_app(path, key), host="127.0.0.1", port=int(port), threads=int(THREADS), ident=None)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def process(*command: str, port: str):
    """A server process that answers on the port."""
    running = subprocess.Popen(command, cwd=city.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait()


def prepare() -> tuple[str, str, dict]:
    """Rows to list, and an API key: (database file, encryption key, headers)."""
    with city.connected() as frappe:
        from frappe.core.doctype.user.user import generate_keys
        from frappe.utils.password import get_encryption_key

        frappe.db.delete("ToDo")
        for number in range(100):
            frappe.get_doc(doctype="ToDo", description=f"Look at ticket {number}", date="2025-02-01").insert()
        keys = generate_keys("Administrator")
        frappe.db.commit()
        token = f"token {keys['api_key']}:{keys['api_secret']}"
        return str(city.database_path_of(frappe)), get_encryption_key(), {"Authorization": token}


def client(port: str, headers: dict, method: str, path: str, body: str | None = None):
    """A function that sends `REQUESTS` requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port))
    headers = {**headers, "Content-Type": "application/json"} if body else headers

    def send() -> None:
        for _ in range(REQUESTS):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200 or not content.startswith(b'{"data":'):
                raise AssertionError(f"{answer.status} {content[:200]!r}")

    return send


def serving() -> list[Result]:
    """REST list (20 rows) and create, each as milliseconds a request."""
    path, key, headers = prepare()
    ours, bare = free_port(), free_port()
    bare_command = "import sys; from benchmarks.serving import serve_bare; serve_bare(*sys.argv[1:])"
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    with (
        process(
            str(city.BENCH), "--site", city.SITE, "serve", "--port", ours, "--threads", THREADS, port=ours
        ),
        process(sys.executable, "-c", bare_command, path, key, bare, port=bare),
    ):
        create = json.dumps({"description": "Look at the lamp"})
        results = []
        for name, *request in (
            ("REST list of 20", "GET", LIST),
            ("REST create", "POST", "/api/resource/ToDo", create),
        ):
            couple = (client(ours, headers, *request), client(bare, headers, *request))
            results.append(pairs(name, LIMIT, [couple] * 8, per=REQUESTS, unit="ms"))
        return results
