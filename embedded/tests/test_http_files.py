"""Uploads and downloads: who may, how large, of which kind, and no way out of the site's folders."""

import base64
import io
import os

import frappe
import pytest
from http_host import DOCTYPE, OUTSIDER, READER, WRITER


@pytest.fixture
def writer(client):
    return client(WRITER)


@pytest.fixture
def doc(writer):
    return writer.post(f"/api/resource/{DOCTYPE}", json={"title": "with files"}).json["data"]["name"]


def upload(who, content=b"hello", name="note.txt", **form):
    form = {"is_private": 1, "folder": "Home", **form}
    return who.post("/api/method/upload_file", data={"file": (io.BytesIO(content), name), **form})


def test_upload_attach_download(client, writer, doc):
    made = upload(writer, doctype=DOCTYPE, docname=doc, fieldname="photo").json["message"]
    assert made["file_url"].startswith("/private/files/note") and made["is_private"] == 1
    assert (made["attached_to_doctype"], made["attached_to_name"]) == (DOCTYPE, doc)
    got = writer.get(made["file_url"])
    assert got.data == b"hello" and got.headers["Cache-Control"].startswith("private")
    assert client(READER).get(made["file_url"]).data == b"hello", "who reads the document reads its files"
    by_method = writer.get("/api/method/download_file", query_string={"file_url": made["file_url"]})
    assert by_method.data == b"hello" and "attachment" in by_method.headers["Content-Disposition"]


def test_private_files_are_for_readers_of_the_document_only(client, writer, doc):
    url = upload(writer, content=b"private words", doctype=DOCTYPE, docname=doc).json["message"]["file_url"]
    for user in (OUTSIDER, None):
        other = client(user)
        for answer in (
            other.get(url),
            other.get("/api/method/download_file", query_string={"file_url": url}),
            other.get(url.replace("/private/files", "/private//files")),
            other.get(url.replace("/private/files", "/files")),
        ):
            assert answer.status_code in (403, 404) and b"private words" not in answer.data
    listed = client(OUTSIDER).get("/api/resource/File", query_string={"fields": '["file_url"]', "limit": 0})
    assert url not in listed.get_data(as_text=True)
    assert url in client(READER).get(
        "/api/resource/File", query_string={"fields": '["file_url"]', "limit_page_length": 0}
    ).get_data(as_text=True)


def test_files_without_a_document_are_the_owners(client, writer):
    made = upload(writer, content=b"mine alone").json["message"]
    assert writer.get(made["file_url"]).status_code == 200
    assert client(READER).get(made["file_url"]).status_code == 403
    assert client(READER).get(f"/api/resource/File/{made['name']}").status_code == 403
    assert client(READER).delete(f"/api/resource/File/{made['name']}").status_code == 403


def test_public_files_are_public(client, writer):
    made = upload(writer, content=b"for all", name="open.txt", is_private=0).json["message"]
    assert made["file_url"].startswith("/files/")
    assert client().get(made["file_url"]).data == b"for all"


def test_guests_and_strangers_upload_nothing(client, doc):
    assert upload(client()).status_code == 403
    assert upload(client(OUTSIDER), doctype=DOCTYPE, docname=doc).status_code == 403
    assert upload(client(READER), doctype=DOCTYPE, docname=doc).status_code == 403
    assert upload(client(OUTSIDER), doctype=DOCTYPE, docname="no-such-document").status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/evil.txt",
        "..\\..\\evil.txt",
        "/etc/evil.txt",
        "a/../../evil.txt",
        "....//evil.txt",
        "evil.txt\x00.png",
        "..",
        ".",
        "%2e%2e%2fevil.txt",
        "x" * 400 + ".txt",
        ".htaccess",
        "名字 文件.txt",
    ],
)
def test_names_cannot_leave_the_folder(writer, frappe_site, name):
    answer = upload(writer, content=f"content of {name!r}".encode(), name=name)
    if answer.status_code != 200:
        assert answer.status_code == 417
        return
    url = answer.json["message"]["file_url"]
    folder = os.path.realpath(frappe.get_site_path("private", "files"))
    path = os.path.realpath(os.path.join(folder, url.removeprefix("/private/files/")))
    assert os.path.dirname(path) == folder and os.path.isfile(path)
    assert writer.get(url).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../site_config.json",
        "/files/..%2f..%2fsite_config.json",
        "/files/%2e%2e/%2e%2e/site_config.json",
        "/files//etc/passwd",
        "/private/files/../../site_config.json",
        "/private/files/..%2f..%2fsite_config.json",
        "/private/backups/x",
        "/backups/../site_config.json",
        "/assets/frappe/../__init__.py",
        "/assets/frappe/..%2fapp.py",
        "/assets/../test.localhost/site_config.json",
        "/assets/os/path.py",
        "/files/\x00",
    ],
)
def test_paths_cannot_leave_the_folders(client, path):
    for user in ("Administrator", None):
        answer = client(user).get(path)
        assert answer.status_code in (302, 403, 404)
        assert b"db_name" not in answer.data and b"import" not in answer.data and b"root:" not in answer.data


