"""The API described by itself, for whoever is signed in: as OpenAPI and as a page."""

import frappe
from frappe import _
from werkzeug.wrappers import Response

from cadre_incentive.openapi.document import document
from cadre_incentive.openapi.page import render


@frappe.whitelist(methods=["GET"])
def spec() -> Response:
    """OpenAPI 3.1 of what the user may do: the document itself, not wrapped in `message`.

    Raises frappe.PermissionError for guests.
    """
    _refuse_guests()
    return Response(frappe.as_json(document()), mimetype="application/json")


@frappe.whitelist(methods=["GET"])
def page() -> Response:
    """The same as a page. Raises frappe.PermissionError for guests."""
    _refuse_guests()
    return Response(render(document()), mimetype="text/html")


def _refuse_guests() -> None:
    if frappe.session.user == "Guest":
        frappe.throw(_("Please sign in"), frappe.PermissionError)
