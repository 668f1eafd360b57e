"""Version: what one save changed, for DocTypes with `track_changes`."""

import json

import frappe
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document

_NOT_FORMATTED = ("Markdown Editor", "Text Editor", "Code", "HTML Editor")


class Version(Document):
    """`data` is `{changed, added, removed, row_changed, data_import, updater_reference}`, as JSON."""

    def update_version_info(self, old, new) -> bool:
        """Fill in the difference; whether there is any."""
        if old:
            data = get_diff(old, new)
        elif new.flags.updater_reference:
            data = {
                "creation": new.creation,
                "updater_reference": new.flags.updater_reference,
                "created_by": new.owner,
            }
        else:
            data = None
        if not data:
            return False
        self.ref_doctype, self.docname = new.doctype, new.name
        self.data = frappe.as_json(data, indent=None, separators=(",", ":"))
        return True

    def get_data(self) -> dict:
        """The difference as a dict."""
        return json.loads(self.data)


def get_diff(old, new, for_child: bool = False, compare_cancelled: bool = False):
    """What differs, None where nothing does.

    changed: [field, old, new]; added, removed: [table, row]; row_changed: [table, index, row name, changes].
    """
    if not new:
        return None
    out = frappe._dict(
        changed=[],
        added=[],
        removed=[],
        row_changed=[],
        data_import=new.flags.via_data_import,
        updater_reference=new.flags.updater_reference,
    )
    for df in new.meta.fields:
        if df.fieldtype in table_fields:
            if not for_child:
                _compare_rows(df.fieldname, old, new, out, compare_cancelled)
        elif df.fieldtype not in no_value_fields:
            _compare_field(df, old, new, out)
    if not for_child:
        for key in ("name", "docstatus"):
            before, after = getattr(old, key), getattr(new, key)
            if before != after:
                out.changed.append([key, before, after])
    return out if out.changed or out.added or out.removed or out.row_changed else None


def _compare_field(df, old, new, out) -> None:
    before, after = old.get(df.fieldname), new.get(df.fieldname)
    if before == after:
        return
    if df.fieldtype not in _NOT_FORMATTED:
        before = old.get_formatted(df.fieldname) if before else before
        after = new.get_formatted(df.fieldname) if after else after
    if before != after:
        out.changed.append((df.fieldname, before, after))


def _compare_rows(table: str, old, new, out, compare_cancelled: bool) -> None:
    amended = new.get("amended_from")
    key = "_amended_from" if amended and amended == old.name else "name"
    before = {row.name: row for row in old.get(table) or ()}
    in_order = list(before)
    found = set()
    for i, row in enumerate(new.get(table) or ()):
        name = row.get(key)
        if compare_cancelled and amended and i < len(in_order):
            name = in_order[i]
        if name and name in before:
            found.add(name)
            changes = get_diff(before[name], row, for_child=True)
            if changes and changes.changed:
                out.row_changed.append((table, i, row.name, changes.changed))
        else:
            out.added.append([table, row.as_dict()])
    out.removed.extend([table, row.as_dict()] for name, row in before.items() if name not in found)


def on_doctype_update() -> None:
    """Versions are asked for by document."""
    frappe.db.add_index("Version", ["ref_doctype", "docname"])
