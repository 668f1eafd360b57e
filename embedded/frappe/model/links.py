"""Links of a document: they must exist, must not be cancelled, and bring values of the linked document."""

import frappe
from frappe import _
from frappe.model.dynamic_links import invalidate_distinct_link_doctypes
from frappe.utils import cint


class Links:
    """Link and Dynamic Link fields of one row."""

    def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
        """(missing, cancelled) links as (fieldname, name, message); sets fetched fields on the way."""
        missing, cancelled = [], []
        values = self.__dict__
        for df, dynamic, fetched in self.meta.plan.links:
            docname = values.get(df.fieldname)
            if not docname:
                continue
            doctype = self._linked_doctype(df, dynamic)
            fetched = [
                each for each in fetched if not each.get("fetch_if_empty") or not self.get(each.fieldname)
            ]
            found = _look_up(doctype, docname, fetched)
            if not df.get("is_virtual"):
                values[df.fieldname] = found.get("name")
            self._fetch(doctype, fetched, found)
            if not found.get("name"):
                missing.append((df.fieldname, docname, self._link_message(df, docname)))
            elif self._links_cancelled(df, doctype, docname, is_submittable):
                cancelled.append((df.fieldname, docname, self._link_message(df, docname)))
        return missing, cancelled

    def _linked_doctype(self, df, dynamic: bool) -> str:
        if not dynamic:
            if not df.options:
                frappe.throw(_("Options not set for link field {0}").format(df.fieldname))
            return df.options
        doctype = self.get(df.options)
        if not doctype:
            frappe.throw(_("{0} must be set first").format(self.meta.get_label(df.options)))
        invalidate_distinct_link_doctypes(df.parent, df.options, doctype)
        return doctype

    def _links_cancelled(self, df, doctype: str, docname: str, is_submittable: bool) -> bool:
        return bool(
            df.fieldname != "amended_from"
            and (is_submittable or self.meta.is_submittable)
            and frappe.get_meta(doctype).is_submittable
            and cint(frappe.db.get_value(doctype, docname, "docstatus")) == 2
        )

    def _link_message(self, df, docname: str) -> str:
        label = _(df.label, context=df.parent)
        if self.get("parentfield"):
            return f"{_('Row')} #{self.idx}: {label}: {docname}"
        return f"{label}: {docname}"

    def _fetch(self, doctype: str, fields: list, found: dict) -> None:
        """Set the fields whose `fetch_from` goes over this link; a submitted row keeps what it had."""
        for df in fields:
            if self.is_new() or not self.docstatus.is_submitted() or df.allow_on_submit:
                self.set_fetch_from_value(doctype, df, found)

    def set_fetch_from_value(self, doctype: str, df, values: dict) -> None:
        """Set `df` to the fetched value; rich text arrives in plain fields as plain text."""
        source = df.fetch_from.split(".")[-1]
        value = values.get(source)
        if df.fieldtype in ("Small Text", "Text", "Data"):
            from frappe.model.meta import get_default_df

            source_df = get_default_df(source) or frappe.get_meta(doctype).get_field(source)
            if not source_df:
                frappe.throw(
                    _('Please check the value of "Fetch From" set for field {0}').format(
                        frappe.bold(df.label)
                    ),
                    title=_("Wrong Fetch From value"),
                )
            if source_df.fieldtype == "Text Editor" and value:
                from frappe.utils import strip_html
                from frappe.utils.html_utils import unescape_html

                value = unescape_html(strip_html(value))
        self.__dict__[df.fieldname] = value


def _look_up(doctype: str, docname: str, fetched: list) -> dict:
    """The linked document's name as stored, and the values to fetch; empty where it does not exist."""
    if frappe.get_meta(doctype).issingle:
        values = frappe.db.get_singles_dict(doctype) if fetched else {}
        return {**values, "name": doctype}
    if fetched:
        wanted = ["name", *(df.fetch_from.split(".")[-1] for df in fetched)]
        return frappe.db.get_value(doctype, docname, wanted, as_dict=True) or {}
    return {"name": frappe.db.get_value(doctype, docname, "name", cache=True)}
