"""The order of events around a save, and what may interrupt it: hooks, states, stale copies, versions."""

import json

import frappe
from frappe import _
from frappe.model import observers
from frappe.model.observers import observed_doctypes
from frappe.utils import cint, cstr, get_datetime


class DocumentEvents:
    """Runs controller methods and `doc_events` in Frappe's order."""

    def run_method(self, method: str, *args, **kwargs):
        """Call the controller's method, the hooks for this DocType, those for "*", then its observers.

        Dicts that they return are merged; of other values the last that is not None counts.
        """
        result = None
        own = getattr(self, method, None)
        if own is not None and (callable(own) or method in self.__dict__):
            result = own(*args, **kwargs)
        events = frappe.get_doc_hooks()
        if events:
            for key in (self.doctype, "*"):
                for path in (events.get(key) or {}).get(method) or ():
                    result = _merge(result, frappe.get_attr(path)(self, method, *args, **kwargs))
        if self.doctype in observed_doctypes():
            observers.tell(self, method)
        return result

    run_trigger = run_method

    def run_before_save_methods(self) -> None:
        """before_validate, then what belongs to a save, a submit, a cancel or a change after submit."""
        self.reset_seen()
        action = self._action
        if action in ("save", "submit"):
            self.run_method("before_validate")
        if self.flags.ignore_validate:
            return
        if action == "save":
            self.run_method("validate")
            self.run_method("before_save")
        elif action == "submit":
            self.run_method("validate")
            self.run_method("before_submit")
        elif action == "cancel":
            self.run_method("before_cancel")
        elif action == "update_after_submit":
            self.run_method("before_update_after_submit")
        self.set_title_field()

    def run_post_save_methods(self) -> None:
        """on_update, on_submit, on_cancel or on_update_after_submit; then version and on_change."""
        action = self._action
        if action == "save":
            self.run_method("on_update")
        elif action == "submit":
            self.run_method("on_update")
            self.run_method("on_submit")
        elif action == "cancel":
            self.run_method("on_cancel")
            self.check_no_back_links_exist()
        elif action == "update_after_submit":
            self.run_method("on_update_after_submit")
        self.clear_cache()
        if self.flags.get("notify_update", True):
            self.notify_update()
        self.save_version()
        self.run_method("on_change")

    def check_if_latest(self) -> None:
        """Raise TimestampMismatchError if someone saved meanwhile; decide what kind of save this is."""
        self.load_doc_before_save(raise_exception=True)
        self._action = "save"
        self.flags.pop("notifications_executed", None)  # each is sent once in a save
        previous = self._doc_before_save
        if not previous:
            self.check_docstatus_transition(0)
            return
        if not _same_moment(previous.modified, self._original_modified):
            frappe.msgprint(
                _("Error: Document has been modified after you have opened it")
                + f" ({previous.modified}, {self.modified}). "
                + _("Please refresh to get the latest document."),
                raise_exception=frappe.TimestampMismatchError,
            )
        if not self.meta.issingle:
            self.check_docstatus_transition(previous.docstatus)

    def check_docstatus_transition(self, to_docstatus: int) -> None:
        """Allow 0→0, 0→1, 1→1 and 1→2; the argument is the stored state."""
        stored, wanted = cint(to_docstatus), self.docstatus
        if stored == 2:
            raise frappe.ValidationError(_("Cannot edit cancelled document"))
        if wanted not in (0, 1, 2):
            raise frappe.ValidationError(_("Invalid docstatus"), wanted)
        if stored == 0 and wanted.is_cancelled():
            raise frappe.DocstatusTransitionError(
                _("Cannot change docstatus from 0 (Draft) to 2 (Cancelled)")
            )
        if stored == 1 and wanted.is_draft():
            raise frappe.DocstatusTransitionError(
                _("Cannot change docstatus from 1 (Submitted) to 0 (Draft)")
            )
        if wanted.is_draft():
            self._action = "save"
        elif wanted.is_cancelled():
            self._action = "cancel"
            self.check_permission("cancel")
        else:
            self._action = "submit" if stored == 0 else "update_after_submit"
            self.check_permission("submit")

    def check_no_back_links_exist(self) -> None:
        """Refuse to cancel what a submitted document links to."""
        from frappe.model.delete_doc import check_if_doc_is_dynamically_linked, check_if_doc_is_linked

        if not self.flags.ignore_links:
            check_if_doc_is_linked(self, method="Cancel")
            check_if_doc_is_dynamically_linked(self, method="Cancel")

    def save_version(self) -> None:
        """Write a Version row with the difference, for DocTypes with `track_changes`."""
        if (
            not self.meta.track_changes
            or self.doctype == "Version"
            or self.flags.ignore_version
            or frappe.flags.in_install
            or (not self._doc_before_save and frappe.flags.in_patch)
        ):
            return
        before = self._doc_before_save
        if not before and (amended_from := self.get("amended_from")):
            before = frappe.get_doc(self.doctype, amended_from)
        if not before and not self.flags.updater_reference:
            return
        version = frappe.new_doc("Version")
        if version.update_version_info(before, self):
            version.insert(ignore_permissions=True)

    def clear_cache(self) -> None:
        """Forget the cached copy."""
        frappe.clear_document_cache(self.doctype, self.name)

    def reset_seen(self) -> None:
        """For DocTypes with `track_seen`: only the writer has seen the new state."""
        if self.meta.track_seen and not self.meta.issingle and not self.is_new():
            frappe.db.set_value(
                self.doctype, self.name, "_seen", json.dumps([frappe.session.user]), update_modified=False
            )

    def notify_update(self) -> None:
        """Open forms and lists would be told here; on this host nobody listens."""


def _merge(result, new):
    if new is None:
        return result
    if isinstance(new, dict):
        return {**result, **new} if isinstance(result, dict) else dict(new)
    return new


def _same_moment(stored, given) -> bool:
    if cstr(stored) == cstr(given):
        return True
    return bool(stored and given) and get_datetime(stored) == get_datetime(given)
