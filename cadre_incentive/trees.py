"""A tree's own fields: where a node stands is counted from its parent, never taken from whoever sends it.

Frappe believes `lft` and `old_parent` of a document that is saved, and moves the tree by them: one request
with another value would leave the places of all units wrong.
"""

COUNTED = ("lft", "rgt", "old_parent")


def keep_place(doc) -> None:
    """Put back what the database holds; a new document has no place yet."""
    before = doc.get_doc_before_save()
    for field in COUNTED:
        doc.set(field, before.get(field) if before else None)
