"""Trees: after any change, `lft` and `rgt` say what the parent fields say."""

import pytest
from doctypes import field, make_doctype, use_controller
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture
def tree(frappe_site, monkeypatch):
    from frappe.utils.nestedset import NestedSet

    make_doctype("NS Unit", [
        field("parent_ns_unit", "Link", options="NS Unit"), field("is_group", "Check", default="1"),
        field("lft", "Int"), field("rgt", "Int"), field("old_parent"),
    ], is_tree=1, nsm_parent_field="parent_ns_unit", autoname="prompt", allow_rename=1)  # fmt: skip
    use_controller(monkeypatch, "NS Unit", NestedSet)
    return frappe_site


def add(frappe, name, parent=None):
    return frappe.get_doc(doctype="NS Unit", __newname=name, name=name, parent_ns_unit=parent).insert()


def check(frappe):
    """lft and rgt are a gapless, well nested numbering that agrees with the parents."""
    rows = frappe.db.sql("select name, coalesce(parent_ns_unit, ''), lft, rgt from `tabNS Unit` order by lft")
    ends = sorted(end for row in rows for end in row[2:])
    assert len(set(ends)) == len(ends)
    stack = []
    for name, parent, lft, rgt in rows:
        while stack and stack[-1][1] < lft:
            stack.pop()
        assert (stack[-1][0] if stack else "") == parent
        assert not stack or rgt < stack[-1][1]
        stack.append((name, rgt))
    return rows


def test_nodes_are_added_moved_and_deleted(tree):
    from frappe.utils.nestedset import get_ancestors_of, get_descendants_of, get_root_of

    for name, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A"), ("E", None)):
        add(tree, name, parent)
    assert [row[2:] for row in check(tree)] == [(1, 8), (2, 5), (3, 4), (6, 7), (9, 10)]
    assert get_descendants_of("NS Unit", "A", order_by="lft") == ["B", "C", "D"]
    assert get_ancestors_of("NS Unit", "C") == ["B", "A"]
    assert get_root_of("NS Unit") == "A"

    node = tree.get_doc("NS Unit", "B")
    node.parent_ns_unit = "E"
    node.save()
    check(tree)
    assert get_ancestors_of("NS Unit", "C") == ["B", "E"]
    node.parent_ns_unit = None
    node.save()
    check(tree)
    tree.delete_doc("NS Unit", "C")
    tree.delete_doc("NS Unit", "B")
    assert [row[0] for row in check(tree)] == ["A", "D", "E"]


def test_refusals(tree):
    from frappe.utils.nestedset import NestedSetChildExistsError, NestedSetRecursionError

    for name, parent in (("A", None), ("B", "A"), ("C", "B")):
        add(tree, name, parent)
    node = tree.get_doc("NS Unit", "A")
    for parent in ("C", "A"):
        node.parent_ns_unit = parent
        with pytest.raises(NestedSetRecursionError):
            node.save()
        node.reload()
    with pytest.raises(NestedSetChildExistsError):
        tree.delete_doc("NS Unit", "A")
    node.is_group = 0
    with pytest.raises(tree.ValidationError):
        node.save()


def test_a_stale_document_moves_from_where_it_is(tree):
    for name, parent in (("A", None), ("B", "A"), ("C", None)):
        add(tree, name, parent)
    stale = tree.get_doc("NS Unit", "C")
    add(tree, "X", "A")
    add(tree, "Y", "B")
    stale.parent_ns_unit = "B"
    stale.save()
    check(tree)


def test_rebuild(tree):
    from frappe.utils.nestedset import rebuild_tree

    for name, parent in (("A", None), ("C", "A"), ("B", "A"), ("D", "B")):
        add(tree, name, parent)
    tree.db.sql("update `tabNS Unit` set lft = 0, rgt = 0")
    rebuild_tree("NS Unit")
    assert [(row[0], *row[2:]) for row in check(tree)] == [("A", 1, 8), ("B", 2, 5), ("D", 3, 4), ("C", 6, 7)]


def test_remove_subtree(tree):
    from frappe.utils.nestedset import remove_subtree

    for name, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        add(tree, name, parent)
    remove_subtree("NS Unit", "B")
    assert [(row[0], *row[2:]) for row in check(tree)] == [("A", 1, 4), ("D", 2, 3)]


def test_any_order_of_changes_keeps_the_tree_whole(tree):
    from frappe.utils.nestedset import NestedSetRecursionError

    names = "ABCDEFGH"

    @settings(max_examples=max(8, settings().max_examples // 4))
    @given(st.lists(st.tuples(st.sampled_from(names), st.sampled_from([None, *names])), max_size=12))
    def change(steps):
        tree.db.savepoint("tree")
        for name, parent in steps:
            if parent and not tree.db.exists("NS Unit", parent):
                parent = None
            if not tree.db.exists("NS Unit", name):
                add(tree, name, parent if parent != name else None)
                continue
            node = tree.get_doc("NS Unit", name)
            node.parent_ns_unit = parent
            tree.db.savepoint("move")
            try:
                node.save()
            except NestedSetRecursionError:
                tree.db.rollback(save_point="move")
            check(tree)
        tree.db.rollback(save_point="tree")

    change()
