"""upload_file and the way back: private files only for those who may read what they hang on."""

import pytest

from .wire import data, message, names, refused, resource

UPLOAD = "/api/method/upload_file"


@pytest.fixture
def made(world, manager):
    return manager.post(resource(world.case), world.new_case()).json().get("data", {"name": "none"})


def upload(client, world, content=b"hello", name="note.txt", **form):
    return client.request("POST", UPLOAD, files={"file": (f"{world.prefix}-{name}", content)}, data=form)


def test_upload_private(world, manager, made):
    file = message(upload(manager, world, is_private=1, doctype=world.case, docname=made["name"]))
    assert file["doctype"] == "File" and file["is_private"] == 1
    assert (file["attached_to_doctype"], file["attached_to_name"]) == (world.case, made["name"])
    assert file["file_url"].startswith("/private/files/") and file["file_size"] == 5


def test_download_private(world, manager, made):
    file = message(
        upload(manager, world, b"\x00\x01 private", is_private=1, doctype=world.case, docname=made["name"])
    )
    answer = manager.get(file["file_url"])
    assert (answer.status_code, answer.content) == (200, b"\x00\x01 private")


def test_a_private_file_is_not_for_guests(world, manager, guest, made):
    file = message(upload(manager, world, b"for few", is_private=1, doctype=world.case, docname=made["name"]))
    answer = guest.get(file["file_url"])
    assert answer.status_code in (403, 404) and b"for few" not in answer.content


def test_a_private_file_is_not_for_who_may_not_read_its_document(world, manager, nobody, made):
    file = message(upload(manager, world, b"for few", is_private=1, doctype=world.case, docname=made["name"]))
    answer = nobody.get(file["file_url"])
    assert answer.status_code in (403, 404) and b"for few" not in answer.content


def test_a_private_file_is_for_who_may_read_its_document(world, manager, clerk, made):
    file = message(
        upload(manager, world, b"for readers", is_private=1, doctype=world.case, docname=made["name"])
    )
    assert clerk.get(file["file_url"]).content == b"for readers"


def test_upload_public(world, manager):
    file = message(upload(manager, world, is_private=0))
    assert file["file_url"].startswith("/files/") and file["is_private"] == 0


def test_upload_sets_the_field_it_is_for(world, manager, made):
    file = message(
        upload(manager, world, is_private=1, doctype=world.case, docname=made["name"], fieldname="paper")
    )
    assert file["attached_to_field"] == "paper"


def test_upload_into_a_folder(world, manager):
    assert message(upload(manager, world, folder="Home/Attachments"))["folder"] == "Home/Attachments"


def test_upload_without_a_folder_goes_home(world, manager):
    assert message(upload(manager, world))["folder"] == "Home"


def test_files_of_a_document_are_listed(world, manager, made):
    file = message(upload(manager, world, b"listed", doctype=world.case, docname=made["name"]))
    filters = {"attached_to_doctype": world.case, "attached_to_name": made["name"]}
    assert names(manager.list("File", filters=filters)) == {file["name"]}


def test_upload_needs_the_right_to_write(world, manager, nobody, made):
    refused(upload(nobody, world, doctype=world.case, docname=made["name"]), 403, "PermissionError")


def test_upload_is_not_for_guests(world, guest):
    refused(upload(guest, world), 403, "PermissionError")


def test_a_path_in_the_name_leads_nowhere(world, manager):
    file = message(upload(manager, world, name="../../../etc/passwd.txt", is_private=1))
    assert file["file_url"].startswith("/private/files/") and "/.." not in file["file_url"]


@pytest.mark.parametrize("path", ["/private/files/../../site_config.json", "/files/../site_config.json"])
def test_a_path_in_the_url_leads_nowhere(world, manager, path):
    encoded = path.replace("..", "%2e%2e")
    answer = manager.get(encoded)
    assert answer.status_code in (301, 302, 400, 403, 404) and "db_name" not in answer.text


def test_an_unknown_private_file(manager):
    assert manager.get("/private/files/no-such-file.txt").status_code in (403, 404)


def test_deleting_the_record_takes_the_file_away(world, manager):
    file = message(upload(manager, world, b"to be deleted", is_private=1))
    assert manager.delete(resource("File", file["name"])).status_code == 202
    answer = manager.get(file["file_url"])
    assert answer.status_code in (403, 404) and b"to be deleted" not in answer.content


def test_upload_by_the_second_version(world, manager):
    answer = manager.request(
        "POST",
        "/api/v2/method/upload_file",
        files={"file": (f"{world.prefix}-v2.txt", b"two")},
        data={"is_private": 1},
    )
    assert data(answer)["file_url"].startswith("/private/files/")


def test_upload_of_two_of_the_same_name_keeps_both(world, manager):
    first = message(upload(manager, world, b"one", name="same.txt", is_private=1))
    second = message(upload(manager, world, b"two", name="same.txt", is_private=1))
    assert first["file_url"] != second["file_url"]
    assert (manager.get(first["file_url"]).content, manager.get(second["file_url"]).content) == (
        b"one",
        b"two",
    )
