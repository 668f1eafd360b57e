"""Workspaces: which the user sees, and what on them he may open."""

import frappe
from frappe import _
from frappe.boot import get_allowed_reports
from frappe.permissions import get_roles
from frappe.request_arguments import as_dict

_SIDEBAR = (
    "name", "title", "for_user", "parent_page", "content", "public", "module", "icon", "indicator_color",
    "is_hidden",
)  # fmt: skip
_QUERY_REPORTS = ("Query Report", "Script Report", "Custom Report")


class Workspace:
    """One workspace for the session's user. Raises PermissionError if its module is not open to him."""

    def __init__(self, page: dict, minimal: bool = False):
        self.user = frappe.get_user()
        self.is_manager = "Workspace Manager" in get_roles()
        self.doc = frappe.get_cached_doc("Workspace", page.get("name"))
        if self.doc.module and self.doc.module not in self.user.allow_modules and not self.is_manager:
            raise frappe.PermissionError
        if self.doc.for_user and self.doc.for_user != frappe.session.user and not self.is_manager:
            raise frappe.PermissionError
        self.reports = None if minimal else get_allowed_reports()

    def is_permitted(self) -> bool:
        """Whether the user has one of its roles; a workspace without roles is for everybody."""
        roles = [row.role for row in self.doc.get("roles") or ()]
        return not roles or bool(set(roles) & set(get_roles()))

    def is_item_allowed(self, name: str, item_type: str) -> bool:
        """Whether the user may open what an item leads to."""
        if frappe.session.user == "Administrator":
            return True
        item_type = (item_type or "").lower()
        if item_type == "doctype":
            return name in self.user.can_read
        if item_type == "report":
            return name in self.reports
        return item_type in ("help", "dashboard", "url")

    def build(self) -> dict:
        """{charts, shortcuts, cards, onboardings, quick_lists, number_cards, custom_blocks}, each {items}."""
        parts = {
            "charts": self._linked("charts", "Dashboard Chart", "chart_name"),
            "shortcuts": self._shortcuts(),
            "cards": self._cards(),
            "onboardings": [],
            "quick_lists": self._quick_lists(),
            "number_cards": self._linked("number_cards", "Number Card", "number_card_name"),
            "custom_blocks": [],
        }
        return {key: {"items": items} for key, items in parts.items()}

    def _linked(self, table: str, doctype: str, fieldname: str) -> list:
        """Charts or number cards that the user may read."""
        items = []
        if not frappe.has_permission(doctype, throw=False):
            return items
        for row in self.doc.get(table):
            name = row.get(fieldname)
            if frappe.db.exists(doctype, name) and frappe.has_permission(doctype, doc=name):
                items.append({**row.as_dict(), "label": _(row.label or name)})
        return items

    def _shortcuts(self) -> list:
        items = []
        for row in self.doc.shortcuts:
            if not self.is_item_allowed(row.link_to, row.type):
                continue
            item = row.as_dict()
            if row.type == "Report":
                report = self.reports.get(row.link_to, {})
                if report.get("report_type") in _QUERY_REPORTS:
                    item["is_query_report"] = 1
                else:
                    item["ref_doctype"] = report.get("ref_doctype")
            items.append({**item, "label": _(row.label or row.link_to)})
        return items

    def _quick_lists(self) -> list:
        return [
            {**row.as_dict(), "label": _(row.label or row.document_type)}
            for row in self.doc.quick_lists
            if self.is_item_allowed(row.document_type, "doctype")
        ]

    def _cards(self) -> list:
        """Groups of links; a group without a link that the user may open is left out."""
        cards = []
        for card in [*link_groups(self.doc), *self._custom_cards()]:
            links = [
                self._link(frappe._dict(link))
                for link in card["links"]
                if self.is_item_allowed(link.get("link_to"), link.get("link_type"))
            ]
            if links:
                cards.append({**card, "links": links, "label": _(card["label"])})
        return cards

    def _link(self, link) -> dict:
        if link.dependencies:
            missing = [
                name
                for name in (part.strip() for part in link.dependencies.split(","))
                if not _has_record(name)
            ]
            link.incomplete_dependencies = missing or ""
        if link.link_type == "DocType":
            link.description = frappe.get_meta(link.link_to).description
        link.label = _(link.label or link.link_to)
        return link

    def _custom_cards(self) -> list[dict]:
        """DocTypes and reports that were made on this site, in this module."""
        if self.doc.hide_custom or not self.doc.module:
            return []
        doctypes = frappe.get_all(
            "DocType",
            filters={"custom": 1, "istable": 0, "module": self.doc.module},
            order_by="name",
            pluck="name",
        )
        reports = frappe.get_all(
            "Report",
            filters={"is_standard": "No", "disabled": 0, "module": self.doc.module},
            fields=["name", "ref_doctype", "report_type"],
            order_by="name",
        )
        documents = [
            {"type": "Link", "link_type": "doctype", "link_to": name, "label": name} for name in doctypes
        ]
        listed = [
            {
                "type": "Link",
                "link_type": "report",
                "doctype": report.ref_doctype,
                "dependencies": report.ref_doctype,
                "is_query_report": int(report.report_type in _QUERY_REPORTS),
                "label": report.name,
                "link_to": report.name,
            }
            for report in reports
        ]
        return [
            {"label": "Custom Documents", "links": documents},
            {"label": "Custom Reports", "links": listed},
        ]


def link_groups(workspace) -> list[dict]:
    """The links of a workspace by their cards; those before the first card make one called "Link"."""
    card = {"label": "Link", "type": "Card Break", "icon": None, "hidden": False, "links": []}
    cards = []
    for row in workspace.links:
        if row.type == "Card Break":
            if card["links"]:
                cards.append(card)
            card = {**row.as_dict(), "links": []}
        else:
            card["links"].append(row.as_dict())
    return [*cards, card]


def _has_record(doctype: str) -> bool:
    if not frappe.db.exists("DocType", doctype):
        return False
    return bool(frappe.get_meta(doctype).issingle or frappe.db.exists(doctype, {"name": ("is", "set")}))


@frappe.whitelist()
@frappe.read_only()
def get_desktop_page(page: str | dict) -> dict:
    """What the user may open on a workspace, given as {name, …}; {} if there is none. Raises
    PermissionError."""
    page = as_dict(page)
    if not frappe.db.exists("Workspace", page.get("name")):
        return {}
    workspace = Workspace(page)
    if not (workspace.is_manager or workspace.is_permitted()):
        raise frappe.PermissionError
    return workspace.build()


@frappe.whitelist()
def get_workspace_sidebar_items() -> dict:
    """{pages, has_access, has_create_access}: the workspaces that the user sees, public ones first."""
    is_manager = "Workspace Manager" in get_roles()
    public, private = [], []
    for page in frappe.get_all("Workspace", fields=list(_SIDEBAR), order_by="sequence_id asc"):
        try:
            workspace = Workspace(page, minimal=True)
        except frappe.PermissionError:
            continue
        if not (is_manager or workspace.is_permitted()):
            continue
        page.label = _(page.name)
        if page.public and (is_manager or not page.is_hidden):
            public.append(page)
        elif page.for_user == frappe.session.user:
            private.append(page)
    return {
        "pages": [*public, *private],
        "has_access": is_manager,
        "has_create_access": frappe.has_permission("Workspace", ptype="create"),
    }
