"""Letter Head: what stands above and below a print."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html


class LetterHead(Document):
    """One Letter Head; one of those in use is the default."""

    def before_insert(self) -> None:
        # Whoever gives the HTML means that; else the picture makes it.
        self.source = self.source or ("HTML" if self.content else "Image")

    def validate(self) -> None:
        if self.source == "Image" and self.image:
            align = (self.align or "Left").lower()
            self.content = f'<div style="text-align: {align};"><img src="{escape_html(self.image)}"></div>'
        if self.disabled and self.is_default:
            frappe.throw(_("Letter Head cannot be both disabled and default"))
        if not self.is_default and not self.disabled:
            others = {"is_default": 1, "name": ("!=", self.name)}
            self.is_default = int(not frappe.db.exists("Letter Head", others))

    def on_update(self) -> None:
        if self.is_default:
            for name in frappe.get_all(
                "Letter Head", {"is_default": 1, "name": ("!=", self.name)}, pluck="name"
            ):
                frappe.db.set_value("Letter Head", name, "is_default", 0)
