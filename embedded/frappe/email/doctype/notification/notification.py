"""Notification: an administrator's rule that tells people of a document's event by mail or on the desk."""

import json
import os

import frappe
from frappe import _
from frappe.email.doctype.notification.recipients import list_of_recipients
from frappe.model import numeric_fieldtypes
from frappe.model.document import Document
from frappe.model.observers import forget_observers
from frappe.utils import add_to_date, cast, cint, nowdate
from frappe.utils.jinja import validate_template

DATE_EVENTS = ("Days Before", "Days After")
_EXTENSIONS = {"HTML": ".html", "Markdown": ".md", "Plain Text": ".txt"}


class Notification(Document):
    """Event, condition, message and recipients."""

    def autoname(self) -> None:
        if not self.name:
            self.name = self.subject

    def validate(self) -> None:
        if self.channel in ("Slack", "SMS"):
            raise NotImplementedError(f"frappe.email.doctype.notification: channel {self.channel}")
        validate_template(self.subject)
        validate_template(self.message)
        if self.event in DATE_EVENTS and not self.date_changed:
            frappe.throw(_("Please specify which date field must be checked"))
        if self.event == "Value Change" and not self.value_changed:
            frappe.throw(_("Please specify which value field must be checked"))
        self._validate_document_type()
        self._validate_condition()
        if self.is_standard and self.enabled and not frappe.conf.developer_mode:
            frappe.throw(
                _("Cannot edit Standard Notification. To edit, please disable this and duplicate it")
            )

    def _validate_document_type(self) -> None:
        is_table = frappe.get_meta(self.document_type).istable
        if self.document_type == "Email Queue" or (is_table and self.event not in DATE_EVENTS):
            frappe.throw(
                _("Cannot set Notification with event {0} on Document Type {1}").format(
                    _(self.event), _(self.document_type)
                )
            )

    def _validate_condition(self) -> None:
        if not self.condition:
            return
        empty = frappe.new_doc(self.document_type).as_dict()
        try:
            frappe.safe_eval(self.condition, None, get_context(empty))
        except Exception:
            frappe.throw(_("The Condition '{0}' is invalid").format(self.condition))

    def on_update(self) -> None:
        forget_observers()

    def on_trash(self) -> None:
        forget_observers()

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        forget_observers()

    def get_documents_for_today(self) -> list:
        """Documents whose date lies `days_in_advance` ahead (or behind) and that meet the condition."""
        days = cint(self.days_in_advance)
        day = add_to_date(nowdate(), days=-days if self.event == "Days After" else days)
        names = frappe.get_all(
            self.document_type,
            filters=[
                [self.document_type, self.date_changed, ">=", f"{day} 00:00:00"],
                [self.document_type, self.date_changed, "<=", f"{day} 23:59:59.999999"],
            ],
            pluck="name",
            order_by="creation asc",
        )
        docs = (frappe.get_doc(self.document_type, name) for name in names)
        return [doc for doc in docs if self.is_met_by(doc)]

    def is_met_by(self, doc) -> bool:
        """Whether the condition holds; always, without one."""
        return not self.condition or bool(frappe.safe_eval(self.condition, None, get_context(doc)))

    def send(self, doc) -> None:
        """Tell everybody. What fails is logged; the document's own save goes on."""
        context = {"doc": doc, "alert": self, "comments": None}
        if doc.get("_comments"):
            context["comments"] = json.loads(doc.get("_comments"))
        if self.is_standard:
            self._load_standard(context)
        try:
            if self.channel == "Email":
                self._send_mail(doc, context)
            if self.channel == "System Notification" or self.send_system_notification:
                self._notify(doc, context)
        except Exception:
            self.log_error("Failed to send Notification")
        if self.set_property_after_alert:
            self._set_property(doc)

    def _send_mail(self, doc, context: dict) -> None:
        recipients, cc, bcc = list_of_recipients(self, doc, context)
        if not (recipients or cc or bcc):
            return
        sender = None
        if self.sender and self.sender_email:
            from email.utils import formataddr

            sender = formataddr((self.sender, self.sender_email), charset="utf-8")
        frappe.sendmail(
            recipients=recipients,
            cc=cc,
            bcc=bcc,
            sender=sender,
            subject=self._subject(context),
            message=frappe.render_template(self.message, context),
            reference_doctype=_reference(doc)[0],
            reference_name=_reference(doc)[1],
            attachments=self._printed(doc),
            expose_recipients="header",
        )

    def _notify(self, doc, context: dict) -> None:
        from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

        recipients, cc, bcc = list_of_recipients(self, doc, context)
        users = [*recipients, *cc, *bcc]
        if users:
            enqueue_create_notification(
                users,
                {
                    "type": "Alert",
                    "document_type": _reference(doc)[0],
                    "document_name": _reference(doc)[1],
                    "subject": self._subject(context),
                    "from_user": doc.modified_by or doc.owner,
                    "email_content": frappe.render_template(self.message, context),
                },
            )

    def _subject(self, context: dict) -> str:
        return frappe.render_template(self.subject, context) if "{" in (self.subject or "") else self.subject

    def _printed(self, doc) -> list[dict] | None:
        """The document itself, printed when the mail is sent; ValidationError for what is not printed."""
        if not self.attach_print:
            return None
        allowed = frappe.get_cached_doc("Print Settings")
        for docstatus, state, may in (
            (0, "Draft", allowed.allow_print_for_draft),
            (2, "Cancelled", allowed.allow_print_for_cancelled),
        ):
            if doc.docstatus == docstatus and not may:
                text = _(
                    "Not allowed to attach {0} document, please enable Allow Print For {0} in Print Settings"
                )
                frappe.throw(text.format(state), title=_("Error in Notification"))
        attachment = {"print_format_attachment": 1, "doctype": doc.doctype, "name": doc.name}
        return [{**attachment, "print_format": self.print_format}]

    def _set_property(self, doc) -> None:
        """Write the value that the rule sets once it has told everybody."""
        field = doc.meta.get_field(self.set_property_after_alert)
        if doc.flags.in_notification_update or (doc.docstatus.is_submitted() and not field.allow_on_submit):
            return
        try:
            value = (
                cint(self.property_value) if field.fieldtype in numeric_fieldtypes else self.property_value
            )
            doc.reload()
            doc.set(field.fieldname, value)
            doc.flags.updater_reference = {
                "doctype": self.doctype,
                "docname": self.name,
                "label": _("via Notification"),
            }
            doc.flags.in_notification_update = True
            doc.save(ignore_permissions=True)
            doc.flags.in_notification_update = False
        except Exception:
            self.log_error("Document update failed")

    def _load_standard(self, context: dict) -> None:
        """An app's own notification keeps its message in a file and may add to the context."""
        from frappe.modules.utils import get_doc_path

        folder = get_doc_path(self.module, self.doctype, self.name)
        scrubbed = frappe.scrub(self.name)
        module = f"{frappe.get_module_app(self.module)}.{frappe.scrub(self.module)}.notification"
        if os.path.exists(os.path.join(folder, f"{scrubbed}.py")):
            get_own = getattr(frappe.get_module(f"{module}.{scrubbed}.{scrubbed}"), "get_context", None)
            context.update((get_own and get_own(context)) or {})
        extension = _EXTENSIONS.get(self.message_type, ".md")
        text = frappe.read_file(os.path.join(folder, scrubbed + extension))
        if text:
            self.message = frappe.utils.md_to_html(text) if extension == ".md" else text


