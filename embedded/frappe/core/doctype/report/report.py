"""Report: a query over a DocType that some roles may run."""

import datetime
import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr


class Report(Document):
    """One Report. Standard ones come with an app and are changed only there."""

    def validate(self):
        if not self.module:
            self.module = frappe.db.get_value("DocType", self.ref_doctype, "module")
        self.is_standard = self.is_standard or "No"
        if self.is_standard == "No" and self.report_type != "Report Builder":
            frappe.only_for("Script Manager", True)
            if frappe.db.get_value("Report", self.name, "is_standard") == "Yes":
                frappe.throw(_("Cannot edit a standard report. Please duplicate and create a new report"))
        if self.is_standard == "Yes" and frappe.session.user != "Administrator":
            frappe.throw(_("Only Administrator can save a standard report. Please rename and save."))

    def before_insert(self):
        if not self.get("roles") and self.is_standard == "No":
            permissions = frappe.get_meta(self.ref_doctype).permissions
            self.set("roles", [{"role": p.role} for p in permissions if p.permlevel == 0])

    def on_trash(self):
        if (
            self.is_standard == "Yes"
            and not cint(frappe.conf.get("developer_mode"))
            and not (frappe.flags.in_migrate or frappe.flags.in_patch)
        ):
            frappe.throw(_("You are not allowed to delete Standard Report"))

    def get_columns(self):
        return [d.as_dict(no_default_fields=True, no_child_table_fields=True) for d in self.columns]

    def is_permitted(self) -> bool:
        """Whether the user has one of the report's roles; a report without roles is for everybody."""
        roles = frappe.get_all(
            "Has Role", filters={"parent": self.name, "parenttype": "Report"}, pluck="role"
        )
        return not roles or bool(set(roles) & set(frappe.get_roles()))

    def execute_query_report(self, filters):
        """[columns, rows] of the SQL, whose `%(name)s` are filters. PermissionError for SQL that writes."""
        if not self.query:
            frappe.throw(_("Must specify a Query to run"), title=_("Report Document Error"))
        if not re.match(r"^\s*(?:--[^\n]*\n|/\*.*?\*/|\s)*(select|with|explain)\b", self.query, re.I | re.S):
            frappe.throw(_("Query must be of SELECT or read-only WITH type."), frappe.PermissionError)
        rows = [list(row) for row in frappe.db.sql(self.query, filters)]
        return [self.get_columns() or [cstr(c[0]) for c in frappe.db.get_description()], rows]

    def execute_script_report(self, filters):
        """What `execute(filters)` of the app's report module gives."""
        if self.is_standard != "Yes":
            raise NotImplementedError("Script Report with its script in the database")
        started = datetime.datetime.now()
        module = self.module or frappe.db.get_value("DocType", self.ref_doctype, "module")
        app = frappe.local.module_app[frappe.scrub(module)]
        name = frappe.scrub(self.name)
        execute = frappe.get_attr(f"{app}.{frappe.scrub(module)}.report.{name}.{name}.execute")
        result = execute(frappe._dict(filters))
        seconds = (datetime.datetime.now() - started).total_seconds()
        frappe.cache.hset("report_execution_time", self.name, seconds)
        return result

    def get_data(
        self, filters=None, limit=None, user=None, as_dict=False, ignore_prepared_report=False,
        are_default_filters=True,
    ):  # fmt: skip
        """(columns, rows) as `frappe.desk.query_report.run` gives them."""
        if self.report_type == "Report Builder":
            raise NotImplementedError("Report.get_data of a Report Builder report")
        from frappe.desk.query_report import run

        data = run(self.name, filters, user, ignore_prepared_report, are_default_filters=are_default_filters)
        columns, rows = data["columns"], data["result"]
        if not as_dict:
            rows = [[row.get(c.fieldname) for c in columns] if isinstance(row, dict) else row for row in rows]
        return columns, rows
