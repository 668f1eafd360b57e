"""The app's whitelisted methods: found in `cadre_incentive.api`, described by their types and docstrings."""

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable
from datetime import date, datetime

import frappe

import cadre_incentive.api
from cadre_incentive.api import lists

_TYPES = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    list: {"type": "array", "items": {}},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string"},
    type(None): {"type": "null"},
}
# Methods that check roles by themselves: who may not call them does not see them.
ROLES = {
    "cadre_incentive.api.lists.rebuild": lists.REBUILDERS,
    "cadre_incentive.api.lists.publish": lists.PUBLISHERS,
}


def methods() -> dict[str, Callable]:
    """{dotted name: function} of the whitelisted methods that the user may call."""
    found = {}
    for module in pkgutil.iter_modules(cadre_incentive.api.__path__, "cadre_incentive.api."):
        if module.name.rpartition(".")[2].startswith("test_"):
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            if callable(function) and getattr(function, "__module__", None) == module.name:
                dotted = f"{module.name}.{name}"
                if function in frappe.whitelisted and _is_open(dotted):
                    found[dotted] = function
    return dict(sorted(found.items()))


def _is_open(dotted: str) -> bool:
    roles = ROLES.get(dotted)
    user = frappe.session.user
    return not roles or user == "Administrator" or not set(roles).isdisjoint(frappe.get_roles(user))


def operation(dotted: str, function: Callable, tag: str) -> tuple[str, dict]:
    """(HTTP method in lower case, operation) of a whitelisted method."""
    allowed = frappe.allowed_http_methods_for_whitelisted_func.get(function) or ["GET"]
    verb = "get" if "GET" in allowed else "post"
    hints, parameters = typing.get_type_hints(function), inspect.signature(function).parameters
    arguments = {
        name: (schema(hints.get(name, inspect.Parameter.empty)), parameter)
        for name, parameter in parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }
    summary, _blank, description = inspect.cleandoc(function.__doc__ or dotted).partition("\n\n")
    said = {
        "operationId": dotted.replace(".", "_"),
        "tags": [tag],
        "summary": " ".join(summary.split()),
        "responses": {"200": _answer(schema(hints.get("return", inspect.Parameter.empty)))},
    }
    if description:
        said["description"] = description
    if verb == "get":
        said["parameters"] = [
            {"name": name, "in": "query", "required": _is_required(parameter), "schema": kind}
            for name, (kind, parameter) in arguments.items()
        ]
    elif arguments:
        said["requestBody"] = _body(arguments)
    return verb, said


def _body(arguments: dict) -> dict:
    required = [name for name, (_kind, parameter) in arguments.items() if _is_required(parameter)]
    body = {"type": "object", "properties": {name: kind for name, (kind, _parameter) in arguments.items()}}
    if required:
        body["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": body}}}


def _answer(kind: dict) -> dict:
    message = {"type": "object", "properties": {"message": kind}}
    return {"description": "OK", "content": {"application/json": {"schema": message}}}


def _is_required(parameter) -> bool:
    return parameter.default is parameter.empty


def schema(annotation) -> dict:
    """A Python annotation as a JSON schema; {} (anything) where there is none."""
    if annotation in _TYPES:
        return dict(_TYPES[annotation])
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [schema(each) for each in inner]}
    if origin is list:
        return {"type": "array", "items": schema(inner[0]) if inner else {}}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(inner[1]) if len(inner) == 2 else {}}
    if origin is typing.Literal:
        return {"enum": list(inner)}
    return {}
