"""Translations: the apps' `translations/<lang>.csv`, overlaid with what Translation documents say."""

import csv
import functools
import os

import frappe

MERGED_TRANSLATION_KEY = "merged_translations"
USER_TRANSLATION_KEY = "lang_user_translations"


@functools.lru_cache
def get_parent_language(lang: str) -> str | None:
    """`zh-TW` → `zh`; None for a language that has no parent."""
    for separator in ("_", "-"):
        if separator in lang:
            return lang.split(separator)[0]
    return None


def get_user_lang(user: str | None = None) -> str:
    """Language of the user, else of the site, else the present one."""
    user = user or frappe.session.user
    return (
        frappe.get_cached_value("User", user, "language")
        or frappe.db.get_default("lang")
        or frappe.local.lang
        or "en"
    )


def get_language() -> str:
    """Language of the request: the `_lang` of its form, a guest's cookie, what the browser prefers; else the
    site's."""
    request = frappe.local.get("request")
    if request:
        wanted = [frappe.local.form_dict.get("_lang"), request.cookies.get("preferred_language")]
        if "Accept-Language" in request.headers:
            wanted += request.accept_languages.values()
        for language in filter(None, wanted):
            for candidate in (str(language), get_parent_language(str(language))):
                if candidate in get_languages():
                    return candidate
    return frappe.db.get_default("lang") or frappe.local.conf.lang or "en"


def get_languages() -> set[str]:
    """Codes of the languages that the site has switched on."""

    def read():
        return frappe.get_all("Language", filters={"enabled": 1}, pluck="name")

    return set(frappe.cache.get_value("languages", read)) | {"en", frappe.db.get_default("lang") or "en"}


def set_default_language(lang: str) -> None:
    """Make `lang` the site's language."""
    if frappe.db.get_default("lang") != lang:
        frappe.db.set_default("lang", lang)
    frappe.local.lang = lang


def get_all_translations(lang: str) -> dict[str, str]:
    """Everything translated into `lang`: text → translation, `text:context` where there is a context.

    A derived language (`zh-TW`) starts from its parent (`zh`). Documents win over the apps' files.
    """
    if not lang or not frappe.local.get("site_path"):
        return {}

    def merge():
        translations = get_translations_from_apps(lang)
        if not frappe.flags.in_install_db:
            for language in filter(None, (get_parent_language(lang), lang)):
                translations.update(get_user_translations(language))
        return translations

    return frappe.cache.hget(MERGED_TRANSLATION_KEY, lang, generator=merge)


def get_translations_from_apps(lang: str, apps=None) -> dict[str, str]:
    """What the files of the apps (all installed ones by default) say in `lang` and its parent."""
    translations: dict = {}
    parent = get_parent_language(lang)
    if parent:
        translations.update(get_translations_from_apps(parent, apps))
    for app in apps or frappe.get_installed_apps(_ensure_on_bench=True):
        translations.update(get_translations_from_csv(lang, app))
    return translations


def get_translations_from_csv(lang: str, app: str) -> dict[str, str]:
    path = os.path.join(frappe.get_app_path(app, "translations"), f"{lang}.csv")
    return get_translation_dict_from_file(path, lang, app)


def get_translation_dict_from_file(path, lang, app, throw: bool = False) -> dict[str, str]:
    """Rows `source,translation[,context]` of a CSV file; rows of another length are logged (or thrown)."""
    translations: dict = {}
    if not os.path.exists(path):
        return translations
    with open(path, encoding="utf-8", newline="") as handle:
        for row in csv.reader(handle):
            if len(row) == 3 and row[2]:
                translations[f"{row[0]}:{row[2]}"] = frappe.utils.strip(row[1])
            elif len(row) in (2, 3):
                translations[row[0]] = frappe.utils.strip(row[1])
            elif row:
                message = f"Bad translation in '{app}' for language '{lang}': {row}"
                frappe.log_error(message=message, title="Error in translation file")
                if throw:
                    frappe.throw(message, title="Error in translation file")
    return translations


def get_user_translations(lang: str) -> dict[str, str]:
    """What Translation documents say; empty where that DocType is not there."""

    def read():
        if not frappe.db or not frappe.db.table_exists("Translation"):
            return {}
        rows = frappe.get_all(
            "Translation", fields=["source_text", "translated_text", "context"], filters={"language": lang}
        )
        return {
            f"{row.source_text}:{row.context}" if row.context else row.source_text: row.translated_text
            for row in rows
        }

    return frappe.cache.hget(USER_TRANSLATION_KEY, lang, generator=read)


def clear_cache() -> None:
    frappe.cache.delete_value(["bootinfo", USER_TRANSLATION_KEY, MERGED_TRANSLATION_KEY])


class print_language:
    """Context manager: everything inside is said in another language."""

    def __init__(self, language: str):
        self.language = language

    def __enter__(self):
        self.before = frappe.local.lang
        if self.language:
            frappe.local.lang = self.language
        frappe.local.jenv = None

    def __exit__(self, *_exc):
        frappe.local.lang = self.before
        frappe.local.jenv = None


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.translate.{name}")
