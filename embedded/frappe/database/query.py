"""`frappe.qb.get_query`: fields and filters as people write them, made into a PyPika query."""

import re

import frappe
from frappe import _
from frappe.database.conditions import hierarchy_nodes, nothing_of
from frappe.database.operator_map import OPERATOR_MAP
from frappe.database.schema import SPECIAL_CHAR_PATTERN
from frappe.database.utils import DefaultOrderBy, NestedSetHierarchy, get_doctype_name
from frappe.query_builder import Criterion, Field, Order, functions
from frappe.query_builder.functions import Function
from frappe.query_builder.utils import PseudoColumnMapper
from pypika.queries import QueryBuilder, Table
from pypika.terms import Node, Term

TABLE_NAME_PATTERN = re.compile(r"^[\w -]*$", flags=re.ASCII)
COMMA_PATTERN = re.compile(r",\s*(?![^()]*\))")
_ALIAS = re.compile(
    r"^(?P<field>.+?)(?:\s+as\s+[`'\"]?(?P<alias>[\w .-]+?)[`'\"]?)?$", re.IGNORECASE | re.DOTALL
)
_CALL = re.compile(r"^(?P<name>\w+)\s*\(\s*(?P<distinct>distinct\s+)?(?P<inside>[^()]*)\)$", re.IGNORECASE)
_QUALIFIED = re.compile(r"^[`\"]tab(?P<doctype>[^`\"]+)[`\"]\.[`\"]?(?P<field>\w+)[`\"]?$")
_EXPRESSION = re.compile(r"^[\w\s*+\-/.`]+$")


