"""`frappe.get_list` and `frappe.get_all`: what people ask of a DocType, made into one SELECT."""

import json
import re

import frappe
from frappe.database.utils import DefaultOrderBy
from frappe.model.db_query_access import AccessConditions, check_parent_permission, requires_owner_constraint
from frappe.model.db_query_filters import FilterConditions, get_between_date_filter, get_date_range
from frappe.model.db_query_guard import check_field, check_order_or_group
from frappe.model.db_query_levels import ALIAS, FieldLevels
from frappe.utils import cint, make_filter_tuple, sbool

__all__ = [
    "DatabaseQuery",
    "check_parent_permission",
    "get_between_date_filter",
    "get_date_range",
    "get_order_by",
    "requires_owner_constraint",
]

_PLAIN = re.compile(r"^`?\w+`?$")
_TABLE_IN_FIELD = re.compile(r"`(tab[^`]+)`\s*\.|\b(tab\w+)\s*\.")
_BARE_ORDER = re.compile(r"^`?(\w+)`?(?:\s+(asc|desc))?$", re.IGNORECASE)
_AGGREGATES = ("count(", "min(", "max(", "sum(", "avg(")


class DatabaseQuery(FilterConditions, AccessConditions, FieldLevels):
    """One question to one DocType and the tables that its fields and filters reach."""

    def __init__(self, doctype, user=None):
        self.doctype = doctype
        self.table = f"`tab{doctype}`"
        self.tables = [self.table]
        self.link_tables = []
        self.user = user or frappe.session.user
        self.flags = frappe._dict()
        self.ignore_ifnull = False
        self.reference_doctype = doctype
        self.parent_doctype = None
        self.permission_map = {}
        self.shared = []
        self._permitted_columns = {}
        self._dropped_aliases = set()

    @property
    def doctype_meta(self):
        if not hasattr(self, "_doctype_meta"):
            self._doctype_meta = frappe.get_meta(self.doctype)
        return self._doctype_meta

    def execute(
        self,
        fields=None,
        filters=None,
        or_filters=None,
        docstatus=None,
        group_by=None,
        order_by=DefaultOrderBy,
        limit_start=False,
        limit_page_length=None,
        as_list=False,
        with_childnames=False,
        debug=False,
        ignore_permissions=False,
        user=None,
        with_comment_count=False,
        join="left join",
        distinct=False,
        start=None,
        page_length=None,
        limit=None,
        ignore_ifnull=False,
        save_user_settings=False,
        save_user_settings_fields=False,
        update=None,
        add_total_row=None,
        user_settings=None,
        reference_doctype=None,
        run=True,
        strict=True,
        pluck=None,
        ignore_ddl=False,
        *,
        parent_doctype=None,
    ):
        """Rows as dicts (`as_list`: tuples, `pluck`: values of one field); `run=False` gives the SQL.

        Without `ignore_permissions` only what `user` may read comes back, and fields above the user's level
        are left out. Raises PermissionError if nothing of the DocType may be read, DataError or
        ValidationError for fields, orders and filters that are more than that.
        """
        self.user = user or frappe.session.user
        self.flags.ignore_permissions = ignore_permissions
        self.parent_doctype = parent_doctype
        self.reference_doctype = reference_doctype or self.doctype
        self.ignore_ifnull, self.distinct, self.as_list, self.join = ignore_ifnull, distinct, as_list, join
        self.strict, self.with_childnames = strict, with_childnames
        if save_user_settings:
            raise NotImplementedError("frappe.get_list(save_user_settings)")
        self.check_read_permission(self.doctype, parent_doctype)

        if _looks_like_filters(fields) or _looks_like_fields(fields, filters):
            filters, fields = fields, filters
        self.fields = self._field_list(fields, pluck)
        self.filters = self._filter_list(filters)
        self.or_filters = self._filter_list(or_filters)
        self.group_by, self.order_by = group_by, order_by
        self.limit_start = cint(limit_start or start)
        self.limit_page_length = cint(limit or page_length or limit_page_length)

        if self.doctype_meta.get("is_virtual"):
            return self._ask_controller(
                as_list=as_list,
                pluck=pluck,
                parent_doctype=parent_doctype,
                with_comment_count=with_comment_count,
            )
        if ignore_ddl and not frappe.db.table_exists(self.doctype):
            return []

        query = self.build()
        if query is None:
            return []
        result = frappe.db.sql(
            query, as_dict=not as_list, debug=debug, update=update, ignore_ddl=ignore_ddl, run=run
        )
        if not run:
            return result
        if sbool(with_comment_count) and not as_list:
            for row in result:
                row._comment_count = len(json.loads(row.get("_comments") or "[]"))
        if pluck:
            return [row[0] if as_list else row[pluck] for row in result]
        return result

    # what was asked

    def _field_list(self, fields, pluck):
        if not fields:
            return [f"{self.table}.`{pluck or 'name'}`"]
        if isinstance(fields, str):
            if fields.lstrip().startswith("["):
                fields = json.loads(fields)
            else:
                fields = [part.strip() for part in fields.split(",")]
        fields = [field for field in fields if field]
        if any(isinstance(field, dict) for field in fields):
            raise NotImplementedError("frappe.get_list with a dict as a field")
        return fields

    def _filter_list(self, filters):
        if isinstance(filters, str):
            filters = json.loads(filters)
        if isinstance(filters, dict):
            return [make_filter_tuple(self.doctype, key, value) for key, value in filters.items()]
        return list(filters or [])

    def _ask_controller(self, **options):
        from frappe.model.base_document import get_controller

        controller, args = get_controller(self.doctype), {**self.__dict__, **options}
        counted = re.fullmatch(r"count\(.*\) as `?(\w+)`?", str(next(iter(self.fields), "")), re.I)
        if counted:
            return [frappe._dict({counted[1]: controller.get_count(args)})]
        return controller.get_list(args) if hasattr(controller, "get_list") else []

    # the query

    def build(self):
        """The SELECT, or None if the user may read none of the fields that were asked for."""
        for field in self.fields:
            check_field(field, self.strict)
        self.fields = [self._resolve(field) for field in self.fields]
        self._drop_missing_optional_columns()
        conditions = self.build_conditions()
        self.apply_fieldlevel_read_permissions()
        if not self.fields:
            return None
        if self.with_childnames:
            self.fields += [f"{t}.name as '{t[4:-1]}:name'" for t in self.tables[1:]]

        order = "" if self.distinct else self._order()
        for text in (order, self.group_by):
            check_order_or_group(text, self.tables)
            self.check_sorted_fields(text)
        parts = [
            "select distinct" if self.distinct else "select",
            ", ".join("NULL" if field is None else field for field in self.fields),
            "from " + self._joined_tables(),
            f"where {conditions}" if conditions else "",
            f"group by {self.group_by}" if self.group_by else "",
            f"order by {order}" if order else "",
            f"limit {self.limit_page_length} offset {self.limit_start}" if self.limit_page_length else "",
        ]
        return " ".join(part for part in parts if part)

    def _resolve(self, field):
        """A field as SQL: a plain name gets its table, `link.field` and `table.field` get theirs joined."""
        match = ALIAS.match(field)
        column, alias = (match.group("field"), f" as {match.group('alias')}") if match else (field, "")
        if column.strip() == "*":
            return f"{self.table}.*"
        if _PLAIN.match(column):
            return f"{self.table}.`{column.strip('`')}`{alias}"
        if re.match(r"^\w+\.\w+$", column) and not column.startswith("tab"):
            linked, fieldname = column.split(".")
            df = self.doctype_meta.get_field(linked)
            if df and df.fieldtype == "Link":
                return f"{self._link_table(df)}.`{fieldname}`{alias}"
            if df:
                self.append_table(f"`tab{df.options}`")
                return f"`tab{df.options}`.`{fieldname}`{alias}"
        for quoted, bare in _TABLE_IN_FIELD.findall(column):
            name = f"`{quoted or bare}`"
            if name not in self.tables and name not in [link.alias for link in self.link_tables]:
                self.append_table(name)
        return f"{column}{alias}"

    def _link_table(self, df):
        for link in self.link_tables:
            if link.fieldname == df.fieldname:
                return link.alias
        self.check_read_permission(df.options)
        number = 1 + sum(link.doctype == df.options for link in self.link_tables)
        link = frappe._dict(
            doctype=df.options, fieldname=df.fieldname, alias=f"`tab{df.options}_{number}`"
        )  # fmt: skip
        link.rows = self._readable_rows(df.options)
        self.link_tables.append(link)
        return link.alias

    def append_table(self, table):
        """Join a child table; its rows are readable with those of the parent."""
        if table not in self.tables:
            self.check_read_permission(table[4:-1])
            self.tables.append(table)

    def _joined_tables(self):
        text, own = self.table, frappe.db.escape(self.doctype, percent=False)
        for child in self.tables[1:]:
            text += (
                f" {self.join} {child} on ({child}.parenttype = {own} and {child}.parent = {self.table}.name"
                f"{self._of_visible_fields(child, self.doctype)})"
            )
        for link in self.link_tables:
            text += (
                f" {self.join} {link.rows} {link.alias}"
                f" on ({link.alias}.`name` = {self.table}.`{link.fieldname}`)"
            )
        return text

    def build_conditions(self):
        """The WHERE, without the word; empty if there is nothing to restrict."""
        parts = self.filter_conditions(self.filters)
        if alternatives := self.filter_conditions(self.or_filters):
            parts.append(f"({' or '.join(alternatives)})")
        if not self.flags.ignore_permissions and (matching := self.build_match_conditions()):
            parts.append(f"({matching})")
        return " and ".join(parts)

    def _order(self):
        if self.order_by and self.order_by != DefaultOrderBy:
            return self._unambiguous(self.order_by)
        aggregate_alone = len(self.fields) == 1 and (self.fields[0] or "").lower().startswith(_AGGREGATES)
        if not self.order_by or (aggregate_alone and not self.group_by):
            return ""
        order = _meta_order(self.doctype, self.doctype_meta)
        hidden = [field for field in re.findall(r"\.`(\w+)`", order) if not self.may_sort_by(field)]
        return f"{self.table}.`modified` desc" if hidden else order

    def _unambiguous(self, order):
        """MariaDB looks a bare name up among the selected columns first, SQLite in all joined tables."""
        if len(self.tables) == 1 and not self.link_tables:
            return order
        own = set(frappe.db.get_table_columns(self.doctype))
        aliases = {m.group("alias").strip("`'\"") for f in self.fields if f and (m := ALIAS.match(f))}
        items = []
        for item in order.split(","):
            match = _BARE_ORDER.match(item.strip())
            if match and match.group(1) in own - aliases:
                item = f"{self.table}.`{match.group(1)}` {match.group(2) or ''}"
            items.append(item)
        return ", ".join(items)

    def _drop_missing_optional_columns(self):
        from frappe.model import optional_fields

        columns = frappe.db.get_table_columns(self.doctype)
        absent = [f for f in optional_fields if f not in columns]
        if absent:
            self.fields = [f for f in self.fields if not any(f"`{name}`" in f for name in absent)]
            self.filters = [
                f for f in self.filters if isinstance(f, str) or not set(absent) & set(map(str, f))
            ]


def _looks_like_filters(fields):
    return isinstance(fields, dict) or (fields and isinstance(fields, list) and isinstance(fields[0], list))


def _looks_like_fields(fields, filters):
    return fields and isinstance(filters, list) and len(filters) > 1 and isinstance(filters[0], str)


def _meta_order(doctype, meta):
    if meta.sort_field and "," in meta.sort_field:
        pairs = [part.split() for part in meta.sort_field.split(",") if part.strip()]
        return ", ".join(f"`tab{doctype}`.`{p[0]}` {p[1] if len(p) > 1 else 'desc'}" for p in pairs)
    direction = (meta.sort_field and meta.sort_order) or "desc"
    return f"`tab{doctype}`.`{meta.sort_field or 'modified'}` {direction}"


def get_order_by(doctype, meta):
    """The order of a DocType's list: as its meta says, drafts first if it is submittable."""
    order = _meta_order(doctype, meta)
    return f"`tab{doctype}`.docstatus asc, {order}" if meta.is_submittable else order
