"""Language: what the desk and messages can be shown in."""

import frappe
from frappe.model.document import Document

_LANGUAGES = (("en", "English"), ("zh", "简体中文"), ("zh-TW", "繁體中文"))


class Language(Document):
    """One language, named by its code."""


def after_doctype_insert() -> None:
    """Languages that every site has."""
    for code, name in _LANGUAGES:
        if not frappe.db.exists("Language", code):
            frappe.get_doc(
                doctype="Language", name=code, language_code=code, language_name=name, enabled=1
            ).db_insert()
