"""DocShare: one document shared with one user, or with everyone who is signed in."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_fullname


class DocShare(Document):
    """Who shares must have the right `share` on the document, unless `flags.ignore_share_permission`."""

    no_feed_on_delete = True

    def validate(self) -> None:
        self.validate_user()
        self.check_share_permission()
        self.check_is_submittable()
        self.cascade_permissions_downwards()
        self.get_doc().run_method("validate_share", self)

    def validate_user(self) -> None:
        """Either everyone or one user. Raises MandatoryError."""
        if self.everyone:
            self.user = None
        elif not self.user:
            frappe.throw(_("User is mandatory for Share"), frappe.MandatoryError)

    def check_share_permission(self) -> None:
        """Raise PermissionError unless the session's user may share the document."""
        if self.flags.ignore_share_permission:
            return
        if not frappe.has_permission(self.share_doctype, "share", self.get_doc()):
            frappe.throw(_('You need to have "Share" permission'), frappe.PermissionError)

    def check_is_submittable(self) -> None:
        """Submitting can only be shared where there is something to submit."""
        if self.submit and not cint(frappe.get_meta(self.share_doctype).is_submittable):
            frappe.throw(
                _("Cannot share {0} with submit permission as the doctype {1} is not submittable").format(
                    frappe.bold(self.share_name), frappe.bold(self.share_doctype)
                )
            )

    def cascade_permissions_downwards(self) -> None:
        """Whoever may submit may write; whoever may do anything may read."""
        if self.submit:
            self.write = 1
        if self.share or self.write:
            self.read = 1

    def get_doc(self):
        """The document that is shared."""
        if not self.__dict__.get("_doc"):
            self._doc = frappe.get_doc(self.share_doctype, self.share_name)
        return self._doc

    def after_insert(self) -> None:
        owner = get_fullname(self.owner)
        if self.everyone:
            text = _("{0} shared this document with everyone").format(owner)
        else:
            text = _("{0} shared this document with {1}").format(owner, get_fullname(self.user))
        self.get_doc().add_comment("Shared", text)

    def on_trash(self) -> None:
        self.check_share_permission()
        text = _("{0} un-shared this document with {1}")
        self.get_doc().add_comment("Unshared", text.format(get_fullname(self.owner), get_fullname(self.user)))


def on_doctype_update() -> None:
    """Shares are asked for by user and DocType, and by document."""
    frappe.db.add_index("DocShare", ["user", "share_doctype"])
    frappe.db.add_index("DocShare", ["share_doctype", "share_name"])
