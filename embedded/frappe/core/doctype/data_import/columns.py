"""The columns of an import file: which field each fills, and what is odd about its values as a whole."""

import datetime

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cstr

_DATE_FORMATS = (
    "%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y.%m.%d",
    "%d-%m-%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d %b %Y", "%Y%m%d", "%Y年%m月%d日",
)  # fmt: skip
_TIME_FORMATS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M")
_ISO = {"Date": "%Y-%m-%d", "Datetime": "%Y-%m-%d %H:%M:%S", "Time": "%H:%M:%S"}
DONT_IMPORT = "Don't Import"


def is_blank(value) -> bool:
    """Whether a cell is empty."""
    return value is None or value == ""


class Column:
    """One column. `df` is None, and nothing is imported, where no field fits."""

    def __init__(self, index, header, doctype, values, map_to_field=None, is_repeated=False):
        self.index, self.header_title, self.doctype = index, header, doctype
        self.column_values, self.map_to_field = values, map_to_field
        self.warnings: list[dict] = []
        self.date_format = None
        self.df = self._field(is_repeated)
        self.table = self.df.get("child_table_df") if self.df else None
        if self.is_used and any(not is_blank(value) for value in values):
            self._check_values()

    @property
    def is_used(self) -> bool:
        """Whether it fills a field."""
        return self.df is not None

    def as_dict(self) -> frappe._dict:
        """For the preview."""
        out = frappe._dict(
            index=self.index,
            column_number=self.index + 1,
            doctype=self.doctype,
            header_title=self.header_title,
            map_to_field=self.map_to_field,
            date_format=self.date_format,
            df=self.df,
            skip_import=not self.is_used,
            warnings=self.warnings,
        )
        if self.table:
            out.update(is_child_table_field=True, child_table_df=self.table)
        return out

    def _info(self, message: str, **more) -> None:
        self.warnings.append({"col": self.index + 1, "message": message, "type": "info", **more})

    def _field(self, is_repeated: bool):
        title = frappe.bold(cstr(self.header_title))
        if is_repeated and self.header_title:
            self._info(_("Skipping Duplicate Column {0}").format(title))
            return None
        if self.map_to_field == DONT_IMPORT:
            self._info(_("Skipping column {0}").format(title))
            return None
        if self.map_to_field:
            df = get_df_for_column_header(self.doctype, self.map_to_field)
            if df:
                label = frappe.bold(cstr(df.label))
                self._info(_("Mapping column {0} to field {1}").format(title, label))
            else:
                field = self.map_to_field
                self._info(_("Could not map column {0} to field {1}").format(self.index + 1, field))
            return df
        if is_blank(self.header_title):
            self._info(_("Skipping Untitled Column"))
            return None
        df = get_df_for_column_header(self.doctype, cstr(self.header_title))
        if not df:
            self._info(_("Cannot match column {0} with any field").format(title))
        return df

    def _check_values(self) -> None:
        values = {cstr(value) for value in self.column_values if not is_blank(value)}
        if self.df.fieldtype == "Link":
            names = frappe.get_all(self.df.options, filters={"name": ("in", list(values))}, pluck="name")
            if missing := sorted(values - {cstr(name) for name in names}):
                message = _("The following values do not exist for {0}: {1}")
                message = message.format(self.df.options, ", ".join(missing))
                self.warnings.append({"col": self.index + 1, "message": message, "type": "warning"})
        elif self.df.fieldtype in _ISO:
            self.date_format = self._guess_format()
        elif self.df.fieldtype == "Select":
            options = get_select_options(self.df)
            if options and (invalid := sorted(values - set(options))):
                message = _("The following values are invalid: {0}. Values must be one of {1}").format(
                    ", ".join(frappe.bold(value) for value in invalid),
                    ", ".join(frappe.bold(option) for option in options),
                )
                self.warnings.append({"col": self.index + 1, "message": message})

    def _guess_format(self) -> str:
        """The format that most of the column's texts have; ISO where none fits."""
        iso = _ISO[self.df.fieldtype]
        guesses = []
        for value in self.column_values:
            if isinstance(value, (datetime.date, datetime.time)):
                guesses.append(iso)
            elif isinstance(value, str) and (guess := guess_date_format(value)):
                guesses.append(guess)
        if not guesses:
            message = _(
                "{0} format could not be determined from the values in this column. Defaulting to {1}."
            )
            self._info(message.format(self.df.fieldtype, get_user_format(iso)))
            return iso
        kinds = set(guesses)
        commonest = max(sorted(kinds), key=guesses.count)
        if len(kinds) > 1:
            message = _(
                "The column {0} has {1} different date formats. Automatically setting {2} as the default format as it is the most common. Please change other values in this column to this format."  # noqa: E501
            )
            shown = frappe.bold(get_user_format(commonest))
            self._info(message.format(frappe.bold(self.header_title), len(kinds), shown))
        return commonest


