"""Runs an app's unittest tests on a site, as `bench run-tests` asks."""

import importlib
import json
import os
import unittest

import frappe


def main(
    site=None,
    app=None,
    module=None,
    doctype=None,
    verbose=False,
    tests=(),
    failfast=False,
    skip_before_tests=False,
    skip_test_records=False,
    case=None,
) -> unittest.TestResult:
    """Run the tests of a DocType, of a module, or of an app (of all apps if none is given)."""
    frappe.init(site)
    if not frappe.db:
        frappe.connect()
    frappe.flags.print_messages = verbose
    frappe.flags.in_test = True
    frappe.flags.skip_test_records = skip_test_records
    frappe.clear_cache()
    try:
        if not skip_before_tests:
            for method in frappe.get_hooks("before_tests", app_name=app):
                frappe.get_attr(method)()
        if doctype:
            suite = _suite_of_doctype(doctype)
        elif module:
            suite = _suite_of_module(importlib.import_module(module), case)
        else:
            suite = _suite_of_apps([app] if app else frappe.get_installed_apps())
        if tests:
            suite = unittest.TestSuite(test for test in _each(suite) if test._testMethodName in tests)
        runner = unittest.TextTestRunner(
            verbosity=1 + int(bool(verbose)), failfast=failfast, tb_locals=verbose
        )
        result = runner.run(suite)
        frappe.db.commit()
        frappe.clear_cache()
        return result
    finally:
        frappe.destroy()


def _each(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _each(test)
        else:
            yield test


def _suite_of_doctype(doctype: str) -> unittest.TestSuite:
    from frappe.modules import get_module_name

    suite = unittest.TestSuite()
    for name in doctype if isinstance(doctype, (list, tuple)) else [doctype]:
        module = frappe.db.get_value("DocType", name, "module")
        if not module:
            raise SystemExit(f"Invalid doctype {name}")
        make_test_records(name, commit=True)
        test_module = importlib.import_module(get_module_name(name, module, "test_"))
        suite.addTest(unittest.defaultTestLoader.loadTestsFromModule(test_module))
    return suite


def _suite_of_module(module, case=None) -> unittest.TestSuite:
    for doctype in getattr(module, "test_dependencies", ()):
        make_test_records(doctype, commit=True)
    frappe.db.commit()
    loader = unittest.defaultTestLoader
    return loader.loadTestsFromTestCase(getattr(module, case)) if case else loader.loadTestsFromModule(module)


def _suite_of_apps(apps) -> unittest.TestSuite:
    """Every `test_*.py` below an app's package, but not directly in it: Frappe does not see those either."""
    suite = unittest.TestSuite()
    for app in apps:
        root = frappe.get_app_path(app)
        for path, folders, files in os.walk(root):
            folders[:] = sorted(set(folders) - {"locals", ".git", "public", "__pycache__", "node_modules"})
            if path == root:
                continue
            for name in sorted(files):
                if name.startswith("test_") and name.endswith(".py"):
                    suite.addTest(_suite_of_file(app, root, path, name))
    return suite


def _suite_of_file(app, root, path, name) -> unittest.TestSuite:
    relative = os.path.relpath(path, root).replace(os.path.sep, ".")
    suite = _suite_of_module(importlib.import_module(f"{app}.{relative}.{name[:-3]}"))
    description = os.path.join(path, name[len("test_") : -3] + ".json")
    if os.path.basename(os.path.dirname(path)) == "doctype" and os.path.exists(description):
        with open(description, encoding="utf-8") as handle:
            make_test_records(json.load(handle)["name"], commit=True)
    return suite


# --- test records


def get_test_records(doctype: str) -> list[dict]:
    """Documents of a DocType's `test_records.json`; empty if there is none."""
    from frappe.modules import get_doctype_module, get_module_path

    name = frappe.scrub(doctype)
    path = os.path.join(get_module_path(get_doctype_module(doctype)), "doctype", name, "test_records.json")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)


def make_test_records(doctype: str, verbose=False, force=False, commit=False) -> None:
    """Insert the test records of a DocType and of what it links to, each once per run."""
    if frappe.flags.skip_test_records:
        return
    for name in get_dependencies(doctype):
        if name not in frappe.local.test_objects:
            frappe.local.test_objects[name] = []
            make_test_records(name, verbose, force, commit)
            make_test_records_for_doctype(name, verbose, force, commit)


def _test_module(doctype: str):
    from frappe.modules import load_doctype_module

    try:
        return load_doctype_module(doctype, prefix="test_")
    except ImportError:
        return None


def get_dependencies(doctype: str) -> list[str]:
    """DocTypes that a DocType and its tables link to, itself, and what its test module adds or ignores."""
    meta = frappe.get_meta(doctype)
    links = list(meta.get_link_fields())
    for df in meta.get_table_fields():
        links += frappe.get_meta(df.options).get_link_fields()
    module = _test_module(doctype)
    names = {df.options for df in links} | {doctype} | set(getattr(module, "test_dependencies", ()))
    names -= {"[Select]", *getattr(module, "test_ignore", ())}
    return sorted(name for name in names if name and frappe.db.exists("DocType", name))


def make_test_records_for_doctype(doctype: str, verbose=False, force=False, commit=False) -> None:
    module = _test_module(doctype)
    made = frappe.local.test_objects.setdefault(doctype, [])
    if hasattr(module, "_make_test_records"):
        made += module._make_test_records(verbose)
        return
    records = getattr(module, "test_records", None) or get_test_records(doctype)
    made += make_test_objects(doctype, records, verbose, force, commit)


def make_test_objects(doctype: str, test_records=None, verbose=None, reset=False, commit=False) -> list[str]:
    """Insert the records that are not there yet and submit those with docstatus 1; returns their names."""
    names = []
    for record in get_test_records(doctype) if test_records is None else test_records:
        record = {"doctype": doctype, **record}
        doc = frappe.copy_doc(record)
        if doc.meta.get_field("naming_series") and not doc.naming_series:
            doc.naming_series = f"_T-{doc.doctype}-"
        if record.get("name"):
            doc.name = record["name"]
        else:
            doc.set_new_name()
        if frappe.db.exists(doc.doctype, doc.name) and not reset:
            continue
        submit = record.get("docstatus") == 1
        doc.docstatus = 0
        doc.run_method("before_test_insert")
        doc.insert(ignore_if_duplicate=True)
        if submit:
            doc.submit()
        names.append(doc.name)
        if commit:
            frappe.db.commit()
    return names
