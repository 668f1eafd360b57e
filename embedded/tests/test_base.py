"""The namespace `frappe`: state of a thread, hooks, messages, whitelist, what is not answered."""

import subprocess
import sys
import threading

import pytest


def test_import_stays_cheap():
    heavy = {
        "pypika",
        "jinja2",
        "werkzeug",
        "dateutil.parser",
        "unittest",
        "RestrictedPython",
        "nh3",
        "click",
    }
    code = f"import sys, frappe; print(sorted({heavy!r} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_state_belongs_to_one_thread(frappe_site):
    seen = []

    def look():
        seen.append((bool(frappe_site.session), bool(frappe_site.db), frappe_site.local.get("site")))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [(False, False, None)]
    assert frappe_site.session.user == "Administrator"


def test_a_dict_reads_missing_keys_as_none():
    import pickle

    import frappe

    row = frappe._dict(a=1)
    assert (row.a, row.b) == (1, None)
    assert row.update(b=2) is row
    copied = pickle.loads(pickle.dumps(row))
    assert type(copied) is frappe._dict and copied == {"a": 1, "b": 2}


def test_unanswered_names_raise():
    import frappe

    for name in ("connect_replica", "no_such_name"):
        with pytest.raises(NotImplementedError, match=f"frappe.{name}"):
            getattr(frappe, name)


def test_exceptions_carry_their_status():
    import frappe

    assert frappe.ValidationError.http_status_code == 417
    assert frappe.PermissionError.http_status_code == 403
    assert frappe.DoesNotExistError.http_status_code == 404
    assert frappe.DuplicateEntryError.http_status_code == 409
    assert issubclass(frappe.TimestampMismatchError, frappe.ValidationError)


def test_throw_logs_a_message_and_raises(frappe_site):
    frappe = frappe_site
    frappe.clear_messages()
    with pytest.raises(frappe.MandatoryError, match="no <b>name</b>"):
        frappe.throw("no <b>name</b>", frappe.MandatoryError, title="Missing")
    (message,) = frappe.get_message_log()
    assert (message.title, message.indicator, message.raise_exception) == ("Missing", "red", 1)
    frappe.flags.mute_messages = True
    frappe.msgprint("quiet")
    with pytest.raises(frappe.ValidationError):
        frappe.throw("still raised")
    assert len(frappe.message_log) == 1


def test_an_error_is_logged_with_its_traceback(frappe_site):
    try:
        raise RuntimeError("lost in a loop")
    except RuntimeError:
        log = frappe_site.log_error("Nightly job failed")
    assert log.method == "Nightly job failed"
    assert "lost in a loop" in log.error


def test_hooks_merge_lists_and_dicts():
    from frappe import append_hook

    hooks = {}
    first = {"a": "x", "doc_events": {"ToDo": {"validate": "m.one"}}}
    second = {"a": ["y", "z"], "doc_events": {"ToDo": {"validate": "m.two"}}}
    for app in (first, second):
        for key, value in app.items():
            append_hook(hooks, key, value)
    assert hooks == {"a": ["x", "y", "z"], "doc_events": {"ToDo": {"validate": ["m.one", "m.two"]}}}


def test_hooks_of_the_site(frappe_site):
    assert frappe_site.get_hooks("app_name") == ["frappe"]
    assert frappe_site.get_hooks("no_such_hook") == []
    assert frappe_site.get_hooks("no_such_hook", {}) == {}
    assert frappe_site.get_hooks(app_name="frappe").app_title == ["Frappe Framework"]


def test_get_attr_only_of_installed_apps(frappe_site):
    assert frappe_site.get_attr("frappe.utils.cint") is frappe_site.utils.cint
    with pytest.raises(frappe_site.AppNotInstalledError):
        frappe_site.get_attr("json.dumps")


def test_call_passes_what_a_function_takes(frappe_site):
    def takes(a, b=2):
        return a, b

    assert frappe_site.call(takes, a=1, c=3, flags={}) == (1, 2)


def test_only_for(frappe_site):
    frappe = frappe_site
    frappe.flags.in_test = False
    frappe.only_for("System Manager")
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        frappe.only_for(("System Manager", "Report Manager"))


def test_whitelist_registers_and_checks(frappe_site):
    frappe = frappe_site

    @frappe.whitelist(allow_guest=True, methods=["POST"])
    def counted(n: int, flag: bool = False, names: list | None = None, date: "str" = ""):
        return n, flag, names

    @frappe.whitelist()
    def inner():
        return 1

    assert counted in frappe.whitelisted and counted in frappe.guest_methods
    assert frappe.allowed_http_methods_for_whitelisted_func[counted] == ["POST"]
    assert counted("3") == (3, False, None)
    assert counted(n=4, flag=1, names=["a"]) == (4, 1, ["a"])
    for wrong in ({"n": "x"}, {"n": 1.5}, {"n": None}, {"n": 1, "names": "a"}):
        with pytest.raises(frappe.exceptions.FrappeTypeError):
            counted(**wrong)
    frappe.set_user("Guest")
    frappe.is_whitelisted(counted)
    for method in (inner, print):
        with pytest.raises(frappe.PermissionError):
            frappe.is_whitelisted(method)


def test_types_are_not_checked_outside_requests_and_tests(frappe_site):
    @frappe_site.whitelist()
    def counted(n: int):
        return n

    frappe_site.flags.in_test = False
    assert counted("3") == "3"


def test_json_as_frappe_writes_it(frappe_site):
    import datetime

    value = {"b": datetime.datetime(2024, 1, 2, 3), "a": datetime.timedelta(hours=1), "c": {1}}
    assert frappe_site.as_json(value, indent=None) == '{"a": "1:00:00","b": "2024-01-02 03:00:00","c": [1]}'
    assert frappe_site.parse_json('{"x": 1}').x == 1


def test_a_document_is_copied_from_the_cache(frappe_site):
    frappe = frappe_site
    first = frappe.get_cached_doc("User", "Administrator")
    first.first_name = "Changed in memory"
    frappe.local.cache = {}
    assert frappe.get_cached_value("User", "Administrator", "first_name") == "Administrator"
    assert frappe.get_cached_value("User", "nobody", "first_name") is None


def test_system_settings_are_read_once(frappe_site):
    frappe = frappe_site
    settings = frappe.get_doc("System Settings")
    settings.float_precision = "5"
    settings.flags.ignore_mandatory = True
    settings.save()
    assert frappe.get_system_settings("float_precision") == "5"


def test_locks_of_documents(frappe_site):
    from frappe.utils import file_lock

    assert file_lock.create_lock("doc")
    assert file_lock.lock_exists("doc") and not file_lock.create_lock("doc")
    assert file_lock.delete_lock("doc") and not file_lock.lock_exists("doc")


def test_a_filelock_holds_others_out(frappe_site):
    from frappe.utils.file_lock import LockTimeoutError
    from frappe.utils.synchronization import filelock

    with filelock("one"):
        with pytest.raises(LockTimeoutError):
            with filelock("one", timeout=0.1):
                pass
    with filelock("one", timeout=0.1):
        pass
