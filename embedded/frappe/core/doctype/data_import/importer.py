"""Importing the rows of a file: each document is saved and committed for itself, with the user's own
rights."""

import json

import frappe
from frappe import _
from frappe.core.doctype.data_import.import_file import INSERT, UPDATE, ImportFile, get_id_field
from frappe.core.doctype.version.version import get_diff
from frappe.utils.csvutils import build_csv_response

_LOG_FIELDS = ("row_indexes", "success", "log_index")


class Importer:
    """Reads the file of a Data Import (or `file_path`) for a DocType. Raises ValidationError for a bad
    file."""

    def __init__(self, doctype, data_import=None, file_path=None, import_type=None, console=False):
        self.doctype, self.console = doctype, console
        self.data_import = data_import or frappe.new_doc("Data Import", reference_doctype=doctype)
        self.import_type = import_type or self.data_import.import_type
        options = frappe.parse_json(self.data_import.template_options or "{}")
        self.import_file = ImportFile(
            doctype,
            file_path or self.data_import.import_file,
            options,
            self.import_type,
            from_disk=bool(file_path),
        )

    def get_data_for_import_preview(self) -> dict:
        """The first rows and the columns as they are understood, warnings, and the log so far."""
        out = self.import_file.get_data_for_import_preview()
        out.import_log = frappe.get_all(
            "Data Import Log",
            fields=["row_indexes", "success"],
            filters={"data_import": self.data_import.name},
            order_by="log_index",
            limit=10,
        )
        return out

    def import_data(self) -> list | None:
        """Save the documents, log each, set the status. Rows that were imported before are not repeated.

        Nothing is imported while the file has warnings that are more than information: they are stored in
        `template_warnings`. Returns the log, None in that case.
        """
        payloads = self.import_file.get_payloads_for_import()
        warnings = [w for w in self.import_file.get_warnings() if w.get("type") != "info"]
        self._set("template_warnings", json.dumps(warnings, default=str) if warnings else "")
        if warnings:
            return None
        done, log_index = self._resume()
        frappe.flags.in_import = True
        frappe.flags.mute_emails = bool(self.data_import.mute_emails)
        try:
            for payload in payloads:
                rows = [row.row_number for row in payload.rows]
                if not done.intersection(rows):
                    self._import(payload.doc, rows, log_index)
                    log_index += 1
        finally:
            frappe.flags.in_import = False
            frappe.flags.mute_emails = False
        return self._finish(len(payloads))

    def _resume(self) -> tuple[set[int], int]:
        """(rows that were imported, number of the next entry); failures of a finished run are tried again."""
        log = self.log()
        if self.data_import.status in ("Partial Success", "Error"):
            frappe.db.delete("Data Import Log", {"success": 0, "data_import": self.data_import.name})
            log = [entry for entry in log if entry.success]
        done = {row for entry in log for row in json.loads(entry.row_indexes or "[]")}
        return done, max((entry.log_index for entry in log), default=-1) + 1

    def _import(self, doc, rows: list[int], log_index: int) -> None:
        try:
            saved = self.process_doc(doc)
            entry = {"success": 1, "docname": saved.name}
        except Exception:
            entry = {
                "success": 0,
                "exception": frappe.get_traceback(),
                "messages": json.dumps(frappe.local.message_log, default=str),
            }
            frappe.db.rollback()
        frappe.clear_messages()
        frappe.get_doc(
            doctype="Data Import Log",
            data_import=self.data_import.name,
            log_index=log_index,
            row_indexes=json.dumps(rows),
            **{"messages": "[]", **entry},
        ).db_insert()
        frappe.db.commit()

    def _finish(self, total: int) -> list:
        log = self.log()
        successes = sum(bool(entry.success) for entry in log)
        failures = len(log) - successes
        if failures and successes:
            status = "Partial Success"
        elif failures:
            status = "Error"
        else:
            status = "Success" if successes == total else "Pending"
        self._set("status", status)
        frappe.db.commit()
        return log

    def _set(self, fieldname: str, value) -> None:
        """An import of a file of this machine has no stored Data Import."""
        if self.data_import.get("__islocal") or not self.data_import.name:
            self.data_import.set(fieldname, value)
        else:
            self.data_import.db_set(fieldname, value)

    def log(self) -> list:
        """[{row_indexes, success, log_index}] in order."""
        return frappe.get_all(
            "Data Import Log",
            fields=list(_LOG_FIELDS),
            filters={"data_import": self.data_import.name},
            order_by="log_index",
        )

    def process_doc(self, doc):
        """Save one document, given as values."""
        if self.import_type == INSERT:
            return self.insert_record(doc)
        if self.import_type == UPDATE:
            return self.update_record(doc)
        frappe.throw(_("Unknown import type {0}").format(self.import_type))

    def insert_record(self, values):
        """Insert, and submit where the import says so; a name counts for DocTypes that let it be typed."""
        meta = frappe.get_meta(self.doctype)
        doc = frappe.new_doc(self.doctype)
        doc.update(values)
        if not values.get("name") and (meta.autoname or "").lower() != "prompt":
            doc.set("name", None)
        doc.flags.updater_reference = self._reference()
        doc.insert()
        if meta.is_submittable and self.data_import.submit_after_import:
            doc.submit()
        return doc

    def update_record(self, values):
        """Save what differs. Raises ValidationError if nothing does."""
        name = values.get(get_id_field(self.doctype).fieldname)
        doc = frappe.get_doc(self.doctype, name)
        before = frappe.get_doc(self.doctype, name)
        doc.update(values)
        if not get_diff(before, doc):
            frappe.throw(_("No changes to update"))
        doc.flags.updater_reference = self._reference()
        return doc.save()

    def _reference(self) -> dict:
        return {
            "doctype": "Data Import",
            "docname": self.data_import.name,
            "label": _("via Data Import"),
        }

    def export_errored_rows(self) -> None:
        """Answer with the header and the rows that failed, as CSV."""
        failed = {
            row for entry in self.log() if not entry.success for row in json.loads(entry.row_indexes or "[]")
        }
        header = [column.header_title for column in self.import_file.columns]
        rows = [row.data for row in self.import_file.data if row.row_number in failed]
        build_csv_response([header, *rows], _(self.doctype))

    def export_import_log(self) -> None:
        """Answer with what became of each document, as CSV."""
        rows = [["Row Numbers", "Status", "Message", "Exception"]]
        for entry in frappe.get_all(
            "Data Import Log",
            fields=["row_indexes", "success", "messages", "exception", "docname"],
            filters={"data_import": self.data_import.name},
            order_by="log_index",
        ):
            message = f"Successfully Imported {entry.docname}" if entry.success else entry.messages
            status = "Success" if entry.success else "Failure"
            rows.append([json.loads(entry.row_indexes)[0], status, message, entry.exception or ""])
        build_csv_response(rows, self.doctype)
