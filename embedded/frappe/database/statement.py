"""Frappe's SQL (MariaDB quoting, `%s` and `%(name)s`) made into SQLite's, once per text.

A compiled statement knows what kind of transaction it needs, how its parameters are stored in the column that
each of them meets, and which expression columns of its result are dates. All this is decided when a text is
first seen, so that a repeated query costs one dictionary look-up.
"""

import re
from collections.abc import Callable
from functools import partial

from frappe.database.connection import READERS
from frappe.database.stored import COMPARERS, WRITERS

READ, LOCK, WRITE, DDL, CONTROL = "read", "lock", "write", "ddl", "control"

_KINDS = {
    "select": READ,
    "with": READ,
    "explain": READ,
    "values": READ,
    "pragma": READ,
    "(": READ,
    "insert": WRITE,
    "update": WRITE,
    "delete": WRITE,
    "replace": WRITE,
    "truncate": WRITE,
    "create": DDL,
    "alter": DDL,
    "drop": DDL,
    "reindex": DDL,
    "analyze": DDL,
    "vacuum": CONTROL,
    "commit": CONTROL,
    "rollback": CONTROL,
    "start": CONTROL,
    "begin": CONTROL,
    "savepoint": CONTROL,
    "release": CONTROL,
}

_TOKEN = re.compile(
    r"""
    (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`[^`]*`)
  | (?P<comment>--[^\n]*|/\*.*?\*/)
  | %\((?P<name>[^)]+)\)s
  | (?P<positional>%s)
  | (?P<percent>%%)
  | (?P<divide>/)
  | (?P<nullsafe><=>)
  | (?P<paren>[(),])
    """,
    re.VERBOSE | re.DOTALL,
)
_LOCKING = re.compile(r"\s+for\s+update(?P<how>\s+nowait|\s+skip\s+locked)?\s*;?\s*$", re.IGNORECASE)
# The leading \b spares a try at each letter of a long literal (a list of a thousand digests).
_COMPARED = re.compile(
    r"\b(\w+)[`\"]?\s*(?:=|<=|>=|<>|!=|<|>|\bis|\bbetween|\bbetween\s+(?:\?|'[^']*')\s+and|\bin\s*(?:\((?:\s*\?\s*,)*)?)\s*$",
    re.IGNORECASE,
)
_TABLE = re.compile(r"[`\"](tab[^`\"]+|__\w+)[`\"]|\b(tab[A-Z]\w*|__\w+)\b")
_INSERT = re.compile(
    r"^\s*(?:insert|replace)(?:\s+(?:or\s+)?(?:ignore|replace))?\s+into\s+[`\"]?([^`\"(]+?)[`\"]?\s*\(([^)]*)\)\s*values",
    re.IGNORECASE,
)
_TYPED_FUNCTIONS = r"sum|max|min|date|timestamp|now|curdate|last_day|embedded_shift"
_TYPED = re.compile(rf"\b(?:{_TYPED_FUNCTIONS})\s*\(", re.IGNORECASE)
_TYPED_ITEM = re.compile(
    rf"^\s*(?P<function>{_TYPED_FUNCTIONS})\s*\((?P<inside>.*)\)\s*(?:as\s+)?[`\"']?[\w .:-]*[`\"']?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_LIKE = re.compile(r"\blike\s*$", re.IGNORECASE)
_ESCAPE = re.compile(r"\s*escape\b", re.IGNORECASE)
_LAST_NAME = re.compile(r"(\w+)[`\"]?\s*$")


class Statement:
    """One compiled text. `sql` has `?` for each of `names` (a key, or None for the next positional value)."""

    __slots__ = ("adapters", "kind", "names", "no_wait", "pieces", "readers", "sql", "word")

    def bind(self, values):
        """Return (sql, parameters); a list, tuple or set among the values becomes `(?, ?, …)`."""
        names = self.names
        if not names:
            return self.sql, ()
        if isinstance(values, dict):
            params = [values[name] for name in names]
        else:
            params = list(values)
            if len(params) != len(names):
                raise TypeError(f"{len(names)} values expected by the query, {len(params)} given")
        expand = False
        for value in params:
            if isinstance(value, (list, tuple, set, frozenset)):
                expand = True
                break
        for index, adapt in self.adapters:
            value = params[index]
            if value is not None:
                params[index] = (
                    [adapt(v) for v in value]
                    if isinstance(value, (list, tuple, set, frozenset))
                    else adapt(value)
                )
        return self._expand(params) if expand else (self.sql, params)

    def _expand(self, params):
        sql, flat = [self.pieces[0]], []
        for value, piece in zip(params, self.pieces[1:], strict=True):
            if isinstance(value, (list, tuple, set, frozenset)):
                sql.append("(" + ", ".join("?" * len(value)) + ")")
                flat.extend(value)
            else:
                sql.append("?")
                flat.append(value)
            sql.append(piece)
        return "".join(sql), flat


def compile_statement(query: str, with_values: bool, types_of: Callable[[str], dict]) -> Statement:
    """Compile one text. `types_of(table)` gives {column: declared base type}, {} for an unknown table.

    Raises NotImplementedError for a statement that SQLite has no counterpart of (`SHOW`, `SET`, …).
    """
    statement = Statement()
    word = statement.word = _first_word(query)
    if word not in _KINDS:
        raise NotImplementedError(f"frappe.db.sql: {word.upper()} statement")
    statement.kind, statement.no_wait = _KINDS[word], False
    if statement.kind is READ and (locking := _LOCKING.search(query)):
        query = query[: locking.start()]
        statement.kind = LOCK
        statement.no_wait = "nowait" in (locking.group("how") or "").lower()
    elif word == "truncate":
        query = re.sub(r"^\s*truncate(\s+table)?", "delete from", query, flags=re.IGNORECASE)
    elif word == "insert":
        query = _upsert(query)

    statement.readers = []
    types = _ColumnTypes(query, types_of)
    _translate(statement, query, with_values, types)
    if statement.kind in (READ, LOCK) and _TYPED.search(statement.sql):
        statement.readers = _result_readers(statement.sql, types)
    return statement


def _first_word(query: str) -> str:
    match = re.match(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(\(|\w+)", query, re.DOTALL)
    return match.group(1).lower() if match else ""


def _upsert(query: str) -> str:
    query = re.sub(r"^(\s*insert)\s+ignore\b", r"\1 or ignore", query, count=1, flags=re.IGNORECASE)
    query = re.sub(r"\bon\s+duplicate\s+key\s+ignore\b", "on conflict do nothing", query, flags=re.IGNORECASE)
    head, found, tail = _partition(query, r"\bon\s+duplicate\s+key\s+update\b")
    if found:
        tail = re.sub(r"\bvalues\s*\(\s*([`\"]?\w+[`\"]?)\s*\)", r"excluded.\1", tail, flags=re.IGNORECASE)
        query = f"{head}on conflict do update set{tail}"
    return query


def _partition(text: str, pattern: str):
    match = re.search(pattern, text, re.IGNORECASE)
    return (text[: match.start()], match.group(0), text[match.end() :]) if match else (text, "", "")


class _ColumnTypes:
    """Types of the columns of all tables that a text names, looked up at the first need."""

    def __init__(self, query, types_of):
        self._query, self._types_of, self._types = query, types_of, None

    def get(self, column):
        if self._types is None:
            self._types = {}
            for quoted, bare in _TABLE.findall(self._query):
                self._types.update(self._types_of(quoted or bare))
        return self._types.get(column)


def _translate(statement, query, with_values, types):
    pieces, names, adapters, out = [], [], [], []
    insert = _InsertColumns(query) if statement.word in ("insert", "replace") else None
    tail, assigning, position = "", statement.word == "update", 0

    def adapter():
        if insert:
            return WRITERS.get(types.get(insert.column()))
        match = _COMPARED.search(tail)
        return match and (WRITERS if assigning else COMPARERS).get(types.get(match.group(1)))

    def emit(text):
        nonlocal tail, assigning
        out.append(text)
        tail = (tail + text)[-160:]
        if assigning and _WHERE.search(text):
            assigning = False

    def escape(position):
        # MariaDB's LIKE takes a backslash for an escape, SQLite's only if told.
        if not _ESCAPE.match(query, position):
            emit(" escape '\\'")

    for match in _TOKEN.finditer(query):
        emit(query[position : match.start()])
        position, kind, text = match.end(), match.lastgroup, match.group(0)
        if kind in ("name", "positional") and with_values:
            if adapt := adapter():
                adapters.append((len(names), adapt))
            names.append(match.group("name"))
            pieces.append("".join(out))
            out.clear()
            likened = _LIKE.search(tail)
            tail += "?"
            if likened:
                escape(position)
        elif kind == "percent":
            emit("%" if with_values else "%%")
        elif kind == "string":
            literal = text.replace("%%", "%") if with_values else text
            if len(literal) >= 12 and (adapt := adapter()):
                literal = "'" + str(adapt(literal[1:-1])).replace("'", "''") + "'"
            likened = _LIKE.search(tail)
            emit(literal)
            if likened:
                escape(position)
        elif kind == "divide":
            emit("*1.0/")  # MariaDB divides integers to a fraction, SQLite to an integer
        elif kind == "nullsafe":
            emit(" is ")
        elif kind == "comment":
            emit(" ")
        else:
            emit(text)
            if insert and kind == "paren":
                insert.step(match.start(), text)
    out.append(query[position:])
    pieces.append("".join(out))
    statement.pieces, statement.names, statement.adapters = pieces, names, adapters
    statement.sql = "?".join(pieces)


class _InsertColumns:
    """Follows the parentheses of `VALUES (…), (…)` to tell which column a value goes to."""

    def __init__(self, query):
        match = _INSERT.match(query)
        self.columns = [c.strip(' `"\n\t') for c in match.group(2).split(",")] if match else []
        self.start = match.end() if match else None
        self.depth = self.index = 0

    def step(self, position, paren):
        if self.start is None or position < self.start:
            return
        if paren == "(":
            self.depth += 1
            if self.depth == 1:
                self.index = 0
        elif paren == ")":
            self.depth -= 1
        elif self.depth == 1:
            self.index += 1

    def column(self):
        return self.columns[self.index] if self.depth == 1 and self.index < len(self.columns) else None


def _result_readers(sql, types):
    """[(position, reader of a column of values)] of the expressions that MariaDB gives another type: dates
    for `max`, `min`, `date` …, and no integer for `sum`."""
    readers = []
    for position, item in enumerate(_select_items(sql)):
        match = _TYPED_ITEM.match(item)
        if not match:
            continue
        function, inside = match.group("function").lower(), match.group("inside")
        if function == "sum":
            readers.append((position, _as_floats))
            continue
        if function in ("max", "min"):
            name = _LAST_NAME.search(inside)
            kind = name and types.get(name.group(1))
        elif function in ("date", "curdate", "last_day"):
            kind = "date" if "," not in inside else None
        else:
            kind = "datetime" if function != "embedded_shift" else "moment"
        if kind in READERS:
            readers.append((position, partial(_read_texts, READERS[kind])))
    return readers


def _as_floats(values):
    return [float(v) if v.__class__ is int else v for v in values]


def _read_texts(read, values):
    return [read(v) if v.__class__ is str else v for v in values]


def _select_items(sql):
    """The items between the first SELECT and its FROM, split at commas outside parentheses."""
    match = re.match(r"\s*\(?\s*select\s+(?:distinct\s+)?", sql, re.IGNORECASE)
    if not match:
        return []
    items, depth, start = [], 0, match.end()
    for token in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|[(),]|\bfrom\b", sql[start:], re.IGNORECASE):
        text = token.group(0).lower()
        if text == "(":
            depth += 1
        elif text == ")":
            depth -= 1
        elif depth == 0 and text in (",", "from"):
            items.append(sql[start : match.end() + token.start()])
            start = match.end() + token.end()
            if text == "from":
                return items
    return [*items, sql[start:]]
