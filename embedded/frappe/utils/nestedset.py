"""Trees as nested sets: `lft` and `rgt` of a node enclose those of all its descendants.

Every change of the tree is one UPDATE over the rows that move, inside the writer's transaction; positions are
read there, never taken from the document in hand.
"""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.database.introspection import quote, table_of
from frappe.model.document import Document


class NestedSetRecursionError(frappe.ValidationError):
    pass


class NestedSetMultipleRootsError(frappe.ValidationError):
    pass


class NestedSetChildExistsError(frappe.ValidationError):
    pass


class NestedSetInvalidMergeError(frappe.ValidationError):
    pass


def update_nsm(doc):
    """Put the document where its parent field says, and reload it.

    Raises NestedSetRecursionError if the parent is the document itself or one of its descendants.
    """
    parent_field = getattr(doc, "nsm_parent_field", None) or "parent_" + frappe.scrub(doc.doctype)
    old_parent_field = getattr(doc, "nsm_oldparent_field", None) or "old_parent"
    parent, old_parent = doc.get(parent_field) or None, doc.get(old_parent_field) or None
    if not doc.lft and not doc.rgt:
        update_add_node(doc, parent or "", parent_field)
    elif old_parent != parent:
        update_move_node(doc, parent_field)
    doc.set(old_parent_field, parent)
    frappe.db.set_value(doc.doctype, doc.name, old_parent_field, parent or "", update_modified=False)
    frappe.clear_document_cache(doc.doctype)
    doc.reload()


def update_add_node(doc, parent, parent_field):
    """Insert a new node as the last child of `parent` (as the last root without one); returns its lft."""
    table = quote(table_of(doc.doctype))
    if parent:
        left, right = _position(doc.doctype, parent)
        validate_loop(doc.doctype, doc.name, left, right)
    else:
        right = frappe.db.sql(
            f"select coalesce(max(rgt), 0) + 1 from {table} where coalesce({quote(parent_field)}, '') = ''"
        )[0][0]
    right = right or 1
    frappe.db.sql(
        f"update {table} set lft = case when lft >= %(at)s then lft + 2 else lft end, rgt = rgt + 2 "
        "where rgt >= %(at)s",
        {"at": right},
    )
    frappe.db.sql(f"update {table} set lft = %s, rgt = %s where name = %s", (right, right + 1, doc.name))
    return right


def update_move_node(doc, parent_field):
    """Move a node with all below it to be the last child of its new parent, or the last root."""
    table = quote(table_of(doc.doctype))
    lft, rgt = _position(doc.doctype, doc.name)
    width = rgt - lft + 1
    parent = doc.get(parent_field)
    if parent:
        parent_lft, target = _position(doc.doctype, parent)
        validate_loop(doc.doctype, doc.name, parent_lft, target)
    else:
        target = frappe.db.sql(f"select max(rgt) from {table}")[0][0] + 1

    # The node goes to where `target` is; what lies between its old and its new place closes up by its width.
    if target > rgt:
        low, high, shift, gap = rgt + 1, target - 1, target - rgt - 1, -width
    else:
        low, high, shift, gap = target, lft - 1, target - lft, width
    moved = (
        "case when {0} between %(lft)s and %(rgt)s then {0} + %(shift)s "
        "when {0} between %(low)s and %(high)s then {0} + %(gap)s else {0} end"
    )
    frappe.db.sql(
        f"update {table} set lft = {moved.format('lft')}, rgt = {moved.format('rgt')} "
        "where rgt >= %(first)s and lft <= %(last)s",
        {
            "lft": lft,
            "rgt": rgt,
            "shift": shift,
            "low": low,
            "high": high,
            "gap": gap,
            "first": min(lft, low),
            "last": max(rgt, high),
        },
    )


