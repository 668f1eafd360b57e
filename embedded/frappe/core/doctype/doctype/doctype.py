"""DocType: the description of documents. Saving one checks it and brings its table in line."""

import re

import frappe
from frappe import _
from frappe.core.doctype.doctype.checks import check_fields, check_permissions, check_series
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from frappe.model.meta import Meta
from frappe.modules import load_doctype_module
from frappe.utils import cint

_TREE_FIELDS = (
    {"label": "Left", "fieldtype": "Int", "fieldname": "lft", "read_only": 1, "hidden": 1, "no_copy": 1},
    {"label": "Right", "fieldtype": "Int", "fieldname": "rgt", "read_only": 1, "hidden": 1, "no_copy": 1},
    {"label": "Is Group", "fieldtype": "Check", "fieldname": "is_group"},
)
_RESERVED = (
    "name",
    "parent",
    "creation",
    "owner",
    "modified",
    "modified_by",
    "parentfield",
    "parenttype",
    "file_list",
    "flags",
    "docstatus",
)
_LAYOUT_SUFFIX = {"Section Break": "_section", "Column Break": "_column", "Tab Break": "_tab"}


class InvalidFieldNameError(frappe.ValidationError):
    """A field may not have this name."""


class CannotCreateStandardDoctypeError(frappe.ValidationError):
    """Outside installation, migration and tests, only custom DocTypes are made."""


