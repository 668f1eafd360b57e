"""Sending a Webhook: three tries, each of them logged."""

import json
import time
import urllib.error
import urllib.request

import frappe
from frappe.integrations.doctype.webhook.webhook import (
    get_context,
    get_webhook_data,
    get_webhook_headers,
)

TRIES = 3
LONGEST_RESPONSE = 1 << 20  # bytes that are read of an answer


class NotAccepted(Exception):
    """The other system answered, but not with 2xx."""


def deliver(doc, webhook) -> None:
    """Send one Webhook for one document (a dict stands for its state then). Never raises.

    Pauses one and four seconds between the tries.
    """
    url = headers = data = None
    name = webhook.get("name")
    docname = doc.get("name")
    try:
        webhook = frappe.get_doc("Webhook", name)
        if isinstance(doc, dict):
            doc = frappe.get_doc(dict(doc))
        url = webhook.request_url
        if webhook.is_dynamic_url:
            url = frappe.render_template(url, get_context(doc))
        data = get_webhook_data(doc, webhook)
        headers = get_webhook_headers(doc, webhook, data)
    except Exception:
        log_request(name, docname, url, headers, data)
        return

    for attempt in range(TRIES):
        answer = None
        try:
            answer, accepted = _request(webhook, url, headers, data)
            if not accepted:
                raise NotAccepted(answer)
            log_request(name, docname, url, headers, data, answer)
            return
        except Exception:
            log_request(name, docname, url, headers, data, answer)
        if attempt < TRIES - 1:
            time.sleep(3 * attempt + 1)


def _request(webhook, url: str, headers: dict, data: dict) -> tuple[str, bool]:
    """The answer's text, and whether it says success."""
    if not url.lower().startswith(("http://", "https://")):
        raise ValueError(f"{url}: a Webhook speaks http or https")
    body = json.dumps(data, default=str).encode()
    request = urllib.request.Request(url, data=body, method=webhook.request_method or "POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("User-Agent", "frappe")
    for key, value in headers.items():
        request.add_header(key, value)
    try:
        with urllib.request.urlopen(request, timeout=webhook.timeout or 5) as response:
            return response.read(LONGEST_RESPONSE).decode("utf-8", "replace"), True
    except urllib.error.HTTPError as error:
        with error:
            return error.read(LONGEST_RESPONSE).decode("utf-8", "replace"), False


def log_request(webhook: str, docname, url, headers, data, response: str | None = None) -> None:
    """Write a Webhook Request Log; with the traceback, while an exception is being handled."""
    frappe.get_doc(
        {
            "doctype": "Webhook Request Log",
            "webhook": webhook,
            "reference_document": docname,
            "user": frappe.session.user or None,
            "url": url,
            "headers": frappe.as_json(headers) if headers else None,
            "data": frappe.as_json(data) if data else None,
            "response": response,
            "error": frappe.get_traceback() or None,
        }
    ).insert(ignore_permissions=True)
    if not frappe.flags.in_test:
        frappe.db.commit()
