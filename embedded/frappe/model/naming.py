"""Names of documents: series, formats, fields, hashes, counters, and what a name may be."""

import base64
import datetime
import re
import secrets
from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime

SERIES_PATTERN = re.compile(r"^[\w\- \/.#{}]+$", re.UNICODE)
_BRACED_WORD = re.compile(r"\{\w+\}")
_BRACED_HASHES = re.compile(r"\{#+\}")
_NEVER_NAMED_BY_SERIES = ("Prompt", "field", "hash", "autoincrement")


# Series that have been found well formed; there are few, and every name is made by one of them.
_VALID: set[str] = set()


class InvalidNamingSeriesError(frappe.ValidationError):
    """A series that cannot make names."""


class NamingSeries:
    """A series such as `IT-.YYYY.-.####`; without `#` it counts with five digits."""

    __slots__ = ("series",)

    def __init__(self, series: str):
        self.series = series if "#" in series else series + ".#####"

    def validate(self) -> None:
        """Raise InvalidNamingSeriesError for a missing dot or a forbidden character."""
        if "." not in self.series:
            frappe.throw(
                _("Invalid naming series {}: dot (.) missing").format(frappe.bold(self.series)),
                exc=InvalidNamingSeriesError,
            )
        if not SERIES_PATTERN.match(self.series):
            frappe.throw(
                _(
                    "Special Characters except '-', '#', '.', '/', '{{' and '}}' "
                    "not allowed in naming series {0}"
                ).format(frappe.bold(self.series)),
                exc=InvalidNamingSeriesError,
            )

    def generate_next_name(self, doc, *, ignore_validate: bool = False) -> str:
        """The next name; counts."""
        if not ignore_validate and self.series not in _VALID:
            self.validate()
            _VALID.add(self.series)
        return parse_naming_series(self.series, doc=doc)

    def get_prefix(self) -> str:
        """What stands before the number today: the key of its counter."""
        prefixes: list[str] = []

        def remember(prefix: str, digits: int) -> str:
            prefixes.append(prefix)
            return "#" * digits

        parse_naming_series(self.series, number_generator=remember)
        if not prefixes:
            frappe.throw(_("Invalid Naming Series: {}").format(self.series))
        return prefixes[0]

    def get_preview(self, doc=None) -> list[str]:
        """The first three names that it would make, without counting."""
        return [
            parse_naming_series(
                self.series, doc=doc, number_generator=lambda _prefix, digits, n=n: str(n).zfill(digits)
            )
            for n in (1, 2, 3)
        ]

    def update_counter(self, new_count: int) -> None:
        """Set the counter; the next name is one higher."""
        frappe.db.sql(
            "insert into `tabSeries` (`name`, `current`) values (%s, %s) "
            "on conflict (`name`) do update set `current` = excluded.`current`",
            (self.get_prefix(), cint(new_count)),
        )

    def get_current_value(self) -> int:
        """The number last given."""
        rows = frappe.db.sql("select `current` from `tabSeries` where `name` = %s", (self.get_prefix(),))
        return cint(rows[0][0]) if rows else 0


def set_new_name(doc) -> None:
    """Name a document: amended name, Single, controller's `autoname`, DocType's `autoname`, else a hash."""
    doc.run_method("before_naming")
    meta = doc.meta
    autoname = meta.autoname or ""
    if autoname.lower() != "prompt" and not frappe.flags.in_import:
        doc.name = None
    if is_autoincremented(doc.doctype, meta):
        doc.name = frappe.db.get_next_sequence_val(doc.doctype)
        return
    if doc.get("amended_from"):
        doc.name = _amended_name(doc)
    elif meta.issingle:
        doc.name = doc.doctype
    if not doc.name:
        doc.run_method("autoname")
    if not doc.name and autoname:
        set_name_from_naming_options(autoname, doc)
    if not doc.name:
        doc.name = make_autoname("hash", doc.doctype)
    doc.name = validate_name(doc.doctype, doc.name)


