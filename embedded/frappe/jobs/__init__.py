"""Where background jobs wait and who runs them: a table in the site's database, or RQ on a Redis.

Frappe's names for all of it are in `frappe.utils.background_jobs`.
"""
