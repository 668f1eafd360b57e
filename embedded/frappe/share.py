"""Sharing single documents with single users is not answered by this host; nothing is shared."""


def get_shared(doctype, user=None, rights=None, *, filters=None, limit=None) -> list[str]:
    """Names shared with the user: none."""
    return []


def add(doctype, name, user=None, read=1, write=0, submit=0, share=0, everyone=0, flags=None, notify=0):
    """Not answered."""
    raise NotImplementedError("frappe.share.add")


def add_docshare(*args, **kwargs):
    """Not answered."""
    raise NotImplementedError("frappe.share.add_docshare")


def remove(doctype, name, user, flags=None):
    """Not answered."""
    raise NotImplementedError("frappe.share.remove")


def set_permission(*args, **kwargs):
    """Not answered."""
    raise NotImplementedError("frappe.share.set_permission")


def get_users(doctype: str, name: str) -> list:
    """Users with whom a document is shared: none."""
    return []
