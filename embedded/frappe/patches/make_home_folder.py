"""Sites from before there were files get the two folders that every site has."""

from frappe.core.doctype.file.utils import make_home_folder


def execute() -> None:
    make_home_folder()
