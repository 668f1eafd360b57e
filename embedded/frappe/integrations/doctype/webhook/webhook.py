"""Webhook: an administrator's rule that posts a document to another system when something happens to it."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlparse

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.observers import forget_observers
from frappe.utils.jinja import validate_template

WEBHOOK_SECRET_HEADER = "X-Frappe-Webhook-Signature"
_OF_SUBMITTABLE = ("on_submit", "on_cancel", "on_update_after_submit")


class Webhook(Document):
    """DocType, event, condition, address, and what the request holds."""

    def validate(self) -> None:
        self._validate_event()
        self._validate_condition()
        address = urlparse(self.request_url or "")
        if not address.netloc or (address.scheme not in ("http", "https") and not self.is_dynamic_url):
            frappe.throw(_("Check Request URL"))
        self._validate_body()
        if self.enable_security and not self.get_password("webhook_secret", raise_exception=False):
            frappe.throw(_("Invalid Webhook Secret"))

    def _validate_event(self) -> None:
        if (
            self.webhook_docevent in _OF_SUBMITTABLE
            and not frappe.get_meta(self.webhook_doctype).is_submittable
        ):
            frappe.throw(_("DocType must be Submittable for the selected Doc Event"))

    def _validate_condition(self) -> None:
        if not self.condition:
            return
        try:
            frappe.safe_eval(self.condition, eval_locals=get_context(frappe.new_doc(self.webhook_doctype)))
        except Exception as error:
            frappe.throw(_("Invalid Condition: {}").format(error))

    def _validate_body(self) -> None:
        if self.request_structure == "Form URL-Encoded":
            self.webhook_json = None
        elif self.request_structure == "JSON":
            validate_template(self.webhook_json)
            self.webhook_data = []
        names = [row.fieldname for row in self.webhook_data]
        if len(names) != len(set(names)):
            frappe.throw(_("Same Field is entered more than once"))

    def on_update(self) -> None:
        forget_observers()

    def on_trash(self) -> None:
        forget_observers()

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        forget_observers()


def get_context(doc) -> dict:
    """What conditions and templates see: the document, and the utilities of templates."""
    from frappe.utils.safe_exec import get_safe_globals

    return {"doc": doc, "utils": get_safe_globals()["frappe"]["utils"]}


def get_webhook_data(doc, webhook) -> dict:
    """The request's body: the chosen fields by their keys, or the rendered JSON."""
    values = doc.as_dict(convert_dates_to_str=True)
    if webhook.webhook_data:
        return {row.key: values.get(row.fieldname) for row in webhook.webhook_data}
    if webhook.webhook_json:
        return json.loads(frappe.render_template(webhook.webhook_json, get_context(values)))
    return {}


def get_webhook_headers(doc, webhook, data=None) -> dict:
    """The rule's own headers, and base64(HMAC-SHA256(secret, body)) where it signs."""
    headers = {}
    if webhook.enable_security:
        body = json.dumps(get_webhook_data(doc, webhook) if data is None else data, default=str)
        secret = webhook.get_password("webhook_secret").encode()
        digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
        headers[WEBHOOK_SECRET_HEADER] = base64.b64encode(digest).decode()
    for row in webhook.webhook_headers:
        if row.key and row.value:
            headers[row.key] = row.value
    return headers


def enqueue_webhook(doc, webhook) -> None:
    """Send one Webhook for one document, given as a document or a dict; see `delivery.deliver`."""
    from frappe.integrations.doctype.webhook.delivery import deliver

    deliver(doc, webhook)


@frappe.whitelist()
def get_all_queues() -> list[str]:
    """Names of the queues that a Webhook may be sent by. System Manager only."""
    frappe.only_for("System Manager")
    from frappe.utils.background_jobs import get_queues_timeout

    return list(get_queues_timeout())


def __getattr__(name):
    if name == "log_request":
        from frappe.integrations.doctype.webhook.delivery import log_request

        return log_request
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.integrations.doctype.webhook.webhook.{name}")
