"""The OpenAPI document for the session's user."""

from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import get_url

import cadre_incentive
from cadre_incentive.openapi.methods import methods, operation
from cadre_incentive.openapi.schemas import CHANGE, CREATE, READ, component, reference, schemas_of

APP = "cadre_incentive"


def document() -> dict:
    """OpenAPI 3.1: the DocTypes of the app that the user may read, and its methods that he may call."""
    paths, schemas, tags = {}, {"Error": _error()}, []
    for doctype in _doctypes():
        rights = _rights(doctype)
        if not rights["read"]:
            continue
        tags.append(_tag(doctype))
        found = schemas_of(doctype, rights["create"], rights["write"])
        # where every field is the app's own, there is nothing to change
        rights["write"] = bool(found.get(component(doctype) + CHANGE, {}).get("properties"))
        schemas.update(found)
        paths.update(_resource(doctype, rights))
    callables = methods()
    if callables:
        tags.append({"name": _("Methods")})
    for dotted, function in callables.items():
        verb, said = operation(dotted, function, _("Methods"))
        said["responses"].update(_errors("401", "403", "417"))
        paths[f"/api/method/{dotted}"] = {verb: said}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Cadre Incentive"),
            "version": cadre_incentive.__version__,
            "description": _("What {0} may do on this site.").format(frappe.session.user),
        },
        "servers": [{"url": get_url()}],
        "security": [{"token": []}, {"basic": []}, {"session": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {code: _refusal(text) for code, text in _error_texts().items()},
            "securitySchemes": _security(),
        },
    }


def _doctypes() -> list[str]:
    modules = frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name")
    filters = {"module": ("in", modules), "istable": 0}
    return sorted(frappe.get_all("DocType", filters=filters, pluck="name"))


def _rights(doctype: str) -> dict[str, bool]:
    rights = ("read", "create", "write", "delete")
    found = {right: bool(frappe.has_permission(doctype, right)) for right in rights}
    meta = frappe.get_meta(doctype)
    if meta.issingle:
        found["create"] = found["delete"] = False
    if meta.in_create:
        # made by the app alone
        found["create"] = False
    return found


def _tag(doctype: str) -> dict:
    tag = {"name": _(doctype)}
    if description := frappe.get_meta(doctype).get("description"):
        tag["description"] = _(description)
    return tag


def _resource(doctype: str, rights: dict[str, bool]) -> dict:
    """The paths of a DocType: its list and its documents; of a Single, the one document."""
    name, label = component(doctype), _(doctype)
    base = f"/api/resource/{quote(doctype)}"
    common = {"tags": [label]}
    one = {
        "get": {
            **common,
            "operationId": f"read_{name}",
            "summary": _("Read a document of {0}").format(label),
            "responses": {"200": _data(reference(name + READ)), **_errors("401", "403", "404")},
        }
    }
    if rights["write"]:
        one["put"] = {
            **common,
            "operationId": f"change_{name}",
            "summary": _("Change fields of a document of {0}").format(label),
            "description": _(
                "With `modified` as read, a change that someone else has made since is not overwritten."
            ),
            "requestBody": _body(name + CHANGE),
            "responses": {
                "200": _data(reference(name + READ)),
                **_errors("401", "403", "404", "409", "417"),
            },
        }
    if rights["delete"]:
        one["delete"] = {
            **common,
            "operationId": f"delete_{name}",
            "summary": _("Delete a document of {0}").format(label),
            "responses": {"202": _data({"const": "ok"}), **_errors("401", "403", "404", "417")},
        }
    if frappe.get_meta(doctype).issingle:
        return {f"{base}/{quote(doctype)}": one}
    many = {
        "get": {
            **common,
            "operationId": f"list_{name}",
            "summary": _("List documents of {0}").format(label),
            "parameters": _list_parameters(),
            "responses": {
                "200": _data({"type": "array", "items": reference(name + READ)}),
                **_errors("401", "403", "417"),
            },
        }
    }
    if rights["create"]:
        many["post"] = {
            **common,
            "operationId": f"create_{name}",
            "summary": _("Create a document of {0}").format(label),
            "requestBody": _body(name + CREATE),
            "responses": {"200": _data(reference(name + READ)), **_errors("401", "403", "409", "417")},
        }
    parameter = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    return {base: many, f"{base}/{{name}}": {"parameters": [parameter], **one}}


def _list_parameters() -> list[dict]:
    texts = {
        "fields": _('JSON list of fields, ["name"] by default, ["*"] for all'),
        "filters": _("JSON list of [field, operator, value], or an object of fields and values"),
        "or_filters": _("The same; one of them must hold"),
        "order_by": _("Fields, each with asc or desc"),
        "group_by": _("Fields"),
    }
    numbers = {
        "limit_start": _("How many to skip"),
        "limit_page_length": _("How many at most: 20 by default, 0 for all"),
    }
    return [
        *(_query(name, {"type": "string"}, text) for name, text in texts.items()),
        *(_query(name, {"type": "integer", "minimum": 0}, text) for name, text in numbers.items()),
    ]


def _query(name: str, schema: dict, text: str) -> dict:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}


def _body(name: str) -> dict:
    return {"required": True, "content": {"application/json": {"schema": reference(name)}}}


def _data(schema: dict) -> dict:
    content = {"type": "object", "properties": {"data": schema}, "required": ["data"]}
    return {"description": "OK", "content": {"application/json": {"schema": content}}}


def _errors(*codes: str) -> dict:
    return {code: {"$ref": f"#/components/responses/{code}"} for code in codes}


def _error_texts() -> dict[str, str]:
    return {
        "401": _("Not signed in, or with wrong credentials"),
        "403": _("Not permitted", context="API"),
        "404": _("There is no such document"),
        "409": _("The name or a unique value is taken"),
        "417": _("A value is refused, or the document has been changed in the meantime"),
    }


def _refusal(text: str) -> dict:
    return {"description": text, "content": {"application/json": {"schema": reference("Error")}}}


def _error() -> dict:
    return {
        "type": "object",
        "properties": {
            "exc_type": {"type": "string"},
            "exception": {"type": "string"},
            "_server_messages": {
                "type": "string",
                "description": _("JSON list of JSON objects with `message`"),
            },
        },
    }


def _security() -> dict:
    return {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "token <api_key>:<api_secret>",
        },
        "basic": {"type": "http", "scheme": "basic", "description": "api_key, api_secret"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sid",
            "description": "POST /api/method/login; X-Frappe-CSRF-Token",
        },
    }
