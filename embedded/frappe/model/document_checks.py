"""Checks on a whole document: permissions, mandatory fields, links, constants, levels, submitted fields."""

import frappe
from frappe import _
from frappe.model import optional_fields, table_fields
from frappe.utils import get_datetime


class DocumentChecks:
    """Refusals that look at the document together with its child rows."""

    def check_permission(self, permtype="read", permlevel=None) -> None:
        """Raise PermissionError unless the session's user may."""
        if not self.has_permission(permtype):
            self.raise_no_permission_to(permtype)

    def has_permission(self, permtype="read", *, debug=False, user=None) -> bool:
        """Whether `user` may do this with the document; always, under `flags.ignore_permissions`."""
        if self.flags.ignore_permissions:
            return True
        import frappe.permissions

        return frappe.permissions.has_permission(self.doctype, permtype, self, debug=debug, user=user)

    def raise_no_permission_to(self, perm_type: str) -> None:
        """Raise PermissionError naming what was wanted."""
        frappe.flags.error_message = _(
            "You need the '{0}' permission on {1} {2} to perform this action."
        ).format(_(perm_type), frappe.bold(_(self.doctype)), self.name or "")
        raise frappe.PermissionError

    def _validate(self) -> None:
        self._validate_mandatory()
        self.validate_workflow()
        for row in (self, *self.get_all_children()):
            row._validate_data_fields()
            row._validate_selects()
            row._validate_non_negative()
            row._validate_length()
            row._fix_rating_value()
            row._validate_code_fields()
            row._sync_autoname_field()
            row._sanitize_content()
            row._save_passwords()
        if self.is_new():
            for fieldname in optional_fields:
                self.__dict__[fieldname] = None
        else:
            self.validate_set_only_once()

    def validate_workflow(self) -> None:
        """Hold a document to its DocType's active Workflow, if there is one."""
        if frappe.flags.in_install == "frappe":
            return
        workflow = self.meta.get_workflow()
        if workflow:
            from frappe.model.workflow import set_workflow_state_on_action, validate_workflow

            validate_workflow(self)
            if self._action != "save":
                set_workflow_state_on_action(self, workflow, self._action)

    def _validate_mandatory(self) -> None:
        if self.flags.ignore_mandatory:
            return
        missing = self._get_missing_mandatory_fields()
        for row in self.get_all_children():
            missing.extend(row._get_missing_mandatory_fields())
        if not missing:
            return
        for _fieldname, message in missing:
            frappe.msgprint(message)
        names = ", ".join(fieldname for fieldname, _message in missing)
        raise frappe.MandatoryError(f"[{self.doctype}, {self.name}]: {names}")

    def _validate_links(self) -> None:
        if self.flags.ignore_links or self._action == "cancel":
            return
        missing, cancelled = self.get_invalid_links()
        for row in self.get_all_children():
            more_missing, more_cancelled = row.get_invalid_links(is_submittable=self.meta.is_submittable)
            missing += more_missing
            cancelled += more_cancelled
        if missing:
            names = ", ".join(each[2] for each in missing)
            frappe.throw(_("Could not find {0}").format(names), frappe.LinkValidationError)
        if cancelled:
            names = ", ".join(each[2] for each in cancelled)
            frappe.throw(_("Cannot link cancelled document: {0}").format(names), frappe.CancelledLinkError)

    def validate_set_only_once(self) -> bool:
        """Raise CannotChangeConstantError where a field set once has changed."""
        before = self._doc_before_save
        for df in self.meta.get_set_only_once_fields() if before else ():
            value, original = self.get(df.fieldname), before.get(df.fieldname)
            if df.fieldtype in table_fields:
                changed = not self.is_child_table_same(df.fieldname)
            elif df.fieldtype in ("Date", "Datetime", "Time"):
                changed = str(value) != str(original) and not _same_moment(value, original)
            else:
                changed = value != original
            if changed:
                frappe.throw(
                    _("Value cannot be changed for {0}").format(
                        frappe.bold(self.meta.get_label(df.fieldname))
                    ),
                    exc=frappe.CannotChangeConstantError,
                )
        return False

    def is_child_table_same(self, fieldname: str) -> bool:
        """Whether a table's rows equal the stored ones, time stamps aside."""
        rows, originals = self.get(fieldname), self._doc_before_save.get(fieldname)
        if len(rows) != len(originals):
            return False
        for row, original in zip(rows, originals, strict=True):
            new, old = (each.as_dict(convert_dates_to_str=True) for each in (row, original))
            for key in ("modified", "modified_by", "creation"):
                del new[key], old[key]
            if new != old:
                return False
        return True

    def validate_update_after_submit(self) -> None:
        """Raise UpdateAfterSubmitError where a submitted document changed in a closed field."""
        if self.flags.ignore_validate_update_after_submit:
            return
        before = self._doc_before_save
        self._validate_update_after_submit(before)
        stored = {row.name: row for row in before.get_all_children()}
        for row in self.get_all_children():
            if row.is_new() and self.meta.get_field(row.parentfield).allow_on_submit:
                continue
            row._validate_update_after_submit(stored.get(row.name))

    def validate_amended_from(self) -> None:
        """Only a cancelled document may be amended."""
        if frappe.db.get_value(self.doctype, self.get("amended_from"), "docstatus") != 2:
            link = frappe.utils.get_link_to_form(self.doctype, self.get("amended_from"))
            frappe.throw(
                _(
                    "{0} cannot be amended because it is not cancelled. "
                    "Please cancel the document before creating an amendment."
                ).format(link),
                title=_("Amendment Not Allowed"),
            )

    def validate_higher_perm_levels(self) -> None:
        """Reset fields above the writer's level to their stored or default value."""
        if self.flags.ignore_permissions or frappe.flags.in_install or frappe.session.user == "Administrator":
            return
        allowed = self.get_permlevel_access()
        if fields := self.meta.get_high_permlevel_fields():
            self.reset_values_if_no_permlevel_access(allowed, fields)
        if self.is_new():
            return
        for df in self.meta.get_table_fields():
            if fields := frappe.get_meta(df.options).get_high_permlevel_fields():
                for row in self.get(df.fieldname):
                    row.reset_values_if_no_permlevel_access(allowed, fields)

    def apply_fieldlevel_read_permissions(self) -> None:
        """Take away values that the session's user may not read."""
        if frappe.session.user == "Administrator":
            return
        allowed = self.get_permlevel_access("read")
        _hide(self, self.meta, allowed)
        for table in self.meta.get_table_fields():
            meta = frappe.get_meta(table.options)
            for row in self.get(table.fieldname) or ():
                _hide(row, meta, allowed)

    def as_readable_dict(self) -> dict:
        """`as_dict` without what the session's user may not read; the document keeps it."""
        out = self.as_dict(no_nulls=True)
        if frappe.session.user == "Administrator" or (self.meta.istable and not self.get("parenttype")):
            return out
        allowed = self.get_permlevel_access("read")
        for df in self.meta.get_high_permlevel_fields():
            if df.permlevel not in allowed:
                out.pop(df.fieldname, None)
        for table in self.meta.get_table_fields():
            meta = frappe.get_meta(table.options)
            hidden = {df.fieldname for df in meta.get_high_permlevel_fields() if df.permlevel not in allowed}
            for row in out.get(table.fieldname) or () if hidden else ():
                for fieldname in hidden:
                    row.pop(fieldname, None)
        return out

    def get_permlevel_access(self, permission_type="write") -> list[int]:
        """Levels at which the session's user has this permission."""
        roles = set(frappe.get_roles())
        levels: list[int] = []
        for perm in self.get_permissions():
            if perm.role in roles and perm.get(permission_type) and perm.permlevel not in levels:
                levels.append(perm.permlevel)
        return levels

    def has_permlevel_access_to(self, fieldname, df=None, permission_type="read") -> bool:
        """Whether the session's user reaches a field's level."""
        df = df or self.meta.get_field(fieldname)
        return df.permlevel in self.get_permlevel_access(permission_type)

    def get_permissions(self) -> list:
        """The permission rules that apply: of the parent, for a child row."""
        return (frappe.get_meta(self.parenttype) if self.meta.istable else self.meta).permissions

    def set_title_field(self) -> None:
        """Fill a `title` field from its template in options (always) or default (once)."""
        if self.meta.title_field != "title":
            return
        df = self.meta.get_field("title")
        if not df:
            return
        template = df.options or (df.default if self.is_new() and not self.get("title") else None)
        if template:
            values = {key: "" if value is None else value for key, value in self.as_dict().items()}
            self.set("title", template.format(**values))


def _same_moment(value, original) -> bool:
    """One moment may be written with and without microseconds."""
    try:
        return bool(value and original) and get_datetime(value) == get_datetime(original)
    except (TypeError, ValueError):
        return False


def _hide(doc, meta, allowed) -> None:
    hidden = {df.fieldname for df in meta.fields if df.permlevel and df.permlevel not in allowed}
    for fieldname in hidden:
        doc.__dict__.pop(fieldname, None)
    if hidden:
        doc.__dict__["_hidden_fields"] = hidden
