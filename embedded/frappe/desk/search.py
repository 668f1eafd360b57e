"""Search in Link fields: names, titles and search fields of a DocType that contain what was typed."""

import functools
import inspect
import json
import re

import frappe
from frappe import _, is_whitelisted
from frappe.api.documents import parse
from frappe.handler import is_valid_http_method
from frappe.model.db_query import DatabaseQuery, get_order_by
from frappe.permissions import has_permission
from frappe.utils import cint, cstr, make_filter_tuple, unique

_SEARCHED_TYPES = {
    "Data", "Text", "Small Text", "Long Text", "Link", "Select", "Read Only", "Text Editor",
}  # fmt: skip
_FIELDNAME = re.compile(r"^\w+$")


def sanitize_searchfield(searchfield: str) -> None:
    """Raise DataError unless it is one field's name."""
    if searchfield and not _FIELDNAME.match(searchfield):
        frappe.throw(_("Invalid Search Field {0}").format(searchfield), frappe.DataError)


@frappe.whitelist()
def search_link(
    doctype: str,
    txt: str,
    query: str | None = None,
    filters: str | dict | list | None = None,
    page_length: int = 10,
    searchfield: str | None = None,
    reference_doctype: str | None = None,
    ignore_user_permissions: bool = False,
    link_fieldname: str | None = None,
) -> list[dict]:
    """[{value, description, label?}] of documents that the user may choose in a Link field."""
    found = search_widget(
        doctype,
        txt.strip(),
        query,
        searchfield=searchfield,
        page_length=page_length,
        filters=filters,
        reference_doctype=reference_doctype,
        ignore_user_permissions=ignore_user_permissions,
        link_fieldname=link_fieldname,
    )
    return build_for_autosuggest(found, doctype=doctype)


@frappe.whitelist()
def search_widget(
    doctype: str,
    txt: str,
    query: str | None = None,
    searchfield: str | None = None,
    start: int = 0,
    page_length: int = 10,
    filters: str | None | dict | list = None,
    filter_fields: str | list | None = None,
    as_dict: bool = False,
    reference_doctype: str | None = None,
    ignore_user_permissions: bool = False,
    link_fieldname: str | None = None,
):
    """Rows (name, then title and search fields) that match; `query` names a whitelisted function instead.

    Only documents that the user may select or read; `ignore_user_permissions` counts if the Link field
    `link_fieldname` of `reference_doctype` says so, too. Raises PermissionError.
    """
    filters = parse(filters) if filters else None
    sanitize_searchfield(searchfield)
    searchfield = searchfield or "name"
    if not query:
        standard = (frappe.get_hooks("standard_queries") or {}).get(doctype)
        query = standard[-1] if standard else None
    if query:
        return _ask(
            query, doctype, txt, searchfield, cint(start), page_length, filters,
            as_dict=as_dict, reference_doctype=reference_doctype,
        )  # fmt: skip

    meta = frappe.get_meta(doctype)
    choice = DatabaseQuery(doctype)
    choice.flags.ignore_user_permissions = _is_open(
        doctype, ignore_user_permissions, reference_doctype, link_fieldname
    )
    rows = choice.execute(
        fields=_columns(doctype, meta, searchfield, filter_fields),
        filters=_filters(doctype, meta, filters),
        or_filters=[] if meta.translated_doctype else _containing(doctype, meta, txt),
        limit_start=cint(start),
        # Translated names are matched here, after the query.
        limit_page_length=0 if meta.translated_doctype else page_length,
        order_by=_order(doctype, meta, txt),
        ignore_permissions=doctype == "DocType",
        reference_doctype=reference_doctype,
        as_list=not as_dict,
        strict=False,
    )
    if meta.translated_doctype:
        rows = [row for row in rows if _is_meant(row.values() if as_dict else row, txt)]
    return sorted(rows, key=lambda row: relevance_sorter(row, txt, as_dict))


def _columns(doctype: str, meta, searchfield: str, filter_fields) -> list[str]:
    """Name, title, search fields and those that the client needs to filter by, as SQL."""
    fields = get_std_fields_list(meta, searchfield)
    for name in json.loads(filter_fields) if isinstance(filter_fields, str) else filter_fields or ():
        sanitize_searchfield(name)
        if name not in fields:
            fields.append(name)
    columns = [f"`tab{doctype}`.`{name}`" for name in fields]
    if meta.show_title_field_in_link and meta.title_field:
        columns.insert(1, f"`tab{doctype}`.`{meta.title_field}` as `label`")
    return columns


def _is_meant(values, txt: str) -> bool:
    """Whether a value, translated, contains the text."""
    return any(txt.casefold() in _(cstr(value)).casefold() for value in values if value)


def _ask(query: str, doctype: str, txt: str, *args, **kwargs):
    """What the function of that name finds; an unknown one finds nothing, one that is not open is refused."""
    try:
        method = frappe.get_attr(query)
    except (ImportError, AttributeError, frappe.AppNotInstalledError, frappe.ValidationError):
        frappe.throw(_("Method {0} not found").format(query), frappe.DoesNotExistError)
    is_whitelisted(method)
    if frappe.local.get("request"):
        is_valid_http_method(method)
    return frappe.call(method, doctype, txt, *args, **kwargs)


