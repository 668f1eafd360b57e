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
        wanted = []
        for df, dynamic, fetched in self.meta.plan.links:
            docname = values.get(df.fieldname)
            if docname:
                if fetched:
                    fetched = [
                        each for each in fetched if not (each.fetch_if_empty and values.get(each.fieldname))
                    ]
                wanted.append((df, self._linked_doctype(df, dynamic), docname, fetched))
        if not wanted:
            return missing, cancelled
        submittable = is_submittable or self.meta.is_submittable
        all_found = _look_up_all(wanted, self.meta.plan.is_single)
        for (df, doctype, docname, fetched), found in zip(wanted, all_found, strict=True):
            if not df.is_virtual:
                values[df.fieldname] = found.get("name")
            if fetched:
                self._fetch(doctype, fetched, found)
            if not found:
                missing.append((df.fieldname, docname, self._link_message(df, docname)))
            elif submittable and self._links_cancelled(df, doctype, docname):
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

    def _links_cancelled(self, df, doctype: str, docname: str) -> bool:
        return bool(
            df.fieldname != "amended_from"
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


def _look_up_all(wanted: list[tuple], is_single) -> list[dict]:
    """For each (field, doctype, name, fetched fields) the linked document's name and values, {} if missing.

    Links that fetch nothing are looked up together, in one statement.
    """
    plain = [i for i, each in enumerate(wanted) if not each[3] and not is_single(each[1])]
    found: list = [None] * len(wanted)
    if len(plain) > 1:
        doctypes = tuple([wanted[i][1] for i in plain])
        query = _TOGETHER.get(doctypes)
        if query is None:
            parts = [f"select {n}, name from `tab{each}` where name = %s" for n, each in enumerate(doctypes)]
            query = _TOGETHER[doctypes] = " union all ".join(parts)
        for i in plain:
            found[i] = {}
        for n, name in frappe.db.sql(query, [wanted[i][2] for i in plain]):
            found[plain[n]] = {"name": name}
    return [
        _look_up(doctype, docname, fetched) if known is None else known
        for (_df, doctype, docname, fetched), known in zip(wanted, found, strict=True)
    ]


_TOGETHER: dict[tuple, str] = {}


def _look_up(doctype: str, docname: str, fetched: list) -> dict:
    """The linked document's name as stored, and the values to fetch; empty where it does not exist."""
    if frappe.get_meta(doctype).issingle:
        values = frappe.db.get_singles_dict(doctype) if fetched else {}
        return {**values, "name": doctype}
    wanted = "".join(f", `{df.fetch_from.split('.')[-1]}`" for df in fetched)
    rows = frappe.db.sql(f"select name{wanted} from `tab{doctype}` where name = %s", (docname,), as_dict=True)
    return rows[0] if rows else {}
