"""`frappe.qb`."""

import frappe
from frappe.query_builder.terms import NamedParameterWrapper, ParameterizedValueWrapper
from pypika import MySQLQuery, Order, terms
from pypika.dialects import MySQLQueryBuilder
from pypika.queries import QueryBuilder, Schema, Table
from pypika.terms import Function


def prepare_query(query) -> tuple[str, dict]:
    """SQL with `%(paramN)s` and the values."""
    with NamedParameterWrapper() as collector:
        sql = query.get_sql()
    return sql, collector.get_parameters()


def execute_query(query, *args, **kwargs):
    """Run a query; the keyword arguments are those of `frappe.db.sql`."""
    children = getattr(query, "_child_queries", None) or []
    sql, values = prepare_query(query)
    result = frappe.db.sql(sql, values, *args, **kwargs)
    if isinstance(children, list) and children and result and isinstance(result[0], dict):
        _add_child_rows(children, result)
    return result


def _add_child_rows(children, result):
    names = [row.name for row in result]
    for child in children:
        by_parent = {}
        for row in child.get_query(names).run(as_dict=True):
            parent = str(row.parent)
            for key in ("parent", "parentfield"):
                if key not in child.fields:
                    del row[key]
            by_parent.setdefault(parent, []).append(row)
        for row in result:
            row[child.fieldname] = by_parent.get(str(row.name), [])


class SQLiteQueryBuilder(MySQLQueryBuilder):
    """A query under construction. SQL is written in MariaDB's dialect, which the database layer reads."""

    _child_queries = ()
    run = execute_query
    walk = prepare_query

    def force_index(self, term, *terms):
        raise NotImplementedError("frappe.qb force_index")

    def use_index(self, term, *terms):
        raise NotImplementedError("frappe.qb use_index")

    def get_sql(self, *args, **kwargs):
        if self._update_table and self._joins:
            raise NotImplementedError("frappe.qb update with a join")
        return super().get_sql(*args, **kwargs)


class Base:
    terms = terms
    desc = Order.desc
    asc = Order.asc
    Schema = Schema
    Table = Table
    Field = terms.Field

    @staticmethod
    def functions(name: str, *args, **kwargs) -> Function:
        return Function(name, *args, **kwargs)

    @staticmethod
    def DocType(table_name: str, *args, **kwargs) -> Table:
        from frappe.database.introspection import table_of

        return Table(table_of(table_name), *args, **kwargs)

    @classmethod
    def from_(cls, table, *args, **kwargs) -> QueryBuilder:
        return super().from_(cls.DocType(table) if isinstance(table, str) else table, *args, **kwargs)

    @classmethod
    def into(cls, table, *args, **kwargs) -> QueryBuilder:
        return super().into(cls.DocType(table) if isinstance(table, str) else table, *args, **kwargs)

    @classmethod
    def update(cls, table, *args, **kwargs) -> QueryBuilder:
        return super().update(cls.DocType(table) if isinstance(table, str) else table, *args, **kwargs)

    @staticmethod
    def get_query(*args, **kwargs) -> QueryBuilder:
        from frappe.database.query import Engine

        return Engine().get_query(*args, **kwargs)

    @staticmethod
    def max(dt, fieldname, filters=None, **kwargs):
        return _aggregate("Max", dt, fieldname, filters, **kwargs)

    @staticmethod
    def min(dt, fieldname, filters=None, **kwargs):
        return _aggregate("Min", dt, fieldname, filters, **kwargs)

    @staticmethod
    def avg(dt, fieldname, filters=None, **kwargs):
        return _aggregate("Avg", dt, fieldname, filters, **kwargs)

    @staticmethod
    def sum(dt, fieldname, filters=None, **kwargs):
        return _aggregate("Sum", dt, fieldname, filters, **kwargs)


class SQLite(Base, MySQLQuery):
    """`frappe.qb` itself: PyPika's Query with Frappe's additions."""

    _BuilderClasss = SQLiteQueryBuilder

    @classmethod
    def _builder(cls, *args, **kwargs) -> SQLiteQueryBuilder:
        return SQLiteQueryBuilder(*args, wrapper_cls=ParameterizedValueWrapper, **kwargs)


def _aggregate(function, dt, fieldname, filters, **kwargs):
    from frappe.query_builder import functions
    from pypika.terms import PseudoColumn

    field = getattr(functions, function)(PseudoColumn(fieldname))
    return Base.get_query(dt, filters=filters, fields=[field]).run(**kwargs)[0][0] or 0