def _filters(doctype: str, meta, filters) -> list:
    if isinstance(filters, dict):
        filters = [make_filter_tuple(doctype, key, value) for key, value in filters.items()]
    filters = list(filters or [])
    if meta.get("fields", {"fieldname": "enabled", "fieldtype": "Check"}):
        filters.append([doctype, "enabled", "=", 1])
    if meta.get("fields", {"fieldname": "disabled", "fieldtype": "Check"}):
        filters.append([doctype, "disabled", "!=", 1])
    return filters


def _containing(doctype: str, meta, txt: str) -> list:
    """One of the name, the title and the search fields contains the text."""
    if not txt:
        return []
    names = ["name", *([meta.title_field] if meta.title_field else [])]
    names += meta.get_search_fields() if meta.search_fields else []
    levels = meta.get_permlevel_access()

    def is_searched(name):
        df = meta.get_field(name)
        return name == "name" or (
            df and df.fieldtype in _SEARCHED_TYPES and (not df.permlevel or df.permlevel in levels)
        )

    return [[doctype, name, "like", f"%{txt}%"] for name in unique(names) if is_searched(name)]


def _order(doctype: str, meta, txt: str) -> str:
    """Names that contain the text early come first, then what is chosen often, then the DocType's order."""
    order = f"`tab{doctype}`.idx desc, {get_order_by(doctype, meta)}"
    if meta.translated_doctype or not txt:
        return order
    # By its code points the text can be anything and is still no SQL.
    text = f"char({', '.join(str(ord(character)) for character in txt.lower())})"
    return f"ifnull(nullif(locate({text}, lower(`tab{doctype}`.`name`)), 0), 9999), {order}"


def _is_open(doctype: str, ignore_user_permissions, reference_doctype, link_fieldname) -> bool:
    """Whether User Permissions are left aside: DocTypes can be chosen by all, others where a Link field
    says so.

    Frappe takes the client's word for it; here the field's own property decides.
    """
    if doctype == "DocType":
        return True
    if not cint(ignore_user_permissions) or not reference_doctype:
        return False
    if not any(
        df.options == doctype and df.ignore_user_permissions and link_fieldname in (None, df.fieldname)
        for df in frappe.get_meta(reference_doctype).get_link_fields()
    ):
        return False
    ptype = "select" if frappe.only_has_select_perm(doctype) else "read"
    return bool(has_permission(doctype, ptype=ptype, parent_doctype=reference_doctype))


def get_std_fields_list(meta, key: str) -> list[str]:
    """Name, title, the field that is searched in, the search fields; each once."""
    names = ["name", meta.title_field, key, *(meta.search_fields or "").split(",")]
    return unique(name.strip() for name in names if name and name.strip())


def build_for_autosuggest(res: list, doctype: str) -> list[dict]:
    """Rows as a Link field shows them: the value, and beside it the other fields."""
    meta = frappe.get_meta(doctype)

    def described(parts) -> str:
        texts = (_(cstr(part)) if meta.translated_doctype else cstr(part) for part in parts if part)
        return ", ".join(unique(texts))

    if not meta.show_title_field_in_link:
        return [{"value": row[0], "description": described(row[1:])} for row in res]
    out = []
    for row in res:
        row = list(row) if len(row) > 1 else [row[0], row[0]]
        label, rest = row[1], row[2:]
        if rest and rest[0] == label:
            rest = rest[1:]
        out.append({"value": row[0], "label": label, "description": described([row[0], *rest])})
    return out


def relevance_sorter(key, query: str, as_dict: bool):
    """Sorts what begins with the text before the rest, each by its translated name."""
    value = _(key.name if as_dict else key[0])
    return (not cstr(value).casefold().startswith(query.casefold()), cstr(value))


@frappe.whitelist()
def get_names_for_mentions(search_term: str) -> list[dict]:
    """Desk users whose name contains the text, for mentions in comments."""
    frappe.has_permission("Comment", "create", throw=True)
    users = frappe.get_all(
        "User",
        fields=["name as id", "full_name as value"],
        filters={
            "name": ("not in", ("Administrator", "Guest")),
            "user_type": "System User",
            "enabled": 1,
        },
    )
    wanted = search_term.casefold()
    found = [user for user in users if wanted in (user.value or "").casefold()]
    for user in found:
        user.link = frappe.utils.get_url_to_form("User Profile", user.id)
    return sorted(found, key=lambda user: user.value)


@frappe.whitelist()
def get_link_title(doctype: str, docname: str):
    """The title to show for a document in a Link; its name where DocType or user have no title to show."""
    from frappe.desk.form.titles import get_link_title_of

    if not (has_permission(doctype, "read", doc=docname) or has_permission(doctype, "select", doc=docname)):
        raise frappe.PermissionError
    title = get_link_title_of(doctype, docname)
    return docname if title is None else title


def validate_and_sanitize_search_inputs(fn):
    """Decorator of search queries: refuses a search field that is none, and makes the paging numbers."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        values = {**dict(zip(inspect.signature(fn).parameters, args, strict=False)), **kwargs}
        sanitize_searchfield(values["searchfield"])
        values["start"], values["page_len"] = cint(values["start"]), cint(values["page_len"])
        if values["doctype"] and not frappe.db.exists("DocType", values["doctype"]):
            return []
        return fn(**values)

    return wrapper
