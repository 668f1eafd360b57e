app_name = "cadre_incentive"
app_title = "Cadre Incentive"
app_publisher = "cadre_incentive contributors"
app_description = "Motivate, protect and hold to account the cadres of a local government"
app_email = "cadre_incentive@example.org"
app_license = "mit"

export_python_type_annotations = True

app_include_js = "cadre_incentive.bundle.js"

after_install = "cadre_incentive.setup.install.after_install"
after_migrate = ["cadre_incentive.setup.install.after_migrate"]

permission_query_conditions = {
    "Cadre": "cadre_incentive.access.permission_query_conditions",
    "Issue Ticket": "cadre_incentive.access.permission_query_conditions",
    "Merit Ledger Entry": "cadre_incentive.access.permission_query_conditions",
    "Red Black List": "cadre_incentive.access.permission_query_conditions",
    "Red Black List Entry": "cadre_incentive.access.permission_query_conditions",
    "Satisfaction Response": "cadre_incentive.access.permission_query_conditions",
}
has_permission = {
    "Cadre": "cadre_incentive.access.has_permission",
    "Issue Ticket": "cadre_incentive.access.has_permission",
    "Merit Ledger Entry": "cadre_incentive.access.has_permission",
    "Red Black List": "cadre_incentive.access.has_permission",
    "Satisfaction Response": "cadre_incentive.access.has_permission",
}

scheduler_events = {"daily_long": ["cadre_incentive.workbooks.mail.send_due"]}
