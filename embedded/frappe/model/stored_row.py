"""One row in the database: inserting and updating it, and what its refusals mean."""

import re

import frappe
from frappe import _
from frappe.utils import now


class StoredRow:
    """Writes a document's own row, without validation or events."""

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """INSERT the row. Raises DuplicateEntryError (name) or UniqueValidationError (unique field)."""
        if not self.name:
            from frappe.model.naming import set_new_name

            set_new_name(self)
        if not self.creation:
            self.creation = self.modified = now()
            self.owner = self.modified_by = frappe.session.user
        plan = self.meta.plan
        try:
            frappe.db.sql(plan.insert_sql, plan.insert_values(self))
        except Exception as e:
            if self._is_name_taken(e):
                if self.meta.autoname == "hash" and self._retry_with_another_hash():
                    return
                if not ignore_if_duplicate:
                    self._refuse_duplicate_name(e)
            elif frappe.db.is_unique_key_violation(e):
                self.show_unique_validation_message(e)
            else:
                raise
        self.__dict__["__islocal"] = False

    def _is_name_taken(self, error) -> bool:
        """Where the name is taken and another unique value too, it is the name that is refused."""
        if frappe.db.is_primary_key_violation(error):
            return True
        return frappe.db.is_unique_key_violation(error) and bool(
            frappe.db.sql(f"select 1 from `tab{self.doctype}` where name = %s", (self.name,))
        )

    def _retry_with_another_hash(self) -> bool:
        self.flags.retry_count = (self.flags.retry_count or 0) + 1
        if self.flags.retry_count > 5:
            return False
        self.name = None
        self.db_insert()
        return True

    def _refuse_duplicate_name(self, error) -> None:
        frappe.msgprint(
            _("{0} {1} already exists").format(_(self.doctype), frappe.bold(self.name)),
            title=_("Duplicate Name"),
            indicator="red",
        )
        raise frappe.DuplicateEntryError(self.doctype, self.name, error)

    def db_update(self) -> None:
        """UPDATE the row (INSERT where it is new), without validation or events."""
        if self.is_new() or not self.name:
            self.db_insert()
            return
        plan = self.meta.plan
        try:
            frappe.db.sql(plan.update_sql, plan.update_values(self))
        except Exception as e:
            if frappe.db.is_unique_key_violation(e):
                self.show_unique_validation_message(e)
            raise

    def db_update_all(self) -> None:
        """UPDATE the row and its child rows, without validation or events."""
        self.db_update()
        for fieldname in self._table_fieldnames:
            for row in self.get(fieldname):
                row.db_update()

    def show_unique_validation_message(self, error) -> None:
        """Raise UniqueValidationError naming the field of the broken index."""
        columns = re.findall(r"\.`?(\w+)`?", str(error)) or [str(error)]
        label = self.get_label_from_fieldname(columns[-1])
        frappe.msgprint(_("{0} must be unique").format(label or columns[-1]))
        raise frappe.UniqueValidationError(self.doctype, self.name, error)

    def get_label_from_fieldname(self, fieldname: str) -> str | None:
        """The label of a field, None where there is no such field."""
        df = self.meta.get_field(fieldname)
        return df.label if df else None

    def update_modified(self) -> None:
        """Stamp the document and its row with the present time."""
        self.set("modified", now())
        if self.meta.issingle:
            frappe.db.set_single_value(self.doctype, "modified", self.modified, update_modified=False)
        else:
            frappe.db.set_value(self.doctype, self.name, "modified", self.modified, update_modified=False)
