"""Names of Frappe's `frappe.utils.html_utils` that are answered."""

from frappe.utils._strings import escape_html, sanitize_html

__all__ = ["clean_html", "escape_html", "sanitize_html"]


def clean_html(html):
    """HTML with nothing but simple formatting."""
    if not isinstance(html, str):
        return html
    import nh3

    tags = {"div", "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "a",
            "table", "thead", "tbody", "td", "tr"}  # fmt: skip
    return nh3.clean(html.strip(), tags=tags, attributes={"*": set()}, link_rel=None)