def get_context(doc) -> dict:
    """What conditions see: the document, `nowdate`, and the utilities of templates."""
    from frappe.utils.safe_exec import get_safe_globals

    utils = get_safe_globals()["frappe"]["utils"]
    return {"doc": doc, "nowdate": nowdate, "frappe": frappe._dict(utils=utils)}


def evaluate_alert(doc, alert, event: str) -> None:
    """Send the Notification if its condition holds and, for Value Change, the value changed.

    Raises ValidationError where condition or template fail.
    """
    from jinja2 import TemplateError

    try:
        if isinstance(alert, str):
            alert = frappe.get_doc("Notification", alert)
        if not alert.is_met_by(doc):
            return
        if event == "Value Change" and not doc.is_new() and not _has_changed(doc, alert):
            return
        if event != "Value Change" and not doc.is_new():
            doc.reload()  # what other observers have written meanwhile
        alert.send(doc)
    except TemplateError:
        link = frappe.utils.get_link_to_form("Notification", alert.name)
        frappe.throw(
            _("Error while evaluating Notification {0}. Please fix your template.").format(link),
            title=_("Error in Notification"),
        )
    except Exception as error:
        frappe.log_error(title=str(error), message=frappe.get_traceback(with_context=True))
        frappe.throw(frappe.utils.escape_html(str(error)), title=_("Error in Notification"))


def _has_changed(doc, alert) -> bool:
    """Whether the watched field has another value now; a field that is gone disables the rule."""
    field = doc.meta.get_field(alert.value_changed)
    if not field:
        alert.db_set("enabled", 0)
        forget_observers()
        alert.log_error(f"Notification {alert.name} has been disabled due to missing field")
        return False
    before = doc.get_doc_before_save()
    old = before.get(field.fieldname) if before else None
    return cast(field.fieldtype, doc.get(field.fieldname)) != cast(field.fieldtype, old)


def trigger_daily_alerts() -> None:
    """Days Before and Days After; called once a day. Each document is committed, or logged, alone."""
    names = frappe.get_all("Notification", filters={"event": ("in", DATE_EVENTS), "enabled": 1}, pluck="name")
    for name in names:
        alert = frappe.get_doc("Notification", name)
        for doc in alert.get_documents_for_today():
            try:
                evaluate_alert(doc, alert, alert.event)
            except Exception:
                if not frappe.flags.in_test:
                    frappe.db.rollback()
                alert.log_error(f"Notification {name} failed for {doc.doctype} {doc.name}")
            if not frappe.flags.in_test:
                frappe.db.commit()


@frappe.whitelist()
def get_documents_for_today(notification: str) -> list[str]:
    """Names of the documents that a Notification would send for today. Needs `read` on it."""
    doc = frappe.get_doc("Notification", notification)
    doc.check_permission("read")
    return [each.name for each in doc.get_documents_for_today()]


def _reference(doc) -> tuple[str, str]:
    """The document that the mail is about: a row's parent."""
    return (doc.parenttype, doc.parent) if doc.meta.istable else (doc.doctype, doc.name)
