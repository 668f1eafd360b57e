"""Server Scripts: off unless the site allows them; what they reach, and what they do not."""

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.utils.safe_exec import ServerScriptNotEnabled, safe_exec

DOCTYPE = "Script Test"
USER = "ss_user@example.org"


@pytest.fixture
def scripts(frappe_site):
    make_user(USER, "SS User")
    make_doctype(
        DOCTYPE,
        [field("title"), field("count", "Int")],
        [rule(role, "read", "write", "create", "submit", "cancel") for role in ("System Manager", "SS User")],
        is_submittable=1,
    )
    frappe.conf.server_script_enabled = 1
    yield frappe_site
    frappe.conf.pop("server_script_enabled", None)
    frappe.set_user("Administrator")
    frappe.db.rollback()
    frappe.clear_cache()


def script(text, kind="DocType Event", **values):
    if kind in ("DocType Event", "Permission Query"):
        values.setdefault("reference_doctype", DOCTYPE)
    if kind == "DocType Event":
        values.setdefault("doctype_event", "Before Save")
    return frappe.get_doc(
        {
            "doctype": "Server Script",
            "name": values.pop("name", "S"),
            "script_type": kind,
            "script": text,
            **values,
        }
    ).insert()


def make(**values):
    return frappe.get_doc({"doctype": DOCTYPE, "title": "x", **values}).insert()


def test_off_by_default(scripts):
    frappe.conf.pop("server_script_enabled")
    with pytest.raises(ServerScriptNotEnabled):
        safe_exec("x = 1")
    script("doc.count = 7")
    with pytest.raises(ServerScriptNotEnabled):
        make()


def test_events_of_a_document(scripts):
    script(
        """
doc.count = (doc.count or 0) + 1
for row in [1, 2]:
    doc.count = doc.count + row
if doc.title == "bad":
    frappe.throw("No " + doc.title, frappe.PermissionError)
"""
    )
    script(
        "frappe.get_doc(dict(doctype='ToDo', description=doc.name)).insert()",
        name="T",
        doctype_event="After Submit",
    )
    assert make(count=1).count == 5
    with pytest.raises(frappe.PermissionError, match="No bad"):
        make(title="bad")
    doc = make()
    doc.submit()
    assert frappe.db.exists("ToDo", {"description": doc.name})


def test_changes_take_effect_at_once(scripts):
    one = script("doc.count = 7")
    assert make().count == 7
    one.disabled = 1
    one.save()
    assert not make().count
    one.disabled = 0
    one.save()
    frappe.delete_doc("Server Script", one.name)
    assert not make().count


def test_a_document_event_cannot_end_the_transaction(scripts):
    script("frappe.db.commit()")
    with pytest.raises(AttributeError, match="commit"):
        make()


def test_api_methods(scripts):
    script("frappe.flags.sum = frappe.utils.cint(frappe.form_dict.a) + 1", "API", api_method="add_one")
    script("frappe.response['message'] = 'hello'", "API", name="G", api_method="greet", allow_guest=1)
    from frappe.handler import execute_cmd

    frappe.local.form_dict = frappe._dict(a="41")
    assert execute_cmd("add_one") == {"sum": 42}
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        execute_cmd("add_one")
    assert execute_cmd("greet") is None and frappe.local.response["message"] == "hello"
    frappe.set_user("Administrator")
    with pytest.raises(frappe.DoesNotExistError):
        script("x = 1", name="E").execute_method()


def test_a_script_limits_a_list(scripts):
    for title in ("mine", "other"):
        make(title=title)
    script(
        "conditions = '`tabScript Test`.title = \\'mine\\'' if user != 'Administrator' else ''",
        "Permission Query",
    )
    frappe.set_user(USER)
    assert [row.title for row in frappe.get_list(DOCTYPE, fields=["title"])] == ["mine"]
    frappe.set_user("Administrator")
    assert len(frappe.get_list(DOCTYPE)) == 2


def test_the_scheduler_knows_its_scripts(scripts):
    one = script(
        "frappe.get_doc(dict(doctype='ToDo', description='scheduled')).insert()",
        "Scheduler Event",
        event_frequency="Daily",
    )
    (job,) = frappe.get_all("Scheduled Job Type", {"server_script": "S"}, ["name", "frequency", "stopped"])
    assert (job.frequency, job.stopped) == ("Daily", 0)
    one.execute_scheduled_method()
    assert frappe.db.exists("ToDo", {"description": "scheduled"})
    one.disabled = 1
    one.save()
    assert frappe.db.get_value("Scheduled Job Type", job.name, "stopped") == 1
    one.disabled = 0
    one.event_frequency, one.cron_format = "Cron", "*/5 * * * *"
    one.save()
    (job,) = frappe.get_all("Scheduled Job Type", {"server_script": "S"}, ["frequency", "cron_format"])
    assert (job.frequency, job.cron_format) == ("Cron", "*/5 * * * *")
    frappe.delete_doc("Server Script", "S")
    assert not frappe.db.exists("Scheduled Job Type", {"server_script": "S"})
    with pytest.raises(frappe.DoesNotExistError):
        script("x = 1", name="E").execute_scheduled_method()


def test_python_that_scripts_may_use(scripts):
    scope, _locals = safe_exec(
        """
def double(x):
    return x * 2
total = 0
for n in range(3):
    total += double(n)
a, b = [double(n) for n in range(3)][1:]
table = {"sum": sum([a, b]), "text": json.dumps([a, b])}
table["max"] = max(a, b)
rows = frappe.db.sql("select name from `tabUser` where name = %s", ("Administrator",), as_dict=1)
name = rows[0].name
print("seen", name)
days = frappe.utils.add_days("2024-01-31", 1)
"""
    )
    assert scope["table"] == {"sum": 6, "text": "[2, 4]", "max": 4} and scope["total"] == 6
    assert (scope["name"], scope["days"], scope["a"]) == ("Administrator", "2024-02-01", 2)
    assert "seen Administrator" in str(frappe.local.debug_log)


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "open('/etc/passwd')",
        "__import__('os')",
        "eval('1')",
        "exec('1')",
        "().__class__",
        "frappe.__class__",
        "frappe.get_doc.__globals__",
        "getattr(frappe, '_dict')()",
        "'{0.__class__}'.format(1)",
        "(x for x in [1]).gi_frame",
        "frappe.utils.__builtins__",
        "frappe.db.sql('delete from `tabUser`')",
        "frappe.db.sql('with x as (select 1) delete from `tabUser`')",
        "frappe.db.after_commit.__class__",
        "frappe.local()",
        "frappe.local.conf()",
        "frappe.conf.db_name()",
        "frappe.get_attr('os.system')('true')",
        "frappe.db.sql.x = 1",
        "frappe.get_doc.x = 1",
        "frappe.qb.terms.__loader__",
        "frappe.session['__class__']",
    ],
)
def test_what_scripts_cannot_reach(scripts, text):
    users = frappe.db.count("User")
    refusals = (SyntaxError, NameError, AttributeError, TypeError, ImportError, frappe.PermissionError)
    with pytest.raises(refusals):
        safe_exec(text)
    assert frappe.db.count("User") == users


def test_only_script_managers_write_scripts(scripts):
    frappe.set_user(USER)
    with pytest.raises(frappe.PermissionError):
        script("doc.count = 1")


def test_what_does_not_compile_is_warned_of(scripts):
    script("exec('1')", name="W")
    assert frappe.get_message_log()[-1]["title"] == "Compilation warning"
