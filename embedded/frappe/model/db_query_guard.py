"""What may stand as a field or an order in `frappe.get_list`: names, aggregates, no queries."""

import re

import frappe
from frappe import _

_FORBIDDEN_FUNCTIONS = {
    "concat", "concat_ws", "if", "ifnull", "nullif", "coalesce", "connection_id", "current_user", "database",
    "last_insert_id", "session_user", "system_user", "user", "version", "global", "load_extension",
    "randomblob", "zeroblob", "sleep",
}  # fmt: skip
_QUERY_WORD = re.compile(
    r"\b(select|create|insert|delete|drop|update|show|from|where|join|into|attach|pragma|case)\b"
)
_CLAUSE_WORD = re.compile(r"\b(union|intersect|except|select|having|limit|offset|into|values)\b")
_ORDER_CHARACTERS = re.compile(r"^[a-z0-9\-_ ,`'\".()]*$")
_CALL = re.compile(r"(\w+)\s*\(")
_QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")
_COLUMN = re.compile(
    r"(?:(?P<quoted>`[^`]+`)\s*\.\s*|(?P<bare>\btab\w+)\s*\.\s*)?(?P<column>`\w+`|\b[A-Za-z_]\w*\b|\*)(?!\s*[.(])"
)
_ALIAS = re.compile(r"\s+as\s+[`'\"]?[\w :.-]+[`'\"]?\s*$", re.IGNORECASE)
_NOT_COLUMNS = {
    "distinct",
    "as",
    "and",
    "or",
    "not",
    "null",
    "asc",
    "desc",
    "separator",
    "order",
    "by",
    "in",
    "is",
}


def check_field(field: str, strict: bool = True) -> None:
    """Raise DataError for a sub-query or a restricted function, ValidationError for comments and unions."""
    lowered = field.lower().strip()
    if re.match(r"^`?\w+`?$", lowered):
        return
    if strict and ("/*" in lowered or "--" in lowered or re.search(r"\sunion\b", lowered)):
        frappe.throw(_("Illegal SQL Query"))
    outside = _QUOTED.sub("``", lowered)
    if re.search(r"\w\s*['\"]", _ALIAS.sub("", lowered)):
        frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)
    if any(mark in outside for mark in ("@", ";", "'", '"')) or _QUERY_WORD.search(outside):
        frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)
    for function in _CALL.findall(outside):
        if function in _FORBIDDEN_FUNCTIONS:
            frappe.throw(_("Use of function {0} in field is restricted").format(function), frappe.DataError)
    depth = 0
    for character in outside:
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 0) or depth < 0:
            frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)


def check_order_or_group(text: str | None, tables: list[str]) -> None:
    """Raise ValidationError unless it is a list of fields of the tables in the query."""
    if not text:
        return
    lowered = text.lower()
    if "select" in lowered and "from" in lowered:
        frappe.throw(_("Cannot use sub-query in order by"))
    if (
        not _ORDER_CHARACTERS.match(lowered)
        or "--" in lowered
        or _CLAUSE_WORD.search(_QUOTED.sub("``", lowered))
    ):
        frappe.throw(_("Illegal SQL Query"))
    for function in _CALL.findall(_QUOTED.sub("``", lowered)):
        if function in _FORBIDDEN_FUNCTIONS - {"if", "ifnull", "nullif", "coalesce", "concat", "concat_ws"}:
            frappe.throw(_("Cannot use {0} in order/group by").format(function))
    for item in text.split(","):
        item = item.strip()
        if item.startswith("`tab") and "." in item and (table := item.split(".", 1)[0]) not in tables:
            frappe.throw(_("Please select atleast 1 column from {0} to sort/group").format(table[4:-1]))


def columns_of(field: str) -> list[tuple[str | None, str]]:
    """[(quoted table or None, column)] that a field in SQL reads, its alias left out."""
    text = re.sub(r"'[^']*'|\"[^\"]*\"", " ", _ALIAS.sub("", field))
    columns = []
    for match in _COLUMN.finditer(text):
        table = match.group("quoted") or (match.group("bare") and f"`{match.group('bare')}`")
        column = match.group("column").strip("`")
        if column == "*" and not table and not _is_all_columns(text[: match.start()], text[match.end() :]):
            continue
        if table or "`" in match.group("column") or column.lower() not in _NOT_COLUMNS:
            columns.append((table, column))
    return columns


def _is_all_columns(before: str, after: str) -> bool:
    """Whether a star reads all columns: not in `count(*)`, and not between two operands."""
    before, after = before.rstrip().lower(), after.lstrip()
    if re.search(r"\bcount\s*\($", before) and after.startswith(")"):
        return False
    multiplies = re.search(r"[\w)`]$", before) and not re.search(r"\b(distinct|all)$", before)
    return not (multiplies and re.match(r"[\w(`]", after))
