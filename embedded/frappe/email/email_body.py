"""A mail as text: headers, HTML with its plain form, inline pictures, attachments."""

import email.utils
import mimetypes
import os
import re
from email.message import EmailMessage
from email.policy import SMTP

import frappe
from frappe.email.plain_text import to_text
from frappe.utils import cint, get_url

# Seven bits only: every server on the way can carry it.
POLICY = SMTP.clone(cte_type="7bit")
# What a message holds until it is sent to somebody; Frappe's marks.
RECIPIENT = "<!--recipient-->"
UNSUBSCRIBE_URL = "<!--unsubscribe_url-->"
CC_MESSAGE = "<!--cc_message-->"
_UNSUBSCRIBE_LINK = "<!--unsubscribe link here-->"
_EMBEDDED = re.compile(r"""embed=["']([^"']+)["']""")


def one_line(text) -> str:
    """A header's value: line breaks would begin another header."""
    return " ".join(str(text or "").splitlines()).strip()


def get_message_id() -> str:
    """A new Message-Id of this site."""
    return email.utils.make_msgid(domain=frappe.local.site)


def get_formatted_html(
    subject: str,
    message: str,
    footer: str | None = None,
    email_account=None,
    header=None,
    unsubscribe_link=None,
    with_container: bool = False,
) -> str:
    """The whole page of a mail around its message, from `templates/emails/standard.html`."""
    html = frappe.get_template("templates/emails/standard.html").render(
        {
            "brand_logo": email_account.get("brand_logo") if email_account and with_container else None,
            "with_container": with_container,
            "header": get_header(header),
            "content": message,
            "footer": get_footer(email_account, footer),
            "subject": subject,
        }
    )
    return html.replace(_UNSUBSCRIBE_LINK, unsubscribe_link.html if unsubscribe_link else "")


def get_header(header=None) -> str | None:
    """The heading of a mail: a text, or a list of text and indicator."""
    from frappe.utils.jinja import get_email_from_template

    if not header:
        return None
    title = header if isinstance(header, str) else header[0]
    return get_email_from_template("email_header", {"header_title": frappe._(title)})[0]


def get_footer(email_account, footer: str | None = None) -> str:
    """What stands below every mail: the account's footer, the site's address, the apps' lines."""
    from frappe.utils.jinja import get_email_from_template

    args = {"sender_address": frappe.db.get_default("email_footer_address")}
    if email_account:
        args["email_account_footer"] = email_account.get("footer")
    if not cint(frappe.db.get_default("disable_standard_email_footer")):
        args["default_mail_footer"] = frappe.get_hooks("default_mail_footer")
    return (footer or "") + get_email_from_template("email_footer", args)[0]


def compose(
    *,
    sender: str,
    recipients: list[str],
    cc: list[str],
    subject: str,
    html: str,
    text: str | None,
    attachments=None,
    inline_images=None,
    reply_to: str | None = None,
    expose_recipients: str | None = None,
    headers: dict | None = None,
) -> EmailMessage:
    """An EmailMessage without `To`, unless everybody may see who else receives it ("header")."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = one_line(subject)
    message["From"] = one_line(sender)
    message["Date"] = email.utils.formatdate(localtime=False)
    message["Reply-To"] = email.utils.parseaddr(one_line(reply_to or sender))[1]
    message["X-Frappe-Site"] = get_url()
    if expose_recipients == "header":
        if recipients:
            message["To"] = ", ".join(recipients)
        if cc:
            message["Cc"] = ", ".join(cc)
    for key, value in (headers or {}).items():
        if value:
            message[key] = one_line(value)

    message.set_content(text or to_text(html))
    html, images = _with_content_ids(html, inline_images or [])
    message.add_alternative(html, subtype="html")
    for content_id, name, content in images:
        maintype, subtype = guess_type(name)
        message.get_payload()[-1].add_related(
            content, maintype, subtype, cid=f"<{content_id}>", filename=name, disposition="inline"
        )
    for attachment in attachments or []:
        if attachment.get("fcontent") is not None:
            attach(message, attachment["fname"], attachment["fcontent"], attachment.get("content_type"))
    return message


def attach(message: EmailMessage, fname: str, fcontent, content_type: str | None = None) -> None:
    """Add an attachment; its type is guessed from its name."""
    content = fcontent.encode() if isinstance(fcontent, str) else bytes(fcontent)
    maintype, subtype = content_type.split("/", 1) if content_type else guess_type(fname)
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename=one_line(fname))


def guess_type(fname: str) -> tuple[str, str]:
    """Main type and subtype by a file's name; text and unknown kinds travel as bytes."""
    kind, encoding = mimetypes.guess_type(fname)
    if not kind or encoding or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    return tuple(kind.split("/", 1))


def _with_content_ids(html: str, inline_images) -> tuple[str, list]:
    """Pictures named by `embed="…"` travel with the mail; those that are not there lose the attribute."""
    given = {image["filename"]: image["filecontent"] for image in inline_images}
    found: dict[str, tuple] = {}

    def replace(match):
        path = match.group(1)
        name = path.rsplit("/", 1)[-1]
        content = given.get(path) or given.get(name) or _public_file(path)
        if content is None:
            return ""
        if path not in found:
            found[path] = (frappe.generate_hash(length=10), name, content)
        return f'src="cid:{found[path][0]}"'

    return _EMBEDDED.sub(replace, html), list(found.values())


def _public_file(path: str) -> bytes | None:
    """Content of a file that everybody may fetch: `/files/…` of the site, `/assets/<app>/…` of an app."""
    kind, _slash, rest = path.lstrip("/").partition("/")
    if kind == "files":
        root = frappe.get_site_path("public", "files")
    elif kind == "assets" and rest.split("/")[0] in frappe.get_installed_apps():
        app, _slash, rest = rest.partition("/")
        root = os.path.join(frappe.get_app_path(app), "public")
    else:
        return None
    root = os.path.realpath(root)
    full = os.path.realpath(os.path.join(root, rest))
    if not full.startswith(root + os.sep) or not os.path.isfile(full):
        return None
    with open(full, "rb") as handle:
        return handle.read()
