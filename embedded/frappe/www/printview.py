"""Documents as they are printed: the standard layout of a DocType, or a Print Format's own template."""

import json
import os

import frappe
from frappe import _
from frappe.request_arguments import as_dict
from frappe.utils import cint, cstr, escape_html, sbool, strip_html
from frappe.www.print_layout import field_value, make_layout, visible_columns

STANDARD_TEMPLATE = "templates/print_formats/standard.html"
_DEFAULT_FONT = (
    '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Helvetica Neue", Arial, '
    '"Noto Serif CJK SC", sans-serif'
)


@frappe.whitelist()
def get_html_and_style(
    doc: str,
    name: str | None = None,
    print_format: str | None = None,
    no_letterhead: bool | int | str | None = None,
    letterhead: str | None = None,
    trigger_print: bool | int | str = False,
    style: str | None = None,
    settings: str | dict | None = None,
) -> dict:
    """{html, style} of a stored document (`doc` its DocType, `name`) or of an unsaved one (`doc` its JSON).

    html is None if the Print Format has no template. Raises PermissionError.
    """
    document = _document(doc, name)
    document.check_permission("read")
    format_doc = get_print_format_doc(print_format, document.meta)
    try:
        html = get_rendered_template(
            document,
            print_format=format_doc,
            no_letterhead=no_letterhead,
            letterhead=letterhead,
            trigger_print=trigger_print,
            settings=as_dict(settings or {}),
        )
    except frappe.TemplateNotFoundError:
        frappe.clear_last_message()
        html = None
    return {"html": html, "style": get_print_style(style, format_doc)}


@frappe.whitelist()
def get_rendered_raw_commands(doc: str, name: str | None = None, print_format: str | None = None) -> dict:
    """{raw_commands} of a Print Format for raw printing. Raises PermissionError, TemplateNotFoundError."""
    document = _document(doc, name)
    document.check_permission("read")
    format_doc = get_print_format_doc(print_format, document.meta)
    if not format_doc or not format_doc.raw_printing:
        frappe.throw(
            _("{0} is not a raw printing format.").format(print_format), frappe.TemplateNotFoundError
        )
    return {"raw_commands": get_rendered_template(document, print_format=format_doc)}


def _document(doc: str, name: str | None):
    if name is not None:
        return frappe.get_doc(doc, name)
    from frappe.api.documents import received

    document = received(doc)
    document.flags.from_client = True
    return document


def get_page(document, print_format=None, **options) -> str:
    """A whole page with the document's print, as the browser and the PDF have it.

    options: style, no_letterhead, letterhead, trigger_print, settings. Raises as `get_rendered_template`.
    """
    format_doc = get_print_format_doc(print_format, document.meta)
    style = options.pop("style", None)
    body = get_rendered_template(document, print_format=format_doc, **options)
    return frappe.get_template("www/printview.html").render(
        body=body,
        print_style=get_print_style(style, format_doc),
        title=escape_html(strip_html(cstr(document.get_title() or document.name))),
        lang=frappe.local.lang,
        print_format=format_doc.name if format_doc else None,
    )


def get_print_format_doc(print_format_name: str | None, meta):
    """The Print Format of that name, else the DocType's default one; None for the standard layout."""
    name = print_format_name or meta.get("default_print_format") or "Standard"
    if name == "Standard" or not frappe.db.exists("Print Format", name):
        return None
    return frappe.get_doc("Print Format", name)


def get_rendered_template(
    doc, print_format=None, meta=None, no_letterhead=None, letterhead=None, trigger_print=False, settings=None
) -> str:
    """A document as HTML, without the page around it.

    Fields above the reader's level are not in it, whatever the template asks for. Raises PermissionError for
    drafts and cancelled documents that Print Settings keep from print, DoesNotExistError if the document may
    not be read.
    """
    print_settings = frappe.get_single("Print Settings").as_dict()
    # What a client wishes otherwise may change the look, not whether a draft is printed.
    print_settings.update({k: v for k, v in (settings or {}).items() if not k.startswith("allow_print_for")})
    if no_letterhead is None:
        no_letterhead = not cint(print_settings.with_letterhead)
    no_letterhead = bool(sbool(no_letterhead))
    if print_format and print_format.doc_type != doc.doctype:
        frappe.throw(_("Print Format {0} is not for {1}").format(print_format.name, _(doc.doctype)))
    if not frappe.flags.ignore_print_permissions:
        validate_print_permission(doc)
        _hide_what_is_above(doc)
    _check_status(doc, print_settings)
    doc.flags.in_print, doc.flags.print_settings = True, print_settings
    doc.run_method("before_print", print_settings)

    template, format_data = _template(doc, print_format)
    heading = None
    if format_data and format_data[0].get("fieldname") == "print_heading_template":
        heading = format_data.pop(0).get("options")
    letter_head = get_letter_head(doc, no_letterhead, letterhead)
    context = {
        "doc": doc,
        "meta": doc.meta,
        "layout": make_layout(doc, doc.meta, format_data),
        "no_letterhead": no_letterhead,
        "trigger_print": cint(sbool(trigger_print)),
        "letter_head": _rendered(letter_head.get("content"), doc),
        "footer": _rendered(letter_head.get("footer"), doc),
        "print_settings": print_settings,
        "print_heading_template": _rendered(heading, doc),
        "print_heading": doc.get("print_heading") or doc.get("select_print_heading") or _(doc.doctype),
        "show_section_headings": bool(print_format and print_format.show_section_headings),
        "line_breaks": bool(print_format and print_format.line_breaks),
        "field_value": field_value,
        "visible_columns": visible_columns,
    }
    html = _render(template, context)
    if context["trigger_print"]:
        html += "<script>window.print();</script>"
    return html