class DocType(Document):
    """Checks and installs one description of documents."""

    def validate(self) -> None:
        self._check_may_be_standard()
        self._check_name()
        if self.is_virtual and self.custom:
            raise NotImplementedError("virtual DocTypes without a controller")
        if self.issingle:
            self.allow_import = self.is_submittable = self.istable = 0
        elif self.istable:
            self.allow_import = 0
            self.set("permissions", [])
        if self.autoname == "autoincrement":
            self.allow_rename = 0
        self._name_fields()
        self._show_mandatory_fields_in_lists()
        check_series(self)
        self._add_amended_from()
        self._add_tree_fields()
        check_fields(self)
        if not self.istable:
            check_permissions(self)
        if not self.is_new():
            self._check_conflicts_with_controller()

    def _check_may_be_standard(self) -> None:
        flags = frappe.flags
        if self.custom or flags.in_patch or flags.in_test or flags.in_install or flags.in_migrate:
            return
        if not frappe.conf.get("developer_mode"):
            frappe.throw(
                _("Not in Developer Mode! Set in site_config.json or make 'Custom' DocType."),
                CannotCreateStandardDoctypeError,
            )

    def _check_name(self) -> None:
        name = self.name or ""
        if not re.match(r"^[^\W\d_][\w\-. ]*$", name) or name != name.strip():
            frappe.throw(
                _(
                    "DocType's name should start with a letter and can only consist of letters, numbers, "
                    "spaces, underscores and hyphens"
                ),
                frappe.NameError,
                title=_("Invalid Name"),
            )
        if len(name) > 61:
            frappe.throw(
                _("Doctype name is limited to {0} characters ({1})").format(61, name), frappe.NameError
            )

    def _name_fields(self) -> None:
        for df in self.fields:
            if not df.fieldname:
                self._name_field(df)
            elif df.fieldname in _RESERVED:
                frappe.throw(_("Fieldname {0} is restricted").format(df.fieldname), InvalidFieldNameError)
            df.fieldname = re.sub(r"\W", "", df.fieldname).lower()
            if df.unique:
                df.search_index = 0

    def _name_field(self, df) -> None:
        suffix = _LAYOUT_SUFFIX.get(df.fieldtype, "")
        if df.label:
            name = df.label.strip().lower().replace(" ", "_").strip("?")
            df.fieldname = (name + "1" if name in _RESERVED else name) + suffix
        elif suffix:
            df.fieldname = f"{frappe.scrub(df.fieldtype)}_{frappe.generate_hash(length=4)}"
        else:
            frappe.throw(_("Row #{}: Fieldname is required").format(df.idx), title="Missing Fieldname")

    def _show_mandatory_fields_in_lists(self) -> None:
        if any(df.in_list_view for df in self.fields):
            return
        excluded = ("Attach Image", "Section Break", "Column Break", "Tab Break", "Table", "HTML", "Button")
        shown = [df for df in self.fields if df.reqd and not df.hidden and df.fieldtype not in excluded]
        for df in shown[:4]:
            df.in_list_view = 1

    def _add_amended_from(self) -> None:
        if self.is_submittable and not self.istable and not self.get("fields", {"fieldname": "amended_from"}):
            self.append(
                "fields",
                {
                    "label": "Amended From",
                    "fieldtype": "Link",
                    "fieldname": "amended_from",
                    "options": self.name,
                    "read_only": 1,
                    "print_hide": 1,
                    "no_copy": 1,
                    "search_index": 1,
                },
            )

    def _add_tree_fields(self) -> None:
        """A tree has lft, rgt, is_group, old_parent and a link to its parent."""
        if not self.is_tree:
            return
        names = {df.fieldname for df in self.fields}
        parent = self.nsm_parent_field or f"parent_{frappe.scrub(self.name)}"
        link = {"fieldtype": "Link", "options": self.name}
        wanted = [
            *_TREE_FIELDS,
            {**link, "label": "Old Parent", "fieldname": "old_parent"},
            {**link, "label": f"Parent {self.name}", "fieldname": parent},
        ]
        for df in wanted:
            if df["fieldname"] not in names:
                self.append("fields", dict(df))
        self.nsm_parent_field = parent

    def _check_conflicts_with_controller(self) -> None:
        from frappe.model import no_value_fields
        from frappe.model.controllers import DOCTYPES_FOR_DOCTYPE

        if self.name in DOCTYPES_FOR_DOCTYPE or self.name in ("Custom DocPerm", "Custom Field"):
            return
        try:
            controller = get_controller(self.name)
        except ImportError:
            controller = Document
        for df in self.fields:
            found = getattr(controller, df.fieldname, None)
            if df.fieldtype in no_value_fields or found is None:
                continue
            if callable(found) or (isinstance(found, property) and not df.is_virtual):
                kind = "controller method" if callable(found) else "class property"
                frappe.throw(
                    _("Fieldname '{0}' conflicting with a {1} of the name {2} in {3}").format(
                        df.label or df.fieldname, kind, df.fieldname, self.name
                    )
                )

    def on_update(self) -> None:
        self._make_module_and_roles()
        frappe.db.updatedb(self.name, Meta(self))
        frappe.clear_cache(doctype=self.name)
        self._restamp_parents()
        if not self.custom:
            self.run_module_method("on_doctype_update")
            if self.flags.in_insert:
                self.run_module_method("after_doctype_insert")
        frappe.clear_cache(doctype=self.name)
        frappe.flags.link_fields = {}
        frappe.local.new_doc_templates.clear()
        frappe.local.role_permissions.clear()

    def _make_module_and_roles(self) -> None:
        if not (frappe.db.exists("DocType", "Module Def") and frappe.db.exists("DocType", "Role")):
            return  # the core is being installed
        if self.module and not frappe.db.exists("Module Def", self.module):
            app = frappe.local.module_app.get(frappe.scrub(self.module)) or "frappe"
            module = frappe.get_doc(
                {"doctype": "Module Def", "module_name": self.module, "app_name": app, "custom": self.custom}
            )
            module.insert(ignore_permissions=True, ignore_mandatory=True)
        wanted = dict.fromkeys([*(perm.role for perm in self.permissions), "Administrator", "System Manager"])
        for role in wanted:
            if not frappe.db.exists("Role", role):
                doc = frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1})
                doc.flags.ignore_mandatory = doc.flags.ignore_permissions = True
                doc.insert()

    def _restamp_parents(self) -> None:
        """Open forms of parents learn that a child table has changed."""
        if self.istable and not frappe.flags.in_import and not frappe.flags.in_install:
            for parent in set(
                frappe.get_all("DocField", {"options": self.name, "fieldtype": "Table"}, pluck="parent")
            ):
                frappe.clear_cache(doctype=parent)

    def run_module_method(self, method: str) -> None:
        """Call a function of the DocType's module, where there is one."""
        module = load_doctype_module(self.name, self.module)
        if method in vars(module):
            getattr(module, method)()

    def before_rename(self, old: str, new: str, merge: bool = False) -> None:
        if merge:
            frappe.throw(_("DocType can not be merged"))
        raise NotImplementedError("renaming a DocType")

    def on_trash(self) -> None:
        frappe.clear_cache(doctype=self.name)
        frappe.flags.link_fields = {}

    def get_max_idx(self) -> int:
        """The highest row number of its fields."""
        return max((cint(df.idx) for df in self.fields), default=0)
