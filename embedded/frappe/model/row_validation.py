"""Checks on one row, a document's own or a child's, in the way and with the words of Frappe."""

import datetime

import frappe
from frappe import _, _dict
from frappe.model import table_fields
from frappe.utils import cint, cstr, flt, strip_html


class RowValidation:
    """Each method checks one rule over the fields that the plan lists for it."""

    def _get_missing_mandatory_fields(self) -> list[tuple[str, str]]:
        """(fieldname, message) of mandatory fields without content."""
        missing = [
            (df.fieldname, self._missing_message(df))
            for df in self.meta.plan.mandatory
            if not _has_content(df, self.__dict__.get(df.fieldname))
        ]
        if self.meta.istable:
            for fieldname in ("parent", "parenttype"):
                if not self.get(fieldname):
                    missing.append((fieldname, self._missing_message(_dict(label=fieldname))))
        return missing

    def _missing_message(self, df) -> str:
        label = _(df.label, context=df.parent)
        if df.fieldtype in table_fields:
            return f"{_('Error')}: {_('Data missing in table')}: {label}"
        if self.get("parentfield"):
            return (
                f"{_('Error')}: {frappe.bold(_(self.doctype))} {_('Row')} #{self.idx}: "
                f"{_('Value missing for')}: {label}"
            )
        return _("Error: Value missing for {0}: {1}").format(_(df.parent), label)

    def _validate_selects(self) -> None:
        """A Select's value is one of its options."""
        if frappe.flags.in_import:
            return
        values = self.__dict__
        for df, options in self.meta.plan.selects:
            value = values.get(df.fieldname)
            if not value:
                continue
            value = values[df.fieldname] = cstr(value).strip()
            if value in options or (frappe.flags.in_test and value.startswith("_T-")):
                continue
            prefix = _("Row #{0}:").format(self.idx) if self.get("parentfield") else ""
            frappe.throw(
                _('{0} {1} cannot be "{2}". It should be one of "{3}"').format(
                    prefix, _(df.label), value, '", "'.join(_(each) for each in options)
                )
            )

    def _validate_data_fields(self) -> None:
        """Data fields marked as e-mail, name, phone or address look like one."""
        plan = self.meta.plan
        for df in plan.phones:
            frappe.utils.validate_phone_number_with_country_code(self.get(df.fieldname), df.fieldname)
        for df, kind in plan.formats:
            value = self.get(df.fieldname)
            if kind == "Email":
                if self.owner in frappe.STANDARD_USERS and value in frappe.STANDARD_USERS:
                    continue
                for address in frappe.utils.split_emails(value):
                    frappe.utils.validate_email_address(address, throw=True)
            elif kind == "Name":
                frappe.utils.validate_name(value, throw=True)
            elif kind == "Phone":
                frappe.utils.validate_phone_number(value, throw=True)
            elif value:
                frappe.utils.validate_url(value, throw=True)

    def _validate_non_negative(self) -> None:
        """Fields marked so are not below zero."""
        for df in self.meta.plan.non_negative:
            if flt(self.get(df.fieldname)) >= 0:
                continue
            label = frappe.bold(_(df.label, context=df.parent))
            if self.get("parentfield"):
                message = (
                    f"{frappe.bold(_(self.doctype))} {_('Row')} #{self.idx}: "
                    f"{_('Value cannot be negative for')} {label}"
                )
            else:
                message = _("Value cannot be negative for {0}: {1}").format(_(df.parent), label)
            frappe.throw(message, frappe.NonNegativeError, title=_("Negative Value"))

    def _validate_length(self) -> None:
        """Texts fit their column, whole numbers their type."""
        if frappe.flags.in_install or self.meta.issingle:
            return
        plan, values = self.meta.plan, self.__dict__
        for df, limit in plan.lengths:
            value = values.get(df.fieldname)
            if value and len(value if isinstance(value, str) else cstr(value)) > limit:
                self.throw_length_exceeded_error(df, limit, value)
        for df, limit in plan.integers:
            value = values.get(df.fieldname)
            if value and abs(cint(value)) > limit:
                self.throw_length_exceeded_error(df, limit, value)

    def throw_length_exceeded_error(self, df, max_length: int, value) -> None:
        """Raise CharacterLengthExceededError naming field and limit."""
        if self.get("parentfield"):
            reference = _("{0}, Row {1}").format(_(self.doctype), self.idx)
        else:
            reference = f"{_(self.doctype)} {self.name}"
        frappe.throw(
            _("{0}: '{1}' ({3}) will get truncated, as max characters allowed is {2}").format(
                reference, frappe.bold(_(df.label, context=df.parent)), max_length, value
            ),
            frappe.CharacterLengthExceededError,
            title=_("Value too big"),
        )

    def _fix_rating_value(self) -> None:
        for fieldname in self.meta.plan.ratings:
            self.set(fieldname, max(0, min(flt(self.get(fieldname)), 1)))

    def _validate_code_fields(self) -> None:
        """Python in Code fields compiles."""
        for df in self.meta.plan.codes:
            code = (self.get(df.fieldname) or "").strip()
            try:
                compile(code or "0", df.fieldname, "eval" if df.options == "PythonExpression" else "exec")
            except SyntaxError as error:
                frappe.throw(
                    _("Invalid Python code in {0}: {1}, line {2}").format(df.label, error.msg, error.lineno),
                    title=_("Syntax Error"),
                )

    def _sync_autoname_field(self) -> None:
        """A document named by a field keeps that field equal to its name."""
        fieldname = self.meta.plan.autoname_field
        if fieldname and self.name and self.name != self.get(fieldname):
            self.set(fieldname, self.name)

    def _sanitize_content(self) -> None:
        """Take scripts and event handlers out of HTML, except where the field or the state forbids it."""
        if frappe.flags.in_install:
            return
        values = self.__dict__
        for column in self.meta.plan.sanitized:
            value = values.get(column)
            if not isinstance(value, str) or ("<" not in value and ">" not in value):
                continue
            df = self.meta.get_field(column)
            if df and (self._keeps_markup(df) or _is_markdown(value)):
                continue
            values[column] = frappe.utils.sanitize_html(value)

    def _keeps_markup(self, df) -> bool:
        return bool(
            df.get("ignore_xss_filter")
            or (df.fieldtype in ("Data", "Small Text", "Text") and df.options == "Email")
            or df.fieldtype in ("Attach", "Attach Image", "Barcode", "Code")
            or self.docstatus.is_cancelled()
            or (self.docstatus.is_submitted() and not df.get("allow_on_submit"))
        )

    def _validate_update_after_submit(self, stored=None) -> None:
        """A submitted row changes only in fields that allow it."""
        stored = stored or frappe.get_doc(self.doctype, self.name)
        for df in self.meta.fields:
            if df.allow_on_submit:
                continue
            key = df.fieldname
            now, before = self.get(key), stored.get(key)
            if not (now or before):
                continue
            if df.fieldtype in table_fields:
                now, before = len(now), len(before)
            elif key in self.meta.plan.blank:
                now, before = self.cast(now, df), self.cast(before, df)
                if isinstance(now, datetime.timedelta) and isinstance(before, datetime.time):
                    before = datetime.datetime.combine(datetime.date.min, before) - datetime.datetime.min
            else:
                continue
            if now != before:
                self._refuse_change_after_submit(df, before, now)

    def _refuse_change_after_submit(self, df, before, now) -> None:
        frappe.throw(
            _("{0} Not allowed to change {1} after submission from {2} to {3}").format(
                f"Row #{self.idx}:" if self.get("parent") else "",
                frappe.bold(_(df.label, context=df.parent)),
                frappe.bold(before),
                frappe.bold(now),
            ),
            frappe.UpdateAfterSubmitError,
            title=_("Cannot Update After Submit"),
        )


def _has_content(df, value) -> bool:
    if value is None or value == []:
        return False
    if not isinstance(value, str):
        return bool(cstr(value).strip())
    if "<" not in value:
        return bool(value.strip())
    if strip_html(value).strip():
        return True
    holds_html = df.fieldtype == "Text Editor" or (df.fieldtype == "Code" and df.options == "HTML")
    return holds_html and "<img" in value


def _is_markdown(value: str) -> bool:
    """Markdown that holds no tag at all is turned to HTML by its own converter."""
    return "<!-- markdown -->" in value and value.count("<") == 1
