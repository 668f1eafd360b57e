"""Passwords of users, hashed with argon2 in `__Auth`; secrets of documents, encrypted with the site's key."""

from functools import lru_cache

import frappe

_decoy: list = []


def _hasher():
    from argon2 import PasswordHasher

    return PasswordHasher()


def update_password(user, pwd, doctype="User", fieldname="password", logout_all_sessions=False) -> None:
    """Store the hash of a user's password; `logout_all_sessions` ends the user's other sessions."""
    _store(doctype, user, fieldname, _hasher().hash(pwd), encrypted=0)
    if logout_all_sessions:
        from frappe.sessions import clear_sessions

        clear_sessions(user=user, keep_current=True, force=True)


def check_password(user, pwd, doctype="User", fieldname="password", delete_tracker_cache=True) -> str:
    """The user's name if the password is right. Raises AuthenticationError else.

    An unknown user costs as much time as a wrong password, so that names cannot be guessed by the clock.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    row = frappe.db.sql(
        "select name, password from `__Auth` where doctype=%s and name=%s and fieldname=%s and encrypted=0",
        (doctype, user, fieldname),
        as_dict=True,
    )
    if not row and not _decoy:
        _decoy.append(_hasher().hash(frappe.generate_hash()))
    try:
        _hasher().verify(row[0].password if row else _decoy[0], pwd)
        if not row:
            raise VerificationError
    except (VerificationError, InvalidHashError, UnicodeError):
        raise frappe.AuthenticationError(frappe._("Incorrect User or Password")) from None
    if _hasher().check_needs_rehash(row[0].password):
        update_password(user, pwd, doctype, fieldname)
    return row[0].name


def delete_login_failed_cache(user) -> None:
    """Forget wrong logins of a user."""
    frappe.cache.hdel("login_failed_count", user)
    frappe.cache.hdel("login_failed_time", user)


def delete_all_passwords_for(doctype, name) -> None:
    frappe.db.sql("delete from `__Auth` where doctype=%s and name=%s", (doctype, name))


def rename_password(doctype, old_name, new_name) -> None:
    frappe.db.sql("update `__Auth` set name=%s where doctype=%s and name=%s", (new_name, doctype, old_name))


def rename_password_field(doctype, old_fieldname, new_fieldname) -> None:
    frappe.db.sql(
        "update `__Auth` set fieldname=%s where doctype=%s and fieldname=%s",
        (new_fieldname, doctype, old_fieldname),
    )


def get_decrypted_password(doctype, name, fieldname="password", raise_exception=True) -> str | None:
    """The clear text of a secret. Raises AuthenticationError where there is none, unless told otherwise."""
    row = frappe.db.sql(
        "select password from `__Auth` where doctype=%s and name=%s and fieldname=%s and encrypted=1",
        (doctype, name, fieldname),
    )
    if row and row[0][0]:
        return decrypt(row[0][0], key=f"{doctype}.{name}.{fieldname}")
    if raise_exception:
        frappe.throw(
            frappe._("Password not found for {0} {1} {2}").format(doctype, name, fieldname),
            frappe.AuthenticationError,
        )
    return None


def set_encrypted_password(doctype, name, pwd, fieldname="password") -> None:
    """Store a secret that can be read again."""
    _store(doctype, name, fieldname, encrypt(pwd), encrypted=1)


def remove_encrypted_password(doctype, name, fieldname="password") -> None:
    frappe.db.sql(
        "delete from `__Auth` where doctype=%s and name=%s and fieldname=%s", (doctype, name, fieldname)
    )


def encrypt(txt: str, encryption_key=None) -> str:
    """A text encrypted (Fernet) with the site's key."""
    return _cipher(encryption_key or get_encryption_key()).encrypt(txt.encode()).decode()


def decrypt(txt: str, encryption_key=None, key: str | None = None) -> str:
    """What `encrypt` hid. Raises ValidationError if the site's key is another one by now."""
    from cryptography.fernet import InvalidToken

    try:
        return _decrypted(txt, encryption_key or get_encryption_key())
    except InvalidToken:
        frappe.throw(
            frappe._("Encryption key is invalid! Please check site_config.json")
            + (f" ({key})" if key else "")
        )


def get_encryption_key() -> str:
    """The site's key, made and written to its configuration when first needed."""
    conf = frappe.local.conf
    if not conf.encryption_key:
        from cryptography.fernet import Fernet
        from frappe.installer import update_site_config
        from frappe.utils.synchronization import filelock

        with filelock("encryption_key"):
            conf.encryption_key = frappe.get_site_config().encryption_key
            if not conf.encryption_key:
                update_site_config("encryption_key", Fernet.generate_key().decode())
    return conf.encryption_key


@lru_cache(maxsize=512)
def _decrypted(txt: str, key: str) -> str:
    """Remembered, since every request with an API key asks for the same secret."""
    return _cipher(key).decrypt(txt.encode()).decode()


def _cipher(key: str):
    from cryptography.fernet import Fernet

    try:
        return Fernet(key.encode())
    except ValueError:
        frappe.throw(frappe._("Encryption key is in invalid format!"))


def _store(doctype, name, fieldname, text, encrypted) -> None:
    frappe.db.sql(
        """insert into `__Auth` (doctype, name, fieldname, password, encrypted) values (%s, %s, %s, %s, %s)
        on conflict (doctype, name, fieldname)
        do update set password = excluded.password, encrypted = excluded.encrypted""",
        (doctype, name, fieldname, text, encrypted),
    )


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.utils.password.{name}")
