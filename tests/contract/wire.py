"""A thin client: it sends what it is told and never judges an answer."""

from __future__ import annotations

import json
import secrets
from urllib.parse import quote

import requests

TIMEOUT = 60


def path_of(*parts: str) -> str:
    """The parts as one path, each percent-encoded whole (slashes too)."""
    return "/".join(quote(part, safe="") for part in parts)


def some_address() -> str:
    """An address for documentation: where a host believes X-Forwarded-For, lock-outs stay apart."""
    return f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"


class Client:
    """Requests to one site as one user; `token` is "key:secret", without it cookies are kept."""

    def __init__(
        self, url: str, host: str | None = None, token: str | None = None, address: str | None = None
    ):
        self.url = url.rstrip("/")
        self.host = host
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Accept"] = "application/json"
        self.address = address or some_address()
        self.http.headers["X-Forwarded-For"] = self.address
        if host:
            self.http.headers["Host"] = host
        if token:
            self.http.headers["Authorization"] = f"token {token}"

    def request(self, verb: str, path: str, **kwargs) -> requests.Response:
        kwargs.setdefault("timeout", TIMEOUT)
        kwargs.setdefault("allow_redirects", False)
        return self.http.request(verb, self.url + path, **kwargs)

    def get(self, path: str, /, **params) -> requests.Response:
        """GET; parameters that are no strings or numbers are sent as JSON."""
        plain = {
            key: value if isinstance(value, str | int | float) else json.dumps(value)
            for key, value in params.items()
        }
        return self.request("GET", path, params=plain)

    def post(self, path: str, body=None, **kwargs) -> requests.Response:
        return self.request("POST", path, json={} if body is None else body, **kwargs)

    def put(self, path: str, body=None, **kwargs) -> requests.Response:
        return self.request("PUT", path, json={} if body is None else body, **kwargs)

    def delete(self, path: str, **kwargs) -> requests.Response:
        return self.request("DELETE", path, **kwargs)

    def call(self, method: str, /, **args) -> requests.Response:
        """POST to a method, arguments as JSON."""
        return self.post(f"/api/method/{method}", args)

    def ask(self, method: str, /, **args) -> requests.Response:
        """GET of a method."""
        return self.get(f"/api/method/{method}", **args)

    def client(self, name: str, /, **args) -> requests.Response:
        """POST to a method of frappe.client."""
        return self.call(f"frappe.client.{name}", **args)

    def list(self, doctype: str, /, **params) -> requests.Response:
        return self.get(resource(doctype), **params)

    def login(self, user: str, password: str) -> requests.Response:
        return self.request("POST", "/api/method/login", data={"usr": user, "pwd": password})

    def cookies(self) -> dict[str, str]:
        return self.http.cookies.get_dict()


def resource(doctype: str, *name: str) -> str:
    return "/api/resource/" + path_of(doctype, *name)


def document(doctype: str, *rest: str) -> str:
    return "/api/v2/document/" + path_of(doctype, *rest)


def ok(response: requests.Response, status: int = 200) -> dict:
    """The JSON of an answer that must have this status."""
    assert response.status_code == status, f"{response.status_code}: {response.text[:1500]}"
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()


def data(response: requests.Response, status: int = 200):
    return ok(response, status)["data"]


def message(response: requests.Response, status: int = 200):
    return ok(response, status)["message"]


def names(response: requests.Response, key: str = "data") -> set[str]:
    return {row["name"] for row in ok(response)[key]}


def refused(response: requests.Response, status: int, exc_type: str) -> dict:
    """The JSON of a v1 refusal: the status, `exc_type`, and nothing under data, message or docs."""
    answer = ok(response, status)
    assert answer["exc_type"] == exc_type, answer
    assert not {"data", "docs"} & set(answer)
    return answer


def server_messages(answer: dict) -> list[dict]:
    """`_server_messages`: a JSON string of a list of JSON strings."""
    return [json.loads(entry) for entry in json.loads(answer["_server_messages"])]


def set_cookies(response: requests.Response) -> dict[str, str]:
    """Raw Set-Cookie lines by the cookie's name (the last of each)."""
    lines = response.raw.headers.getlist("Set-Cookie")
    return {line.split("=", 1)[0]: line for line in lines}
