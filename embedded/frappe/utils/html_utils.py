"""Names of Frappe's `frappe.utils.html_utils` that are answered."""

from frappe.utils._strings import _is_json as is_json
from frappe.utils._strings import escape_html, sanitize_html

__all__ = ["clean_html", "escape_html", "is_json", "sanitize_html", "unescape_html"]


def clean_html(html):
    """HTML with nothing but simple formatting."""
    if not isinstance(html, str):
        return html
    import nh3

    tags = {"div", "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "a",
            "table", "thead", "tbody", "td", "tr"}  # fmt: skip
    return nh3.clean(html.strip(), tags=tags, attributes={"*": set()}, link_rel=None)


def unescape_html(value: str) -> str:
    from html import unescape

    return unescape(value)
