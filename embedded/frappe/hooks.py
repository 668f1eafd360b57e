app_name = "frappe"
app_title = "Frappe Framework"
app_publisher = "cadre_incentive contributors"
app_description = "The part of Frappe's API that is answered over SQLite"
app_license = "MIT"

permission_query_conditions = {
    "File": "frappe.core.doctype.file.file.get_permission_query_conditions",
    "Note": "frappe.desk.doctype.note.note.get_permission_query_conditions",
    "User": "frappe.core.doctype.user.user.get_permission_query_conditions",
}
has_permission = {
    "File": "frappe.core.doctype.file.file.has_permission",
    "Note": "frappe.desk.doctype.note.note.has_permission",
    "User": "frappe.core.doctype.user.user.has_permission",
}
