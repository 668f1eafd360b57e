"""Names and addresses of users, and checks of what people type."""

import re

import frappe
from frappe.utils._strings import escape_html, strip

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"([0-9 +_\-,.*#()]){1,20}$")
_PERSON = re.compile(r"^[\w][\w'\-]*( \w[\w'\-]*)*$")
_EMAIL_SEPARATOR = re.compile(r'[,\n](?=(?:[^"]|"[^"]*")*$)')


def get_fullname(user: str | None = None) -> str:
    """First and last name of a user; the user's id where there is none."""
    user = user or frappe.session.user
    names = frappe.local.__dict__.setdefault("fullnames", {})
    if not names.get(user):
        row = frappe.db.get_value("User", user, ["first_name", "last_name"], as_dict=True)
        names[user] = " ".join(filter(None, [row.first_name, row.last_name])) if row else ""
        names[user] = names[user] or user
    return names[user]


def get_email_address(user: str | None = None) -> str | None:
    return frappe.db.get_value("User", user or frappe.session.user, "email")


def get_formatted_email(user: str, mail: str | None = None) -> str:
    """`Full Name <address>`; empty if the user has no address."""
    from email.utils import formataddr

    mail = mail or get_email_address(user) or validate_email_address(user)
    return formataddr((get_fullname(user), mail), charset="utf-8") if mail else ""


def parse_addr(email_string: str) -> tuple[str, str]:
    from email.utils import parseaddr

    return parseaddr(email_string)


def extract_email_id(email: str) -> str:
    return frappe.as_unicode(parse_addr(email)[1])


def split_emails(txt) -> list[str]:
    text = re.sub(r"[\t\n\r]", " ", frappe.as_unicode(txt))
    return [email for email in (strip(part) for part in _EMAIL_SEPARATOR.split(text)) if email]


def validate_email_address(email_str, throw: bool = False) -> str:
    """The valid addresses of a comma-separated list; `throw` raises InvalidEmailAddressError for others."""
    valid = []
    for part in (piece.strip() for piece in (email_str or "").strip().split(",")):
        if "undisclosed-recipient" in part:
            continue
        address = "" if not part or (" " in part and "<" not in part) else extract_email_id(part)
        if address and _EMAIL.match(address):
            valid.append(address)
        elif throw:
            frappe.throw(
                frappe._("{0} is not a valid Email Address").format(escape_html(part)),
                frappe.InvalidEmailAddressError,
            )
    return ", ".join(valid)


def validate_phone_number(phone_number, throw: bool = False) -> bool:
    """Whether a text may be a telephone number: digits and signs, at most 20."""
    if not phone_number:
        return False
    phone_number = phone_number.strip()
    valid = bool(_PHONE.match(phone_number))
    if not valid and throw:
        frappe.throw(
            frappe._("{0} is not a valid Phone Number").format(phone_number), frappe.InvalidPhoneNumberError
        )
    return valid


def validate_name(name, throw: bool = False) -> bool:
    """Whether a text may be a person's name."""
    if not name:
        return False
    name = name.strip()
    valid = bool(_PERSON.match(name))
    if not valid and throw:
        frappe.throw(frappe._("{0} is not a valid Name").format(name), frappe.InvalidNameError)
    return valid


def validate_url(txt, throw: bool = False, valid_schemes=None) -> bool:
    """Whether a text is an address (or a path), with one of the schemes if given."""
    from urllib.parse import urlparse

    url = urlparse(txt)
    valid = bool(url.netloc) or bool(txt and txt.startswith("/"))
    if isinstance(valid_schemes, str):
        valid = valid and url.scheme == valid_schemes
    elif isinstance(valid_schemes, (list, tuple, set)):
        valid = valid and url.scheme in valid_schemes
    if not valid and throw:
        frappe.throw(frappe._("'{0}' is not a valid URL").format(frappe.bold(txt)))
    return valid


def get_user_info_for_avatar(user_id: str) -> dict:
    try:
        user = frappe.get_cached_doc("User", user_id)
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        return {"email": user_id, "image": "", "name": user_id}
    return {"email": user.email, "image": user.user_image, "name": user.full_name}


def add_user_info(user, user_info: dict) -> None:
    """Add full name, image and address of each user that `user_info` does not know yet."""
    users = [user] if isinstance(user, str) else user or []
    missing = [name for name in users if name not in user_info]
    if not missing:
        return
    fields = ["full_name", "user_image", "name", "email", "time_zone"]
    for row in frappe.get_all("User", {"name": ("in", missing)}, fields):
        user_info.setdefault(row.name, frappe._dict()).update(
            fullname=row.full_name or row.name,
            image=row.user_image,
            name=row.name,
            email=row.email,
            time_zone=row.time_zone,
        )