def _position(doctype, name):
    """(lft, rgt) of a node, read under the writer's lock. Raises DoesNotExistError."""
    position = frappe.db.get_value(doctype, {"name": name}, ["lft", "rgt"], for_update=True, order_by=None)
    if not position:
        raise frappe.DoesNotExistError(_("{0} {1} not found").format(_(doctype), name))
    return position


def validate_loop(doctype, name, lft, rgt):
    """Raise NestedSetRecursionError if `name` is the node at (lft, rgt) or an ancestor of it."""
    if frappe.db.sql(
        f"select 1 from {quote(table_of(doctype))} where name = %s and lft <= %s and rgt >= %s and lft > 0",
        (name, lft, rgt),
    ):
        frappe.throw(_("Item cannot be added to its own descendants"), NestedSetRecursionError)


@frappe.whitelist()
def rebuild_tree(doctype, parent_field=None):
    """Number the whole tree anew from the parent fields; siblings in order of their names.

    Rows that hang on a missing parent or in a circle are left as they are.
    """
    if frappe.local.form_dict and frappe.local.form_dict.get("cmd") == "rebuild_tree":
        frappe.only_for("System Manager")
    meta = frappe.get_meta(doctype)
    if not meta.has_field("lft") or not meta.has_field("rgt"):
        frappe.throw(
            _("Rebuilding of tree is not supported for {}").format(frappe.bold(doctype)),
            title=_("Invalid Action"),
        )
    parent_field = meta.nsm_parent_field or f"parent_{frappe.scrub(doctype)}"
    children = {}
    for name, parent in frappe.db.sql(
        f"select name, coalesce({quote(parent_field)}, '') from {quote(table_of(doctype))} order by name"
    ):
        children.setdefault(parent, []).append(name)
    frappe.db.bulk_update(doctype, _numbered(children), update_modified=False)


def _numbered(children):
    """{name: {lft, rgt}} by a walk that needs no recursion, however deep the tree."""
    positions, counter = {}, 0
    stack = [(name, False) for name in reversed(children.get("", []))]
    while stack:
        name, is_done = stack.pop()
        counter += 1
        if is_done:
            positions[name]["rgt"] = counter
            continue
        positions[name] = {"lft": counter}
        stack.append((name, True))
        stack.extend((child, False) for child in reversed(children.get(name, [])))
    return positions


def remove_subtree(doctype: str, name: str, throw=True):
    """Delete a node and all below it past all events, and close the gap."""
    frappe.has_permission(doctype, ptype="delete", throw=throw)
    table = quote(table_of(doctype))
    lft, rgt = _position(doctype, name)
    frappe.db.delete(doctype, {"lft": (">=", lft), "rgt": ("<=", rgt)})
    frappe.db.sql(
        f"update {table} set lft = case when lft > %(rgt)s then lft - %(width)s else lft end, "
        "rgt = rgt - %(width)s where rgt > %(rgt)s",
        {"rgt": rgt, "width": rgt - lft + 1},
    )
    frappe.clear_document_cache(doctype)


