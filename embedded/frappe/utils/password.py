"""Passwords of users, hashed with argon2 in `__Auth`; secrets of other documents are not answered."""

import frappe


def _hasher():
    from argon2 import PasswordHasher

    return PasswordHasher()


def update_password(user, pwd, doctype="User", fieldname="password", logout_all_sessions=False) -> None:
    """Store the hash of a user's password."""
    hashed = _hasher().hash(pwd)
    frappe.db.sql(
        """insert into `__Auth` (doctype, name, fieldname, password, encrypted) values (%s, %s, %s, %s, 0)
        on conflict (doctype, name, fieldname) do update set password = excluded.password, encrypted = 0""",
        (doctype, user, fieldname, hashed),
    )


def check_password(user, pwd, doctype="User", fieldname="password", delete_tracker_cache=True) -> str:
    """The user's name if the password is right. Raises AuthenticationError else."""
    from argon2.exceptions import InvalidHashError, VerificationError

    row = frappe.db.sql(
        "select name, password from `__Auth` where doctype=%s and name=%s and fieldname=%s and encrypted=0",
        (doctype, user, fieldname),
        as_dict=True,
    )
    try:
        if not row:
            raise VerificationError
        _hasher().verify(row[0].password, pwd)
    except (VerificationError, InvalidHashError):
        raise frappe.AuthenticationError(frappe._("Incorrect User or Password")) from None
    if _hasher().check_needs_rehash(row[0].password):
        update_password(user, pwd, doctype, fieldname)
    return row[0].name


def delete_all_passwords_for(doctype, name) -> None:
    frappe.db.sql("delete from `__Auth` where doctype=%s and name=%s", (doctype, name))


def rename_password(doctype, old_name, new_name) -> None:
    frappe.db.sql("update `__Auth` set name=%s where doctype=%s and name=%s", (new_name, doctype, old_name))


def get_decrypted_password(doctype, name, fieldname="password", raise_exception=True):
    raise NotImplementedError("frappe.utils.password.get_decrypted_password")


def set_encrypted_password(doctype, name, pwd, fieldname="password"):
    raise NotImplementedError("frappe.utils.password.set_encrypted_password")


def remove_encrypted_password(doctype, name, fieldname="password") -> None:
    frappe.db.sql(
        "delete from `__Auth` where doctype=%s and name=%s and fieldname=%s", (doctype, name, fieldname)
    )


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.utils.password.{name}")
