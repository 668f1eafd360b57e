"""Where mails go: an SMTP server, or, where none is configured, a folder of the site to read them in."""

import os
import re
import smtplib
from contextlib import suppress
from email.utils import parseaddr

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

TIMEOUT_SECONDS = 60


class InvalidEmailCredentials(frappe.ValidationError):
    """The server does not accept login and password."""


class ServerUnreachable(frappe.OutgoingEmailError):
    """The server cannot be spoken to now; nothing is wrong with the mail."""


class SMTPServer:
    """One connection to a server, opened when first used and again when it was lost."""

    def __init__(
        self, server, login=None, email_account=None, password=None, port=None, use_tls=None, use_ssl=None
    ):
        self.server, self.login, self.password = server, login, password
        self.email_account = email_account
        self.use_tls, self.use_ssl = cint(use_tls), cint(use_ssl)
        self.port = cint(port) or (465 if self.use_ssl else 587 if self.use_tls else 25)
        self._session = None
        if not server:
            frappe.throw(
                _("Email Account not setup. Please create a new Email Account from Settings > Email Account"),
                frappe.OutgoingEmailError,
            )

    @property
    def session(self) -> smtplib.SMTP:
        """A connection that answers. Raises ServerUnreachable, InvalidEmailCredentials."""
        if not self.is_session_active():
            self._session = self._connect()
        return self._session

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP
        try:
            session = kind(self.server, self.port, timeout=TIMEOUT_SECONDS)
            if self.use_tls and not self.use_ssl:
                session.starttls()
            if self.password:
                session.login(self.login or "", self.password)
        except smtplib.SMTPAuthenticationError as error:
            raise InvalidEmailCredentials(
                _("Incorrect email or password. Please check your login credentials.")
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnreachable(
                _("Invalid Outgoing Mail Server or Port: {0}").format(str(error))
            ) from error
        return session

    def is_session_active(self) -> bool:
        """Whether the connection is open and answers."""
        if not self._session:
            return False
        try:
            return self._session.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def send(self, sender: str, recipient: str, message: bytes, _queue_name: str) -> None:
        """Hand a mail over. Raises smtplib.SMTPException where it is refused."""
        self.session.sendmail(parseaddr(sender)[1], [parseaddr(recipient)[1]], message)

    def quit(self) -> None:
        """Say goodbye, if there is still anybody."""
        if self._session:
            with suppress(OSError, smtplib.SMTPException):
                self._session.quit()
            self._session = None


class MailFolder:
    """The site's `mails/` folder: each mail a file `<time>-<queue>-<recipient>.eml`, whole or not there."""

    def send(self, _sender: str, recipient: str, message: bytes, queue_name: str) -> None:
        """Write a mail for a recipient."""
        folder = frappe.get_site_path("mails")
        os.makedirs(folder, exist_ok=True)
        address = re.sub(r"[^A-Za-z0-9@._+-]", "_", parseaddr(recipient)[1])[:100]
        moment = now_datetime().strftime("%Y%m%d-%H%M%S-%f")
        path = os.path.join(folder, f"{moment}-{queue_name}-{address}.eml")
        with open(f"{path}.new", "wb") as handle:
            handle.write(message)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(f"{path}.new", path)

    def quit(self) -> None:
        """Nothing to close."""