class NestedSet(Document):
    """A document in a tree. The parent field is `nsm_parent_field` of the controller or of the meta."""

    def __setup__(self):
        if self.meta.get("nsm_parent_field"):
            self.nsm_parent_field = self.meta.nsm_parent_field

    def db_update(self):
        # The tree owns the positions: a document read before others moved must not write old ones back.
        position = frappe.db.get_value(self.doctype, self.name, ["lft", "rgt"], order_by=None)
        if position:
            self.lft, self.rgt = position
        super().db_update()

    def on_update(self):
        update_nsm(self)
        self.validate_ledger()

    def on_trash(self, allow_root_deletion=False):
        if not getattr(self, "nsm_parent_field", None):
            self.nsm_parent_field = frappe.scrub(self.doctype) + "_parent"
        parent = self.get(self.nsm_parent_field)
        if not parent and not getattr(self, "allow_root_deletion", True):
            frappe.throw(_("Root {0} cannot be deleted").format(_(self.doctype)))
        self.validate_if_child_exists()
        self.set(self.nsm_parent_field, "")
        try:
            update_nsm(self)
        except frappe.DoesNotExistError:
            if not self.flags.on_rollback:
                raise
            frappe.clear_last_message()

    def validate_if_child_exists(self):
        if frappe.db.count(self.doctype, filters={self.nsm_parent_field: self.name}):
            frappe.throw(
                _("Cannot delete {0} as it has child nodes").format(self.name), NestedSetChildExistsError
            )

    def before_rename(self, olddn, newdn, merge=False, group_fname="is_group"):
        if merge and hasattr(self, group_fname):
            is_group = frappe.db.get_value(self.doctype, newdn, group_fname)
            if self.get(group_fname) != is_group:
                frappe.throw(
                    _("Merging is only possible between Group-to-Group or Leaf Node-to-Leaf Node"),
                    NestedSetInvalidMergeError,
                )

    def after_rename(self, olddn, newdn, merge=False):
        parent_field = getattr(self, "nsm_parent_field", None) or "parent_" + frappe.scrub(self.doctype)
        frappe.db.set_value(
            self.doctype, {parent_field: newdn}, {"old_parent": newdn}, update_modified=False
        )  # fmt: skip
        if merge:
            rebuild_tree(self.doctype, parent_field)

    def validate_one_root(self):
        if not self.get(self.nsm_parent_field) and self.get_root_node_count() > 1:
            frappe.throw(_("""Multiple root nodes not allowed."""), NestedSetMultipleRootsError)

    def get_root_node_count(self):
        return frappe.db.count(self.doctype, {self.nsm_parent_field: ""})

    def validate_ledger(self, group_identifier="is_group"):
        """A node with children must stay a group."""
        if not hasattr(self, group_identifier) or self.get(group_identifier):
            return
        if frappe.db.exists(self.doctype, {self.nsm_parent_field: self.name, "docstatus": ("!=", 2)}):
            frappe.throw(
                _("{0} {1} cannot be a leaf node as it has children").format(_(self.doctype), self.name)
            )

    def get_ancestors(self):
        return get_ancestors_of(self.doctype, self.name)

    def get_parent(self) -> "NestedSet | None":
        parent_name = self.get(self.nsm_parent_field)
        return frappe.get_doc(self.doctype, parent_name) if parent_name else None

    def get_children(self) -> Iterator["NestedSet"]:
        for name in frappe.get_list(self.doctype, filters={self.nsm_parent_field: self.name}, pluck="name"):
            yield frappe.get_doc(self.doctype, name)


def get_root_of(doctype):
    """Name of the first root that has children, or None."""
    table = quote(table_of(doctype))
    rows = frappe.db.sql(
        f"select t1.name from {table} t1 where t1.rgt > t1.lft and not exists "
        f"(select 1 from {table} t2 where t2.lft < t1.lft and t2.rgt > t1.rgt) order by t1.lft limit 1"
    )
    return rows[0][0] if rows else None


def get_ancestors_of(doctype, name, order_by="lft desc", limit=None):
    """Names of the ancestors, the nearest first."""
    lft, rgt = frappe.db.get_value(doctype, name, ["lft", "rgt"])
    return frappe.get_all(
        doctype,
        {"lft": ["<", lft], "rgt": [">", rgt]},
        "name",
        order_by=order_by,
        limit_page_length=limit,
        pluck="name",
    )


def get_descendants_of(doctype, name, order_by="lft desc", limit=None, ignore_permissions=False):
    """Names of the descendants that the user may read, the last in the tree first."""
    lft, rgt = frappe.db.get_value(doctype, name, ["lft", "rgt"])
    if rgt - lft <= 1:
        return []
    return frappe.get_list(
        doctype,
        {"lft": [">", lft], "rgt": ["<", rgt]},
        "name",
        order_by=order_by,
        limit_page_length=limit,
        ignore_permissions=ignore_permissions,
        pluck="name",
    )
