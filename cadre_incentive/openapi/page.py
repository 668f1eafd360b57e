"""The OpenAPI document as a page: one file, no scripts, nothing from elsewhere."""

import frappe
from frappe import _
from jinja2 import Environment, FileSystemLoader

VERBS = ("get", "post", "put", "delete")


def render(document: dict) -> str:
    """HTML of an OpenAPI document, in the user's language."""
    folder = frappe.get_app_path("cadre_incentive", "openapi")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    environment.globals["type_of"] = type_of
    return environment.get_template("page.html").render(
        document=document,
        lang=frappe.local.lang,
        said={
            "sign_in": _("Sign in with a header:"),
            "parameters": _("Parameters"),
            "request": _("Request"),
            "answer": _("Answer"),
        },
        groups=[(tag, _operations(document, tag["name"])) for tag in document["tags"]],
        schemas=document["components"]["schemas"],
    )


def _operations(document: dict, tag: str) -> list[dict]:
    found = []
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item and tag in item[verb]["tags"]:
                found.append(
                    {"verb": verb.upper(), "path": path, **item[verb], **_fields(document, item[verb])}
                )
    return found


def _fields(document: dict, operation: dict) -> dict:
    """What the body of the request and the answer hold, each as {name: schema} and the names required."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = next(iter(operation["responses"].values()))
    answered = answer["content"]["application/json"]["schema"]["properties"]
    return {
        "takes": _resolved(document, body),
        "gives": _resolved(document, answered.get("data") or answered.get("message")),
    }


def _resolved(document: dict, schema: dict | None) -> dict:
    schema = schema or {}
    schema = schema.get("items") or schema
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def type_of(schema: dict) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_of(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) if value != "" else '""' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{type_of(schema.get('items') or {})}]"
    kind = schema.get("type", "")
    kind = " | ".join(kind) if isinstance(kind, list) else kind
    return schema.get("format") or kind
