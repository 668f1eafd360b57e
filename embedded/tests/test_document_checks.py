"""Every refusal fires: mandatory, links, selects, lengths, formats, constants, uniqueness."""

import frappe
import pytest
from doctypes import field, make_doctype


@pytest.fixture
def strict(frappe_site):
    make_doctype("Target Test", [field("code", reqd=1), field("text", "Text Editor")], autoname="field:code")
    return make_doctype(
        "Strict Test",
        [
            field("title", reqd=1),
            field("kind", "Select", options="\nA\nB"),
            field("short", length=5),
            field("amount", "Int", non_negative=1),
            field("mail", options="Email"),
            field("phone", options="Phone"),
            field("address", options="URL"),
            field("key", unique=1),
            field("once", set_only_once=1),
            field("target", "Link", options="Target Test"),
            field("fetched", fetch_from="target.code", read_only=1),
            field("fetched_text", "Small Text", fetch_from="target.text"),
            field("kept", fetch_from="target.code", fetch_if_empty=1),
            field("item_type", "Link", options="DocType"),
            field("item", "Dynamic Link", options="item_type"),
            field("stars", "Rating"),
            field("code", "Code", options="Python"),
        ],
    )


def make(doctype, **values):
    return frappe.get_doc({"doctype": doctype, "title": "a", **values}).insert()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": None}, frappe.MandatoryError),
        ({"title": "  "}, frappe.MandatoryError),
        ({"kind": "C"}, frappe.ValidationError),
        ({"short": "123456"}, frappe.CharacterLengthExceededError),
        ({"title": "x" * 141}, frappe.CharacterLengthExceededError),
        ({"amount": 2**31}, frappe.CharacterLengthExceededError),
        ({"amount": -1}, frappe.NonNegativeError),
        ({"mail": "nobody"}, frappe.InvalidEmailAddressError),
        ({"phone": "abc"}, frappe.InvalidPhoneNumberError),
        ({"address": "not a url"}, frappe.ValidationError),
        ({"target": "nothing"}, frappe.LinkValidationError),
        ({"item_type": "Target Test", "item": "nothing"}, frappe.LinkValidationError),
        ({"item": "x"}, frappe.ValidationError),
        ({"title": ["a"]}, frappe.ValidationError),
        ({"code": "def ("}, frappe.ValidationError),
    ],
)
def test_refused(strict, values, error):
    with pytest.raises(error):
        make(strict, **values)


def test_accepted(strict):
    doc = make(
        strict,
        kind=" A ",
        short="12345",
        mail="someone@example.com",
        phone="+86 10 1234 5678",
        address="https://example.com",
        stars=3,
        code="x = 1",
    )
    assert doc.kind == "A"
    assert doc.stars == 1


def test_ignore_flags(strict):
    frappe.get_doc(doctype=strict, target="nothing").insert(ignore_mandatory=True, ignore_links=True)


def test_unique_values(strict):
    make(strict, key="k")
    with pytest.raises(frappe.UniqueValidationError):
        make(strict, key="k")
    make(strict, key="")
    make(strict, key="")
    make(strict)
    doc = make(strict, key="l")
    doc.key = "k"
    with pytest.raises(frappe.UniqueValidationError):
        doc.save()


def test_duplicate_name(strict):
    make("Target Test", code="t")
    with pytest.raises(frappe.DuplicateEntryError):
        make("Target Test", code="t")
    frappe.get_doc(doctype="Target Test", code="t").insert(ignore_if_duplicate=True)


def test_set_only_once(strict):
    doc = make(strict, once="x")
    doc.once = "y"
    with pytest.raises(frappe.CannotChangeConstantError):
        doc.save()
    doc.reload()
    doc.title = "b"
    doc.save()


def test_fetch_from(strict):
    make("Target Test", code="f1", text="<p>one <b>two</b></p>")
    make("Target Test", code="f2")
    doc = make(strict, target="f1", kept="mine")
    assert (doc.fetched, doc.kept, doc.fetched_text) == ("f1", "mine", "one two")
    doc.target = "f2"
    doc.save()
    assert (doc.fetched, doc.kept) == ("f2", "mine")


def test_messages_name_field_and_value(strict):
    with pytest.raises(frappe.LinkValidationError, match="Target: nothing"):
        make(strict, target="nothing")
    with pytest.raises(frappe.MandatoryError, match="title"):
        make(strict, title=None)
