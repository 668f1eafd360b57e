app_name = "frappe"
app_title = "Frappe Framework"
app_publisher = "cadre_incentive contributors"
app_description = "The part of Frappe's API that is answered over SQLite"
app_license = "MIT"

permission_query_conditions = {
    "Notification Log": "frappe.desk.doctype.notification_log.notification_log.get_permission_query_conditions",  # noqa: E501
    "Notification Settings": "frappe.desk.doctype.notification_settings.notification_settings.get_permission_query_conditions",  # noqa: E501
    "ToDo": "frappe.desk.doctype.todo.todo.get_permission_query_conditions",
    "Workflow Action": "frappe.workflow.doctype.workflow_action.workflow_action.get_permission_query_conditions",  # noqa: E501
    "File": "frappe.core.doctype.file.file.get_permission_query_conditions",
    "Note": "frappe.desk.doctype.note.note.get_permission_query_conditions",
    "User": "frappe.core.doctype.user.user.get_permission_query_conditions",
    "Number Card": "frappe.desk.doctype.number_card.number_card.get_permission_query_conditions",
    "Dashboard Chart": "frappe.desk.doctype.dashboard_chart.dashboard_chart.get_permission_query_conditions",
}
has_permission = {
    "Notification Log": "frappe.desk.doctype.notification_log.notification_log.has_permission",
    "Notification Settings": "frappe.desk.doctype.notification_settings.notification_settings.has_permission",
    "ToDo": "frappe.desk.doctype.todo.todo.has_permission",
    "Workflow Action": "frappe.workflow.doctype.workflow_action.workflow_action.has_permission",
    "File": "frappe.core.doctype.file.file.has_permission",
    "Note": "frappe.desk.doctype.note.note.has_permission",
    "User": "frappe.core.doctype.user.user.has_permission",
    "Number Card": "frappe.desk.doctype.number_card.number_card.has_permission",
    "Dashboard Chart": "frappe.desk.doctype.dashboard_chart.dashboard_chart.has_permission",
}
# Records of what happened never keep what they speak of from being deleted.
ignore_links_on_delete = [
    "Access Log",
    "Activity Log",
    "Comment",
    "DocShare",
    "Email Queue",
    "Email Unsubscribe",
    "File",
    "Integration Request",
    "Notification Log",
    "Tag Link",
    "ToDo",
    "Version",
    "View Log",
    "Webhook Request Log",
    "Workspace",
]
after_job = ["frappe.utils.file_lock.release_document_locks"]
default_log_clearing_doctypes = {
    "Error Log": 14,
    "Email Queue": 30,
    "Scheduled Job Log": 7,
    "Webhook Request Log": 30,
    "Integration Request": 90,
    "Activity Log": 90,
}
scheduler_events = {
    "cron": {
        "45 0 * * *": [
            "frappe.core.doctype.log_settings.log_settings.run_log_clean_up",
            "frappe.realtime.forget_old_progress",
        ]
    },
    "all": ["frappe.email.queue.flush"],
    "daily": [
        "frappe.email.doctype.notification.notification.trigger_daily_alerts",
        "frappe.sessions.clear_expired_sessions",
    ],
}
