"""Text: translation at the call, JSON, identifiers, random names."""

import json
import math
import secrets


def as_unicode(text, encoding: str = "utf-8") -> str:
    """Text of anything; None becomes empty."""
    if isinstance(text, str):
        return text
    if text is None:
        return ""
    return str(text, encoding) if isinstance(text, bytes) else str(text)


def _(msg: str, lang: str | None = None, context: str | None = None) -> str:
    """The message in the current language (or `lang`), or itself where no translation is known."""
    from frappe import local
    from frappe.translate import get_all_translations

    if "lang" not in local.__dict__:
        local.lang = lang or "en"
    lang = lang or local.lang

    key = msg
    if isinstance(key, str) and "<" in key:
        from frappe.utils import is_html, strip_html_tags

        if is_html(key):
            key = strip_html_tags(key)
    key = as_unicode(key).strip()

    translations = get_all_translations(lang)
    if context:
        translated = translations.get(f"{key}:{context}")
        if translated:
            return translated
    return translations.get(key) or msg


def _lt(msg: str, lang: str | None = None, context: str | None = None):
    """A text that is translated when it is used, for module level."""
    from frappe.types.lazytranslatedstring import _LazyTranslate

    return _LazyTranslate(msg, lang, context)


def scrub(txt) -> str:
    """`Sales Order` → `sales_order`."""
    return as_unicode(txt).replace(" ", "_").replace("-", "_").lower()


def unscrub(txt: str) -> str:
    """`sales_order` → `Sales Order`."""
    return txt.replace("_", " ").replace("-", " ").title()


def generate_hash(txt: str | None = None, length: int = 56) -> str:
    """Random hexadecimal text of the given length; `txt` is ignored, as in Frappe."""
    length = length or 56
    return secrets.token_hex(math.ceil(length / 2))[:length]


def as_json(obj, indent=1, separators=None, ensure_ascii=True) -> str:
    """JSON with sorted keys; dates and decimals as Frappe writes them."""
    from frappe.utils.response import json_handler

    options = {
        "indent": indent,
        "default": json_handler,
        "separators": separators or (",", ": "),
        "ensure_ascii": ensure_ascii,
    }
    try:
        return json.dumps(obj, sort_keys=True, **options)
    except TypeError:
        # Keys of several types cannot be compared: sort them by their text instead.
        return json.dumps(dict(sorted(obj.items(), key=lambda item: str(item[0]))), **options)


def parse_json(val):
    """A JSON text as Python (dicts as `_dict`); anything else as it is."""
    from frappe.utils import parse_json

    return parse_json(val)


def safe_encode(param, encoding="utf-8"):
    try:
        return param.encode(encoding)
    except Exception:
        return param


def safe_decode(param, encoding="utf-8", fallback_map: dict | None = None):
    """Bytes as text; what cannot be decoded is returned as it is."""
    try:
        return param.decode(encoding)
    except LookupError:
        try:
            return param.decode((fallback_map or {}).get(encoding, "utf-8"))
        except Exception:
            return param
    except Exception:
        return param
