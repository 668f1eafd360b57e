"""Every string of the app that a user reads, with the context in which it is translated.

Collected from JSON records, Python, JavaScript and SQL. The desk translates a field's label and options in
the context of their DocType; a call names its context itself; everything else has none ("").
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[1]

# `__("…")` and `__("…", null, "context")` in JavaScript, `AS "label:type:width"` in the query of a report
JS_CALL = re.compile(
    r"""\b__\(\s*(["'`])((?:\\.|(?!\1).)*)\1(?:,\s*null,\s*(["'])((?:\\.|(?!\3).)*)\3)?""", re.DOTALL
)
SQL_COLUMN = re.compile(r"""\bas\s+["'`]([^"'`:]+):""", re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")
UNTRANSLATED_SELECTS = {"naming_series"}


def collect() -> dict[tuple[str, str], set[str]]:
    """(source string, context) with the files in which it stands."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(APP.rglob("*")):
        for text, context in _strings_of(path):
            if text and any(char.isalpha() for char in text):
                found.setdefault((text, context), set()).add(str(path.relative_to(APP)))
    return found


def _strings_of(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".json":
        yield from _of_record(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".py" and not path.name.startswith("test_"):
        yield from _of_python(path)
    elif path.suffix in (".js", ".html"):
        for _quote, text, _other, context in JS_CALL.findall(path.read_text(encoding="utf-8")):
            yield text, context


def _of_record(record) -> Iterator[tuple[str, str]]:
    """Strings of one standard record; other JSON files hold data."""
    kinds = {
        "Report": _of_report,
        "Workspace": _of_workspace,
        "Number Card": lambda card: iter([card["label"]]),
    }
    kind = record.get("doctype") if isinstance(record, dict) else None
    if not kind:
        return
    yield record["module"], ""
    if kind == "DocType":
        yield from _of_doctype(record)
    else:
        for text in kinds[kind](record):
            yield text, ""


def _of_doctype(doctype: dict) -> Iterator[tuple[str, str]]:
    name = doctype["name"]
    yield name, ""
    yield doctype.get("description", ""), ""
    for field in doctype["fields"]:
        yield field.get("label", ""), name
        yield field.get("description", ""), ""
        if field["fieldtype"] == "Select" and field["fieldname"] not in UNTRANSLATED_SELECTS:
            for option in field["options"].split("\n"):
                yield option, name
    for row in doctype.get("permissions", []):
        yield row["role"], ""
    for row in doctype.get("links", []):
        yield row.get("group", ""), ""
    for row in doctype.get("actions", []):
        yield row["label"], ""


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


def _of_python(path: Path) -> Iterator[tuple[str, str]]:
    """First arguments of `_()` and their contexts. Raises ValueError for those that cannot be collected,
    such as `_(f"…")`, which nobody could translate."""
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
            contexts = [word.value for word in node.keywords if word.arg == "context"]
            yield argument.value, _constant(path, contexts[0]) if contexts else ""


def _constant(path: Path, node: ast.expr) -> str:
    """The value of a context: a plain text, or a name that stands for one at the top of the module."""
    name = getattr(node, "id", None)
    if name:
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", None) == name:
                node = statement.value
    if not isinstance(node, ast.Constant):
        raise ValueError(f"{path}:{node.lineno}: the context of a constant text is no constant")
    return node.value
