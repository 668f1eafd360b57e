"""What a form needs to know of a DocType: its meta, the scripts beside it, print formats, workflow,
dashboard."""

import os

import frappe
from frappe.model import table_fields
from frappe.model.meta import Meta
from frappe.modules import get_module_path, load_doctype_module, scrub

# Keys that a form's answer always has, empty or not.
ASSET_KEYS = (
    "__js", "__css", "__list_js", "__calendar_js", "__map_js", "__linked_with", "__messages",
    "__print_formats",
    "__workflow_docs", "__form_grid_templates", "__listview_template", "__tree_js", "__dashboard",
    "__kanban_column_fields", "__templates", "__custom_js", "__custom_list_js",
)  # fmt: skip
_SCRIPTS = {
    "__js": ("{0}.js", "doctype_js"),
    "__css": ("{0}.css", None),
    "__list_js": ("{0}_list.js", "doctype_list_js"),
    "__calendar_js": ("{0}_calendar.js", "doctype_calendar_js"),
    "__tree_js": ("{0}_tree.js", "doctype_tree_js"),
}


class FormMeta(Meta):
    """A Meta with the assets of its form."""

    def __init__(self, doctype):
        self.__dict__.update(frappe.get_meta(doctype).__dict__)
        self.assets = dict.fromkeys(ASSET_KEYS)
        if not self.istable:
            self._load_assets()

    def as_dict(self, no_nulls: bool = False) -> dict:
        """The meta's properties, the assets, and of each field what its link needs: search fields,
        document type."""
        out = super().as_dict(no_nulls=no_nulls)
        out.pop("assets", None)
        out.update(self.assets, __assets_loaded=True)
        for row, df in zip(out.get("fields") or (), self.fields, strict=True):
            linked = _linked_meta(df)
            row["search_fields"] = _split(linked.search_fields) if linked else None
            row["linked_document_type"] = linked.document_type if linked else None
            row["is_custom_field"] = df.get("is_custom_field")
        return out

    def _load_assets(self) -> None:
        assets = self.assets
        name = scrub(self.name)
        assets["__custom_js"] = f"\n\n//# sourceURL={name}__custom_js"
        assets["__custom_list_js"] = f"\n\n//# sourceURL={name}__custom_list_js"
        assets["__kanban_column_fields"] = []
        assets["__dashboard"] = self.get_dashboard_data()
        assets["__print_formats"] = frappe.get_all(
            "Print Format",
            filters={"doc_type": self.name, "disabled": 0, "docstatus": ("<", 2)},
            fields=["*"],
            update={"doctype": "Print Format"},
        )
        assets["__workflow_docs"] = self._workflow_docs()
        for key, (pattern, hook) in _SCRIPTS.items():
            assets[key] = self._script(key, pattern, hook)
        if not self.custom:
            assets["__templates"] = self._templates()
            assets["__form_grid_templates"] = self._grid_templates()

    def _workflow_docs(self) -> list:
        name = self.get_workflow()
        if not name or not frappe.db.exists("Workflow", name):
            return []
        workflow = frappe.get_doc("Workflow", name)
        states = [frappe.get_doc("Workflow State", row.state) for row in workflow.get("states")]
        return [workflow, *states]

    def _folder(self) -> str:
        return os.path.join(get_module_path(self.module), "doctype", scrub(self.name))

    def _script(self, key: str, pattern: str, hook: str | None) -> str | None:
        """The file beside the DocType and those that apps add by a hook, in one text."""
        paths = [] if self.custom else [os.path.join(self._folder(), pattern.format(scrub(self.name)))]
        parts = []
        for path in [*paths, *(get_code_files_via_hooks(hook, self.name) if hook else ())]:
            if text := frappe.read_file(path):
                shown = os.path.relpath(path, os.path.dirname(frappe.local.sites_path) or ".")
                parts.append(f"\n\n/* Adding {shown} */\n\n{text}\n\n//# sourceURL={scrub(self.name)}{key}")
        return "".join(parts) or None

    def _templates(self) -> dict | None:
        folder = self._folder()
        if not os.path.isdir(folder):
            return None
        names = sorted(name for name in os.listdir(folder) if name.endswith(".html"))
        texts = {name.split(".", 1)[0]: frappe.read_file(os.path.join(folder, name)) for name in names}
        return texts or None

    def _grid_templates(self) -> dict | None:
        try:
            module = load_doctype_module(self.name)
        except ImportError:
            return None
        paths = getattr(module, "form_grid_templates", None)
        if not paths:
            return None
        app = module.__name__.split(".", 1)[0]
        return {key: frappe.read_file(frappe.get_app_path(app, path)) for key, path in paths.items()}


def get_meta(doctype: str, cached: bool = True) -> FormMeta:
    """The FormMeta of a DocType, read afresh: formats and workflows change without the DocType."""
    return FormMeta(doctype)


def get_meta_bundle(doctype: str) -> list[FormMeta]:
    """The FormMeta of a DocType, and those of its child tables."""
    meta = get_meta(doctype)
    return [meta, *(get_meta(df.options) for df in meta.fields if df.fieldtype in table_fields)]


def get_code_files_via_hooks(hook: str, name: str) -> list[str]:
    """Paths of the files that the apps' hook names for a DocType."""
    files = []
    for app in frappe.get_installed_apps():
        named = (frappe.get_hooks(hook, default={}, app_name=app) or {}).get(name, [])
        for path in named if isinstance(named, list) else [named]:
            files.append(frappe.get_app_path(app, *path.strip("/").split("/")))
    return files


def _linked_meta(df):
    if df.fieldtype != "Link" or not df.options or df.options == "[Select]":
        return None
    try:
        return frappe.get_meta(df.options)
    except frappe.DoesNotExistError:
        # A field may outlive the DocType that it points to; the form shows it all the same.
        frappe.clear_last_message()
        return None


def _split(search_fields) -> list[str] | None:
    return [field.strip() for field in search_fields.split(",")] if search_fields else None
