"""The life of a site in this thread: init, connect, destroy, configuration, the current user."""

import json
import os

from frappe._local import release_local
from frappe.exceptions import IncorrectSitePath
from frappe.types.frappedict import _dict


def init(site: str, sites_path: str | None = None, new_site: bool = False, force: bool = False) -> None:
    """Point this thread at a site without opening its database.

    `sites_path` defaults to the bench root found from the environment or the current directory.
    Raises IncorrectSitePath if the site has no `site_config.json` (and is not being made).
    """
    import frappe
    from frappe.utils.caching import reset_request_cache
    from frappe.utils.redis_wrapper import setup_cache

    local = frappe.local
    if local.get("initialised") and not force:
        return

    local.error_log = []
    local.message_log = []
    local.debug_log = []
    local.flags = _dict(
        currently_saving=[],
        redirect_location="",
        in_install_db=False,
        in_install_app=False,
        in_import=False,
        in_test=False,
        mute_messages=False,
        ignore_links=False,
        mute_emails=False,
        has_dataurl=False,
        new_site=new_site,
        read_only=False,
    )
    local.locked_documents = []
    local.test_objects = {}

    local.site = site
    local.sites_path = sites_path if sites_path is not None else default_sites_path()
    local.site_path = os.path.join(local.sites_path, site)
    local.all_apps = None

    local.request = None
    local.request_ip = None
    local.job = None
    local.response = _dict(docs=[])
    local.task_id = None
    local.db = None

    local.conf = get_site_config()
    frappe.cache = setup_cache()
    local.lang = local.conf.lang or "en"

    local.module_app = None
    local.app_modules = None

    local.user = None
    local.user_perms = None
    local.role_permissions = {}
    local.valid_columns = {}
    local.new_doc_templates = {}

    local.jenv = None
    local.jloader = None
    local.cache = {}
    local.form_dict = _dict()
    local.session = _dict()
    local.dev_server = 0
    for leftover in ("system_settings", "website_settings", "doc_events_hooks"):
        local.__dict__.pop(leftover, None)
    reset_request_cache()

    frappe.setup_module_map()
    local.initialised = True


def default_sites_path() -> str:
    from frappe.utils.bench_helper import find_sites_path

    return find_sites_path() or "."


def connect(site: str | None = None, db_name: str | None = None, set_admin_as_user: bool = True) -> None:
    """Open the site's database for this thread; the user becomes Administrator unless told otherwise."""
    import frappe
    from frappe.database import get_db

    if site:
        init(site)
    frappe.cache.refresh()
    frappe.local.db = get_db(cur_db_name=db_name or frappe.local.conf.db_name)
    if set_admin_as_user:
        set_user("Administrator")


def destroy() -> None:
    """Close the connection and forget everything this thread knew of the site."""
    import frappe

    if frappe.local.get("db"):
        frappe.local.db.close()
    release_local(frappe.local)


class init_site:
    """Context manager: init a site (`""` = only the bench's common configuration), destroy at the end."""

    def __init__(self, site=None):
        self.site = site or ""

    def __enter__(self):
        import frappe

        init(self.site)
        return frappe.local

    def __exit__(self, type, value, traceback):
        destroy()


def get_site_config(sites_path: str | None = None, site_path: str | None = None) -> _dict:
    """`common_site_config.json` overlaid with the site's `site_config.json`."""
    import frappe

    local = frappe.local
    sites_path = sites_path or local.get("sites_path")
    site_path = site_path or local.get("site_path")
    config = get_common_site_config(sites_path) if sites_path else _dict()

    if site_path:
        path = os.path.join(site_path, "site_config.json")
        if (own := _read_json(path)) is not None:
            config.update(own)
        elif local.get("site") and not local.flags.new_site:
            raise IncorrectSitePath(f"{local.site} does not exist")

    config["db_type"] = "sqlite"
    return config


def get_common_site_config(sites_path: str | None = None) -> _dict:
    """The configuration all sites of the bench share; empty if there is none."""
    import frappe

    path = os.path.join(sites_path or frappe.local.get("sites_path") or ".", "common_site_config.json")
    return _dict(_read_json(path) or {})


def _read_json(path):
    """What a JSON file says; None if there is no such file."""
    import frappe

    text = frappe.read_file(path)
    try:
        return None if text is None else json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path} is not valid JSON: {error}") from error


def get_conf(site: str | None = None) -> _dict:
    import frappe

    if frappe.local.get("conf") is not None:
        return frappe.local.conf
    with init_site(site):
        return frappe.local.conf


def set_user(username: str) -> None:
    """Make `username` the current user and forget what was cached for the one before."""
    import frappe

    local = frappe.local
    local.session.user = username
    local.session.sid = username
    local.session.data = _dict()
    local.cache = {}
    local.form_dict = _dict()
    local.jenv = None
    local.role_permissions = {}
    local.new_doc_templates = {}
    local.user_perms = None


def set_user_lang(user: str, user_language: str | None = None) -> None:
    """Set `frappe.local.lang` to the language of the user, else the site's."""
    import frappe
    from frappe.translate import get_user_lang

    frappe.local.lang = get_user_lang(user) or user_language


def get_site_path(*joins) -> str:
    """Path of the current site's folder, joined with what follows."""
    import frappe

    return os.path.join(frappe.local.site_path, *joins)
