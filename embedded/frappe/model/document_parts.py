"""What a save prepares and writes beside the document's own row: defaults, names, child rows, Singles."""

import frappe
from frappe.utils import now


class DocumentParts:
    """Steps of `insert` and `save`, in no order of their own."""

    def update_children(self) -> None:
        """Delete, update and insert child rows so that the tables match the document."""
        for df in self._get_table_fields():
            self.update_child_table(df.fieldname, df)

    def update_child_table(self, fieldname: str, df=None) -> None:
        """The same for one table; DocTypes in `flags.ignore_children_type` keep their extra rows."""
        df = df or self.meta.get_field(fieldname)
        rows = self.get(fieldname)
        if df.options not in (self.flags.ignore_children_type or ()):
            kept = [row.name for row in rows if row.name and not row.is_new()]
            self._delete_other_rows(df, kept)
        for row in rows:
            row.db_update()

    def _delete_other_rows(self, df, kept: list[str]) -> None:
        scope = {"parent": self.name, "parenttype": self.doctype, "parentfield": df.fieldname}
        if kept:
            scope["name"] = ("not in", kept)
        frappe.db.delete(df.options, scope)

    def update_single(self, d: dict) -> None:
        """Write a Single's values to `tabSingles`."""
        frappe.db.delete("Singles", {"doctype": self.doctype})
        for field, value in d.items():
            if field != "doctype":
                frappe.db.sql(
                    "insert into `tabSingles` (doctype, field, value) values (%s, %s, %s)",
                    (self.doctype, field, value if value is None else str(value)),
                )
        frappe.db.value_cache.pop(self.doctype, None)

    def set_new_name(self, force=False, set_name=None, set_child_names=True) -> None:
        """Name the document and its rows, once."""
        from frappe.model.naming import set_new_name, validate_name

        if self.flags.name_set and not force:
            return
        if self.get("__newname") and (self.meta.autoname or "").lower() == "prompt":
            self.name = validate_name(self.doctype, self.get("__newname"))
            self.flags.name_set = True
            return
        if set_name:
            self.name = validate_name(self.doctype, set_name)
        else:
            set_new_name(self)
        if set_child_names:
            for row in self.get_all_children():
                set_new_name(row)
        self.flags.name_set = True

    def set_user_and_timestamp(self) -> None:
        """Stamp the document and its rows with the present time and the session's user."""
        values = self.__dict__
        self._original_modified = values.get("modified")
        values["modified"] = stamp = now()
        values["modified_by"] = user = frappe.session.user
        if self.is_new() and not (
            frappe.flags.in_install or frappe.flags.in_patch or frappe.flags.in_migrate
        ):
            values["creation"], values["owner"] = stamp, user
        for row in self.get_all_children():
            row.modified, row.modified_by = stamp, user
            row.owner = row.owner or self.owner
            row.creation = row.creation or self.creation
        if self.name:
            frappe.flags.currently_saving.append((self.doctype, self.name))

    def _leave_saving(self) -> None:
        saving = frappe.flags.currently_saving
        if (self.doctype, self.name) in saving:
            saving.remove((self.doctype, self.name))

    def set_docstatus(self) -> None:
        """Give the rows the document's state."""
        status = self.docstatus
        for row in self.get_all_children():
            row.docstatus = status

    def set_parent_in_children(self) -> None:
        """Tell the rows whose they are."""
        for row in self.get_all_children():
            row.parent, row.parenttype = self.name, self.doctype

    def set_name_in_children(self) -> None:
        """Name rows that have no name yet."""
        from frappe.model.naming import set_new_name

        for row in self.get_all_children():
            if not row.name:
                set_new_name(row)

    def _set_defaults(self) -> None:
        if frappe.flags.in_import:
            return
        if self.is_new():
            self.update_if_missing(frappe.new_doc(self.doctype, as_dict=True))
        for df in self._get_table_fields():
            rows = [row for row in self.__dict__.get(df.fieldname) or () if row.is_new()]
            if rows:
                defaults = frappe.new_doc(df.options, parent_doc=self, parentfield=df.fieldname, as_dict=True)
                for row in rows:
                    row.update_if_missing(defaults)
