"""Pages as PDF, by WeasyPrint (BSD): a renderer of HTML and CSS without a browser.

It needs the Pango library of the system, and for Chinese any CJK font (both are Debian packages:
libpango-1.0-0, libpangoft2-1.0-0, fonts-noto-cjk).
"""

import os
import re
from mimetypes import guess_type
from urllib.parse import unquote, urlparse

import frappe
from frappe import _
from frappe.utils import cint, flt

_BASE_URL = "http://site.invalid/"
_SIZE = re.compile(r"^(A\d|B\d|Legal|Letter)$", re.IGNORECASE)


def get_pdf(html: str | list[str], options: dict | None = None, output=None) -> bytes:
    """A page, or several one after the other, as PDF.

    options: `page-size` ("A4"), `orientation` ("Landscape"), `margin-top` … ("15mm"). Pictures come only from
    the site's own files, those of others only if the user may read them; nothing is fetched from elsewhere.
    """
    options = options or {}
    if output is not None or options.get("password"):
        raise NotImplementedError("frappe.utils.pdf.get_pdf(output, password)")
    weasyprint = _weasyprint()
    style = weasyprint.CSS(string=_page_style(options))
    pages = html if isinstance(html, list) else [html]
    rendered = [
        weasyprint.HTML(string=page, base_url=_BASE_URL, url_fetcher=_fetcher()).render(stylesheets=[style])
        for page in pages
    ]
    everything = rendered[0]
    if len(rendered) > 1:
        everything = everything.copy([page for document in rendered for page in document.pages])
    return everything.write_pdf()


def _weasyprint():
    try:
        import weasyprint
    except OSError as error:
        frappe.throw(_("PDF needs the Pango library: {0}").format(error))
    return weasyprint


def _page_style(options: dict) -> str:
    """Paper, margins and page numbers."""
    settings = frappe.get_single("Print Settings")
    size = options.get("page-size") or settings.pdf_page_size or "A4"
    if size == "Custom":
        size = f"{flt(settings.pdf_page_width) or 210}mm {flt(settings.pdf_page_height) or 297}mm"
    elif not _SIZE.match(size):
        frappe.throw(_("Unknown page size {0}").format(size))
    if str(options.get("orientation", "")).lower() == "landscape":
        size += " landscape"
    margins = []
    for side in ("top", "right", "bottom", "left"):
        value = str(options.get(f"margin-{side}") or "15mm")
        if not re.match(r"^\d+(\.\d+)?(mm|cm|in|px|pt)$", value):
            frappe.throw(_("Unknown margin {0}").format(value))
        margins.append(value)
    numbers = ""
    if cint(settings.repeat_header_footer):
        numbers = '@bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; }'
    return f"@page {{ size: {size}; margin: {' '.join(margins)}; {numbers} }}"


def _fetcher():
    """WeasyPrint's way to what a page refers to: only data in the address itself, and `read_own_file`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            content, kind = read_own_file(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFiles(allowed_protocols=("data",), allow_redirects=False)


def read_own_file(url: str) -> tuple[bytes, str]:
    """(content, MIME type) of a file of this site that the user may read. Raises ValueError for any other."""
    parsed = urlparse(url)
    own = (urlparse(_BASE_URL).netloc, urlparse(frappe.utils.get_url()).netloc)
    path = unquote(parsed.path)
    kind = guess_type(path)[0] or "application/octet-stream"
    if parsed.netloc not in own or parsed.scheme not in ("http", "https"):
        raise ValueError(f"not fetched: {url}")
    if path.startswith("/files/"):
        return _public_file(path), kind
    name = path.startswith("/private/files/") and frappe.db.get_value("File", {"file_url": path})
    file = frappe.get_doc("File", name) if name else None
    if not file or not file.is_downloadable():
        raise ValueError(f"not fetched: {url}")
    return _bytes(file.get_content()), kind


def _bytes(content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _public_file(path: str) -> bytes:
    folder = os.path.realpath(frappe.get_site_path("public", "files"))
    file = os.path.realpath(frappe.get_site_path("public", path.lstrip("/")))
    if os.path.commonpath([folder, file]) != folder:
        raise ValueError(f"not fetched: {path}")
    with open(file, "rb") as handle:
        return handle.read()
