"""Texts: HTML, lists in words, JSON, hashes."""

import hashlib
import json
import re
from urllib.parse import quote

import frappe

HTML_TAG_PATTERN = re.compile("<[^>]+>")
HTML_TAGS_PATTERN = re.compile(r"<[^>]*>")
_HTML_AND_COMMENTS = re.compile(r"(<!--.*?-->|<[^>]*>)")
_ENTITIES = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"})
_ATTRIBUTES = {"class", "style", "id", "title", "align", "dir", "lang"}
_STYLE_PROPERTIES = {
    "background-color", "border", "color", "font-family", "font-size", "font-style", "font-weight", "height",
    "line-height", "margin", "padding", "text-align", "text-decoration", "vertical-align", "width",
}  # fmt: skip


def is_html(text) -> bool:
    """Whether a text holds anything in angle brackets."""
    return isinstance(text, str) and bool(HTML_TAG_PATTERN.search(text))


def strip_html(text: str) -> str:
    """The text without tags and comments."""
    return _HTML_AND_COMMENTS.sub("", text)


def strip_html_tags(text: str) -> str:
    return HTML_TAGS_PATTERN.sub("", text)


def escape_html(text):
    return text.translate(_ENTITIES) if isinstance(text, str) else text


def sanitize_html(html, linkify: bool = False, always_sanitize: bool = False):
    """HTML without scripts and handlers. Plain text and JSON stay as they are unless `always_sanitize`."""
    if linkify:
        raise NotImplementedError("frappe.utils.sanitize_html(linkify=True)")
    if not isinstance(html, str):
        return html
    if not always_sanitize and (_is_json(html) or not re.search(r"<[a-zA-Z!/?]", html)):
        return html
    import nh3

    return nh3.clean(
        html,
        url_schemes={"cid", "http", "https", "mailto"},
        generic_attribute_prefixes={"data-"},
        attributes={**nh3.ALLOWED_ATTRIBUTES, "a": {"href", "hreflang", "target"}, "*": _ATTRIBUTES},
        filter_style_properties=_STYLE_PROPERTIES,
        link_rel=None,
    )


def _is_json(text) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def strip(val, chars: str | None = None) -> str:
    """As str.strip, also of zero-width spaces and byte order marks anywhere."""
    return (val or "").replace("\ufeff", "").replace("\u200b", "").strip(chars)


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def get_abbr(string: str, max_len: int = 2) -> str:
    """First letters of the words, at most `max_len`."""
    return "".join(part[0] for part in string.split(" ") if part)[: max(max_len, 0)] or "?"


def comma_or(some_list, add_quotes=True):
    return comma_sep(some_list, frappe._("{0} or {1}"), add_quotes)


def comma_and(some_list, add_quotes=True):
    return comma_sep(some_list, frappe._("{0} and {1}"), add_quotes)


def comma_sep(some_list, pattern: str, add_quotes=True):
    """A list in words by a pattern such as `{0} and {1}`; what is no list is returned as it is."""
    if not isinstance(some_list, (list, tuple)):
        return some_list
    texts = [str(item) for item in some_list]
    if len(texts) < 2:
        return texts[0] if texts else ""
    if add_quotes:
        texts = [f"'{text}'" for text in texts]
    return pattern.format(", ".join(frappe._(text) for text in texts[:-1]), texts[-1])


def new_line_sep(some_list):
    if not isinstance(some_list, (list, tuple)):
        return some_list
    return "\n ".join(str(item) for item in some_list)


def filter_strip_join(some_list, sep: str) -> str:
    return frappe.as_unicode(sep).join(frappe.as_unicode(item).strip() for item in filter(None, some_list))


def get_string_between(start: str, string: str, end: str) -> str:
    if not string:
        return ""
    match = re.search(f"{start}(.*){end}", string)
    return match.group(1) if match else string


def encode(obj, encoding: str = "utf-8"):
    if isinstance(obj, list):
        return [item.encode(encoding) if isinstance(item, str) else item for item in obj]
    return obj.encode(encoding) if isinstance(obj, str) else obj


def quoted(url) -> str:
    return quote(frappe.as_unicode(url).encode(), safe=b"~@#$&()*!+=:;,.?/'")


def generate_hash(*args, **kwargs) -> str:
    return frappe.generate_hash(*args, **kwargs)


def sha256_hash(input) -> str:
    return hashlib.sha256(input.encode() if isinstance(input, str) else input).hexdigest()


def validate_json_string(string: str) -> None:
    try:
        json.loads(string)
    except (TypeError, ValueError):
        raise frappe.ValidationError from None


def unique(seq) -> list:
    """The elements in their order, each once."""
    return list(dict.fromkeys(seq))


def has_common(l1, l2):
    """The common elements: truthy if there are any."""
    return set(l1) & set(l2)


def is_subset(list_a, list_b) -> bool:
    return len(set(list_a) & set(list_b)) == len(list_a)


def dict_with_keys(dict, keys):
    return {key: dict[key] for key in dict if key in keys}


def md_to_html(markdown_text: str | None) -> str | None:
    """HTML of Markdown with tables, fenced code and anchors at headings; None where it cannot be read."""
    from markdown2 import MarkdownError, markdown

    extras = {
        "fenced-code-blocks": None,
        "tables": None,
        "header-ids": None,
        "toc": None,
        "highlightjs-lang": None,
        "html-classes": {"table": "table table-bordered", "img": "screenshot"},
    }
    try:
        return markdown(markdown_text or "", extras=extras)
    except MarkdownError:
        return None


def markdown(markdown_text: str | None) -> str | None:
    """The same under its other name."""
    return md_to_html(markdown_text)
