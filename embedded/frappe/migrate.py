"""A site is brought up to the apps as they lie on the disk."""

import frappe
from frappe.utils.synchronization import filelock


class SiteMigration:
    """before_migrate, patches before the sync, DocTypes, patches after it, fixtures, after_migrate.

    Only one migration runs on a site at a time (LockTimeoutError else).
    Each step commits, or rolls back and raises.
    """

    def __init__(self, skip_failing: bool = False, skip_search_index: bool = True) -> None:
        self.skip_failing = skip_failing

    def run(self, site: str | None = None) -> None:
        """Migrate a site (init, connect, destroy), or the connected one."""
        if site:
            frappe.init(site)
            frappe.connect()
        try:
            with filelock("bench_migrate", timeout=1):
                frappe.clear_cache()
                frappe.flags.in_migrate = True
                try:
                    for step in (self.pre_schema_updates, self.run_schema_updates, self.post_schema_updates):
                        self._atomically(step)
                finally:
                    frappe.flags.in_migrate = False
                    frappe.clear_cache()
        finally:
            if site:
                frappe.destroy()

    @staticmethod
    def _atomically(step) -> None:
        try:
            step()
            frappe.db.commit()
        except Exception:
            frappe.db.rollback()
            raise

    @staticmethod
    def _call_hooks(hook: str) -> None:
        for app in frappe.get_installed_apps():
            for method in frappe.get_hooks(hook, app_name=app):
                frappe.get_attr(method)()

    def pre_schema_updates(self) -> None:
        self._call_hooks("before_migrate")

    def run_schema_updates(self) -> None:
        from frappe.model.sync import sync_all
        from frappe.modules.patch_handler import PatchType, run_all

        run_all(skip_failing=self.skip_failing, patch_type=PatchType.pre_model_sync)
        sync_all()
        run_all(skip_failing=self.skip_failing, patch_type=PatchType.post_model_sync)

    def post_schema_updates(self) -> None:
        from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
        from frappe.model.sync import remove_orphan_doctypes
        from frappe.modules.utils import sync_customizations
        from frappe.utils.fixtures import sync_fixtures

        sync_jobs()
        sync_fixtures()
        sync_customizations()
        remove_orphan_doctypes()
        self._call_hooks("after_migrate")