def is_autoincremented(doctype: str, meta=None) -> bool:
    """Whether names are whole numbers that the database counts."""
    meta = meta or frappe.get_meta(doctype)
    return meta.autoname == "autoincrement" and not meta.issingle


def set_name_from_naming_options(autoname: str, doc) -> None:
    """Name a document by the DocType's `autoname` property."""
    kind = autoname.lower()
    if kind.startswith("field:"):
        fieldname = autoname[6:]
        doc.name = cstr(doc.get(fieldname)).strip()
        if not doc.name:
            frappe.throw(_("{0} is required").format(doc.meta.get_label(fieldname)))
    elif kind.startswith("naming_series:"):
        set_name_by_naming_series(doc)
    elif kind.startswith("prompt"):
        if not doc.name:
            frappe.throw(_("Please set the document name"))
    elif kind.startswith("format:"):
        doc.name = _format_autoname(autoname, doc)
    elif "#" in autoname:
        doc.name = make_autoname(autoname, doc=doc)


def set_name_by_naming_series(doc) -> None:
    """Name a document by its own `naming_series`, else the DocType's first."""
    if not doc.naming_series:
        doc.naming_series = get_default_naming_series(doc.doctype)
    if not doc.naming_series:
        frappe.throw(_("Naming Series mandatory"))
    doc.name = make_autoname(doc.naming_series + ".#####", "", doc)


def get_default_naming_series(doctype: str) -> str | None:
    """The first series that the DocType offers."""
    return next((option for option in frappe.get_meta(doctype).get_naming_series_options() if option), None)


def make_autoname(key: str = "", doctype: str = "", doc="", *, ignore_validate: bool = False) -> str:
    """A name from a series such as `ABC.YY.####`; ten random letters and digits for `hash`."""
    if key == "hash":
        return base64.b32hexencode(secrets.token_bytes(10)).decode()[:10].lower()
    return NamingSeries(key).generate_next_name(doc, ignore_validate=ignore_validate)


def parse_naming_series(
    parts: list[str] | str,
    doctype=None,
    doc=None,
    number_generator: Callable[[str, int], str] | None = None,
    key: str | None = None,
) -> str:
    """Put a name together from the parts of a series; the first run of `#` takes a number."""
    parts = parts.split(".") if isinstance(parts, str) else parts
    count = number_generator or getseries
    name, numbered, today = "", False, None
    for part in parts:
        if part.startswith("#"):
            if not numbered:
                name += count(key or name, len(part))
                numbered = True
        elif part in _MOMENTS:
            today = today or now_datetime()
            name += _MOMENTS[part](today)
        elif part:
            value = _part_value(part, doc)
            if isinstance(value, str):
                name += value
            elif isinstance(value, int | datetime.date | datetime.time | datetime.timedelta):
                name += cstr(value).strip()
    return name


def _part_value(part: str, doc):
    if doc and (part.startswith("{") or part in _values(doc)):
        return doc.get(part.strip("{}"))
    if not part.isidentifier():
        return part
    parsers = frappe.get_hooks("naming_series_variables")
    return frappe.get_attr(parsers[part][0])(doc, part) if parsers and part in parsers else part


def _values(doc) -> dict:
    return doc if isinstance(doc, dict) else doc.__dict__


def determine_consecutive_week_number(when: datetime.datetime) -> str:
    """ISO week, but 00 for first days that ISO gives to the old year and 53 for last days of the new one."""
    week = when.strftime("%V")
    if when.month == 1 and int(week) >= 52:
        return "00"
    if when.month == 12 and int(week) <= 1:
        return "53"
    return week


_MOMENTS = {
    "YYYY": lambda when: str(when.year),
    "YY": lambda when: f"{when.year % 100:02}",
    "MM": lambda when: f"{when.month:02}",
    "DD": lambda when: f"{when.day:02}",
    "WW": determine_consecutive_week_number,
    "timestamp": str,
}