class Engine:
    """Builds one query. Raises ValidationError for field names that are no names."""

    def get_query(
        self,
        table: str | Table,
        fields=None,
        filters=None,
        order_by: str | None = None,
        group_by: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        distinct: bool = False,
        for_update: bool = False,
        update: bool = False,
        into: bool = False,
        delete: bool = False,
        *,
        validate_filters: bool = False,
        skip_locked: bool = False,
        wait: bool = True,
    ) -> QueryBuilder:
        """Fields and filters have the forms of `frappe.get_all`, filters with the plain meaning of SQL (NULL
        matches nothing but `is`); a field `link.field` joins the linked table, a field {table: [fields]}
        brings the rows of a child table with it."""
        self.validate_filters = validate_filters
        if isinstance(table, Table):
            self.table = table
            self.doctype = get_doctype_name(table.get_sql())
        else:
            if not TABLE_NAME_PATTERN.match(table):
                frappe.throw(_("Invalid DocType: {0}").format(table))
            self.doctype = table
            self.table = frappe.qb.DocType(table)

        if update:
            self.query = frappe.qb.update(self.table)
        elif into:
            self.query = frappe.qb.into(self.table)
        elif delete:
            self.query = frappe.qb.from_(self.table).delete()
        else:
            self.query = frappe.qb.from_(self.table)
            self.apply_fields(fields)
        self.apply_filters(filters)
        self.apply_order_by(order_by)
        if limit:
            self.query = self.query.limit(limit)
        if offset:
            if not limit:
                self.query = self.query.limit(-1)
            self.query = self.query.offset(offset)
        if distinct:
            self.query = self.query.distinct()
        if for_update:
            self.query = self.query.for_update(skip_locked=skip_locked, nowait=not wait)
        if group_by:
            self.query = self.query.groupby(group_by)
        return self.query

    # fields

    def apply_fields(self, fields):
        children = []
        parsed = self.parse_fields(fields) or [self.table.name]
        for field in parsed:
            if isinstance(field, ChildQuery):
                children.append(field)
            else:
                self.query = self.query.select(field)
        self.query._child_queries = children

    def parse_fields(self, fields):
        if not fields:
            return []
        if not isinstance(fields, (list, tuple, set)):
            fields = [fields]
        parsed = []
        for field in fields:
            if isinstance(field, Node):
                parsed.append(field)
            elif isinstance(field, dict):
                parsed += [ChildQuery(name, each, self.doctype) for name, each in field.items()]
            elif isinstance(field, str):
                parsed += [
                    self.parse_field(part.strip()) for part in COMMA_PATTERN.split(field) if part.strip()
                ]
            elif field is not None:
                raise NotImplementedError(f"frappe.qb.get_query field of type {type(field).__name__}")
        return parsed

    def parse_field(self, text: str) -> Term:
        match = _ALIAS.match(text)
        field, alias = match.group("field").strip(), match.group("alias")
        if field == "*":
            return self.table.star
        call = _CALL.match(field)
        term = self._call(call) if call else self._column(field)
        return term.as_(alias) if alias else term

    def _call(self, call) -> Function:
        name, inside = call.group("name"), call.group("inside").strip()
        arguments = [self._argument(part.strip()) for part in inside.split(",")] if inside else []
        cls = next((f for n, f in vars(functions).items() if n.lower() == name.lower()), None)
        term = cls(*arguments) if isinstance(cls, type) else Function(name.upper(), *arguments)
        return term.distinct() if call.group("distinct") else term

    def _argument(self, text):
        if text == "*" or text.isdigit():
            return int(text) if text.isdigit() else text
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            return text[1:-1]
        if re.match(r"^\w+$", text) or _QUALIFIED.match(text):
            return self._column(text)
        if _EXPRESSION.match(text):
            return PseudoColumnMapper(text)
        frappe.throw(_("Invalid field: {0}").format(text))

    def _column(self, text) -> Field:
        if match := _QUALIFIED.match(text):
            return self._table_for(match.group("doctype"))[match.group("field")]
        if "." in text:
            link, field = text.replace("`", "").split(".", 1)
            df = frappe.get_meta(self.doctype).get_field(link)
            if not df:
                frappe.throw(_("Invalid field: {0}").format(text))
            if df.fieldtype == "Link":
                linked = frappe.qb.DocType(df.options)
                self._join(linked, linked.name == self.table[link])
                return linked[field]
            return self._table_for(df.options)[field]
        name = text.strip("`")
        if SPECIAL_CHAR_PATTERN.search(name):
            frappe.throw(_("Invalid field: {0}").format(text))
        return self.table[name]

    def _table_for(self, doctype):
        """The table of this DocType, or of a child table, joined."""
        if doctype == self.doctype:
            return self.table
        table = frappe.qb.DocType(doctype)
        if frappe.get_meta(doctype).istable:
            self._join(table, (table.parent == self.table.name) & (table.parenttype == self.doctype))
        return table

    def _join(self, table, criterion):
        if not self.query.is_joined(table):
            self.query = self.query.left_join(table).on(criterion)

    # filters

    def apply_filters(self, filters=None):
        if filters is None:
            return
        if isinstance(filters, (str, int)):
            filters = {"name": str(filters)}
        if isinstance(filters, Criterion):
            self.query = self.query.where(filters)
        elif isinstance(filters, dict):
            for field, value in filters.items():
                operator = "="
                if isinstance(value, (list, tuple)):
                    operator, value = value
                self._apply_filter(field, value, operator)
        elif filters and all(isinstance(each, (str, int)) for each in filters):
            self._apply_filter("name", filters, "in")
        else:
            for each in filters:
                if isinstance(each, (list, tuple)):
                    self._apply_list_filter(each)
                else:
                    self.apply_filters(each)

    def _apply_list_filter(self, each):
        if len(each) == 2:
            self._apply_filter(each[0], each[1])
        elif len(each) == 3:
            self._apply_filter(each[0], each[2], each[1])
        elif len(each) >= 4:
            self._apply_filter(each[1], each[3], each[2], each[0])

    def _apply_filter(self, field, value, operator="=", doctype=None):
        column = field
        if isinstance(field, str):
            if self.validate_filters and SPECIAL_CHAR_PATTERN.search(field):
                frappe.throw(_("Invalid filter: {0}").format(field))
            column = self._table_for(doctype)[field] if doctype else self._column(field)
        operator = operator.casefold()
        if isinstance(value, bool):
            value = int(value)
        elif not value and isinstance(value, (list, tuple, set)):
            value = nothing_of(doctype or self.doctype, field) if isinstance(field, str) else ("",)
        if operator in NestedSetHierarchy:
            df = frappe.get_meta(self.doctype).get_field(field)
            nodes = hierarchy_nodes(df.options if df else self.doctype, value, operator) or ("",)
            operator, value = ("not in" if operator.startswith("not") else "in"), nodes
        if operator not in OPERATOR_MAP:
            raise NotImplementedError(f"filter operator {operator}")
        if value is None and isinstance(column, Field):
            self.query = self.query.where(column.isnull())
        else:
            self.query = self.query.where(OPERATOR_MAP[operator](column, value))

    # order

    def apply_order_by(self, order_by: str | None):
        if not order_by or order_by == DefaultOrderBy:
            return
        for declaration in order_by.split(","):
            parts = declaration.split()
            if not parts:
                continue
            direction = Order.asc if len(parts) > 1 and parts[1].lower() == "asc" else Order.desc
            field = parts[0]
            term = self._column(field) if _QUALIFIED.match(field) else field.strip("`")
            self.query = self.query.orderby(term, order=direction)


class ChildQuery:
    """The rows of one child table, to be added to the parents."""

    def __init__(self, fieldname: str, fields: list, parent_doctype: str) -> None:
        df = frappe.get_meta(parent_doctype).get_field(fieldname)
        if not df or df.fieldtype not in ("Table", "Table MultiSelect"):
            frappe.throw(_("Invalid field: {0}").format(fieldname))
        self.fieldname, self.fields, self.parent_doctype = fieldname, fields, parent_doctype
        self.doctype = df.options

    def get_query(self, parent_names=None) -> QueryBuilder:
        return frappe.qb.get_query(
            self.doctype,
            fields=[*self.fields, "parent", "parentfield"],
            filters={
                "parenttype": self.parent_doctype,
                "parentfield": self.fieldname,
                "parent": ["in", parent_names],
            },
            order_by="idx asc",
        )
