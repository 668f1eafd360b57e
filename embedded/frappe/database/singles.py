"""Single DocTypes (rows of tabSingles), defaults and globals behind `frappe.db`."""

import frappe
from frappe import _
from frappe.database.utils import FallBackDateTimeStr


class SingleAccess:
    """Part of SQLiteDatabase."""

    def get_values_from_single(
        self, fields, filters, doctype, as_dict=False, debug=False, update=None, *, run=True, pluck=False
    ):  # fmt: skip
        """Fields of a Single as text, as tabSingles holds them; [] if it has none of them, or if a dict of
        filters does not match it."""
        if fields == "*" or isinstance(filters, dict):
            values = self.get_singles_dict(doctype)
            if isinstance(filters, dict):
                for key, value in filters.items():
                    if values.get(key) != value:
                        return []
            if as_dict or fields == "*":
                return [values] if values else []
            return [[values.get(field) for field in fields]]
        query = "select field, value from `tabSingles` where doctype = %s and field in %s"
        if not run:
            return self.mogrify(query, (doctype, tuple(fields)))
        rows = self.sql(query, (doctype, tuple(fields)), debug=debug)
        if not rows:
            return []
        values = frappe._dict(rows)
        if update:
            values.update(update)
        if as_dict:
            return [values]
        listed = [values.get(field) for field in fields]
        return listed if pluck else [listed]

    def get_singles_dict(self, doctype, debug=False, *, for_update=False, cast=False):
        """All values of a Single as a dict; with `cast` in the types of its fields."""
        rows = self.sql(
            "select field, value from `tabSingles` where doctype = %s"
            + (" for update" if for_update else ""),
            (doctype,),
            debug=debug,
        )
        if not cast:
            return frappe._dict(rows)
        try:
            meta = frappe.get_meta(doctype)
        except frappe.DoesNotExistError:
            return frappe._dict(rows)
        out = frappe._dict()
        for fieldname, value in rows:
            df = meta.get_field(fieldname)
            out[fieldname] = frappe.utils.cast(df.fieldtype, value) if df else value
        return out

    def get_single_value(self, doctype, fieldname, cache=True):
        """Value of a Single's field in the type of the field. Raises ValidationError for an unknown field."""
        cached = self.value_cache.setdefault(doctype, {})
        if cache and fieldname in cached:
            return cached[fieldname]
        rows = self.sql(
            "select value from `tabSingles` where doctype = %s and field = %s", (doctype, fieldname)
        )
        df = frappe.get_meta(doctype).get_field(fieldname)
        if not df:
            frappe.throw(
                _("Field {0} does not exist on {1}").format(frappe.bold(fieldname), frappe.bold(doctype)),
                self.InvalidColumnName,
            )
        value = frappe.utils.cast(df.fieldtype, rows[0][0] if rows else None)
        self.value_cache.setdefault(doctype, {})[fieldname] = value
        return value

    def get_singles_value(self, *args, **kwargs):
        return self.get_single_value(*args, **kwargs)

    def set_single_value(
        self, doctype, fieldname, value=None, *, modified=None, modified_by=None, update_modified=True,
        debug=False,
    ):  # fmt: skip
        """Write one field, or a dict of fields, of a Single, past all events."""
        update = self._get_update_dict(
            fieldname, value, modified=modified, modified_by=modified_by, update_modified=update_modified
        )
        self.sql(
            "delete from `tabSingles` where doctype = %s and field in %s",
            (doctype, tuple(update)),
            debug=debug,
        )
        rows = [(doctype, key, _single_text(each)) for key, each in update.items()]
        self.bulk_insert("Singles", ["doctype", "field", "value"], rows)
        frappe.clear_document_cache(doctype, doctype)
        self._forget_values(doctype)

    # defaults

    def set_global(self, key, val, user="__global"):
        self.set_default(key, val, user)

    def get_global(self, key, user="__global"):
        return self.get_default(key, user)

    def get_default(self, key, parent="__default"):
        """A default of the site or the user; the first one if there are several."""
        found = self.get_defaults(key, parent)
        return found[0] if isinstance(found, list) and found else found

    @staticmethod
    def set_default(key, val, parent="__default", parenttype=None):
        from frappe.defaults import set_default

        set_default(key, val, parent, parenttype)

    @staticmethod
    def add_default(key, val, parent="__default", parenttype=None):
        from frappe.defaults import add_default

        add_default(key, val, parent, parenttype)

    @staticmethod
    def get_defaults(key=None, parent="__default"):
        from frappe.defaults import get_defaults_for

        defaults = get_defaults_for(parent)
        if not key:
            return defaults
        return defaults[key] if key in defaults else defaults.get(frappe.scrub(key))

    def get_system_setting(self, key):
        return frappe.get_system_settings(key)

    @staticmethod
    def format_date(date):
        return frappe.utils.getdate(date).strftime("%Y-%m-%d")

    @staticmethod
    def format_datetime(datetime):
        if not datetime:
            return FallBackDateTimeStr
        return frappe.utils.get_datetime(datetime).strftime("%Y-%m-%d %H:%M:%S.%f")


def _single_text(value):
    """tabSingles holds text: truth is '1' or '0', as MariaDB would store it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    return str(value)
