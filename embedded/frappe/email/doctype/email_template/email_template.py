"""Email Template: subject and text of a mail, rendered with a document."""

import frappe
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class EmailTemplate(Document):
    """Jinja for subject and response."""

    @property
    def response_(self) -> str:
        """The response as written: HTML code, or from the editor."""
        return self.response_html if self.use_html else self.response

    def validate(self) -> None:
        validate_template(self.subject)
        validate_template(self.response_)

    def get_formatted_email(self, doc) -> dict:
        """`subject` and `message` for a document, a dict, or JSON."""
        doc = frappe.parse_json(doc)
        context = doc if isinstance(doc, dict) else doc.as_dict()
        return {
            "subject": frappe.render_template(self.subject, context),
            "message": frappe.render_template(self.response_, context),
        }


def render_email_template(template_name: str, doc) -> dict:
    """`subject` and `message` of a template, whoever asks."""
    return frappe.get_cached_doc("Email Template", template_name).get_formatted_email(doc)


@frappe.whitelist()
def get_email_template(template_name: str, doc) -> dict:
    """`subject` and `message` of a template that the user may read."""
    template = frappe.get_doc("Email Template", template_name)
    template.check_permission("read")
    return template.get_formatted_email(doc)
