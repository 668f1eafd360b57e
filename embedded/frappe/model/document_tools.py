"""What controllers and scripts ask of a document beside saving it."""

import hashlib
import json
import time
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.utils import compare, date_diff, file_lock, get_datetime, get_timedelta, getdate

LOCK_EXPIRES_AFTER = 12 * 60 * 60  # seconds


class DocumentTools:
    """Comparison, comments, locks, notes for the form."""

    def has_value_changed(self, fieldname: str) -> bool:
        """Whether this save changes the field; always for a new document."""
        previous = self.get_doc_before_save()
        if not previous:
            return True
        before, now = previous.get(fieldname), self.get(fieldname)
        if isinstance(before, datetime):
            now = get_datetime(now)
        elif isinstance(before, date):
            now = getdate(now)
        elif isinstance(before, timedelta):
            now = get_timedelta(now)
        return before != now

    def get_title(self) -> str:
        """The value of the title field, else `title`, else the name."""
        return self.get(self.meta.get_title_field()) or ""

    def validate_value(self, fieldname, condition, val2, doc=None, raise_exception=None) -> None:
        """Raise unless `fieldname` compares so with `val2`."""
        doc = doc or self
        df = doc.meta.get_field(fieldname)
        val2 = doc.cast(val2, df)
        if compare(doc.get_value(fieldname), condition, val2):
            return
        label = doc.meta.get_label(fieldname)
        prefix = (
            _("Incorrect value in row {0}:").format(doc.idx)
            if doc.get("parentfield")
            else _("Incorrect value:")
        )
        texts = {
            "in": _("{0} must be one of {1}").format(label, val2),
            "not in": _("{0} must be none of {1}").format(label, val2),
            "^": _("{0} must be beginning with '{1}'").format(label, val2),
            "=": _("{0} must be equal to '{1}'").format(label, val2),
        }
        text = texts.get(condition) or _("{0} must be {1} {2}").format(label, condition, val2)
        frappe.msgprint(prefix + text, raise_exception=raise_exception or True)

    def validate_table_has_rows(self, parentfield: str, raise_exception=None) -> None:
        """Raise EmptyTableError where a table has no row."""
        if not self.get(parentfield):
            frappe.throw(
                _("Table {0} cannot be empty").format(self.meta.get_label(parentfield)),
                raise_exception or frappe.EmptyTableError,
            )

    def validate_from_to_dates(self, from_date_field: str, to_date_field: str) -> None:
        """Raise InvalidDates where the first lies after the second."""
        start, end = self.get(from_date_field), self.get(to_date_field)
        if not (start and end) or date_diff(end, start) >= 0:
            return
        row = ""
        if self.meta.istable:
            row = _("{0} row #{1}: ").format(_(frappe.unscrub(self.parentfield)), self.idx)
        frappe.throw(
            row
            + _("{0} must be after {1}").format(
                frappe.bold(_(self.meta.get_label(to_date_field))),
                frappe.bold(_(self.meta.get_label(from_date_field))),
            ),
            frappe.exceptions.InvalidDates,
        )

    def add_comment(self, comment_type="Comment", text=None, comment_email=None, comment_by=None):
        """Insert a Comment about this document."""
        return frappe.get_doc(
            {
                "doctype": "Comment",
                "comment_type": comment_type,
                "comment_email": comment_email or frappe.session.user,
                "comment_by": comment_by,
                "reference_doctype": self.doctype,
                "reference_name": self.name,
                "content": text or comment_type,
            }
        ).insert(ignore_permissions=True)

    def add_seen(self, user=None) -> None:
        """Remember, for DocTypes with `track_seen`, that the user has seen it."""
        user = user or frappe.session.user
        if not self.meta.track_seen or frappe.flags.read_only or self.meta.issingle:
            return
        seen = frappe.parse_json(self.get("_seen") or "[]")
        if user not in seen:
            seen.append(user)
            frappe.db.set_value(self.doctype, self.name, "_seen", json.dumps(seen), update_modified=False)

    def log_error(self, title=None, message=None):
        """Write an Error Log about this document."""
        return frappe.log_error(
            message=message, title=title, reference_doctype=self.doctype, reference_name=self.name
        )

    def get_url(self) -> str:
        """Address of its form."""
        return frappe.utils.get_url_to_form(self.doctype, self.name)

    def get_signature(self) -> str:
        """A hash that stands for doctype and name."""
        return hashlib.sha224(f"{self.doctype}:{self.name}".encode(), usedforsecurity=False).hexdigest()

    def get_liked_by(self) -> list:
        """Users who like it."""
        return json.loads(self.get("_liked_by") or "[]")

    def get_assigned_users(self) -> set[str]:
        """Users with an open ToDo about it."""
        return set(
            frappe.get_all(
                "ToDo",
                filters={
                    "reference_type": self.doctype,
                    "reference_name": self.name,
                    "status": ("!=", "Cancelled"),
                },
                pluck="allocated_to",
            )
        )

    def set_onload(self, key: str, value) -> None:
        """Hand a value to the form, beside the fields."""
        if not self.get("__onload"):
            self.set("__onload", frappe._dict())
        self.get("__onload")[key] = value

    def get_onload(self, key: str | None = None):
        """What was handed to the form."""
        onload = self.get("__onload", frappe._dict())
        return onload[key] if key else onload

    def is_whitelisted(self, method_name: str) -> None:
        """Raise unless the method may be called from outside."""
        from werkzeug.exceptions import NotFound

        method = getattr(self, method_name, None)
        if not method:
            raise NotFound(f"Method {method_name} not found")
        frappe.is_whitelisted(getattr(method, "__func__", method))

    @property
    def is_locked(self) -> bool:
        """Whether someone holds its lock file."""
        return file_lock.lock_exists(self.get_signature())

    def check_if_locked(self) -> None:
        """Raise DocumentLockedError while it is locked."""
        if self.creation and self.is_locked:
            raise frappe.DocumentLockedError

    def lock(self, timeout: int | None = None) -> None:
        """Take its lock file, waiting up to `timeout` seconds. Raises DocumentLockedError."""
        signature = self.get_signature()
        taken = file_lock.lock_exists(signature)
        if taken and file_lock.lock_age(signature) > LOCK_EXPIRES_AFTER:
            file_lock.delete_lock(signature)
            taken = False
        for _second in range(timeout or 0):
            if not taken:
                break
            time.sleep(1)
            taken = file_lock.lock_exists(signature)
        if taken:
            raise frappe.DocumentLockedError
        file_lock.create_lock(signature)
        frappe.local.locked_documents.append(self)

    def unlock(self) -> None:
        """Give the lock file back."""
        file_lock.delete_lock(self.get_signature())
        if self in frappe.local.locked_documents:
            frappe.local.locked_documents.remove(self)

    def queue_action(self, action, **kwargs):
        """Lock it and let a worker carry the action out. Raises ValidationError while it is locked."""
        from frappe.model.queued_action import queue_action

        return queue_action(self, action, **kwargs)

    def add_tag(self, tag: str) -> None:
        """Tag the document; the session's user must be allowed to write it."""
        from frappe.desk.doctype.tag.tag import DocTags

        DocTags(self.doctype).add(self.name, tag)

    def remove_tag(self, tag: str) -> None:
        """Take a tag from the document; the session's user must be allowed to write it."""
        from frappe.desk.doctype.tag.tag import DocTags

        DocTags(self.doctype).remove(self.name, tag)

    def get_tags(self) -> list[str]:
        """Its tags."""
        from frappe.desk.doctype.tag.tag import DocTags

        return [tag for tag in DocTags(self.doctype).get_tags(self.name).split(",") if tag]

    def add_viewed(self, user=None, force=False, unique_views=False):
        """Log, for DocTypes with `track_views` (or with `force`), that the user looked at it."""
        user = user or frappe.session.user
        if not (self.meta.track_views or force):
            return None
        seen = {"reference_doctype": self.doctype, "reference_name": self.name, "viewed_by": user}
        if unique_views and frappe.db.exists("View Log", seen):
            return None
        view = frappe.get_doc({"doctype": "View Log", **seen}).insert(ignore_permissions=True)
        # A GET is rolled back at its end unless it says otherwise.
        frappe.local.flags.commit = True
        return view

    def deferred_insert(self):
        """Deferred inserts need Redis; they are not answered."""
        raise NotImplementedError("frappe.model.document.Document.deferred_insert")
