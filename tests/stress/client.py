"""A client over one kept connection; it sends what it is told, nonsense too, and never judges an answer."""

from __future__ import annotations

import http.client
import json
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

TIMEOUT = 90
JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Requests to one site as one user: by `token` ("key:secret"), else by the cookies that it is given."""

    def __init__(self, url: str, token: str | None = None, host: str | None = None):
        self.address = urlsplit(url).netloc
        self.headers = {"Accept": "application/json"}
        if token:
            self.headers["Authorization"] = f"token {token}"
        if host:
            self.headers["Host"] = host
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def send(self, verb: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
        """One request. Raises OSError or HTTPException where no whole answer comes; nothing is sent twice."""
        sent = {**self.headers, **(headers or {})}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        try:
            self._connection.request(verb, path, body=body, headers=sent)
            response = self._connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(line).items()})
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str, /, **params) -> Answer:
        """GET; parameters that are no strings are sent as JSON."""
        plain = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        return self.send("GET", f"{path}?{urlencode(plain)}" if plain else path)

    def post(self, path: str, body=None) -> Answer:
        return self.send("POST", path, json.dumps(body or {}).encode(), JSON)

    def put(self, path: str, body=None) -> Answer:
        return self.send("PUT", path, json.dumps(body or {}).encode(), JSON)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def call(self, method: str, /, **args) -> Answer:
        return self.post(f"/api/method/{method}", args)

    def login(self, user: str, password: str) -> Answer:
        form = urlencode({"usr": user, "pwd": password}).encode()
        return self.send(
            "POST", "/api/method/login", form, {"Content-Type": "application/x-www-form-urlencoded"}
        )


def resource(doctype: str, name: str | None = None) -> str:
    path = "/api/resource/" + quote(doctype, safe="")
    return path if name is None else f"{path}/{quote(name, safe='')}"


def ok(answer: Answer, *statuses: int) -> Any:
    """The answer's JSON; its status must be one of these (200 where none is given)."""
    assert answer.status in (statuses or (200,)), f"{answer.status}: {answer.text[:2000]}"
    return answer.json()


def data(answer: Answer) -> Any:
    return ok(answer)["data"]


def message(answer: Answer) -> Any:
    return ok(answer).get("message")


def make_user(admin: Client, email: str, *roles: str, units=(), **fields) -> str:
    """A user with these roles, bound to these units; returns "key:secret"."""
    data(
        admin.post(
            resource("User"),
            {
                "email": email,
                "first_name": email.split("@")[0],
                "send_welcome_email": 0,
                "roles": [{"role": role} for role in roles],
                **fields,
            },
        )
    )
    for unit in units:
        bound = {"user": email, "allow": "Government Unit", "for_value": unit, "apply_to_all_doctypes": 1}
        data(admin.post(resource("User Permission"), bound))
    return new_token(admin, email)


def new_token(admin: Client, user: str) -> str:
    secret = message(admin.call("frappe.core.doctype.user.user.generate_keys", user=user))["api_secret"]
    asked = {"doctype": "User", "filters": {"name": user}, "fieldname": "api_key"}
    key = message(admin.get("/api/method/frappe.client.get_value", **asked))["api_key"]
    return f"{key}:{secret}"
