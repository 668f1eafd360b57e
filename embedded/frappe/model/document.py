"""Documents: reading them, and writing them with Frappe's order of events."""

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument, get_controller
from frappe.model.docstatus import DocStatus
from frappe.model.document_checks import DocumentChecks
from frappe.model.document_events import DocumentEvents
from frappe.model.document_parts import DocumentParts
from frappe.model.document_tools import DocumentTools
from frappe.utils import now

__all__ = ["Document", "get_doc", "bulk_insert"]


class NotADocumentError(frappe.ValidationError, ValueError):
    """What should become a document names no DocType. Frappe's is a ValueError alone."""


def get_doc(*args, **kwargs):
    """A Document: `(doctype, name)` and `(doctype)` of a Single read it; a dict or keywords make a new one.

    `for_update=True` locks what is read. Raises DoesNotExistError, ImportError (no controller), ValueError.
    """
    if args:
        first = args[0]
        if isinstance(first, BaseDocument):
            return first
        if isinstance(first, str):
            return get_controller(first)(*args, **kwargs)
        if not isinstance(first, dict):
            raise NotADocumentError("First non keyword argument must be a string or dict")
        kwargs = first
    if "doctype" not in kwargs:
        raise NotADocumentError('"doctype" is a required key')
    return get_controller(kwargs["doctype"])(kwargs)


