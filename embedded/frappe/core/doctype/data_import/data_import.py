"""Data Import: rows of a CSV or Excel file made into documents, each for itself."""

import frappe
from frappe import _
from frappe.core.doctype.data_import.exporter import Exporter
from frappe.core.doctype.data_import.importer import Importer
from frappe.model import core_doctypes_list
from frappe.model.document import Document
from frappe.permissions import can_import

BLOCKED_DOCTYPES = set(core_doctypes_list) - {"User", "Role"}
_RECORDS = ("all", "by_filter", "blank_template", "5_records")


class DataImport(Document):
    """One file for one DocType. Its owner needs the right to import such documents."""

    def validate(self) -> None:
        before = self.get_doc_before_save()
        if not self.import_file or (before and before.import_file != self.import_file):
            self.template_options = ""
            self.template_warnings = ""
        if self.google_sheets_url:
            raise NotImplementedError("Data Import from Google Sheets")
        self.check_doctype()
        if self.import_file:
            self.payload_count = len(self.get_importer().import_file.get_payloads_for_import())

    def check_doctype(self) -> None:
        """Raise unless documents of this DocType may be imported by the session's user."""
        if self.reference_doctype in BLOCKED_DOCTYPES:
            frappe.throw(_("Importing {0} is not allowed.").format(self.reference_doctype))
        can_import(self.reference_doctype, raise_exception=True)

    @frappe.whitelist()
    def get_preview_from_template(self, import_file=None, google_sheets_url=None):
        """{columns, data, warnings, import_log} of the file; None without one."""
        if google_sheets_url:
            raise NotImplementedError("Data Import from Google Sheets")
        self.check_doctype()
        self.import_file = import_file or self.import_file
        if not self.import_file:
            return None
        return self.get_importer().get_data_for_import_preview()

    def start_import(self) -> bool:
        """Import in a job (at once in tests); False if that job waits already."""
        from frappe.utils.background_jobs import enqueue, is_job_enqueued

        self.check_permission("write")
        self.check_doctype()
        job_id = f"data_import::{self.name}"
        now = bool(frappe.flags.in_test or frappe.conf.developer_mode)
        if not now and is_job_enqueued(job_id):
            return False
        enqueue(
            start_import,
            queue="default",
            timeout=10_000,
            event="data_import",
            job_id=job_id,
            data_import=self.name,
            now=now,
        )
        return True

    def get_importer(self) -> Importer:
        """Reads the file."""
        return Importer(self.reference_doctype, data_import=self)

    def on_trash(self) -> None:
        frappe.db.delete("Data Import Log", {"data_import": self.name})


def _readable(name: str) -> DataImport:
    doc = frappe.get_doc("Data Import", name)
    doc.check_permission("read")
    return doc


@frappe.whitelist()
def get_preview_from_template(data_import: str, import_file=None, google_sheets_url=None):
    """{columns, data, warnings, import_log} of an import's file."""
    return _readable(data_import).get_preview_from_template(import_file, google_sheets_url)


@frappe.whitelist(methods=["POST", "PUT"])
def form_start_import(data_import: str) -> bool:
    """Start an import that the user may write."""
    return frappe.get_doc("Data Import", data_import).start_import()


def start_import(data_import: str) -> None:
    """The job: what fails as a whole leaves the status Error and an Error Log."""
    doc = frappe.get_doc("Data Import", data_import)
    try:
        doc.get_importer().import_data()
    except Exception:
        frappe.db.rollback()
        doc.db_set("status", "Error")
        doc.log_error("Data import failed")
    finally:
        frappe.flags.in_import = False


@frappe.whitelist()
def download_template(
    doctype: str,
    export_fields: str | dict | None = None,
    export_records: str | None = None,
    export_filters: str | dict | list | None = None,
    file_type: str = "CSV",
) -> None:
    """A file to fill in: columns `export_fields` ({DocType: [fields], table field: [fields]}), and the
    records
    `all`, `by_filter`, `5_records` or `blank_template`; CSV or Excel. Raises PermissionError."""
    if export_records not in (None, *_RECORDS) or file_type not in ("CSV", "Excel"):
        frappe.throw(_("Invalid request arguments"))
    frappe.has_permission(doctype, "read", throw=True)
    Exporter(
        doctype,
        export_fields=frappe.parse_json(export_fields),
        export_data=export_records != "blank_template",
        export_filters=frappe.parse_json(export_filters),
        export_page_length=5 if export_records == "5_records" else None,
        file_type=file_type,
    ).build_response()


@frappe.whitelist()
def download_errored_template(data_import_name: str) -> None:
    """The rows that failed, as CSV, to be mended and imported again."""
    _readable(data_import_name).get_importer().export_errored_rows()


@frappe.whitelist()
def download_import_log(data_import_name: str) -> None:
    """What became of each row, as CSV."""
    _readable(data_import_name).get_importer().export_import_log()


@frappe.whitelist()
def get_import_status(data_import_name: str) -> dict:
    """{status, success, failed, total_records}."""
    doc = _readable(data_import_name)
    out = {"status": doc.status}
    rows = frappe.get_all(
        "Data Import Log",
        fields=["count(*) as count", "success"],
        filters={"data_import": doc.name},
        group_by="success",
        order_by=None,
    )
    for row in rows:
        out["success" if row.success else "failed"] = row["count"]
    out["total_records"] = doc.payload_count
    return out


@frappe.whitelist()
def get_import_logs(data_import: str) -> list:
    """What became of each document of an import."""
    return frappe.get_all(
        "Data Import Log",
        fields=["success", "docname", "messages", "exception", "row_indexes"],
        filters={"data_import": _readable(data_import).name},
        limit_page_length=5000,
        order_by="log_index",
    )


def import_file(doctype, file_path, import_type, submit_after_import=False, console=False) -> list:
    """Import a file of this machine, for commands: "Insert" or "Update". Returns the log."""
    doc = frappe.new_doc("Data Import", reference_doctype=doctype)
    doc.submit_after_import = submit_after_import
    doc.import_type = (
        "Insert New Records" if import_type.lower() == "insert" else "Update Existing Records"
    )  # fmt: skip
    return Importer(doctype, file_path=file_path, data_import=doc, console=console).import_data()


def export_json(doctype, path, filters=None, or_filters=None, name=None, order_by="creation asc") -> None:
    """Write documents as a JSON list that `import_doc` reads; trees are rebuilt there."""
    if name:
        names = [name]
    elif frappe.get_meta(doctype).issingle:
        names = [doctype]
    else:
        names = frappe.get_all(
            doctype, filters=filters, or_filters=or_filters, order_by=order_by, pluck="name"
        )  # fmt: skip
    left_out = {"modified_by", "creation", "owner", "idx", "lft", "rgt"}
    left_out_of_rows = left_out | {"docstatus", "doctype", "modified", "name"}
    docs = []
    for each in names:
        values = {k: v for k, v in frappe.get_doc(doctype, each).as_dict().items() if k not in left_out}
        for key, rows in values.items():
            if isinstance(rows, list):
                values[key] = [{k: v for k, v in r.items() if k not in left_out_of_rows} for r in rows]
        docs.append(values)
    with open(path, "w", encoding="utf-8") as out:
        out.write(frappe.as_json(docs, ensure_ascii=False))
