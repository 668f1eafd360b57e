"""The map that says which column of a file is which field of an Issue Ticket."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from frappe import _

from cadre_incentive.cadre_incentive.doctype.problem_category.limits import LONGEST_LIMIT
from cadre_incentive.imports import names
from cadre_incentive.imports.dates import compile_format
from cadre_incentive.imports.errors import refuse

REQUIRED_FIELDS = ("external_id", "reported_on", "unit", "category")
OPTIONAL_FIELDS = ("resolved_on", "description")
REQUIRED_KEYS = ("source", "columns", "date_format")
OPTIONAL_KEYS = ("unit_parent_column", "track", "category_parent", "time_limit", "time_limit_unit")
LIMIT_UNITS = ("Calendar Days", "Working Days")
NAME_LENGTH = 140
# What the map itself names, and the import makes.
MADE = {"track": "Assessment Track", "category_parent": "Problem Category"}


@dataclass(frozen=True)
class Map:
    """A checked map; `columns` is field → header, `time_limit` days (0 = none given)."""

    source: str
    columns: dict[str, str]
    date_format: str
    parse_date: Callable[[str], datetime]
    unit_parent_column: str | None = None
    track: str | None = None
    category_parent: str | None = None
    time_limit: int = 0
    time_limit_unit: str | None = None

    @property
    def headers(self) -> list[str]:
        """The headers that the file must have."""
        return [*self.columns.values(), *filter(None, [self.unit_parent_column])]


def load(path: str) -> Map:
    """Read and check a map file (JSON, UTF-8). Raises ImportRefused at the first key that makes no sense."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            raw = json.load(file, object_pairs_hook=_once)
    except OSError as error:
        refuse(_("The map {0} cannot be read: {1}").format(path, error.strerror))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        refuse(_("The map {0} is not JSON: {1}").format(path, error))
    return check(raw)


def check(raw: object) -> Map:
    """Return the map, or raise ImportRefused with the reason."""
    if not isinstance(raw, dict):
        refuse(_("The map must be a JSON object."))
    for key in raw:
        if key not in REQUIRED_KEYS + OPTIONAL_KEYS:
            refuse(_("The map has an unknown key: {0}").format(key))
    for key in REQUIRED_KEYS:
        if key not in raw:
            refuse(_("The map lacks the key {0}.").format(key))
    columns = _columns(raw["columns"])
    given = {key: _text(raw, key) for key in ("unit_parent_column", "track", "category_parent") if key in raw}
    parent = given.get("unit_parent_column")
    if parent in columns.values():
        refuse(_("unit_parent_column names the column {0}, which is mapped already.").format(parent))
    for key, doctype in MADE.items():
        if reason := names.objection(doctype, given[key]) if key in given else None:
            refuse(f"{key}: {reason}")
    date_format = _text(raw, "date_format")
    try:
        parse_date = compile_format(date_format)
    except ValueError as error:
        refuse(_("date_format {0} cannot be read strictly: {1}").format(date_format, error))
    limit, unit = _limit(raw)
    return Map(
        source=_text(raw, "source"),
        columns=columns,
        date_format=date_format,
        parse_date=parse_date,
        time_limit=limit,
        time_limit_unit=unit,
        **given,
    )


def _columns(columns: object) -> dict[str, str]:
    if not isinstance(columns, dict):
        refuse(_("columns must be an object: field → header."))
    for field in columns:
        if field not in REQUIRED_FIELDS + OPTIONAL_FIELDS:
            refuse(_("columns names an unknown field: {0}").format(field))
    for field in REQUIRED_FIELDS:
        if field not in columns:
            refuse(_("columns lacks the field {0}.").format(field))
    checked = {field: _text(columns, field) for field in columns}
    taken = {}
    for field, header in checked.items():
        if header in taken:
            refuse(_("{0} and {1} are both mapped to the column {2}.").format(taken[header], field, header))
        taken[header] = field
    return checked


def _limit(raw: dict) -> tuple[int, str | None]:
    if "time_limit" not in raw and "time_limit_unit" not in raw:
        return 0, None
    if "time_limit_unit" not in raw:
        refuse(_("time_limit needs time_limit_unit: {0}.").format(" / ".join(LIMIT_UNITS)))
    if "time_limit" not in raw:
        refuse(_("time_limit_unit makes no sense without time_limit."))
    limit, unit = raw["time_limit"], raw["time_limit_unit"]
    # bool is an int to Python; `true` days is a mistake all the same.
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LONGEST_LIMIT:
        refuse(_("time_limit must be a whole number of days from 1 to {0}.").format(LONGEST_LIMIT))
    if unit not in LIMIT_UNITS:
        refuse(_("time_limit_unit must be one of: {0}.").format(" / ".join(LIMIT_UNITS)))
    return limit, unit


def _text(raw: dict, key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value.strip():
        refuse(_("{0} must be a text that is not empty.").format(key))
    if len(value.strip()) > NAME_LENGTH:
        refuse(_("{0} is longer than {1} characters.").format(key, NAME_LENGTH))
    return value.strip()


def _once(pairs: list[tuple[str, object]]) -> dict:
    keys = [key for key, _value in pairs]
    for key in keys:
        if keys.count(key) > 1:
            refuse(_("The map has the key {0} twice.").format(key))
    return dict(pairs)
