"""The whitelisted functions of the host and of the app, found in their source, with their parameters."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "embedded" / "frappe", ROOT / "cadre_incentive")
SHORT = ("ping", "version", "login", "logout", "upload_file", "run_doc_method", "download_file", "web_logout")


class Method(NamedTuple):
    name: str
    parameters: tuple[str, ...]
    of_document: bool = False


@cache
def all_methods() -> tuple[Method, ...]:
    """Functions by their dotted names; methods of documents by their own."""
    found = [Method(name, ()) for name in SHORT]
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            if "test" not in path.name:
                found += _in_file(path, package.parent)
    return tuple(found)


def _in_file(path: Path, base: Path) -> list[Method]:
    text = path.read_text(encoding="utf-8")
    if "whitelist(" not in text:
        return []
    dotted = ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
    found = []
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _whitelisted(node):
            found.append(Method(f"{dotted}.{node.name}", _parameters(node)))
        elif isinstance(node, ast.ClassDef):
            inner = [each for each in node.body if isinstance(each, ast.FunctionDef) and _whitelisted(each)]
            found += [Method(each.name, _parameters(each)[1:], of_document=True) for each in inner]
    return found


def _whitelisted(node: ast.FunctionDef) -> bool:
    names = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return any(getattr(name, "attr", getattr(name, "id", None)) == "whitelist" for name in names)


def _parameters(node: ast.FunctionDef) -> tuple[str, ...]:
    return tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
