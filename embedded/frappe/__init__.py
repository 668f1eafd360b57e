# ruff: noqa: E402, F401, F403
"""Frappe v15's Python API, the part that is answered here, over SQLite.

Importing this package is cheap on purpose: what needs PyPika, Jinja2 or Werkzeug is imported when first used.
A name of Frappe that is not answered raises NotImplementedError naming it.
"""

from frappe._local import Local, LocalProxy, release_local
from frappe.exceptions import *
from frappe.types.frappedict import _dict

__version__ = "15.55.1+embedded"
__title__ = "Frappe Framework"

STANDARD_USERS = ("Guest", "Administrator")
controllers: dict = {}
loggers: dict = {}
log_level = None

local = Local()
db = local("db")
qb = local("qb")
conf = local("conf")
form = form_dict = local("form_dict")
request = local("request")
job = local("job")
response = local("response")
session = local("session")
user = local("user")
flags = local("flags")
error_log = local("error_log")
debug_log = local("debug_log")
message_log = local("message_log")
lang = local("lang")

from frappe.utils.redis_wrapper import setup_cache

cache = setup_cache()

from frappe._apps import (
    _load_app_hooks,
    append_hook,
    call,
    get_all_apps,
    get_app_path,
    get_app_source_path,
    get_attr,
    get_doc_hooks,
    get_doctype_app,
    get_file_items,
    get_file_json,
    get_hooks,
    get_installed_apps,
    get_module,
    get_module_list,
    get_module_path,
    get_newargs,
    get_pymodule_path,
    read_file,
    setup_module_map,
)
from frappe._cached import (
    can_cache_doc,
    clear_cache,
    clear_document_cache,
    get_cached_doc,
    get_cached_value,
    get_document_cache_key,
    get_system_settings,
    local_cache,
    reset_metadata_version,
)
from frappe._docs import (
    copy_doc,
    delete_doc,
    delete_doc_if_exists,
    get_all,
    get_doc,
    get_last_doc,
    get_list,
    get_meta,
    get_meta_module,
    get_precision,
    get_roles,
    get_single,
    get_single_value,
    get_user,
    get_value,
    has_permission,
    is_table,
    new_doc,
    only_has_select_perm,
    reload_doc,
    reload_doctype,
    rename_doc,
    set_value,
)
from frappe._messages import (
    bold,
    clear_last_message,
    clear_messages,
    errprint,
    get_message_log,
    get_traceback,
    log,
    log_error,
    logger,
    msgprint,
    throw,
)
from frappe._site import (
    connect,
    destroy,
    get_common_site_config,
    get_conf,
    get_site_config,
    get_site_path,
    init,
    init_site,
    set_user,
    set_user_lang,
)
from frappe._text import (
    _,
    _lt,
    as_json,
    as_unicode,
    generate_hash,
    parse_json,
    safe_decode,
    safe_encode,
    scrub,
    unscrub,
)
from frappe._web import (
    allowed_http_methods_for_whitelisted_func,
    get_request_header,
    guest_methods,
    is_whitelisted,
    only_for,
    ping,
    read_only,
    whitelist,
    whitelisted,
    write_only,
    xss_safe_methods,
)

# Frappe's names that live in a module of their own; imported when first asked for.
_LAZY = {
    "render_template": "frappe.utils.jinja",
    "get_template": "frappe.utils.jinja",
    "get_jenv": "frappe.utils.jinja",
    "get_jloader": "frappe.utils.jinja",
    "enqueue": "frappe.utils.background_jobs",
    "enqueue_doc": "frappe.utils.background_jobs",
    "publish_realtime": "frappe.realtime",
    "publish_progress": "frappe.realtime",
    "safe_eval": "frappe.utils.safe_exec",
    "format_value": "frappe.utils.formatters",
    "get_test_records": "frappe.test_runner",
    "validate_and_sanitize_search_inputs": "frappe.desk.search",
    "get_print": "frappe.utils.print_format",
    "attach_print": "frappe.utils.print_format",
    "import_doc": "frappe.utils.fixtures",
    "respond_as_web_page": "frappe.website.serve",
    "get_email_from_template": "frappe.utils.jinja",
    "sendmail": "frappe.email",
    "are_emails_muted": "frappe.email",
    "cint": "frappe.utils.data",
    "cstr": "frappe.utils.data",
    "sbool": "frappe.utils.data",
}


def __getattr__(name):
    import importlib
    import importlib.util

    if name in _LAZY:
        value = getattr(importlib.import_module(_LAZY[name]), name)
        globals()[name] = value
        return value
    if name.startswith("__"):
        raise AttributeError(name)
    if importlib.util.find_spec(f"frappe.{name}"):
        return importlib.import_module(f"frappe.{name}")
    raise NotImplementedError(f"frappe.{name}")
