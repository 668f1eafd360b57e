"""Every string of the app that a user reads, collected from JSON records, Python, JavaScript and SQL."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[1]

# `__("…")` in JavaScript, `AS "label:type:width"` in the query of a report
JS_CALL = re.compile(r"""\b__\(\s*(["'`])((?:\\.|(?!\1).)*)\1""", re.DOTALL)
SQL_COLUMN = re.compile(r"""\bas\s+["'`]([^"'`:]+):""", re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")
UNTRANSLATED_SELECTS = {"naming_series"}


def collect() -> dict[str, set[str]]:
    """Source strings with the files in which they stand."""
    found: dict[str, set[str]] = {}
    for path in sorted(APP.rglob("*")):
        for text in _strings_of(path):
            if text and any(char.isalpha() for char in text):
                found.setdefault(text, set()).add(str(path.relative_to(APP)))
    return found


def _strings_of(path: Path) -> Iterator[str]:
    if path.suffix == ".json":
        yield from _of_record(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".py" and not path.name.startswith("test_"):
        yield from _of_python(path)
    elif path.suffix in (".js", ".html"):
        for _quote, text in JS_CALL.findall(path.read_text(encoding="utf-8")):
            yield text


def _of_record(record) -> Iterator[str]:
    """Strings of one standard record; other JSON files hold data."""
    kinds = {
        "DocType": _of_doctype,
        "Report": _of_report,
        "Workspace": _of_workspace,
        "Number Card": lambda card: iter([card["label"]]),
    }
    kind = record.get("doctype") if isinstance(record, dict) else None
    if kind:
        yield record["module"]
        yield from kinds[kind](record)


def _of_doctype(doctype: dict) -> Iterator[str]:
    yield doctype["name"]
    yield doctype.get("description", "")
    for field in doctype["fields"]:
        yield field.get("label", "")
        yield field.get("description", "")
        if field["fieldtype"] == "Select" and field["fieldname"] not in UNTRANSLATED_SELECTS:
            yield from field["options"].split("\n")
    for row in doctype.get("permissions", []):
        yield row["role"]
    for row in doctype.get("links", []):
        yield row.get("group", "")
    for row in doctype.get("actions", []):
        yield row["label"]


def _of_report(report: dict) -> Iterator[str]:
    yield report["report_name"]
    for row in report.get("filters", []) + report.get("columns", []):
        yield row["label"]
    yield from SQL_COLUMN.findall(report.get("query") or "")


def _of_workspace(workspace: dict) -> Iterator[str]:
    yield workspace["title"]
    for rows in ("shortcuts", "links", "number_cards"):
        for row in workspace[rows]:
            yield row["label"]
    for shortcut in workspace["shortcuts"]:
        yield shortcut.get("format", "")
    for block in json.loads(workspace["content"]):
        yield TAG.sub("", block["data"].get("text", ""))


def _of_python(path: Path) -> Iterator[str]:
    """First arguments of `_()`. Raises ValueError for `_(f"…")`, which nobody could translate."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        if name not in ("_", "_lt"):
            continue
        argument = node.args[0]
        if isinstance(argument, (ast.JoinedStr, ast.BinOp)):
            raise ValueError(f"{path}:{node.lineno}: the argument of _() is not a plain string")
        if isinstance(argument, ast.Constant):
            yield argument.value
