"""Which Python class answers for a DocType: its controller, an app's override, or plain Document."""

import frappe

# Their metas come from the JSON files that ship with the core, so that they exist before any table does.
CHILD_TABLES_OF_DOCTYPE = {
    "fields": "DocField",
    "permissions": "DocPerm",
    "actions": "DocType Action",
    "links": "DocType Link",
    "states": "DocType State",
}
DOCTYPES_FOR_DOCTYPE = {"DocType", *CHILD_TABLES_OF_DOCTYPE.values()}


class UnknownDocTypeError(frappe.DoesNotExistError, ImportError):
    """There is neither a DocType of this name nor a class for it. Frappe's is an ImportError alone."""


def get_controller(doctype: str) -> type:
    """The class of `doctype`'s documents, cached for the site. Raises ImportError where it has none."""
    site = frappe.controllers.setdefault(frappe.local.site, {})
    try:
        return site[doctype]
    except KeyError:
        site[doctype] = import_controller(doctype)
        return site[doctype]


def clear_controllers(doctype: str | None = None) -> None:
    """Forget the cached class of `doctype`, or all of this site."""
    site = frappe.controllers.get(frappe.local.site, {})
    if doctype:
        site.pop(doctype, None)
    else:
        site.clear()


def import_controller(doctype: str) -> type:
    """Find the class anew: `override_doctype_class` first, then `<module>/doctype/<x>/<x>.py`."""
    from frappe.model.base_document import BaseDocument
    from frappe.model.document import Document
    from frappe.modules import load_doctype_module
    from frappe.utils.nestedset import NestedSet

    module_name, row = "Core", None
    if doctype not in DOCTYPES_FOR_DOCTYPE:
        row = frappe.db.sql("select module, custom, is_tree from `tabDocType` where name = %s", (doctype,))
        if row:
            module_name, custom, is_tree = row[0]
            if custom:
                return NestedSet if is_tree else Document

    overrides = (frappe.get_hooks("override_doctype_class") or {}).get(doctype)
    if overrides:
        module_path, class_name = overrides[-1].rsplit(".", 1)
        module = frappe.get_module(module_path)
    else:
        try:
            module = load_doctype_module(doctype, module_name)
        except ImportError as error:
            if row:
                raise
            raise UnknownDocTypeError(frappe._("DocType {0} not found").format(doctype)) from error
        class_name = doctype.replace(" ", "").replace("-", "")

    found = getattr(module, class_name, None)
    if found is None:
        raise ImportError(f"{doctype}: {class_name} does not exist in module {module.__name__}")
    if not issubclass(found, BaseDocument):
        raise ImportError(f"{doctype}: {class_name} is not a subclass of BaseDocument")
    return found
