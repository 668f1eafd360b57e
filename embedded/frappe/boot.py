"""What a page is given to start with: the user and his rights, the site's formats, texts, workspaces."""

import frappe
from frappe.permissions import has_permission
from frappe.utils import add_user_info, nowdate

# System Settings that pages need to show values; the others are nobody's business.
_SHOWN_DEFAULTS = (
    "app_name", "country", "currency", "currency_precision", "date_format", "desktop:home_page",
    "disable_document_sharing", "first_day_of_the_week", "float_precision", "lang", "language",
    "link_field_results_limit", "number_format", "rounding_method", "time_format", "time_zone",
)  # fmt: skip


def get_bootinfo() -> frappe._dict:
    """The boot info of the session's user, under Frappe's keys; only what he may see is in it."""
    frappe.set_user_lang(frappe.session.user)
    boot = frappe._dict(docs=[], modules={}, module_list=[])
    boot.user = frappe.get_user().load_user()
    boot.sitename = frappe.local.site
    boot.sysdefaults = get_shown_defaults()
    boot.user.defaults = {
        k: v for k, v in boot.user.defaults.items() if k in (*_SHOWN_DEFAULTS, "user", "owner")
    }
    boot.server_date = nowdate()
    boot.lang = str(frappe.local.lang)
    boot.versions = {app: _version(app) for app in frappe.get_installed_apps()}
    boot.module_app = frappe.local.module_app
    _add_hooks(boot)
    if frappe.session.user == "Guest":
        return boot
    boot.user_info = get_user_info()
    boot.time_zone = _time_zone(boot.user_info)
    boot.home_page = "Workspaces"
    boot.single_types = frappe.get_all("DocType", filters={"issingle": 1}, pluck="name")
    boot.nested_set_doctypes = frappe.get_all("DocField", filters={"fieldname": "lft"}, pluck="parent")
    boot.link_title_doctypes = _doctypes_with("show_title_field_in_link")
    boot.translated_doctypes = _doctypes_with("translated_doctype")
    boot.link_preview_doctypes = _doctypes_with("show_preview_popup")
    boot.letter_heads = get_letter_heads()
    boot.home_folder = "Home"
    boot.notification_settings = frappe.db.get_value(
        "Notification Settings", frappe.session.user, "*", as_dict=True
    )
    load_desktop_data(boot)
    load_print(boot)
    boot["__messages"] = _messages()
    for method in frappe.get_hooks("boot_session") or ():
        frappe.get_attr(method)(boot)
    return boot


def get_shown_defaults() -> dict:
    """The site's defaults that pages need."""
    defaults = frappe.defaults.get_defaults()
    return {key: defaults[key] for key in _SHOWN_DEFAULTS if key in defaults}


def get_user_info() -> frappe._dict:
    """{user: {fullname, image, name, email, time_zone}} of the session's user."""
    info = frappe._dict()
    add_user_info(frappe.session.user, info)
    return info


def get_letter_heads() -> dict:
    """{name: {header, footer}} of the Letter Heads that the user may read."""
    if not has_permission("Letter Head", raise_exception=False):
        return {}
    rows = frappe.get_list("Letter Head", fields=["name", "content", "footer"], limit_page_length=0)
    return {row.name: {"header": row.content, "footer": row.footer} for row in rows}


def get_allowed_reports(cache: bool = False) -> dict[str, dict]:
    """{name: {modified, title, ref_doctype, report_type}} of the reports that the user may run."""
    roles, rights = set(frappe.get_roles()), frappe.get_user()
    roles_of: dict[str, set] = {}
    for row in frappe.get_all("Has Role", filters={"parenttype": "Report"}, fields=["parent", "role"]):
        roles_of.setdefault(row.parent, set()).add(row.role)
    may_report = set(rights.can_get_report)
    reports = frappe.get_all(
        "Report", filters={"disabled": 0}, fields=["name", "modified", "ref_doctype", "report_type"]
    )
    return {
        row.name: {
            "modified": row.modified,
            "title": row.name,
            "ref_doctype": row.ref_doctype,
            "report_type": row.report_type,
        }
        for row in reports
        if row.ref_doctype in may_report and (row.name not in roles_of or roles & roles_of[row.name])
    }


def get_allowed_report_names(cache: bool = False) -> set[str]:
    """Names of the reports that the user may run."""
    return set(get_allowed_reports())


def get_allowed_pages(cache: bool = False) -> dict:
    """Pages of the desk: this host has none."""
    return {}


def load_desktop_data(boot) -> None:
    """Add the workspaces that the user sees."""
    from frappe.desk.desktop import get_workspace_sidebar_items

    boot.allowed_workspaces = get_workspace_sidebar_items()["pages"]
    boot.module_wise_workspaces = {}
    for page in boot.allowed_workspaces:
        if page.module and page.public:
            boot.module_wise_workspaces.setdefault(page.module, []).append(page.name)
    boot.dashboards = []
    boot.page_info = get_allowed_pages()


def load_print(boot) -> None:
    """Add how documents are printed."""
    settings = frappe.db.get_singles_dict("Print Settings")
    boot.docs.append({**settings, "doctype": ":Print Settings"})


def _add_hooks(boot) -> None:
    boot.calendars = sorted(frappe.get_hooks("calendars"))
    boot.treeviews = frappe.get_hooks("treeviews") or []
    boot.max_file_size = int(frappe.conf.get("max_file_size") or 25 * 1024 * 1024)
    boot.developer_mode = int(bool(frappe.conf.get("developer_mode")))


def _doctypes_with(prop: str) -> list[str]:
    """DocTypes for which a property is set, by themselves or by a Property Setter."""
    found = dict.fromkeys(frappe.get_all("DocType", filters={prop: 1}, pluck="name"), True)
    for row in frappe.get_all("Property Setter", filters={"property": prop}, fields=["doc_type", "value"]):
        found[row.doc_type] = row.value == "1"
    return [name for name, is_set in found.items() if is_set]


def _time_zone(user_info) -> dict:
    from frappe.utils import get_system_timezone

    system = get_system_timezone()
    own = (user_info.get(frappe.session.user) or {}).get("time_zone")
    return {"system": system, "user": own or system}


def _version(app: str) -> str:
    return getattr(frappe.get_module(app), "__version__", "")


def _messages() -> dict:
    from frappe.translate import get_all_translations

    return get_all_translations(frappe.local.lang)
