"""Requests to every route of the contract: nonsense and half-sense, in all the ways clients write it."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from .methods import all_methods
from .nonsense import ODD_TEXTS, Values, mostly
from .town import Town

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
VERBS = ("GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
LIST_PARAMETERS = (
    "fields", "filters", "or_filters", "order_by", "group_by", "limit_start", "limit", "limit_page_length",
    "start", "as_dict", "expand", "parent", "debug", "distinct",
)  # fmt: skip
HEADERS = (
    {"Accept": "text/html"}, {"Accept": "*/*"}, {"Accept": "bogus"}, {"X-Requested-With": "XMLHttpRequest"},
    {"Content-Type": "application/json; charset=bogus"}, {"Content-Type": "text/plain"},
    {"Content-Type": ""}, {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary=x"}, {"X-Frappe-CSRF-Token": "None"},
    {"X-Forwarded-For": "'; --"}, {"X-Frappe-Site-Name": "../.."}, {"X-Frappe-Site-Name": "bogus"},
    {"Authorization": "token"}, {"Authorization": "token a:b:c"}, {"Authorization": "Basic %%%"},
    {"Authorization": "Basic AAAA"}, {"Authorization": "Bearer x"}, {"Authorization": "token \xff:\xff"},
    {"Cookie": "sid=bogus"}, {"Cookie": "sid=Administrator"}, {"Cookie": "=;;,="},
    {"Accept-Language": "zh-CN,zh;q=0.9,bogus;q=x"}, {"If-None-Match": "*"}, {"Range": "bytes=9-1"},
    {"Host": "bogus:x"}, {"X-Request-Id": "x" * 500}, {"X-Frappe-Doctype": "User"},
    {"Content-Encoding": "gzip"}, {"Expect": "bogus"},
)  # fmt: skip
PATHS = (
    "/", "/app", "/desk", "/login", "/api", "/api/", "/api/v1", "/api/v2", "/api/v3/x", "/api/resource",
    "/api/resource/", "/api/method", "/api/method/", "/api/v2/document", "/api/v2/doctype",
    "/api/v2/doctype/User", "/files/../site_config.json", "/private/files/",
    "/private/files/../../site_config.json", "/private/files/..%2f..%2fsite_config.json", "/backups/",
    "/backups/../site_config.json", "/assets/frappe/../../sites", "/assets/%00", "/files/%2e%2e/%2e%2e/",
    "/%ff%fe", "/robots.txt", "/api/resource/%00", "/api/resource/%ff", "/api/resource/User/%00",
    "/api//resource//User", "/api/resource/User//x", "/website_script.js", "/sitemap.xml", "/?cmd=",
    "/?cmd=%00", "/" + "x" * 2000, "/api/method/" + "a." * 500 + "b",
)  # fmt: skip


class Request(NamedTuple):
    person: str
    verb: str
    path: str
    body: bytes | None
    headers: dict
    what: str = ""
    counts: str | None = None

    def __str__(self) -> str:
        body = (self.body or b"")[:600]
        return f"{self.person}: {self.verb} {self.path[:600]} {body!r} {self.headers}"


def segment(text) -> str:
    return quote(str(text), safe="", errors="surrogatepass")


def requests(town: Town, persons: tuple[str, ...]):
    """A strategy for one request of one of the persons."""
    values = Values(town)
    route = st.one_of(
        lists(values), lists(values), documents(values), documents(values), creations(values),
        methods(values), methods(values), methods(values), common_methods(values), common_methods(values),
        methods_of_documents(values), metas(values), addresses(town), uploads(values),
    )  # fmt: skip
    return st.builds(dress, st.sampled_from(persons), route, st.integers(0, 9), st.sampled_from(HEADERS))


def dress(person: str, request: Request, luck: int, headers: dict) -> Request:
    """One request in ten comes with an odd header."""
    odd = headers if luck == 0 else {}
    return request._replace(person=person, headers={**request.headers, **odd})


def text_of(value) -> str:
    """A parameter as it stands in a query or a form."""
    return value if isinstance(value, str) else json.dumps(value)


def written(verb: str, path: str, arguments: dict, how: str, what: str, counts=None) -> Request:
    """A request with these arguments, in the query or in the body."""
    if how == "query" or (verb in ("GET", "HEAD") and how != "json"):
        pairs = {key: text_of(value) for key, value in arguments.items()}
        query = urlencode(pairs, errors="surrogatepass")
        return Request("", verb, f"{path}?{query}" if query else path, None, {}, what, counts)
    if how == "form":
        pairs = {key: text_of(value) for key, value in arguments.items()}
        body = urlencode(pairs, errors="surrogatepass").encode()
        return Request("", verb, path, body, {"Content-Type": FORM}, what, counts)
    if how == "data":
        body = urlencode({"data": json.dumps(arguments)}).encode()
        return Request("", verb, path, body, {"Content-Type": FORM}, what, counts)
    body = json.dumps(arguments).encode()
    body = body[: len(body) // 2] if how == "broken" else body
    return Request("", verb, path, body, {"Content-Type": JSON}, what, counts)


WAYS = st.sampled_from(("json",) * 12 + ("form",) * 4 + ("query", "query", "data", "broken"))
PREFIXES = st.sampled_from(("/api/resource", "/api/v1/resource", "/api/v2/document"))


def lists(values: Values):
    parameters = st.fixed_dictionaries({}, optional={key: values.argument(key) for key in LIST_PARAMETERS})
    return st.builds(
        lambda prefix, doctype, arguments: written(
            "GET", f"{prefix}/{segment(doctype)}", arguments, "query", f"list of {doctype}"
        ),
        PREFIXES, values.doctype, parameters,
    )  # fmt: skip


def documents(values: Values):
    verbs = st.sampled_from(("GET", "GET", "GET", "PUT", "PUT", "PATCH", "DELETE", "POST"))
    return st.builds(
        lambda prefix, pair, verb, bag, way: written(
            verb, f"{prefix}/{segment(pair[0])}/{segment(pair[1])}", bag, way, f"{verb} of {pair[0]}"
        ),
        PREFIXES, values.named, verbs, values.bag, WAYS,
    )  # fmt: skip


def creations(values: Values):
    def make(prefix, doctype, document, way):
        arguments = document if isinstance(document, dict) else {"data": document}
        return written("POST", f"{prefix}/{segment(doctype)}", arguments, way, f"creation of {doctype}")

    def of(doctype):
        return st.builds(make, PREFIXES, st.just(doctype), values.document, WAYS)

    return values.doctype.flatmap(of)


def arguments_of(values: Values, parameters):
    return st.fixed_dictionaries({}, optional={key: values.argument(key) for key in parameters})


def call(values: Values, name: str, parameters, verb=None):
    """A method by its name: as a path of either version, or as `cmd`."""

    def make(address, sent, arguments, way):
        counts = name.endswith("get_count") and arguments.get("doctype") or None
        counts = counts if isinstance(counts, str) else None
        if address == "cmd":
            return written(sent, "/", {**arguments, "cmd": name}, way, name, counts)
        return written(sent, f"{address}/{segment(name)}", arguments, way, name, counts)

    addresses = st.sampled_from(("/api/method", "/api/method", "/api/method", "/api/v2/method", "cmd"))
    arguments = st.one_of(
        st.fixed_dictionaries({key: values.argument(key) for key in parameters}),
        st.fixed_dictionaries({key: values.argument(key) for key in parameters}),
        arguments_of(values, parameters),
        arguments_of(values, (*parameters, "doctype", "name", "flags", "ignore_permissions", "self", "cls")),
    )
    verbs = st.just(verb) if verb else st.sampled_from(("POST",) * 6 + ("GET", "GET", "PUT", "DELETE"))
    return st.builds(make, addresses, verbs, arguments, WAYS)


def methods(values: Values):
    each = [method for method in all_methods() if not method.of_document]
    known = st.sampled_from(each).flatmap(lambda method: call(values, method.name, method.parameters))
    unknown = st.sampled_from(ODD_TEXTS + UNKNOWN).flatmap(lambda name: call(values, name, ("doctype",)))
    return mostly(known, unknown, 12)


UNKNOWN = (
    "frappe.client.bogus", "frappe.db.sql", "frappe.get_doc", "frappe.client.frappe.db.sql",
    "frappe.utils.execute_in_shell", "cadre_incentive.ledger.post",
    "cadre_incentive.setup.install.after_install", "os.system", "frappe.client.get_list.x",
    "frappe.core.doctype.user.user.User", "builtins.eval", "frappe.local",
    "frappe.model.document.Document.insert",
)  # fmt: skip
COMMON = {
    "frappe.client.get_list": "doctype fields filters order_by limit_start limit_page_length parent",
    "frappe.client.get_count": "doctype filters",
    "frappe.client.get": "doctype name filters",
    "frappe.client.get_value": "doctype fieldname filters as_dict parent",
    "frappe.client.set_value": "doctype name fieldname value",
    "frappe.client.insert": "doc",
    "frappe.client.insert_many": "docs",
    "frappe.client.save": "doc",
    "frappe.client.submit": "doc",
    "frappe.client.cancel": "doctype name",
    "frappe.client.delete": "doctype name",
    "frappe.client.rename_doc": "doctype old_name new_name merge",
    "frappe.client.bulk_update": "docs",
    "frappe.client.get_doc_permissions": "doctype docname",
    "frappe.desk.search.search_link": "doctype txt filters page_length searchfield",
    "frappe.desk.query_report.run": "report_name filters user",
    "frappe.desk.reportview.get": "doctype fields filters order_by group_by start page_length",
    "frappe.desk.reportview.get_count": "doctype filters fields distinct",
    "frappe.desk.reportview.export_query": "doctype fields filters file_format_type title",
    "frappe.desk.form.load.getdoc": "doctype name",
    "frappe.desk.form.load.getdoctype": "doctype with_parent",
    "frappe.desk.form.utils.add_comment": "reference_doctype reference_name content comment_email comment_by",
    "frappe.model.workflow.apply_workflow": "doc action",
    "cadre_incentive.api.lists.rebuild": "period board cutoff",
    "cadre_incentive.api.lists.publish": "name",
    "run_doc_method": "dt dn method args docs arg",
}


def common_methods(values: Values):
    names = st.sampled_from(sorted(COMMON))
    return names.flatmap(lambda name: call(values, name, tuple(COMMON[name].split())))


def methods_of_documents(values: Values):
    """`run_method` of version 1, `/method/<m>` of version 2."""
    each = st.sampled_from([method for method in all_methods() if method.of_document])
    inherited = (
        "run_method",
        "db_set",
        "delete",
        "submit",
        "cancel",
        "as_dict",
        "reload",
        "_save",
        "__class__",
        "get_title",
    )
    names = each.map(lambda method: method.name) | st.sampled_from(inherited) | st.sampled_from(ODD_TEXTS)

    def make(pair, method, verb, arguments, way, second):
        address = f"{segment(pair[0])}/{segment(pair[1])}"
        if second:
            path = f"/api/v2/document/{address}/method/{segment(method)}"
            return written(verb, path, arguments, way, f"{pair[0]}.{method}")
        arguments = {**arguments, "run_method": method}
        return written(verb, f"/api/resource/{address}", arguments, way, f"{pair[0]}.{method}")

    verbs = st.sampled_from(("GET", "POST"))
    return st.builds(make, values.named, names, verbs, values.bag, WAYS, st.booleans())


def metas(values: Values):
    def make(doctype, what, arguments):
        path = f"/api/v2/doctype/{segment(doctype)}/{what}"
        return written("GET", path, arguments, "query", what, doctype if what == "count" else None)

    def of_module(doctype, name):
        path = f"/api/v2/method/{segment(doctype)}/{segment(name)}"
        return written("POST", path, {}, "json", "method of a module")

    names = st.sampled_from(ODD_TEXTS + ("get_roles", "generate_keys", "frappe", "on_doctype_update"))
    return st.builds(of_module, values.doctype, names) | st.builds(
        make,
        values.doctype,
        st.sampled_from(("meta", "count", "count", "bogus")),
        arguments_of(values, ("filters", "fields")),
    )


def addresses(town: Town):
    """Paths as such, of files too, with all verbs."""
    paths = st.sampled_from(PATHS + tuple(map(quote, town.names.get("address", ())))) | st.text(
        max_size=20
    ).map(lambda text: "/" + quote(text, errors="surrogatepass"))
    bodies = st.sampled_from(
        (None, b"", b"{", b"[1]", b"null", b"\xff\xfe", b"--x\r\n\r\n--x--", b'{"a":NaN}')
    )
    types = st.sampled_from(({}, {"Content-Type": JSON}, {"Content-Type": FORM}))
    return st.builds(
        lambda verb, path, body, kind: Request("", verb, path, body, kind, path[:40]),
        st.sampled_from(VERBS), paths, bodies, types,
    )  # fmt: skip


FILE_NAMES = ("a.txt", "a.html", "a.svg", "../a.txt", "a.php", "", "é.pdf", "x" * 300, "a\x00.txt", ".")


def uploads(values: Values):
    """`upload_file` as a multipart form."""
    names = st.sampled_from(
        ("a.txt", "a.html", "a.svg", "../a.txt", "a.php", "", "é.pdf", "x" * 300 + ".txt", "a\x00.txt", ".")
    )

    def make(name, content, pair, arguments):
        form = {**arguments, "doctype": pair[0], "docname": pair[1]}
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text_of(value)}\r\n'
            for key, value in form.items()
        ]
        parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode("utf-8", "surrogatepass") + content + b"\r\n--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        return Request("", "POST", "/api/method/upload_file", body, kind, "upload_file")

    parameters = ("is_private", "folder", "fieldname", "file_url", "method", "optimize", "library_file_name")
    return st.builds(make, names, st.binary(max_size=30), values.named, arguments_of(values, parameters))