def _render(template, context: dict) -> str:
    """A template that fails, or that reaches for what it may not, is the Print Format's mistake."""
    from jinja2 import TemplateError

    try:
        return template.render(context)
    except TemplateError as error:
        frappe.throw(_("Error in print format: {0}").format(escape_html(cstr(error))))


def _hide_what_is_above(doc) -> None:
    """Empty the fields that the reader may not read; templates that name them find nothing."""
    doc.apply_fieldlevel_read_permissions()
    for each in (doc, *doc.get_all_children()):
        for df in each.meta.get_high_permlevel_fields():
            if each.get(df.fieldname) is None:
                each.set(df.fieldname, None)


def _check_status(doc, print_settings) -> None:
    if not doc.meta.is_submittable:
        return
    if doc.docstatus.is_draft() and not cint(print_settings.allow_print_for_draft):
        frappe.throw(_("Not allowed to print draft documents"), frappe.PermissionError)
    if doc.docstatus.is_cancelled() and not cint(print_settings.allow_print_for_cancelled):
        frappe.throw(_("Not allowed to print cancelled documents"), frappe.PermissionError)


def _template(doc, print_format):
    """(template, fields as the Print Format Builder arranged them or None)."""
    jenv = frappe.get_jenv()
    if print_format and (print_format.custom_format or print_format.raw_printing):
        return jenv.from_string(get_print_format(doc.doctype, print_format)), None
    if print_format and print_format.format_data:
        fields = [frappe._dict(df) for df in json.loads(print_format.format_data)]
        return jenv.get_template(STANDARD_TEMPLATE), fields
    if print_format and print_format.standard == "Yes":
        return jenv.from_string(get_print_format(doc.doctype, print_format)), None
    return jenv.get_template(STANDARD_TEMPLATE), None


def _rendered(template: str | None, doc) -> str | None:
    return frappe.render_template(template, {"doc": doc.as_dict()}) if template else template


def validate_print_permission(doc) -> None:
    """Raise DoesNotExistError, as if it were not there, unless the user may read or print the document."""
    if any(frappe.has_permission(doc.doctype, ptype, doc) for ptype in ("read", "print")):
        return
    frappe.throw(_("{0} {1} not found").format(_(doc.doctype), doc.name), frappe.DoesNotExistError)


def get_letter_head(doc, no_letterhead: bool, letterhead: str | None = None) -> dict:
    """{content, footer} of the Letter Head asked for, named by the document, or default; {} without one."""
    if no_letterhead:
        return {}
    name = letterhead or doc.get("letter_head")
    filters = {"name": name, "disabled": 0} if name else {"is_default": 1, "disabled": 0}
    return frappe.db.get_value("Letter Head", filters, ["content", "footer"], as_dict=True) or {}


def get_print_format(doctype: str, print_format) -> str:
    """The template of a Print Format: the file of its app, else its own. Raises TemplateNotFoundError."""
    if print_format.disabled:
        frappe.throw(
            _("Print Format {0} is disabled").format(print_format.name), frappe.DoesNotExistError
        )  # fmt: skip
    if print_format.standard == "Yes":
        module = print_format.module or frappe.db.get_value("DocType", doctype, "module")
        name = frappe.scrub(print_format.name)
        path = os.path.join(frappe.get_module_path(module), "print_format", name, f"{name}.html")
        if os.path.exists(path):
            return frappe.read_file(path)
    template = print_format.raw_commands if print_format.raw_printing else print_format.html
    if not template:
        frappe.throw(_("No template found for {0}").format(print_format.name), frappe.TemplateNotFoundError)
    return template


def get_print_style(style: str | None = None, print_format=None, for_legacy: bool = False) -> str:
    """The style sheet of a print: the standard one, that of a Print Style, that of the Print Format."""
    settings = frappe.get_single("Print Settings")
    style = style or settings.print_style
    css = frappe.get_template("templates/styles/print.css").render(
        font=get_font(settings, print_format), font_size=settings.font_size or 9, print_settings=settings
    )
    if style and (own := frappe.db.get_value("Print Style", {"name": style, "disabled": 0}, "css")):
        css += f"\n{own}"
    if print_format and print_format.css:
        css += f"\n\n{print_format.css}"
    return css


def get_font(print_settings, print_format=None, for_legacy: bool = False) -> str:
    """Fonts of a print, the preferred first; the default ones know Chinese."""
    for source in (print_format, print_settings):
        if source and source.font and source.font != "Default":
            return f"{source.font}, {_DEFAULT_FONT}"
    return _DEFAULT_FONT
