"""The host as a client meets it: its WSGI application on the tests' site, one thread for each client."""

import base64
from concurrent.futures import ThreadPoolExecutor

import frappe
from doctypes import field, make_doctype, make_user, rule
from werkzeug.test import Client as WerkzeugClient

READER, WRITER, OUTSIDER = "http_reader@example.com", "http_writer@example.com", "http_outsider@example.com"
KEYLESS = "http_keyless@example.com"
PASSWORD = "correct horse battery"
DOCTYPE, CHILD = "HTTP Test", "HTTP Test Row"


class Client:
    """Requests to the application; cookies are kept, `token` signs every request."""

    def __init__(self, sites_path, site, token=None):
        import frappe.app

        frappe.app._site, frappe.app._sites_path = site, str(sites_path)
        self.headers = {"Authorization": f"token {token}"} if token else {}
        self.werkzeug = WerkzeugClient(frappe.app.application)
        self.thread = ThreadPoolExecutor(1)

    def open(self, method, path, headers=None, **kwargs):
        kwargs["headers"] = {**self.headers, **(headers or {})}
        return self.thread.submit(self._open, method, path, kwargs).result()

    def _open(self, method, path, kwargs):
        response = self.werkzeug.open(path, method=method, **kwargs)
        response.get_data()  # read while the thread still stands
        response.close()
        return response

    def get(self, path, **kwargs):
        return self.open("GET", path, **kwargs)

    def post(self, path, **kwargs):
        return self.open("POST", path, **kwargs)

    def put(self, path, **kwargs):
        return self.open("PUT", path, **kwargs)

    def patch(self, path, **kwargs):
        return self.open("PATCH", path, **kwargs)

    def delete(self, path, **kwargs):
        return self.open("DELETE", path, **kwargs)

    def call(self, method, verb="POST", /, **arguments):
        """POST (or GET) a whitelisted method; the arguments as JSON (or in the query)."""
        key = "query_string" if verb == "GET" else "json"
        return self.open(verb, f"/api/method/{method}", **{key: arguments})

    def login(self, user, password=PASSWORD):
        return self.post("/api/method/login", data={"usr": user, "pwd": password})

    def close(self):
        from frappe.database.pool import close_all

        self.thread.submit(close_all).result()
        self.thread.shutdown()


def prepare() -> None:
    """DocTypes, users and their passwords; commits."""
    from frappe.utils.password import update_password

    make_doctype(CHILD, [field("part"), field("count", "Int")], istable=1)
    make_user(READER, "http_reader_role")
    make_user(WRITER, "http_writer_role")
    make_user(OUTSIDER)
    make_user(KEYLESS)
    for user in (READER, WRITER, OUTSIDER):
        update_password(user, PASSWORD)
    make_doctype(
        DOCTYPE,
        [
            field("title", reqd=1),
            field("amount", "Int"),
            field("secret", permlevel=1),
            field("friend", "Link", options=DOCTYPE),
            field("photo", "Attach"),
            field("rows", "Table", options=CHILD),
        ],
        is_submittable=1,
        autoname="hash",
        track_changes=1,
        permissions=[
            rule("http_reader_role", "read"),
            rule("http_writer_role", "read", "write", "create", "delete", "submit", "cancel"),
            rule("System Manager", "read", "write", "create", "delete", "submit", "cancel"),
            rule("System Manager", "read", "write", permlevel=1),
        ],
    )
    frappe.db.commit()


def token_of(user) -> str:
    """A new `key:secret` for a user; commits."""
    from frappe.core.doctype.user.user import generate_keys

    keys = generate_keys(user)
    frappe.db.commit()
    return f"{keys['api_key']}:{keys['api_secret']}"


def basic(token: str) -> dict:
    return {"Authorization": "Basic " + base64.b64encode(token.encode()).decode()}


def messages(response) -> list[str]:
    """Texts of `_server_messages`."""
    import json

    return [json.loads(message)["message"] for message in json.loads(response.json["_server_messages"])]
