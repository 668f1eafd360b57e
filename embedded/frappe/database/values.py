"""Reading values without documents: `frappe.db.get_value`, `exists`, `count` and kin."""

import re

import frappe
from frappe import _
from frappe.database.introspection import quote, table_of
from frappe.database.singles import SingleAccess
from frappe.database.utils import DefaultOrderBy
from frappe.database.writes import ValueWriting

_PLAIN_FIELD = re.compile(r"^\w+$")
_ALIASED_FIELD = re.compile(r"^(\w+) as (\w+)$", re.IGNORECASE)
_ORDER = re.compile(r"^[`\"]?(?:tab[\w -]+[`\"]?\.[`\"]?)?(\w+)[`\"]?(?:\s+(asc|desc))?$", re.IGNORECASE)
_TABLE_NAME = re.compile(r"^[\w -]*$", re.ASCII)


class ValueAccess(SingleAccess, ValueWriting):
    """Part of SQLiteDatabase."""

    def get(self, doctype, filters=None, as_dict=True, cache=False):
        """All columns of the first match."""
        return self.get_value(doctype, filters, "*", as_dict=as_dict, cache=cache)

    def get_value(
        self,
        doctype,
        filters=None,
        fieldname="name",
        ignore=None,
        as_dict=False,
        debug=False,
        order_by=DefaultOrderBy,
        cache=False,
        for_update=False,
        *,
        run=True,
        pluck=False,
        distinct=False,
        skip_locked=False,
        wait=True,
    ):
        """One field, or a tuple (a dict with `as_dict`) of several, of the first match; None without a match.

        Without an order the last modified match is the first. `filters=None` reads a Single. With
        `for_update` the row is read inside a write transaction; `wait=False` then raises QueryTimeoutError
        at once if another process is writing.
        """
        result = self.get_values(
            doctype,
            filters,
            fieldname,
            ignore,
            as_dict,
            debug,
            order_by,
            cache=cache,
            for_update=for_update,
            run=run,
            pluck=pluck,
            distinct=distinct,
            limit=1,
            skip_locked=skip_locked,
            wait=wait,
        )
        if not run:
            return result
        if not result:
            return None
        row = result[0]
        if pluck or as_dict or len(row) > 1:
            return row
        return row[0]

    def get_values(
        self,
        doctype,
        filters=None,
        fieldname="name",
        ignore=None,
        as_dict=False,
        debug=False,
        order_by=DefaultOrderBy,
        update=None,
        cache=False,
        for_update=False,
        *,
        run=True,
        pluck=False,
        distinct=False,
        limit=None,
        skip_locked=False,
        wait=True,
    ):
        """Fields of all matches. `cache` keeps the answer until the end of the request (names only)."""
        key = None
        if cache and isinstance(filters, str):
            field_key = tuple(fieldname) if isinstance(fieldname, (list, tuple)) else fieldname
            key = (doctype, filters, field_key, bool(as_dict))
            if key in self.value_cache:
                return self.value_cache[key]
        if distinct:
            order_by = None
        fields = [fieldname] if isinstance(fieldname, str) and fieldname != "*" else fieldname

        if isinstance(filters, list):
            filters = [each for each in filters if each]
            if not filters:
                return {}
        elif filters is None or (filters == doctype and doctype != "DocType"):
            return self.get_values_from_single(
                fields, filters, doctype, as_dict, debug, update, run=run, pluck=pluck
            )
        if order_by == DefaultOrderBy:
            # A name finds one row at most: there is nothing to order.
            order_by = None if isinstance(filters, (str, int, list)) else "modified"
        try:
            how = {"as_dict": as_dict or fields == "*", "debug": debug, "update": update}
            how.update(run=run, pluck=pluck)
            out = self._select(doctype, fields, filters, order_by, limit, distinct, for_update, wait, how)
        except Exception as e:
            if ignore and (self.is_missing_table_or_column(e) or str(e).startswith("Invalid DocType")):
                out = None
            elif not ignore and self.is_table_missing(e):
                out = self.get_values_from_single(fields, filters, doctype, as_dict, debug, update, run=run)
            else:
                raise
        if key:
            self.value_cache[key] = out
        return out

    def _select(self, doctype, fields, filters, order_by, limit, distinct, for_update, wait, how):
        columns = "*" if fields == "*" else self._columns(fields)
        ordering = self._ordering(order_by)
        if columns is None or ordering is None or not isinstance(filters, (str, int, dict, list, tuple)):
            return frappe.qb.get_query(
                doctype,
                fields=fields,
                filters=filters,
                order_by=order_by,
                limit=limit,
                distinct=distinct,
                for_update=for_update,
                wait=wait,
                validate_filters=True,
            ).run(**how)
        conditions = self._conditions(doctype, filters)
        table = conditions.table
        listed = ", ".join(f"{table}.{column}" for column in columns) if columns != "*" else f"{table}.*"
        verb = "select distinct" if distinct else "select"
        query = f"{verb} {listed} from {table}{conditions.joins}{conditions.where}"
        if ordering:
            query += " order by " + ", ".join(f"{table}.{part}" for part in ordering)
        if limit:
            query += f" limit {int(limit)}"
        if for_update:
            query += " for update" + ("" if wait else " nowait")
        if not how["run"]:
            return self.mogrify(query, conditions.values)
        return self.sql(query, conditions.values, **how)

    @staticmethod
    def _conditions(doctype, filters):
        from frappe.database.conditions import Conditions

        if not _TABLE_NAME.match(doctype):
            frappe.throw(_("Invalid DocType: {0}").format(doctype))
        return Conditions(doctype, filters)

    @staticmethod
    def _columns(fields):
        """Plain and aliased column names as SQL; None if a field is an expression."""
        columns = []
        for field in fields:
            if not isinstance(field, str):
                return None
            if _PLAIN_FIELD.match(field):
                columns.append(quote(field))
            elif match := _ALIASED_FIELD.match(field):
                columns.append(f"{quote(match.group(1))} as {quote(match.group(2))}")
            else:
                return None
        return columns

    @staticmethod
    def _ordering(order_by):
        """Items of ORDER BY; a field without a direction goes down, as in Frappe. None if one is no field."""
        parts = []
        for item in (order_by or "").split(","):
            if not item.strip():
                continue
            match = _ORDER.match(item.strip())
            if not match:
                return None
            parts.append(f"{quote(match.group(1))} {(match.group(2) or 'desc').lower()}")
        return parts

    @staticmethod
    def get_all(*args, **kwargs):
        return frappe.get_all(*args, **kwargs)

    @staticmethod
    def get_list(*args, **kwargs):
        return frappe.get_list(*args, **kwargs)

    def exists(self, dt, dn=None, cache=False):
        """Name of a match, or None. `dt` may be a dict of filters with its "doctype"."""
        if dt != "DocType" and dt == dn:
            return dn  # a Single always exists
        if isinstance(dt, dict):
            dt = dt.copy()
            dt, dn = dt.pop("doctype"), dt
        return self.get_value(dt, dn, ignore=True, cache=cache, order_by=None)

    def count(self, dt, filters=None, debug=False, cache=False, distinct: bool = True):
        """Number of matches. `cache` keeps the count of a whole table for a day."""
        if cache and not filters:
            cached = frappe.cache.get_value(f"doctype:count:{dt}")
            if cached is not None:
                return cached
        conditions = self._conditions(dt, filters)
        query = f"select count(*) from {conditions.table}{conditions.joins}{conditions.where}"
        count = self.sql(query, conditions.values, debug=debug)[0][0]
        if cache and not filters:
            frappe.cache.set_value(f"doctype:count:{dt}", count, expires_in_sec=86400)
        return count

    def a_row_exists(self, doctype):
        return self.sql(f"select name from {quote(table_of(doctype))} limit 1")

    def get_last_created(self, doctype):
        """Creation of the newest row, or None."""
        rows = self.sql(f"select creation from {quote(table_of(doctype))} order by creation desc limit 1")
        return rows[0][0] if rows else None

    def get_creation_count(self, doctype, minutes):
        """Rows created in the last minutes, by the site's clock."""
        from frappe.utils import add_to_date, now_datetime

        since = add_to_date(now_datetime(), minutes=-minutes)
        return self.sql(f"select count(name) from {quote(table_of(doctype))} where creation >= %s", since)[0][
            0
        ]

    def get_descendants(self, doctype, name):
        from frappe.database.conditions import hierarchy_nodes

        return hierarchy_nodes(doctype, name, "descendants of")
