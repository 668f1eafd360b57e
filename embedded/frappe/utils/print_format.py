"""Printed documents as pages and as PDF files."""

import json

import frappe
from frappe import _
from frappe.translate import print_language
from frappe.utils import cint, cstr
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_page, validate_print_permission

_AT_ONCE = 200


def get_print(
    doctype=None, name=None, print_format=None, style=None, as_pdf=False, doc=None, output=None,
    no_letterhead=0,
    password=None, pdf_options=None, letterhead=None,
):  # fmt: skip
    """The print of a document as a page, or (`as_pdf`) as the bytes of a PDF.

    Raises DoesNotExistError if the document may not be read, PermissionError as Print Settings have it.
    """
    document = _document(doctype, name, doc)
    html = get_page(
        document, print_format, style=style, no_letterhead=no_letterhead, letterhead=letterhead
    )  # fmt: skip
    if not as_pdf:
        return html
    options = dict(pdf_options or {})
    if password:
        options["password"] = password
    return get_pdf(html, options=options, output=output)


def _document(doctype, name, doc):
    if doc is None:
        return frappe.get_doc(doctype, name)
    if hasattr(doc, "doctype"):
        return doc
    from frappe.api.documents import received

    return received(doc)


def attach_print(
    doctype, name, file_name=None, print_format=None, style=None, html=None, doc=None, lang=None,
    print_letterhead=True, password=None, letterhead=None,
) -> dict:  # fmt: skip
    """{fname, fcontent} to attach to a mail: a PDF, or a page where Print Settings send no PDF.

    It is the program that attaches, so the session's user need not be allowed to print.
    """
    frappe.flags.ignore_print_permissions = True
    try:
        with print_language(lang or frappe.local.lang):
            html = html or get_print(
                doctype,
                name,
                print_format=print_format,
                style=style,
                doc=doc,
                no_letterhead=not print_letterhead,
                letterhead=letterhead,
            )
            as_pdf = cint(frappe.db.get_single_value("Print Settings", "send_print_as_pdf"))
            options = {"password": password} if password else None
            content = get_pdf(html, options=options) if as_pdf else html.encode()
    finally:
        frappe.flags.ignore_print_permissions = False
    fname = cstr(file_name or name).replace(" ", "").replace("/", "-")
    return {"fname": fname + (".pdf" if as_pdf else ".html"), "fcontent": content}


@frappe.whitelist(allow_guest=True)
def download_pdf(
    doctype: str,
    name: str,
    format: str | None = None,
    doc: str | dict | None = None,
    no_letterhead: int | str = 0,
    language: str | None = None,
    letterhead: str | None = None,
) -> None:
    """The PDF of a document that the user may read. Another's document looks like one that is not there."""
    document = _document(doctype, name, frappe.parse_json(doc) if doc else None)
    validate_print_permission(document)
    with print_language(language):
        content = get_print(
            doctype,
            name,
            format,
            doc=document,
            as_pdf=True,
            letterhead=letterhead,
            no_letterhead=no_letterhead,
        )
    _answer(name, content)


@frappe.whitelist()
def download_multi_pdf(
    doctype: str | dict,
    name: str | list,
    format: str | None = None,
    no_letterhead: bool | int | str = False,
    letterhead: str | None = None,
    options: str | dict | None = None,
) -> None:
    """Several documents in one PDF: `name` is a JSON list of names of one DocType, or `doctype` is
    {DocType: [names]} and `name` the file's name. Up to 200; each must be readable."""
    if isinstance(doctype, str) and doctype.startswith("{"):
        doctype = json.loads(doctype)
    if isinstance(doctype, dict):
        wanted = [(dt, each) for dt, names in doctype.items() for each in names]
        title = cstr(name)
    else:
        wanted = [(doctype, each) for each in (json.loads(name) if isinstance(name, str) else name)]
        title = doctype
    if not 0 < len(wanted) <= _AT_ONCE:
        frappe.throw(_("Print between 1 and {0} documents at once").format(_AT_ONCE))
    pages = [
        get_print(dt, each, format, no_letterhead=no_letterhead, letterhead=letterhead) for dt, each in wanted
    ]
    _answer(title, get_pdf(pages, options=json.loads(options) if isinstance(options, str) else options))


@frappe.whitelist()
def report_to_pdf(html: str, orientation: str = "Landscape") -> None:
    """A page that the desk made of a report, as PDF."""
    from frappe.core.doctype.access_log.access_log import make_access_log

    make_access_log(file_type="PDF", method="PDF", page=html)
    _answer("report", get_pdf(html, {"orientation": orientation}))


def _answer(title: str, content: bytes) -> None:
    frappe.response["filename"] = f"{title.replace(' ', '-').replace('/', '-')}.pdf"
    frappe.response["filecontent"] = content
    frappe.response["type"] = "pdf"
