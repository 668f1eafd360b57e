"""Number Card: one number over the documents that the reader may read."""

import frappe
from frappe import _
from frappe.api.documents import parse
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists
from frappe.permissions import get_doctypes_with_read
from frappe.request_arguments import as_dict
from frappe.utils import add_to_date, flt, now

_FUNCTIONS = {"Count": "count", "Sum": "sum", "Average": "avg", "Minimum": "min", "Maximum": "max"}
_INTERVALS = {
    "Daily": {"days": -1},
    "Weekly": {"weeks": -1},
    "Monthly": {"months": -1},
    "Yearly": {"years": -1},
}


class NumberCard(Document):
    """One Number Card."""

    def autoname(self):
        self.name = self.name or self.label
        if frappe.db.exists("Number Card", self.name):
            self.name = append_number_if_name_exists("Number Card", self.name)

    def validate(self):
        if self.type == "Document Type":
            if not (self.document_type and self.function):
                frappe.throw(_("Document Type and Function are required to create a number card"))
            if self.function != "Count" and not self.aggregate_function_based_on:
                frappe.throw(_("Aggregate Field is required to create a number card"))
            if frappe.get_meta(self.document_type).istable and not self.parent_document_type:
                frappe.throw(_("Parent Document Type is required to create a number card"))
        elif self.type == "Report" and not (self.report_name and self.report_field and self.function):
            frappe.throw(_("Report Name, Report Field and Fucntion are required to create a number card"))
        elif self.type == "Custom" and not self.method:
            frappe.throw(_("Method is required to create a number card"))


def get_permission_query_conditions(user=None) -> str:
    """Cards over DocTypes that the user may read, of modules that are open to him."""
    user = user or frappe.session.user
    if user == "Administrator" or "System Manager" in frappe.get_roles(user):
        return ""
    from frappe.boot import get_allowed_report_names
    from frappe.utils.user import UserPermissions

    def listed(names) -> str:
        return ", ".join(frappe.db.escape(name, percent=False) for name in sorted(names)) or "''"

    modules = listed(UserPermissions(user).allow_modules)
    return (
        f"((`tabNumber Card`.`document_type` in ({listed(get_doctypes_with_read())})"
        f" or `tabNumber Card`.`report_name` in ({listed(get_allowed_report_names())}))"
        f" and (`tabNumber Card`.`module` in ({modules}) or ifnull(`tabNumber Card`.`module`, '') = ''))"
    )


def has_permission(doc, ptype=None, user=None) -> bool:
    """Who may read what a card counts may read the card."""
    if "System Manager" in frappe.get_roles(user):
        return True
    if doc.type == "Report":
        from frappe.boot import get_allowed_report_names

        return doc.report_name in get_allowed_report_names()
    return doc.document_type in get_doctypes_with_read()


@frappe.whitelist()
def get_result(doc: str | dict, filters: str | list | dict | None = None, to_date=None) -> float:
    """The number of a card (given as dict or JSON) over the documents that the user may read."""
    return _result(frappe._dict(as_dict(doc)), filters, to_date)


def _result(doc, filters, to_date=None) -> float:
    if doc.function not in _FUNCTIONS:
        frappe.throw(_("{0} is not a function of number cards").format(doc.function))
    function = _FUNCTIONS[doc.function]
    column = "*"
    if function != "count":
        column = f"`tab{doc.document_type}`.`{_numeric_field(doc)}`"
    conditions = parse(filters) or []
    if isinstance(conditions, dict):
        conditions = [[doc.document_type, key, "=", value] for key, value in conditions.items()]
    if to_date:
        conditions = [*conditions, [doc.document_type, "creation", "<", to_date]]
    rows = frappe.get_list(
        doc.document_type,
        fields=[f"{function}({column}) as result"],
        filters=conditions,
        parent_doctype=doc.parent_document_type,
        order_by=None,
    )
    return flt(rows[0].result) if rows else 0.0


def _numeric_field(doc) -> str:
    fieldname = doc.aggregate_function_based_on
    if not frappe.get_meta(doc.document_type).has_field(fieldname):
        frappe.throw(_("Field not permitted in query") + f": {fieldname}", frappe.DataError)
    return fieldname


@frappe.whitelist()
def get_percentage_difference(doc: str | dict, filters: str | list | dict | None, result: str | float):
    """By how many per cent the number has grown since the card's interval ago; None without such
    statistics."""
    card = frappe.get_doc("Number Card", as_dict(doc).get("name"))
    card.check_permission("read")
    if not card.show_percentage_stats:
        return None
    previous = calculate_previous_result(card, filters)
    if not previous:
        return None
    return (flt(frappe.parse_json(result)) / previous - 1) * 100.0


def calculate_previous_result(doc, filters) -> float:
    """The number over what had been created an interval ago."""
    interval = _INTERVALS.get(doc.stats_time_interval, {"years": -1})
    return _result(doc, filters, add_to_date(now(), **interval))


@frappe.whitelist(methods=["POST", "PUT"])
def create_number_card(args: str | dict):
    """Insert a card over a DocType that the user may read."""
    from frappe.api.documents import clean

    values = clean("Number Card", as_dict(args))
    doc = frappe.new_doc("Number Card")
    doc.update(values)
    doc.check_permission("create")
    return doc.insert()
