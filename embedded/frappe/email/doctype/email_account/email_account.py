"""Email Account: the server that mails go out through; only sending is answered here."""

import email.utils

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, parse_addr, validate_email_address

# Names of the site's configuration by field of the account that they make.
_FROM_CONFIG = {
    "smtp_server": ("mail_server",),
    "smtp_port": ("mail_port",),
    "use_tls": ("use_tls",),
    "use_ssl_for_outgoing": ("use_ssl",),
    "login_id": ("mail_login",),
    "email_id": ("auto_email_id", "mail_login"),
    "no_smtp_authentication": ("disable_mail_smtp_authentication",),
    "always_use_account_email_id_as_sender": ("always_use_account_email_id_as_sender",),
    "always_use_account_name_as_sender_name": ("always_use_account_name_as_sender_name",),
}
_DEFAULT_ADDRESS = "notifications@example.com"


class EmailAccount(Document):
    """An account of the site, or one made from the configuration that is in no table."""

    def validate(self) -> None:
        if self.email_id:
            validate_email_address(self.email_id, True)
        if self.enable_incoming:
            raise NotImplementedError("frappe.email: incoming mail")
        if self.auth_method == "OAuth":
            raise NotImplementedError("frappe.email: OAuth")
        if self.login_id_is_different and not self.login_id:
            frappe.throw(_("Login Id is required"))
        if not self.login_id_is_different:
            self.login_id = None
        if self.enable_outgoing:
            self._validate_outgoing()

    def _validate_outgoing(self) -> None:
        if not self.smtp_server:
            frappe.throw(_("SMTP Server is required"))
        if self.awaiting_password or self.no_smtp_authentication:
            return
        if not self.get_password("password", raise_exception=False):
            frappe.throw(_("Password is required or select Awaiting Password"))
        if not (frappe.flags.in_test or frappe.flags.in_import or frappe.flags.in_patch):
            server = self.get_smtp_server()
            server.session  # noqa: B018 - refuses what the server refuses
            server.quit()

    def on_update(self) -> None:
        """There is one default account."""
        if self.default_outgoing:
            others = {"default_outgoing": 1, "name": ("!=", self.name)}
            for name in frappe.get_all("Email Account", filters=others, pluck="name"):
                frappe.db.set_value("Email Account", name, "default_outgoing", 0)

    @property
    def default_sender(self) -> str:
        """Name and address that mails without a sender bear."""
        return email.utils.formataddr((self.name, self.email_id), charset="utf-8")

    @property
    def is_stored(self) -> bool:
        """Whether it is a document, not made from the configuration."""
        return not self.flags.from_site_config

    def get_smtp_server(self):
        """A connection for sending; a folder where there is no server."""
        from frappe.email.smtp import MailFolder, SMTPServer

        if not self.smtp_server:
            return MailFolder()
        password = None
        if not cint(self.no_smtp_authentication):
            password = self.flags.password or (
                self.get_password("password", raise_exception=False) if self.is_stored else None
            )
        return SMTPServer(
            server=self.smtp_server,
            port=self.smtp_port,
            use_tls=self.use_tls,
            use_ssl=self.use_ssl_for_outgoing,
            login=self.login_id or self.email_id,
            password=password,
            email_account=self.name,
        )

    @classmethod
    def find_outgoing(cls, match_by_email: str | None = None, match_by_doctype: str | None = None):
        """The account of this address, else the one that the DocType's mails go through, else the default.

        Where there is none: the `mail_server` of the site's configuration, else the site's mail folder.
        """
        wanted = []
        if match_by_email:
            wanted.append({"email_id": parse_addr(match_by_email)[1]})
        if match_by_doctype:
            wanted.append({"append_to": match_by_doctype})
        wanted.append({"default_outgoing": 1})
        for filters in wanted:
            name = frappe.db.get_value("Email Account", {"enable_outgoing": 1, **filters}, "name")
            if name:
                return frappe.get_cached_doc("Email Account", name)
        return cls.from_site_config()

    @classmethod
    def from_site_config(cls):
        """An account, stored nowhere, as the site's configuration describes it."""
        conf = frappe.conf
        account = frappe.new_doc("Email Account")
        for field, keys in _FROM_CONFIG.items():
            value = next((conf.get(key) for key in keys if conf.get(key)), None)
            if value is not None:
                account.set(field, value)
        account.email_id = account.email_id or _DEFAULT_ADDRESS
        account.name = account.email_account_name = conf.get("email_sender_name") or "Frappe"
        account.flags.password = conf.get("mail_password")
        account.flags.from_site_config = True
        return account
