"""Backups are whole and of one moment; restoring checks first and loses nothing."""

import io
import json
import os
import tarfile
import threading

import frappe
import pytest
from frappe.installer import new_site
from frappe.utils.backups import DamagedBackupError, make_backup, unpack
from frappe.utils.restoring import restore

SITE, OTHER = "backup.localhost", "restored.localhost"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A bench of its own: restoring replaces sites."""
    from frappe.utils.bench_helper import make_bench

    root = tmp_path_factory.mktemp("backups")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SITES_PATH", str(root / "sites"))
        make_bench()
        new_site(SITE, admin_password="admin")
        frappe.destroy()
        yield root / "sites"
        frappe.destroy()


@pytest.fixture
def connected(bench):
    connect(SITE)
    for name in frappe.get_all("Note", pluck="name"):
        frappe.delete_doc("Note", name, delete_permanently=True)
    frappe.db.commit()
    yield bench
    frappe.destroy()


def connect(site):
    frappe.destroy()
    frappe.init(site, force=True)
    frappe.connect()


def note(title):
    doc = frappe.get_doc(doctype="Note", title=title).insert()
    frappe.db.commit()
    return doc


def attach(name, content):
    with open(frappe.get_site_path("private", "files", name), "w") as handle:
        handle.write(content)


def read_file(site_path, name="a.txt"):
    with open(os.path.join(site_path, "private", "files", name)) as handle:
        return handle.read()


def titles():
    return set(frappe.get_all("Note", pluck="title"))


def rebuilt(path, change):
    """The same archive with its parts changed: `change({name: content})`."""
    with tarfile.open(path) as archive:
        parts = {entry.name: archive.extractfile(entry).read() for entry in archive}
    change(parts)
    out = f"{path}.changed.tar.gz"
    with tarfile.open(out, "w:gz") as archive:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out


def test_back_and_forth(connected):
    note("first")
    attach("a.txt", "old")
    path = make_backup()
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    note("second")
    attach("a.txt", "new")
    attach("b.txt", "more")
    kept = restore(SITE, path)["kept"]
    connect(SITE)
    assert titles() == {"first"}
    assert read_file(frappe.local.site_path) == "old"
    assert not os.path.exists(frappe.get_site_path("private", "files", "b.txt"))
    restore(SITE, kept)
    connect(SITE)
    assert titles() == {"first", "second"}
    assert read_file(frappe.local.site_path) == "new"
    assert frappe.db.sql("pragma journal_mode")[0][0] == "wal"


def test_a_new_site_from_a_backup(connected):
    doc = note("moved")
    attach("a.txt", "moved")
    path = make_backup()
    assert restore(OTHER, path)["kept"] is None
    connect(OTHER)
    assert "moved" in titles()
    assert str(frappe.get_doc("Note", doc.name).creation) == str(doc.creation)
    assert read_file(frappe.local.site_path) == "moved"
    assert [name for name in os.listdir(connected) if name.startswith(".")] == []


def test_open_connections_go_on_in_the_restored_site(connected):
    note("kept")
    path = make_backup()
    note("gone")
    seen = []
    ready, go = threading.Event(), threading.Event()

    def reader():
        frappe.init(SITE, force=True)
        frappe.connect()
        seen.append(titles())
        frappe.db.rollback()
        ready.set()
        go.wait(30)
        seen.append(titles())
        note("after")
        frappe.destroy()

    thread = threading.Thread(target=reader)
    thread.start()
    ready.wait(30)
    restore(SITE, path)
    go.set()
    thread.join(30)
    connect(SITE)
    assert seen == [{"kept", "gone"}, {"kept"}]
    assert titles() == {"kept", "after"}


def test_a_backup_is_of_one_moment(connected):
    """A writer keeps two notes equal; every backup has them equal."""
    stop = threading.Event()

    def writer():
        frappe.init(SITE, force=True)
        frappe.connect()
        a, b = note("0"), note("0")
        for turn in range(1, 10_000):
            frappe.db.set_value("Note", a.name, "title", str(turn))
            frappe.db.set_value("Note", b.name, "title", str(turn))
            frappe.db.commit()
            if stop.is_set():
                break
        frappe.destroy()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        paths = [make_backup() for _turn in range(3)]
    finally:
        stop.set()
        thread.join()
    for number, path in enumerate(paths):
        restore(f"moment{number}.localhost", path)
        connect(f"moment{number}.localhost")
        found = frappe.get_all("Note", pluck="title")
        assert len(set(found)) <= 1 or len(found) == 1


def drop_note(parts):
    parts.pop("private/files/a.txt")


def change_file(parts):
    parts["private/files/a.txt"] += b"!"


def change_database(parts):
    parts["database.sqlite"] = parts["database.sqlite"][:-4096]


def add_part(parts):
    manifest = parts.pop("manifest.json")
    parts["private/files/extra.txt"] = b"extra"
    parts["manifest.json"] = manifest


def leave_the_folder(parts):
    manifest = parts.pop("manifest.json")
    parts["private/files/../../evil.txt"] = b"evil"
    parts["manifest.json"] = manifest


def absolute(parts):
    manifest = parts.pop("manifest.json")
    parts["/tmp/evil.txt"] = b"evil"
    parts["manifest.json"] = manifest


def drop_manifest(parts):
    del parts["manifest.json"]


def newer(parts):
    parts["manifest.json"] = parts["manifest.json"].replace(b'"format": 1', b'"format": 2')


def unknown_app(parts):
    manifest = json.loads(parts["manifest.json"])
    manifest["apps"]["no_such_app"] = "1"
    parts["manifest.json"] = json.dumps(manifest).encode()


def corrupt_database_with_right_checksum(parts):
    import hashlib

    content = bytearray(parts["database.sqlite"])
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    parts["database.sqlite"] = bytes(content)
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"]["database.sqlite"] = hashlib.sha256(content).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    "change",
    [
        drop_note,
        change_file,
        change_database,
        add_part,
        leave_the_folder,
        absolute,
        drop_manifest,
        newer,
        unknown_app,
        corrupt_database_with_right_checksum,
    ],
)
def test_a_damaged_archive_changes_nothing(connected, change):
    note("here")
    attach("a.txt", "here")
    path = make_backup()
    damaged = rebuilt(path, change)
    with pytest.raises(frappe.ValidationError):
        restore(SITE, damaged)
    with pytest.raises(frappe.ValidationError):
        restore("never.localhost", damaged)
    assert not os.path.exists(connected / "never.localhost")
    connect(SITE)
    assert titles() == {"here"}
    assert read_file(frappe.local.site_path) == "here"
    assert [name for name in os.listdir(connected) if name.startswith(".")] == []


def test_a_cut_archive_is_refused(connected, tmp_path):
    path = make_backup()
    with open(path, "rb") as handle:
        content = handle.read()
    for size in (0, 10, len(content) // 2, len(content) - 20):
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(content[:size])
        folder = tmp_path / f"to{size}"
        folder.mkdir()
        with pytest.raises(DamagedBackupError):
            unpack(str(cut), str(folder))


def test_files_come_back_if_the_database_does_not(connected, monkeypatch):
    import frappe.utils.restoring as restoring

    note("here")
    attach("a.txt", "old")
    path = make_backup()
    attach("a.txt", "present")

    def fail(source):
        raise frappe.ValidationError("no")

    monkeypatch.setattr(restoring, "_replace_database", fail)
    with pytest.raises(frappe.ValidationError):
        restore(SITE, path)
    connect(SITE)
    assert read_file(frappe.local.site_path) == "present"
    assert titles() == {"here"}