def guess_date_format(text: str) -> str | None:
    """The format in which a text is a date, a time or both; None for any other text."""
    text = text.strip()
    for date_format in _DATE_FORMATS:
        for pattern in (date_format, *(f"{date_format} {time}" for time in _TIME_FORMATS)):
            if _fits(text, pattern):
                return pattern
    return next((time for time in _TIME_FORMATS if _fits(text, time)), None)


def _fits(text: str, pattern: str) -> bool:
    try:
        datetime.datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True


def get_user_format(date_format: str) -> str:
    """`%Y-%m-%d` as `yyyy-mm-dd`."""
    for code, shown in (("%Y", "yyyy"), ("%y", "yy"), ("%m", "mm"), ("%d", "dd")):
        date_format = date_format.replace(code, shown)
    return date_format


def get_select_options(df) -> list[str]:
    """The values that a Select allows."""
    return [option for option in (df.options or "").split("\n") if option]


def get_df_for_column_header(doctype: str, header: str):
    """The field that a header means: by label or name, translated or not; `Label (Table)` for rows."""
    return build_fields_dict_for_column_matching(doctype).get(header)


def build_fields_dict_for_column_matching(doctype: str) -> dict:
    """{header: field} of a DocType and its tables."""
    meta, out = frappe.get_meta(doctype), {}
    for header in ("name", "ID", _("ID")):
        out[header] = frappe._dict(fieldtype="Data", fieldname="name", label="ID", reqd=1, parent=doctype)
    for df in [*_standard(doctype), *meta.fields]:
        if df.fieldtype in no_value_fields:
            continue
        label = (df.label or "").strip()
        for header in (label, _(label)):
            out.setdefault(header, df)
        for header in (df.fieldname, f"{label} ({df.fieldname})", f"{_(label)} ({df.fieldname})"):
            out[header] = df
    for table in meta.get_table_fields():
        out.update(_child_headers(table))
    if autoname := get_autoname_field(doctype):
        label = f"{_('ID')} ({_(autoname.label)})"
        for header in (f"ID ({autoname.label})", label, "ID", _("ID"), "name"):
            out[header] = autoname
    return out


def _standard(doctype: str) -> list:
    return [
        frappe._dict(label="Owner", fieldname="owner", fieldtype="Data", parent=doctype),
        frappe._dict(label="Document Status", fieldname="docstatus", fieldtype="Int", parent=doctype),
    ]


def _child_headers(table) -> dict:
    out = {}
    name = frappe._dict(fieldtype="Data", fieldname="name", label="ID", reqd=1, parent=table.options)
    for df in [name, *frappe.get_meta(table.options).fields]:
        if df.fieldtype in no_value_fields:
            continue
        values = df if isinstance(df, dict) else df.as_dict()
        own = frappe._dict({**values, "is_child_table_field": True, "child_table_df": table})
        label = (df.label or "").strip()
        for header in (
            f"{table.fieldname}.{df.fieldname}",
            f"{label} ({table.label})",
            f"{_(label)} ({_(table.label)})",
        ):
            out[header] = own
    return out


def get_autoname_field(doctype: str):
    """The field that documents are named after, if there is one."""
    meta = frappe.get_meta(doctype)
    if meta.autoname and meta.autoname.startswith("field:"):
        return meta.get_field(meta.autoname[len("field:") :])
    return None


def get_id_field(doctype: str):
    """The field by which a row finds its document: that of the name, else the name itself."""
    return get_autoname_field(doctype) or frappe._dict(label="ID", fieldname="name", fieldtype="Data")
