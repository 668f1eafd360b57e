"""Single values of a document: typed, rounded, formatted, secret, or beyond the writer's level."""

import frappe
from frappe import _
from frappe.model import display_fieldtypes, float_like_fields
from frappe.utils import cast_fieldtype, cint, flt


class FieldValues:
    """What a document says about one of its fields."""

    def get_db_value(self, key: str):
        """The stored value of a field."""
        return frappe.db.get_value(self.doctype, self.name, key)

    def get_value(self, fieldname: str):
        """The value cast to its field's type."""
        return self.cast(self.get(fieldname), self.meta.get_field(fieldname))

    def cast(self, value, df):
        """`value` as `df`'s type."""
        return cast_fieldtype(df.fieldtype, value, show_warning=False)

    def _fix_numeric_types(self) -> None:
        plan, values = self.meta.plan, self.__dict__
        for fieldname in plan.checks:
            values[fieldname] = cint(values.get(fieldname))
        for fieldname in plan.ints:
            if values.get(fieldname) is not None:
                values[fieldname] = cint(values[fieldname])
        for fieldname in plan.floats:
            if values.get(fieldname) is not None:
                values[fieldname] = flt(values[fieldname])

    def precision(self, fieldname: str, parentfield=None) -> int | None:
        """Decimals of a Float, Currency or Percent field; None for other types."""
        from frappe.model.meta import get_field_precision

        if parentfield and not isinstance(parentfield, str):
            parentfield = parentfield.get("parentfield")
        doctype = self.meta.get_field(parentfield).options if parentfield else self.doctype
        df = frappe.get_meta(doctype).get_field(fieldname)
        return get_field_precision(df, self) if df.fieldtype in float_like_fields else None

    def round_floats_in(self, doc, fieldnames=None) -> None:
        """Round `doc`'s Float, Currency and Percent fields to their precision."""
        for fieldname in fieldnames or doc.meta.plan.floats:
            doc.set(fieldname, flt(doc.get(fieldname), self.precision(fieldname, doc.get("parentfield"))))

    def get_formatted(
        self, fieldname, doc=None, currency=None, absolute_value=False, translated=False, format=None
    ):
        """The value as people read it."""
        from frappe.model.meta import get_default_df
        from frappe.utils.formatters import format_value

        df = self.meta.get_field(fieldname) or get_default_df(fieldname)
        value = self.get(fieldname)
        if translated:
            value = _(value)
        doc = doc or self.parent_doc or self
        if (absolute_value or doc.get("absolute_value")) and isinstance(value, int | float):
            value = abs(value)
        return format_value(value, df=df, doc=doc, currency=currency, format=format)

    def _save_passwords(self) -> None:
        """Move typed passwords to `__Auth`, encrypted; the row keeps stars."""
        names = self.meta.plan.passwords
        skipped = self.flags.ignore_save_passwords if names else None
        if not names or skipped is True:
            return
        from frappe.utils.password import remove_encrypted_password, set_encrypted_password

        for fieldname in names:
            if skipped and fieldname in skipped:
                continue
            value = self.get(fieldname)
            if not value:
                remove_encrypted_password(self.doctype, self.name, fieldname)
            elif not self.is_dummy_password(value):
                set_encrypted_password(self.doctype, self.name, value, fieldname)
                self.set(fieldname, "*" * len(value))

    def get_password(self, fieldname: str = "password", raise_exception: bool = True) -> str | None:
        """The clear text of a Password field."""
        from frappe.utils.password import get_decrypted_password

        value = self.get(fieldname)
        if value and not self.is_dummy_password(value):
            return value
        return get_decrypted_password(self.doctype, self.name, fieldname, raise_exception=raise_exception)

    @staticmethod
    def is_dummy_password(pwd: str) -> bool:
        """Whether it is only stars."""
        return set(pwd) == {"*"}

    def reset_values_if_no_permlevel_access(self, has_access_to, high_permlevel_fields) -> None:
        """Put back fields above the writer's level: the default of a new document, else the stored value."""
        kept = self.flags.get("ignore_permlevel_for_fields") or ()
        fields = [
            df
            for df in high_permlevel_fields
            if df.permlevel not in has_access_to
            and df.fieldtype not in display_fieldtypes
            and df.fieldname not in kept
        ]
        if not fields:
            return
        if self.is_new():
            reference = frappe.new_doc(self.doctype)
        elif self.parent_doc:
            rows = [
                row for row in self.parent_doc.get_latest().get(self.parentfield) if row.name == self.name
            ]
            if not rows:
                return
            reference = rows[0]
        else:
            reference = self.get_latest()
        for df in fields:
            self.set(df.fieldname, reference.get(df.fieldname))

    def is_print_hide(self, fieldname: str, df=None, for_print: bool = True):
        """Whether a field is left out of print: hidden there, or zero where that hides it.

        `df` may be a Print Format's own version of the field.
        """
        own = self.meta.get_field(fieldname)
        hides_nothing = (df and df.get("print_hide_if_no_value")) or (own and own.print_hide_if_no_value)
        if hides_nothing and self.get(fieldname) == 0 and not self.meta.istable:
            return True
        if df and df.get("print_hide") is not None:
            return bool(df.get("print_hide"))
        return bool(own and own.print_hide)