def getseries(key: str, digits: int) -> str:
    """Count the series `key` up by one, in one statement, and give the number with leading zeros."""
    rows = frappe.db.sql(
        "insert into `tabSeries` (`name`, `current`) values (%s, 1) "
        "on conflict (`name`) do update set `current` = `current` + 1 returning `current`",
        (key,),
    )
    return f"{cint(rows[0][0]):0{digits}d}"


def revert_series_if_last(key: str, name: str, doc=None) -> None:
    """Give a number back when the document that took it last goes away."""
    if ".#" in key:
        prefix, hashes = key.rsplit(".", 1)
        if "#" not in hashes:
            found = re.search("#+", key)
            if not found:
                return
            name = name.replace(hashes, "")
            prefix = prefix.replace(found.group(), "")
    else:
        prefix = key
    if "." in prefix:
        prefix = parse_naming_series(prefix.split("."), doc=doc)
    frappe.db.sql(
        "update `tabSeries` set `current` = `current` - 1 where `name` = %s and `current` = %s",
        (prefix, cint(name.replace(prefix, ""))),
    )


def revert_series_of(doc) -> None:
    """The same for a document about to be deleted, where its DocType counts."""
    autoname = doc.meta.autoname or ""
    if autoname.startswith("naming_series:"):
        if doc.get("naming_series"):
            revert_series_if_last(doc.naming_series, doc.name, doc)
    elif autoname and autoname.split(":", 1)[0] not in _NEVER_NAMED_BY_SERIES:
        revert_series_if_last(autoname, doc.name, doc)


def validate_name(doctype: str, name):
    """The name, trimmed. Raises NameError of Frappe for names that cannot be."""
    if not name:
        frappe.throw(_("No Name Specified for {0}").format(doctype))
    if isinstance(name, int):
        if is_autoincremented(doctype):
            frappe.db.set_next_sequence_val(doctype, name, is_val_used=True)
            return name
        frappe.throw(_("Invalid name type (integer) for varchar name column"), frappe.NameError)
    if name.startswith("New " + doctype):
        frappe.throw(
            _("There were some errors setting the name, please contact the administrator"), frappe.NameError
        )
    name = name.strip()
    if doctype == name and name != "DocType" and not frappe.get_meta(doctype).issingle:
        frappe.throw(_("Name of {0} cannot be {1}").format(doctype, name), frappe.NameError)
    if "<" in name or ">" in name:
        frappe.throw(
            _("Name cannot contain special characters like {0}").format("'<', '>'"), frappe.NameError
        )
    return name


def append_number_if_name_exists(doctype, value, fieldname="name", separator="-", filters=None) -> str:
    """`value`, with `-1`, `-2`, … behind it while that is taken."""
    if not frappe.db.exists(doctype, {**(filters or {}), fieldname: value}):
        return value
    taken = frappe.db.sql(
        f"select `{fieldname}` from `tab{doctype}` where `{fieldname}` like %s", (f"{value}{separator}%",)
    )
    pattern = re.compile(rf"^{re.escape(value + separator)}(\d+)$", re.IGNORECASE)
    numbers = [int(found.group(1)) for row in taken if (found := pattern.match(cstr(row[0])))]
    return f"{value}{separator}{max(numbers, default=0) + 1}"


def _amended_name(doc) -> str:
    """`X` is amended as `X-1`, `X-1` as `X-2`."""
    origin = doc.amended_from
    if not frappe.db.get_value(doc.doctype, origin, "amended_from"):
        return f"{origin}-1"
    stem, _dash, number = origin.rpartition("-")
    return f"{stem}-{cint(number) + 1}"


def _format_autoname(autoname: str, doc) -> str:
    """`format:LOG-{MM}-{field}-{#####}`: words first, then numbers counted by what stands before them."""
    text = autoname.partition(":")[2]
    text = _BRACED_WORD.sub(lambda found: parse_naming_series([found.group()[1:-1]], doc=doc), text)

    def number(found: re.Match) -> str:
        return parse_naming_series([found.group()[1:-1]], doc=doc, key=text[: text.find(found.group())])

    return _BRACED_HASHES.sub(number, text)
