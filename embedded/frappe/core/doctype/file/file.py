"""File: a file or folder, public or private, perhaps attached to a document."""

import base64
import binascii
import mimetypes
import os
import shutil

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from frappe.core.doctype.file.exceptions import (
    AttachmentLimitReached,
    FileTypeNotAllowed,
    FolderNotEmpty,
    MaxFileSizeReachedError,
)
from frappe.core.doctype.file.utils import (
    ATTACHMENTS,
    HOME,
    generate_file_name,
    get_content_hash,
    local_path,
    safe_file_name,
)
from frappe.model.document import Document
from frappe.utils import cint

URL_PREFIXES = ("http://", "https://")


class File(Document):
    """Content comes in `content` (with `decode`: base64) when it is made, and lies on disk afterwards."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.content = self.get("content")
        self.decode = self.get("decode") or False

    @property
    def is_remote_file(self) -> bool:
        return bool(self.file_url and self.file_url.startswith(URL_PREFIXES))

    def autoname(self) -> None:
        if not self.is_folder:
            self.name = frappe.generate_hash(length=10)
        else:
            self.name = f"{self.folder}/{self.file_name}" if self.folder else self.file_name

    def before_insert(self) -> None:
        self._set_names()
        if self.is_folder:
            return
        self._check_attachment_limit()
        self._set_file_type()
        if self.content is not None and self.content != "":
            self.file_url = None
            self.save_file(self.content, decode=self.decode)
        elif not self.file_url:
            frappe.throw(_("Fields `file_name` or `file_url` must be set for File"), frappe.MandatoryError)
        elif not self.is_remote_file:
            self._adopt_file_on_disk()

    def _set_names(self) -> None:
        if self.file_url:
            self.is_private = cint(self.file_url.startswith("/private"))
        if not self.file_name and self.file_url:
            self.file_name = self.file_url.split("/")[-1]
        self.file_name = safe_file_name(self.file_name)
        if not self.folder and not self.is_home_folder:
            self.folder = ATTACHMENTS if self.attached_to_doctype else HOME

    def _check_attachment_limit(self) -> None:
        if not (self.attached_to_doctype and self.attached_to_name):
            return
        limit = cint(frappe.get_meta(self.attached_to_doctype).max_attachments)
        attached = {
            "attached_to_doctype": self.attached_to_doctype,
            "attached_to_name": self.attached_to_name,
        }
        if limit and frappe.db.count("File", attached) >= limit:
            frappe.throw(
                _("Maximum Attachment Limit of {0} has been reached for {1} {2}.").format(
                    frappe.bold(limit), _(self.attached_to_doctype), self.attached_to_name
                ),
                AttachmentLimitReached,
                title=_("Attachment Limit Reached"),
            )

    def _set_file_type(self) -> None:
        kind = mimetypes.guess_type(self.file_name)[0]
        extension = mimetypes.guess_extension(kind) if kind else None
        self.file_type = extension.lstrip(".").upper() if extension else None
        allowed = frappe.get_system_settings("allowed_file_extensions")
        if allowed and frappe.local.get("request"):
            given = os.path.splitext(self.file_name)[1].lstrip(".").upper()
            if not {self.file_type, given} & {line.strip().upper() for line in allowed.splitlines()}:
                frappe.throw(
                    _("File type of {0} is not allowed").format(self.file_type or given), FileTypeNotAllowed
                )

    def _adopt_file_on_disk(self) -> None:
        """A second document for a file that is there already: only for whoever may read it."""
        path = local_path(self.file_url)
        if not os.path.isfile(path):
            frappe.throw(_("File {0} does not exist").format(self.file_url))
        if not self.flags.ignore_permissions and self.is_private:
            from frappe.core.doctype.file.utils import find_file_by_url

            if not find_file_by_url(self.file_url):
                raise frappe.PermissionError
        with open(path, "rb") as handle:
            self.content_hash = get_content_hash(handle.read())
        self.file_size = os.path.getsize(path)

    def save_file(self, content=None, decode=False, ignore_existing_file_check=False, overwrite=False):
        """Write the content to disk, once per content; undone if the transaction is rolled back."""
        self.content, self.decode = content, decode
        data = self.get_content()
        data = data.encode() if isinstance(data, str) else data
        self.is_private = cint(self.is_private)
        self.file_size = self.check_max_file_size(data)
        self.content_hash = get_content_hash(data)
        twin = not ignore_existing_file_check and frappe.db.get_value(
            "File",
            {"content_hash": self.content_hash, "is_private": self.is_private, "file_size": self.file_size},
            "file_url",
        )
        if twin and not overwrite and _holds(local_path(twin), data):
            self.file_url = twin
            return
        if not overwrite:
            self.file_name = generate_file_name(self.file_name, self.content_hash[-6:], self.is_private)
        self.file_url = ("/private/files/" if self.is_private else "/files/") + self.file_name
        path = local_path(self.file_url)
        _write(path, data)
        if not overwrite:
            frappe.db.after_rollback.add(lambda: os.path.exists(path) and os.remove(path))

    def check_max_file_size(self, data: bytes | None = None) -> int:
        """Size in bytes. Raises MaxFileSizeReachedError."""
        limit, size = get_max_file_size(), len(data if data is not None else self.get_content())
        if size > limit:
            frappe.throw(
                _("File size exceeded the maximum allowed size of {0} MB").format(limit / 1048576),
                MaxFileSizeReachedError,
            )
        return size

    def after_insert(self) -> None:
        if not self.is_folder:
            url, name = frappe.utils.escape_html(self.file_url), frappe.utils.escape_html(self.file_name)
            link = f"<a href='{url}' target='_blank'>{name}</a>"
            self._comment("Attachment", _("Added {0}").format(link))

    def validate(self) -> None:
        if self.is_folder:
            return
        if self.attached_to_doctype and not isinstance(self.attached_to_name, (str, int)):
            frappe.throw(_("Attached To Name must be a string or an integer"))
        self._check_attachment_permission()
        if not self.is_new() and self.has_value_changed("file_url"):
            frappe.throw(_("The address of a file cannot be changed"))
        if not self.is_new() and self.has_value_changed("is_private"):
            self._move()
        if self.is_remote_file:
            return
        if not self.file_url or not self.file_url.startswith(("/files/", "/private/files/")):
            frappe.throw(_("URL must start with http:// or https://"), title=_("Invalid URL"))
        if not os.path.isfile(local_path(self.file_url)):
            frappe.throw(_("File {0} does not exist").format(self.file_url))

    def _check_attachment_permission(self) -> None:
        """Whoever attaches a file must be able to write the document, or at least to read it."""
        if self.flags.ignore_permissions or not (self.attached_to_doctype and self.attached_to_name):
            return
        if not self.is_new() and not self.has_value_changed("attached_to_name"):
            return
        if frappe.db.exists(self.attached_to_doctype, self.attached_to_name):
            frappe.get_doc(self.attached_to_doctype, self.attached_to_name).check_permission("read")

    def _move(self) -> None:
        """Follow a change of `is_private` on disk and in every document of this file."""
        if self.is_remote_file:
            return
        old_url = self.file_url
        new_url = ("/private/files/" if cint(self.is_private) else "/files/") + old_url.split("/")[-1]
        if new_url == old_url:
            return
        source, target = local_path(old_url), local_path(new_url)
        if not os.path.isfile(source):
            frappe.throw(_("File {0} does not exist").format(old_url))
        if os.path.exists(target):
            frappe.throw(_("A file with same name {} already exists").format(new_url))
        shutil.move(source, target)
        frappe.db.after_rollback.add(lambda: os.path.exists(target) and shutil.move(target, source))
        self.file_url = new_url
        frappe.db.sql(
            "update `tabFile` set file_url=%s, is_private=%s where file_url=%s and name <> %s",
            (new_url, cint(self.is_private), old_url, self.name),
        )

    def on_trash(self) -> None:
        if self.is_home_folder or self.is_attachments_folder:
            frappe.throw(_("Cannot delete Home and Attachments folders"))
        if self.is_folder:
            if frappe.db.exists("File", {"folder": self.name}):
                frappe.throw(_("Folder {0} is not empty").format(self.name), FolderNotEmpty)
            return
        shared = frappe.db.exists("File", {"file_url": self.file_url, "name": ("!=", self.name)})
        if not shared and self.file_url and not self.is_remote_file:
            path = local_path(self.file_url)
            frappe.db.after_commit.add(lambda: os.path.exists(path) and os.remove(path))
        self._comment("Attachment Removed", _("Removed {0}").format(frappe.utils.escape_html(self.file_name)))

    def _comment(self, kind: str, text: str) -> None:
        if not (self.attached_to_doctype and self.attached_to_name):
            return
        if frappe.db.exists(self.attached_to_doctype, self.attached_to_name):
            frappe.get_doc(self.attached_to_doctype, self.attached_to_name).add_comment(kind, text)

    def get_content(self) -> bytes | str:
        """The content; text where it is UTF-8."""
        if self.is_folder:
            frappe.throw(_("Cannot get file contents of a Folder"))
        if self.content is not None and self.content != "":
            if self.decode:
                self.content, self.decode = _decoded(self.content), False
            return self.content
        with open(self.get_full_path(), "rb") as handle:
            data = handle.read()
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data

    def get_full_path(self) -> str:
        """Path on disk; the address of a remote file."""
        return self.file_url if self.is_remote_file else local_path(self.file_url or "")

    def exists_on_disk(self) -> bool:
        return os.path.exists(self.get_full_path())

    def get_extension(self) -> tuple[str, str]:
        return os.path.splitext(self.file_name)

    def is_downloadable(self) -> bool:
        """Whether the session's user may read it."""
        return has_permission(self, "read")

    @property
    def unique_url(self) -> str:
        """The address with the document's name, where that decides who may read."""
        return f"{self.file_url}?fid={self.name}" if self.is_private else self.file_url


