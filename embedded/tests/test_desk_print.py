"""Printing: the standard layout, Print Formats, letter heads, and PDF files with Chinese in them."""

import json

import pytest
from desk_data import EDITOR, READER, STRANGER, call, make_doc, make_world


@pytest.fixture
def frappe(frappe_site):
    make_world()
    make_doc(
        "p1",
        unit="u1",
        subject="噪声 <b>&",
        notes="one\ntwo",
        secret="hidden",
        rows=[{"what": "第一行", "n": 1, "hush": "hidden"}],
    )
    return frappe_site


def html(name="p1", **options):
    from frappe.www.printview import get_html_and_style

    return get_html_and_style("DK Doc", name, **options)["html"]


def make_format(**values):
    import frappe

    return frappe.get_doc(
        {"doctype": "Print Format", "name": "DK Format", "doc_type": "DK Doc", "standard": "No",
         "custom_format": 1, **values}
    ).insert()  # fmt: skip


def test_the_standard_layout(frappe):
    page = html()
    assert "噪声 &lt;b&gt;&amp;" in page and "One" in page and "one<br>two" in page
    assert "第一行" in page and "hidden" in page and 'data-fieldname="rows"' in page
    assert "DRAFT" in page
    frappe.set_user(READER)
    assert "hidden" not in html() and "第一行" in html()


def test_unsaved_documents_print_too(frappe):
    from frappe.www.printview import get_html_and_style

    doc = frappe.new_doc("DK Doc", subject="Not yet").as_dict()
    assert "Not yet" in get_html_and_style(frappe.as_json(doc))["html"]
    # made-up links show no titles of what the user may not read
    frappe.get_doc(doctype="User Permission", user=EDITOR, allow="DK Unit", for_value="u2").insert()
    frappe.set_user(EDITOR)
    assert "Two" in get_html_and_style(frappe.as_json({**doc, "unit": "u2"}))["html"]
    with pytest.raises(frappe.PermissionError):
        get_html_and_style(frappe.as_json({**doc, "unit": "u1"}))
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        get_html_and_style(frappe.as_json(doc))


def test_print_formats(frappe):
    make_format(html="<p>{{ doc.name }} {{ doc.secret }} {{ _('Subject') }}</p>", css=".mine {}")
    from frappe.www.printview import get_html_and_style

    answer = get_html_and_style("DK Doc", "p1", print_format="DK Format")
    assert answer["html"] == "<p>p1 hidden Subject</p>" and ".mine {}" in answer["style"]
    frappe.set_user(READER)
    assert html(print_format="DK Format") == "<p>p1 None Subject</p>"
    assert "About" not in html(print_format="No Such Format") and "p1" in html(print_format="No Such Format")


def test_arranged_fields(frappe):
    fields = [{"fieldname": "print_heading_template", "options": "<h1>{{ doc.name }}!</h1>"},
              {"fieldtype": "Section Break", "label": "S"},
              {"fieldname": "unit", "label": "Where"}]  # fmt: skip
    make_format(custom_format=0, format_data=json.dumps(fields), show_section_headings=1)
    page = html(print_format="DK Format")
    assert "<h1>p1!</h1>" in page and "Where" in page and "噪声" not in page and "<h4>S</h4>" in page


def test_formats_are_checked_and_kept_from_writing(frappe):
    with pytest.raises(frappe.ValidationError):
        make_format(html="{% if %}")
    with pytest.raises(frappe.MandatoryError):
        make_format(html="")
    make_format(html="{{ doc.__class__.__mro__ }}")
    with pytest.raises(frappe.ValidationError, match="unsafe"):
        html(print_format="DK Format")
    frappe.set_user(EDITOR)
    with pytest.raises(frappe.PermissionError):
        frappe.get_doc("Print Format", "DK Format").save()


def test_who_may_print(frappe):
    from frappe.utils.print_format import download_multi_pdf, download_pdf

    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        html()
    for ask in (
        lambda: download_pdf("DK Doc", "p1"),
        lambda: download_multi_pdf("DK Doc", '["p1"]'),
        lambda: frappe.get_print("DK Doc", "p1"),
    ):
        with pytest.raises(frappe.DoesNotExistError):
            ask()