class Document(DocumentEvents, DocumentChecks, DocumentParts, DocumentTools, BaseDocument):
    """What every controller inherits from."""

    def __init__(self, *args, **kwargs):
        self.doctype = None
        self.name = None
        self.flags = frappe._dict()
        first = args[0] if args else None
        if isinstance(first, str):
            self.doctype = first
            self.name = first if len(args) == 1 else args[1]
            self.flags.for_update = kwargs.get("for_update")
            self.load_from_db()
            return
        if isinstance(first, dict):
            kwargs = first
        if not kwargs:
            raise ValueError("Illegal arguments")
        super().__init__(kwargs)
        self.init_child_tables()
        self.init_valid_columns()

    def load_from_db(self):
        """Fill values and child rows from the database. Raises DoesNotExistError."""
        self.flags.ignore_children = True
        self.__dict__.pop("_hidden_fields", None)
        if self.meta.issingle:
            super().__init__(self._single_values())
            self.init_valid_columns()
            self._fix_numeric_types()
        else:
            super().__init__(self._row())
        self.flags.pop("ignore_children", None)
        for df in self._get_table_fields():
            self.set(df.fieldname, self._child_rows(df))
        if hasattr(self, "__setup__"):
            self.__setup__()
        return self

    def _single_values(self) -> dict:
        values = frappe.db.get_singles_dict(self.doctype, for_update=self.flags.for_update)
        if not values:
            values = frappe.new_doc(self.doctype, as_dict=True)
            values["name"] = self.doctype
            values.pop("__islocal", None)
        return values

    def _row(self) -> dict:
        kwargs = {"for_update": self.flags.for_update, "as_dict": True}
        if not isinstance(self.name, dict | list):
            kwargs["order_by"] = None
        row = frappe.db.get_value(self.doctype, self.name, "*", **kwargs)
        if not row:
            frappe.throw(_("{0} {1} not found").format(_(self.doctype), self.name), frappe.DoesNotExistError)
        return row

    def _child_rows(self, df) -> list:
        return (
            frappe.db.get_values(
                df.options,
                {"parent": self.name, "parenttype": self.doctype, "parentfield": df.fieldname},
                "*",
                as_dict=True,
                order_by="idx asc",
                for_update=self.flags.for_update,
            )
            or []
        )

    def reload(self):
        """Read the document anew."""
        return self.load_from_db()

    def get_latest(self):
        """The document as stored before this save."""
        if not self.__dict__.get("_doc_before_save"):
            self.load_doc_before_save()
        return self._doc_before_save

    def get_doc_before_save(self):
        """The document as stored before this save, None for a new one."""
        return self.__dict__.get("_doc_before_save")

    def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
        """Read the stored document, locked, for comparison."""
        self._doc_before_save = None
        if self.is_new():
            return
        try:
            self._doc_before_save = frappe.get_doc(self.doctype, self.name, for_update=True)
        except frappe.DoesNotExistError:
            if raise_exception:
                raise
            frappe.clear_last_message()

    def get_all_children(self, parenttype=None) -> list:
        """Rows of all tables, or of tables of one child DocType."""
        children = []
        for df in self._get_table_fields():
            if parenttype and df.options != parenttype:
                continue
            if rows := self.__dict__.get(df.fieldname):
                children.extend(rows)
        return children

    def insert(
        self,
        ignore_permissions=None,
        ignore_links=None,
        ignore_if_duplicate=False,
        ignore_mandatory=None,
        set_name=None,
        set_child_names=True,
    ) -> "Document":
        """Write a new document: permission `create`, naming, validation, row, child rows, events."""
        if self.flags.in_print:
            return self
        for flag, value in (
            ("ignore_permissions", ignore_permissions),
            ("ignore_links", ignore_links),
            ("ignore_mandatory", ignore_mandatory),
        ):
            if value is not None:
                self.flags[flag] = value
        self.__dict__["__islocal"] = True
        try:
            self._insert(ignore_if_duplicate, set_name, set_child_names)
        finally:
            self._leave_saving()
        for key in ("__islocal", "__unsaved"):
            self.__dict__.pop(key, None)
        return self

    def _insert(self, ignore_if_duplicate, set_name, set_child_names) -> None:
        self._set_defaults()
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self._validate_links()
        self.check_permission("create")
        self.run_method("before_insert")
        self.set_new_name(set_name=set_name, set_child_names=set_child_names)
        self.set_parent_in_children()
        self.validate_higher_perm_levels()

        self.flags.in_insert = True
        self.run_before_save_methods()
        self._validate()
        self.set_docstatus()
        self.flags.in_insert = False

        if self.meta.issingle:
            self.update_single(self.get_valid_dict())
        else:
            self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
        for row in self.get_all_children():
            row.db_insert()

        self.run_method("after_insert")
        self.flags.in_insert = True
        if self.get("amended_from"):
            self.validate_amended_from()
        self.run_post_save_methods()
        self.flags.in_insert = False

    def save(self, *args, **kwargs) -> "Document":
        """Write changes: permission `write`, validation, events; inserts a new document."""
        return self._save(*args, **kwargs)

    def _save(self, ignore_permissions=None, ignore_version=None) -> "Document":
        if self.flags.in_print:
            return self
        if ignore_permissions is not None:
            self.flags.ignore_permissions = ignore_permissions
        self.flags.ignore_version = frappe.flags.in_test if ignore_version is None else ignore_version
        if self.is_new() or not self.name:
            return self.insert()
        try:
            self._update()
        finally:
            self._leave_saving()
        self.__dict__.pop("__unsaved", None)
        return self

    def _update(self) -> None:
        self.check_if_locked()
        self._set_defaults()
        self.check_permission("write", "save")
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self.set_parent_in_children()
        self.set_name_in_children()
        self.validate_higher_perm_levels()
        self._validate_links()
        self.run_before_save_methods()
        if self._action != "cancel":
            self._validate()
        if self._action == "update_after_submit":
            self.validate_update_after_submit()
        self.set_docstatus()

        if self.meta.issingle:
            self.update_single(self.get_valid_dict())
        else:
            self.db_update()
        self.update_children()
        self.run_post_save_methods()

    def submit(self) -> "Document":
        """Make it binding: docstatus 1, then save."""
        return self._submit()

    def _submit(self) -> "Document":
        self.docstatus = DocStatus.submitted()
        return self.save()

    def cancel(self) -> "Document":
        """Take it back: docstatus 2, then save."""
        return self._cancel()

    def _cancel(self) -> "Document":
        self.docstatus = DocStatus.cancelled()
        return self.save()

    def delete(self, ignore_permissions=False, force=False, *, delete_permanently=False):
        """Delete the document; see `frappe.delete_doc`."""
        return frappe.delete_doc(
            self.doctype,
            self.name,
            ignore_permissions=ignore_permissions,
            flags=self.flags,
            force=force,
            delete_permanently=delete_permanently,
        )

    def rename(self, name: str, merge=False, force=False, validate_rename=True) -> None:
        """Rename, or merge into, `name`; this object becomes that document."""
        from frappe.model.rename_doc import rename_doc

        self.name = rename_doc(doc=self, new=name, merge=merge, force=force, validate=validate_rename)
        self.reload()

    _rename = rename

    def db_set(self, fieldname, value=None, update_modified=True, notify=False, commit=False) -> None:
        """Write fields at once, without validation: `(field, value)` or a dict."""
        self.update(fieldname) if isinstance(fieldname, dict) else self.set(fieldname, value)
        if update_modified and (self.doctype, self.name) not in frappe.flags.currently_saving:
            self.set("modified", now())
            self.set("modified_by", frappe.session.user)
        if not self.get_doc_before_save():
            self.load_doc_before_save()
        self.run_method("before_change")
        if self.name is None:
            return
        stamps = {"modified": self.modified, "modified_by": self.modified_by}
        if self.meta.issingle:
            frappe.db.set_single_value(
                self.doctype, fieldname, value, update_modified=update_modified, **stamps
            )
        else:
            frappe.db.set_value(
                self.doctype, self.name, fieldname, value, update_modified=update_modified, **stamps
            )
        self.run_method("on_change")
        if notify:
            self.notify_update()
        if commit:
            frappe.db.commit()

    def db_get(self, fieldname: str):
        """The stored value of a field."""
        return frappe.db.get_value(self.doctype, self.name, fieldname)

    def __repr__(self) -> str:
        status = f" docstatus={self.docstatus}" if self.docstatus else ""
        parent = f" parent={self.parent}" if getattr(self, "parent", None) else ""
        return f"<{type(self).__name__}: {self.name or 'unsaved'}{status}{parent}>"

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.name or 'unsaved'})"


# What forms and scripts may call from outside.
for _method in ("submit", "cancel", "rename", "add_comment"):
    setattr(Document, _method, frappe.whitelist()(getattr(Document, _method)))


def bulk_insert(doctype: str, documents, ignore_duplicates: bool = False, chunk_size: int = 10_000) -> None:
    """Insert named documents and their rows at once, without validation or events."""
    documents = list(documents)
    for doc in documents:
        for row in (doc, *doc.get_all_children()):
            row.creation = row.modified = now()
            row.owner = row.modified_by = frappe.session.user
    tables = [(doctype, documents)]
    for df in frappe.get_meta(doctype).get_table_fields():
        tables.append((df.options, [row for doc in documents for row in doc.get(df.fieldname)]))
    for name, rows in tables:
        if rows:
            plan = frappe.get_meta(name).plan
            columns = [column for column, _kind in plan.stored]
            values = [tuple(plan.insert_values(row)) for row in rows]
            frappe.db.bulk_insert(
                name, columns, values, ignore_duplicates=ignore_duplicates, chunk_size=chunk_size
            )
