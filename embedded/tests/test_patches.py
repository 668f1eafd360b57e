"""The host's own patches bring older sites up to date."""

from frappe.core.doctype.file.utils import ATTACHMENTS, HOME
from frappe.patches import make_home_folder


def test_folders_of_files_are_made_where_they_are_missing(frappe_site):
    frappe_site.db.delete("File", {"is_folder": 1})
    for _ in range(2):
        make_home_folder.execute()
        assert frappe_site.db.exists("File", HOME) and frappe_site.db.exists("File", ATTACHMENTS)
    assert frappe_site.db.get_value("File", ATTACHMENTS, "folder") == HOME