@pytest.mark.parametrize(
    "url",
    [
        "/private/files/../../site_config.json",
        "/files/../../site_config.json",
        "/etc/passwd",
        "file:///etc/passwd",
        "/private/files/missing.txt",
        "../site_config.json",
        "/backups/x",
    ],
)
def test_a_file_document_cannot_point_anywhere(writer, url):
    answer = writer.post("/api/resource/File", json={"file_url": url, "is_private": 1})
    assert 400 <= answer.status_code < 500
    by_upload = writer.post("/api/method/upload_file", data={"file_url": url, "file_name": "x"})
    assert 400 <= by_upload.status_code < 500


def test_a_second_document_does_not_open_a_private_file(client, writer):
    url = upload(writer, content=b"not yours").json["message"]["file_url"]
    for form in ({"file_url": url}, {"file_url": url, "is_private": 0}):
        stolen = client(OUTSIDER).post("/api/resource/File", json={**form, "file_name": "mine.txt"})
        assert stolen.status_code == 403
    assert client(OUTSIDER).get(url).status_code == 403


def test_the_address_of_a_file_stays(writer):
    first = upload(writer, content=b"one").json["message"]
    second = upload(writer, content=b"two").json["message"]
    answer = writer.put(f"/api/resource/File/{first['name']}", json={"file_url": second["file_url"]})
    assert answer.status_code == 417


def test_making_a_file_public_moves_it(client, writer):
    made = upload(writer, content=b"soon public", name="soon.txt").json["message"]
    moved = writer.put(f"/api/resource/File/{made['name']}", json={"is_private": 0})
    assert moved.status_code == 200
    url = moved.json["data"]["file_url"]
    assert url.startswith("/files/") and client().get(url).data == b"soon public"
    assert writer.get(made["file_url"]).status_code in (403, 404)


def test_deleting_removes_the_content_with_its_last_document(writer, frappe_site):
    one = upload(writer, content=b"twice", name="a.txt").json["message"]
    two = upload(writer, content=b"twice", name="b.txt").json["message"]
    assert one["file_url"] == two["file_url"], "the same content lies there once"
    writer.delete(f"/api/resource/File/{one['name']}")
    assert writer.get(one["file_url"]).status_code == 200
    writer.delete(f"/api/resource/File/{two['name']}")
    assert not os.path.exists(frappe.get_site_path("private", "files", os.path.basename(one["file_url"])))


def test_a_failed_upload_leaves_no_file(writer, frappe_site):
    folder = frappe.get_site_path("private", "files")
    before = set(os.listdir(folder))
    answer = upload(writer, content=b"nowhere to go", folder="No Such Folder")
    assert answer.status_code == 417
    assert set(os.listdir(folder)) == before


def test_what_a_browser_would_run_comes_as_a_download(writer):
    for name in ("page.html", "image.svg", "data.xml"):
        url = upload(writer, content=b"<script>1</script>", name=name).json["message"]["file_url"]
        got = writer.get(url)
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"


def setting(**values):
    for key, value in values.items():
        frappe.db.set_single_value("System Settings", key, value)
    frappe.clear_document_cache("System Settings", "System Settings")
    frappe.db.commit()


def test_size_is_limited(writer, frappe_site):
    setting(max_file_size=1)
    try:
        fits = upload(writer, content=b"x" * (1024 * 1024))
        over = upload(writer, content=b"y" * (1024 * 1024 + 1))
        far_over = upload(writer, content=b"z" * (3 * 1024 * 1024))
    finally:
        setting(max_file_size=0)
    assert fits.status_code == 200
    assert (over.status_code, over.json["exc_type"]) == (417, "MaxFileSizeReachedError")
    assert far_over.status_code == 413 and far_over.mimetype == "application/json"


def test_kinds_are_limited_where_the_site_says_so(writer, frappe_site):
    setting(allowed_file_extensions="PDF\nCSV")
    try:
        refused = upload(writer, name="note.txt", content=b"kind")
        accepted = upload(writer, name="rows.csv", content=b"a,b")
    finally:
        setting(allowed_file_extensions="")
    assert (refused.status_code, refused.json["exc_type"]) == (417, "FileTypeNotAllowed")
    assert accepted.status_code == 200


def test_attach_file(client, writer, doc):
    content = base64.b64encode(b"from a script").decode()
    call = {"filename": "s.txt", "filedata": content, "doctype": DOCTYPE, "docname": doc, "is_private": 1}
    made = writer.call("frappe.client.attach_file", decode_base64=1, docfield="photo", **call)
    url = made.json["message"]["file_url"]
    assert writer.get(url).data == b"from a script"
    assert writer.get(f"/api/resource/{DOCTYPE}/{doc}").json["data"]["photo"] == url
    broken = writer.call("frappe.client.attach_file", decode_base64=1, **{**call, "filedata": "é?"})
    assert broken.status_code == 417


def test_upload_without_anything(writer):
    assert writer.post("/api/method/upload_file", data={"is_private": 1}).status_code == 417
    assert writer.post("/api/method/upload_file", json={}).status_code == 417