def test_drafts_and_cancelled_documents(frappe):
    settings = frappe.get_single("Print Settings")
    settings.allow_print_for_draft = 0
    settings.save()
    with pytest.raises(frappe.PermissionError):
        html()
    doc = frappe.get_doc("DK Doc", "p1").submit()
    assert "DRAFT" not in html()
    doc.cancel()
    with pytest.raises(frappe.PermissionError):
        html()
    make_doc("p3")
    with pytest.raises(frappe.PermissionError):
        html("p3", settings='{"allow_print_for_draft": 1}')
    settings.allow_print_for_draft = 1
    settings.save()


def test_letter_heads(frappe):
    head = {"doctype": "Letter Head", "content": "<i>{{ doc.name }} above</i>", "footer": "below"}
    frappe.get_doc({**head, "letter_head_name": "DK Head", "is_default": 1}).insert()
    frappe.get_doc({**head, "letter_head_name": "DK Other", "content": "other"}).insert()
    page = html()
    assert "<i>p1 above</i>" in page and "below" in page
    assert "above" not in html(no_letterhead=1) and "other" in html(letterhead="DK Other")
    assert frappe.get_all("Letter Head", {"is_default": 1}, pluck="name") == ["DK Head"]


def test_pages(frappe):
    page = frappe.get_print("DK Doc", "p1")
    assert page.startswith("<!DOCTYPE html>") and "<style>" in page and "噪声" in page
    attached = frappe.attach_print("DK Doc", "p1", html="<p>x</p>", file_name="a b/c")
    assert attached["fname"] == "ab-c.pdf" and attached["fcontent"].startswith(b"%PDF")


def test_pdf_files_have_chinese_and_fetch_nothing_foreign(frappe):
    from frappe.utils.print_format import download_multi_pdf

    make_doc("p2", subject="第二份")
    make_format(
        html="<p>{{ doc.subject | e }}</p><img src='http://example.invalid/x.png'><img src='file:///etc/passwd'>"
    )
    frappe.set_user(READER)
    frappe.local.response = frappe._dict(docs=[])
    download_multi_pdf("DK Doc", '["p1", "p2"]', format="DK Format")
    response = frappe.local.response
    assert (response.filename, response.type) == ("DK-Doc.pdf", "pdf")
    assert response.filecontent.startswith(b"%PDF") and len(response.filecontent) > 5000
    with pytest.raises(frappe.ValidationError):
        download_multi_pdf("DK Doc", "[]")


def test_files_that_pages_refer_to(frappe):
    from frappe.utils.pdf import read_own_file

    with open(frappe.get_site_path("public", "files", "dk.txt"), "wb") as out:
        out.write(b"public")
    private = frappe.get_doc(
        doctype="File", file_name="dk-own.txt", content=b"private", is_private=1
    ).insert()
    address = f"http://site.invalid{private.file_url}"
    assert read_own_file("http://site.invalid/files/dk.txt") == (b"public", "text/plain")
    assert read_own_file(address)[0] == b"private"
    frappe.set_user(STRANGER)
    for url in (
        address,
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "http://site.invalid/files/../../site_config.json",
        "http://site.invalid/files/%2e%2e/%2e%2e/site_config.json",
        "http://site.invalid/private/backups/x",
    ):
        with pytest.raises(ValueError, match="not fetched"):
            read_own_file(url)
    frappe.set_user("Administrator")
    private.delete()


def test_raw_printing(frappe):
    from frappe.www.printview import get_rendered_raw_commands

    make_format(raw_printing=1, raw_commands="^XA{{ doc.name }}^XZ")
    assert get_rendered_raw_commands("DK Doc", "p1", "DK Format") == {"raw_commands": "^XAp1^XZ"}
    with pytest.raises(frappe.TemplateNotFoundError):
        call(get_rendered_raw_commands, "DK Doc", "p1")
