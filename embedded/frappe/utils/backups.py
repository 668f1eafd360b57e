"""Backups of a site: one compressed archive of database, files and configuration, with checksums.

Archive: `<time>-<site>.tar.gz` with `database.sqlite`, `site_config.json`, `public/files/…`,
`private/files/…` and, last, `manifest.json`: {"format", "site", "made_on", "apps": {app: version},
"parts": {name: sha256}}.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from datetime import datetime, timezone

import frappe

FORMAT = 1
DATABASE, CONFIG, MANIFEST = "database.sqlite", "site_config.json", "manifest.json"
FOLDERS = ("public/files", "private/files")
_BLOCK = 1024 * 1024


class DamagedBackupError(frappe.ValidationError):
    """The archive is not a backup, not whole, or from a newer host."""


def make_backup(folder: str | None = None) -> str:
    """Back up the connected site while others go on writing; returns the archive's path.

    The database is the state of one moment. `folder` is the site's `private/backups` by default. An archive
    under its name is whole: it is written under another first.
    """
    folder = folder or frappe.get_site_path("private", "backups")
    os.makedirs(folder, exist_ok=True)
    made_on = datetime.now(timezone.utc)
    stamp = made_on.strftime("%Y%m%d_%H%M%S_%f")
    path = os.path.abspath(os.path.join(folder, f"{stamp}-{frappe.scrub(frappe.local.site)}.tar.gz"))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as workshop:
        snapshot = os.path.join(workshop, DATABASE)
        _snapshot(frappe.db.path, snapshot)
        interim = os.path.join(workshop, "archive")
        parts: dict[str, str] = {}
        with os.fdopen(os.open(interim, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                _add(archive, snapshot, DATABASE, parts)
                _add(archive, frappe.get_site_path("site_config.json"), CONFIG, parts)
                for name in _files():
                    _add(archive, frappe.get_site_path(*name.split("/")), name, parts)
                _add_manifest(archive, parts, made_on)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(interim, path)
    return path


def _snapshot(source: str, target: str) -> None:
    """Copy a database as it stands at one moment, readers and writers undisturbed."""
    with _opened(source) as live, _opened(target) as copy:
        live.backup(copy)
        copy.execute("pragma journal_mode = delete")


class _opened:
    def __init__(self, path: str):
        self.path = path

    def __enter__(self) -> sqlite3.Connection:
        self.conn = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        return self.conn

    def __exit__(self, *error) -> None:
        self.conn.close()


def _files() -> list[str]:
    """Files of the site, as paths below it."""
    site = frappe.get_site_path()
    found = []
    for folder in FOLDERS:
        for where, _folders, names in os.walk(os.path.join(site, folder)):
            found += [os.path.relpath(os.path.join(where, name), site).replace(os.sep, "/") for name in names]
    return sorted(found)


def _add(archive, path: str, name: str, parts: dict) -> None:
    """Add a file and note its checksum. One that has been deleted since it was listed is left out."""
    if not os.path.exists(path):
        return
    with open(path, "rb") as handle:
        entry = archive.gettarinfo(arcname=name, fileobj=handle)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        reader = _Hashing(handle)
        archive.addfile(entry, reader)
    parts[name] = reader.hash.hexdigest()


class _Hashing:
    """Reads through, and knows the checksum of what was read."""

    def __init__(self, handle):
        self.handle, self.hash = handle, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.handle.read(size)
        self.hash.update(block)
        return block


def _add_manifest(archive, parts: dict, made_on: datetime) -> None:
    manifest = {
        "format": FORMAT,
        "site": frappe.local.site,
        "made_on": made_on.isoformat(),
        "apps": {app: _version(app) for app in frappe.get_installed_apps()},
        "parts": parts,
    }
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mtime, entry.mode = len(content), int(made_on.timestamp()), 0o600
    archive.addfile(entry, io.BytesIO(content))


def _version(app: str) -> str:
    return getattr(frappe.get_module(app), "__version__", "")


def unpack(path: str, folder: str) -> dict:
    """Unpack an archive into an empty folder and check every part of it; returns its manifest.

    Raises DamagedBackupError if anything is missing, too much or different, or if the database is not sound.
    """
    parts: dict[str, str] = {}
    manifest = None
    try:
        with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                if manifest is not None or not entry.isfile() or not _is_expected(entry.name):
                    raise DamagedBackupError(f"The archive holds what a backup does not: {entry.name}")
                content = archive.extractfile(entry)
                if entry.name == MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    parts[entry.name] = _write(content, os.path.join(folder, *entry.name.split("/")))
            while stream.read(_BLOCK):
                pass  # the checksum of the whole comes last
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise DamagedBackupError(f"{path} is not a whole backup: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("parts"), dict):
        raise DamagedBackupError(f"{path} is not a whole backup: {MANIFEST}")
    if manifest.get("format") != FORMAT:
        raise DamagedBackupError(f"The backup has format {manifest.get('format')}; this host reads {FORMAT}")
    wrong = sorted(
        name for name in {*parts, *manifest["parts"]} if parts.get(name) != manifest["parts"].get(name)
    )
    if wrong or DATABASE not in parts or CONFIG not in parts:
        raise DamagedBackupError("Parts of the backup are missing or changed: " + ", ".join(wrong[:5]))
    _check_database(os.path.join(folder, DATABASE))
    return manifest


def _is_expected(name: str) -> bool:
    if name in (DATABASE, CONFIG, MANIFEST):
        return True
    pieces = name.split("/")
    return name.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and not {"", ".", ".."} & set(pieces)


def _write(content, path: str) -> str:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    reader = _Hashing(content)
    with open(path, "wb") as out:
        shutil.copyfileobj(reader, out, _BLOCK)
    return reader.hash.hexdigest()


def _check_database(path: str) -> None:
    try:
        with _opened(path) as conn:
            answer = conn.execute("pragma integrity_check").fetchone()[0]
            conn.execute("select count(*) from `tabDocType`").fetchone()
    except sqlite3.Error as error:
        answer = str(error)
    if answer != "ok":
        raise DamagedBackupError(f"The backup's database is damaged: {answer}")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.utils.backups.{name}")
