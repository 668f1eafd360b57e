"""Writes a small app for the tests of the bench: a DocType, hooks that note their order, a fixture."""

import json
from pathlib import Path

HOOKS = """
app_name = "sample_app"
app_title = "Sample"
before_install = "sample_app.events.before_install"
after_install = "sample_app.events.after_install"
after_sync = "sample_app.events.after_sync"
before_migrate = ["sample_app.events.before_migrate"]
after_migrate = ["sample_app.events.after_migrate"]
before_uninstall = "sample_app.events.before_uninstall"
before_tests = "sample_app.events.before_tests"
fixtures = ["Sample Note"]
"""

EVENTS = """
import frappe

def note(text):
    with open(frappe.get_site_path("events.log"), "a") as f:
        f.write(text + "\\n")

def before_install(): note("before_install")
def after_install(): note(f"after_install fixture={bool(frappe.db.exists('Sample Note', 'from fixture'))}")
def after_sync(): note(f"after_sync fixture={bool(frappe.db.exists('Sample Note', 'from fixture'))}")
def before_migrate(): note("before_migrate")
def after_migrate(): note("after_migrate")
def before_uninstall(): note("before_uninstall")
def before_tests(): note("before_tests")

def add(a, b=1):
    return a + b

def write_and_fail():
    frappe.get_doc({"doctype": "Sample Note", "title": "never"}).insert()
    raise ValueError("on purpose")

def write(title):
    return frappe.get_doc({"doctype": "Sample Note", "title": title}).insert().name
"""

COMMANDS = """
import click
import frappe
from frappe.commands import get_site, pass_context

@click.command("sample-count")
@click.option("--word", default="notes")
@pass_context
def sample_count(context, word):
    frappe.init(get_site(context))
    frappe.connect()
    print(frappe.db.count("Sample Note"), word)
    frappe.destroy()

commands = [sample_count]
"""

TEST = """
import frappe
from frappe.tests.utils import FrappeTestCase, change_settings

class TestSampleNote(FrappeTestCase):
    def test_insert(self):
        doc = frappe.get_doc({"doctype": "Sample Note", "title": "in a test"}).insert()
        self.assertDocumentEqual({"title": "in a test"}, doc)
        with self.assertQueryCount(2):
            frappe.db.sql("select 1")
        with change_settings("System Settings", float_precision="4"):
            self.assertEqual(frappe.db.get_single_value("System Settings", "float_precision"), "4")
        self.assertNotEqual(frappe.db.get_single_value("System Settings", "float_precision"), "4")

    def test_clock(self):
        with self.freeze_time("2024-05-06 07:08:09"):
            self.assertEqual(frappe.utils.now_datetime(), frappe.utils.get_datetime("2024-05-06 07:08:09"))
            self.assertEqual(frappe.utils.today(), "2024-05-06")

    def test_user(self):
        with self.set_user("Guest"):
            doc = frappe.get_doc({"doctype": "Sample Note", "title": "x"})
            self.assertRaises(frappe.PermissionError, doc.insert)
        self.assertEqual(frappe.session.user, "Administrator")

    def test_fails_when_asked(self):
        import os
        self.assertFalse(os.environ.get("FAIL_PLEASE"))
"""


def doctype(fields: tuple[str, ...] = ("title",), modified: str = "2024-01-01 00:00:00.000000") -> dict:
    return {
        "doctype": "DocType",
        "name": "Sample Note",
        "module": "Sample Module",
        "autoname": "field:title",
        "naming_rule": "By fieldname",
        "engine": "InnoDB",
        "modified": modified,
        "creation": "2024-01-01 00:00:00.000000",
        "owner": "Administrator",
        "modified_by": "Administrator",
        "field_order": list(fields),
        "fields": [
            {
                "fieldname": field,
                "fieldtype": "Data",
                "label": field.title(),
                "reqd": int(field == "title"),
                "unique": int(field == "title"),
            }
            for field in fields
        ],
        "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1}],
        "sort_field": "modified",
        "sort_order": "DESC",
    }


def write_doctype(app: Path, *fields: str, modified: str = "2024-01-01 00:00:00.000000") -> None:
    path = app / "sample_module" / "doctype" / "sample_note" / "sample_note.json"
    path.write_text(json.dumps(doctype(fields or ("title",), modified), indent=1))


def write_fixture(app: Path, *titles: str) -> None:
    rows = [{"doctype": "Sample Note", "name": title, "title": title} for title in titles]
    (app / "fixtures" / "sample_note.json").write_text(json.dumps(rows))


def write_app(root: Path) -> Path:
    """Write the app below `root`; returns its package."""
    app = root / "sample_app"
    note = app / "sample_module" / "doctype" / "sample_note"
    note.mkdir(parents=True)
    (app / "fixtures").mkdir()
    (app / "patches").mkdir()
    for folder in (app, app / "sample_module", app / "patches", note.parent, note):
        (folder / "__init__.py").write_text("")
    (app / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (app / "hooks.py").write_text(HOOKS)
    (app / "events.py").write_text(EVENTS)
    (app / "commands.py").write_text(COMMANDS)
    (app / "modules.txt").write_text("Sample Module\n")
    (app / "patches.txt").write_text("[pre_model_sync]\nsample_app.patches.old\n\n[post_model_sync]\n")
    (app / "patches" / "old.py").write_text(
        "def execute():\n    raise AssertionError('never on a fresh site')\n"
    )
    (note / "sample_note.py").write_text(
        "from frappe.model.document import Document\n\n\nclass SampleNote(Document):\n    pass\n"
    )
    (note / "test_sample_note.py").write_text(TEST)
    write_doctype(app)
    write_fixture(app, "from fixture")
    return app
