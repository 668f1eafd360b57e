"""Who may read what: roles, owners, user permissions, shares and hooks as conditions of a query."""

import frappe
from frappe import _
from frappe.core.doctype.server_script.server_script_utils import scripted_condition


class AccessConditions:
    """Part of DatabaseQuery."""

    def check_read_permission(self, doctype: str, parent_doctype: str | None = None):
        """Raise PermissionError unless the user may select or read some of the DocType."""
        if self.flags.ignore_permissions or doctype in self.permission_map:
            return
        ptype = "select" if frappe.only_has_select_perm(doctype, user=self.user) else "read"
        frappe.has_permission(
            doctype,
            ptype=ptype,
            parent_doctype=parent_doctype or self.doctype,
            throw=True,
            user=self.user,
        )
        self.permission_map[doctype] = ptype

    def build_match_conditions(self, as_condition=True):
        """The condition under which the user may read a row, "" if there is none; with `as_condition=False`
        the user permissions as [{DocType: [names]}]."""
        import frappe.permissions as permissions

        self.match_filters, self.match_conditions = [], []
        self.shared, self._fetch_shared = [], False
        meta = self.doctype_meta
        role_permissions = permissions.get_role_permissions(meta, user=self.user)
        may_read = role_permissions.get("select") or role_permissions.get("read")
        only_shared = False

        # Frappe lets a User Permission for the DocType stand for the missing role, also in lists, where a
        # single share then opens all of them.
        if (
            not meta.istable
            and not may_read
            and not self.flags.ignore_permissions
            and (
                as_condition or not _has_user_permission_for(self.doctype, self.user, self.reference_doctype)
            )
        ):
            only_shared = True
            self.shared = _shared(self.doctype, self.user)
            if not self.shared:
                frappe.throw(_("No permission to read {0}").format(_(self.doctype)), frappe.PermissionError)
            self.match_conditions.append(self.get_share_condition())
        else:
            if requires_owner_constraint(role_permissions):
                self._fetch_shared = True
                self.match_conditions.append(
                    f"`tab{self.doctype}`.`owner` = {frappe.db.escape(self.user, percent=False)}"
                )
            elif may_read:
                self.add_user_permissions(permissions.get_user_permissions(self.user))
            if self._fetch_shared:
                self.shared = _shared(self.doctype, self.user)

        if not as_condition:
            return self.match_filters
        if meta.istable and self.parent_doctype and not self.flags.ignore_permissions:
            self.match_conditions.append(self._rows_of_readable_parents())
        condition = "((" + ") or (".join(self.match_conditions) + "))" if self.match_conditions else ""
        if hooked := self.get_permission_query_conditions():
            condition = f"{condition} and {hooked}" if condition else hooked
        if not only_shared and self.shared and condition:
            condition = f"(({condition}) or ({self.get_share_condition()}))"
        return condition

    def _rows_of_readable_parents(self):
        """Rows asked for by themselves: only those of documents, and in fields, that the user may read."""
        parent, table = self.parent_doctype, f"`tab{self.doctype}`"
        condition = f"{table}.parenttype = {frappe.db.escape(parent, percent=False)}"
        rows = self._readable_rows(parent)
        if rows.startswith("("):
            condition += f" and {table}.parent in (select name from {rows})"
        return condition + self._of_visible_fields(table, parent)

    def _readable_rows(self, doctype: str) -> str:
        """What to join for the documents of a DocType that the user may read: its table, or a part of it."""
        table = f"`tab{doctype}`"
        if self.flags.ignore_permissions or frappe.get_meta(doctype).issingle:
            return table
        from frappe.model.db_query import DatabaseQuery

        matching = DatabaseQuery(doctype, user=self.user).build_match_conditions()
        return f"(select * from {table} where {matching})" if matching else table

    def _of_visible_fields(self, table: str, parent: str) -> str:
        """` and …` that leaves out child rows of table fields above the user's level."""
        if self.flags.ignore_permissions:
            return ""
        fields = self.visible_parentfields(table[4:-1], parent)
        if fields is None:
            return ""
        listed = ", ".join(frappe.db.escape(field, percent=False) for field in fields)
        return f" and {table}.parentfield in ({listed})"

    def get_share_condition(self):
        names = ", ".join(frappe.db.escape(name, percent=False) for name in self.shared)
        return f"`tab{self.doctype}`.name in ({names})"

    def add_user_permissions(self, user_permissions):
        """Every link to a DocType for which the user has permissions must be one of them, or empty."""
        if self.flags.ignore_user_permissions:
            return
        links = [df for df in self.doctype_meta.get_link_fields() if not df.get("ignore_user_permissions")]
        links.append(frappe._dict(options=self.doctype, fieldname="name"))
        strict = frappe.get_system_settings("apply_strict_user_permissions")
        conditions, filters = [], {}
        for df in links:
            names = [
                permission.get("doc")
                for permission in user_permissions.get(df.get("options")) or []
                if self._applies(permission.get("applicable_for"), df)
            ]
            if not names:
                continue
            column = f"`tab{self.doctype}`.`{df.get('fieldname')}`"
            listed = ", ".join(frappe.db.escape(name, percent=False) for name in names)
            empty = "" if strict else f"ifnull({column}, '')='' or "
            conditions.append(f"({empty}{column} in ({listed}))")
            filters[df.get("options")] = names
        conditions += self._rows_allowed(user_permissions, strict)
        if conditions:
            self._fetch_shared = True
            self.match_conditions.append(" and ".join(conditions))
            self.match_filters.append(filters)

    def _rows_allowed(self, user_permissions, strict) -> list[str]:
        """No child row may link to what the user is not allowed; Frappe asks that of a document only."""
        from frappe.permissions import get_allowed_docs_for_doctype

        conditions = []
        for table in self.doctype_meta.get_table_fields() if user_permissions else ():
            for df in frappe.get_meta(table.options).get_link_fields():
                allowed = user_permissions.get(df.options)
                if df.ignore_user_permissions or not allowed:
                    continue
                names = get_allowed_docs_for_doctype(allowed, self.doctype)
                if not names:
                    continue
                listed = ", ".join(frappe.db.escape(name, percent=False) for name in names)
                column = f"child.`{df.fieldname}`"
                forbidden = f"ifnull({column}, '') not in ({listed})"
                if not strict:
                    forbidden = f"ifnull({column}, '') != '' and {forbidden}"
                conditions.append(
                    f"not exists (select 1 from `tab{table.options}` child"
                    f" where child.parent = {self.table}.name"
                    f" and child.parenttype = {frappe.db.escape(self.doctype, percent=False)}"
                    f" and child.parentfield = {frappe.db.escape(table.fieldname, percent=False)}"
                    f" and {forbidden})"
                )
        return conditions

    def _applies(self, applicable_for, df):
        if not applicable_for:
            return True
        if df.get("fieldname") == "name" and self.reference_doctype:
            return applicable_for == self.reference_doctype
        return applicable_for == self.doctype

    def get_permission_query_conditions(self) -> str:
        """What the apps' `permission_query_conditions` hooks and a Server Script add, joined by AND."""
        hooks = frappe.get_hooks("permission_query_conditions", {})
        conditions = []
        for method in [*hooks.get(self.doctype, []), *hooks.get("*", [])]:
            if condition := frappe.call(frappe.get_attr(method), self.user, doctype=self.doctype):
                conditions.append(condition)
        if condition := scripted_condition(self.doctype, self.user):
            conditions.append(condition)
        return " and ".join(conditions)


def _shared(doctype, user):
    from frappe.share import get_shared

    return get_shared(doctype, user)


def _has_user_permission_for(doctype, user, applicable_for):
    import frappe.permissions as permissions

    return any(
        not permission.get("applicable_for") or permission.get("applicable_for") == applicable_for
        for permission in permissions.get_user_permissions(user).get(doctype, [])
    )


def requires_owner_constraint(role_permissions):
    """Whether the user may read only documents of their own."""
    if not role_permissions.get("has_if_owner_enabled"):
        return False
    if_owner = role_permissions.get("if_owner")
    if not if_owner:
        return False
    # Whoever may read his own and select any (Frappe: sees all in a list) reads his own.
    return ("read" if role_permissions.get("read") else "select") in if_owner


def check_parent_permission(parent, child_doctype):
    """Raise PermissionError unless `parent` has `child_doctype` as a table and may be read."""
    if parent:
        import frappe.permissions as permissions

        if child_doctype and not (
            frappe.db.exists("DocField", {"parent": parent, "options": child_doctype})
            or frappe.db.exists("Custom Field", {"dt": parent, "options": child_doctype})
        ):
            raise frappe.PermissionError
        if permissions.has_permission(parent):
            return
    raise frappe.PermissionError