def _decoded(content) -> bytes:
    text = content.decode() if isinstance(content, bytes) else content
    try:
        return base64.b64decode(text.split(",", 1)[-1] if text.startswith("data:") else text)
    except (binascii.Error, ValueError):
        frappe.throw(_("Content is not base64"))


def _holds(path: str, data: bytes) -> bool:
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as handle:
        return handle.read() == data


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def on_doctype_update() -> None:
    frappe.db.add_index("File", ["attached_to_doctype", "attached_to_name"])
    frappe.db.add_index("File", ["file_url(100)"])


def has_permission(doc, ptype=None, user=None, debug=False) -> bool:
    """Public files are everybody's to read; else the owner's, and whoever's may read (write) the document."""
    user = user or frappe.session.user
    ptype = ptype or "read"
    if user == "Administrator":
        return True
    if ptype == "create":
        return user != "Guest"
    if not doc.is_private and ptype in ("read", "select"):
        return True
    if user != "Guest" and doc.owner == user:
        return True
    if not (doc.attached_to_doctype and doc.attached_to_name):
        return False
    try:
        reference = frappe.get_doc(doc.attached_to_doctype, doc.attached_to_name)
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        return False
    return reference.has_permission("write" if ptype in ("write", "delete") else "read", user=user)


def get_permission_query_conditions(user: str | None = None) -> str:
    """The same for lists: attached files count only where the document itself would be listed."""
    user = user or frappe.session.user
    if user == "Administrator":
        return ""
    conditions = [f"`tabFile`.owner = {frappe.db.escape(user)}", "`tabFile`.is_private = 0"]
    attached = frappe.db.sql(
        "select distinct attached_to_doctype from `tabFile` where attached_to_doctype <> ''", pluck=True
    )
    for doctype in attached:
        if not frappe.db.exists("DocType", doctype) or not frappe.has_permission(doctype, "read", user=user):
            continue
        if frappe.get_meta(doctype).issingle or frappe.is_table(doctype):
            continue
        readable = frappe.get_list(
            doctype, fields=["name"], user=user, limit_page_length=0, order_by=None, run=False
        )
        conditions.append(
            f"(`tabFile`.attached_to_doctype = {frappe.db.escape(doctype)}"
            f" and `tabFile`.attached_to_name in ({readable}))"
        )
    return "(" + " or ".join(conditions) + ")"
