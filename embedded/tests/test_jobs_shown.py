"""Jobs as clients see them: RQ Job documents, the progress of a job, actions of documents that are queued."""

import json
import os
import time

import frappe
import http_host
import job_bodies
import pytest
from doctypes import make_user
from host_site import SITE
from test_jobs import Queue, queue  # noqa: F401

OUTSIDER = "jobs_outsider@example.com"


@pytest.fixture
def outsider(frappe_site):
    """A user without roles, and no jobs from before."""
    make_user(OUTSIDER)
    frappe.db.commit()


def refused(method, **arguments):
    """Assert that a user without roles may not call it (`only_for` lets everybody pass in tests)."""
    frappe.set_user(OUTSIDER)
    frappe.flags.in_test = False
    try:
        with pytest.raises(frappe.PermissionError):
            method(**arguments)
    finally:
        frappe.flags.in_test = True
        frappe.set_user("Administrator")


def test_jobs_as_documents(queue: Queue):  # noqa: F811
    from frappe.utils.background_jobs import get_queue

    frappe.enqueue(job_bodies.write_and_fail, text="bad", job_id="bad")
    frappe.enqueue("frappe.ping", queue="short", job_id="good")
    frappe.enqueue_doc("Note", "x", "save", queue="short", job_id="doc")
    queue.work(["default"])
    rows = frappe.get_list("RQ Job", filters={"status": "failed"})
    assert [(row.name, row.queue, row.status, row.owner) for row in rows] == [
        (f"{SITE}::bad", "default", "failed", "Administrator")
    ]
    assert "on purpose: bad" in rows[0].exc_info and rows[0].time_taken >= 0
    assert abs((rows[0].ended_at - frappe.utils.now_datetime()).total_seconds()) < 60, "by the site's clock"
    newest = frappe.get_list(
        "RQ Job", filters=[["RQ Job", "queue", "in", ["short"]]], order_by="creation desc"
    )
    assert [row.job_name for row in newest] == ["Note.save", "frappe.ping"]
    assert [row.name for row in frappe.get_list("RQ Job", order_by="creation asc", limit=1)] == [
        f"{SITE}::bad"
    ]
    with pytest.raises(frappe.ValidationError, match="Invalid filter"):
        frappe.get_list("RQ Job", filters={"payload": "x"})

    doc = frappe.get_doc("RQ Job", f"{SITE}::good")
    assert (doc.status, doc.job_name, doc.timeout) == ("queued", "frappe.ping", 300)
    assert json.loads(doc.arguments)["user"] == "Administrator"
    frappe.delete_doc("RQ Job", doc.name)
    assert get_queue("short").get_job_ids() == [f"{SITE}::doc"]
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_doc("RQ Job", f"{SITE}::good")


def test_failed_jobs_are_removed_by_system_managers(queue: Queue, outsider):  # noqa: F811
    from frappe.core.doctype.rq_job.rq_job import get_all_queued_jobs, remove_failed_jobs, stop_job

    frappe.enqueue(job_bodies.write_and_fail, text="bad", job_id="bad")
    queue.work()
    waiting = frappe.enqueue("frappe.ping")
    refused(remove_failed_jobs)
    refused(stop_job, job_id=waiting.id)
    refused(frappe.get_doc("RQ Job", waiting.id).delete)
    frappe.set_user(OUTSIDER)
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("RQ Job")
    frappe.set_user("Administrator")
    assert len(frappe.get_list("RQ Job")) == 2
    remove_failed_jobs()
    assert [job.id for job in get_all_queued_jobs()] == [waiting.id]
    assert len(frappe.get_list("RQ Job")) == 1
    with pytest.raises(NotImplementedError, match="stop_job"):
        stop_job(waiting.id)


def test_jobs_over_http(queue: Queue, client):  # noqa: F811
    frappe.enqueue("frappe.ping", job_id="over http")
    manager, nobody = client("Administrator"), client(http_host.OUTSIDER)
    name = f"{SITE}::over http"
    path = f"/api/resource/RQ Job/{name}"
    assert manager.get(path).json["data"]["status"] == "queued"
    rows = manager.get("/api/resource/RQ Job", query_string={"filters": '{"status": "queued"}'})
    assert [row["name"] for row in rows.json["data"]] == [name]
    count = manager.call("frappe.client.get_count", "GET", doctype="RQ Job", filters='{"queue": "long"}')
    assert count.json["message"] == 0
    assert manager.get("/api/resource/RQ Job/nothing").status_code == 404
    for path_of in (path, "/api/resource/RQ Job"):
        assert nobody.get(path_of).status_code == 403
    assert nobody.delete(path).status_code == 403
    assert manager.delete(path).status_code == 202
    assert manager.get(path).status_code == 404


def test_progress_is_kept_for_who_may_see_it(frappe_site, outsider):
    from frappe.realtime import get_progress

    frappe.publish_progress(10, title="Import", description="first rows")
    frappe.publish_progress(30, title="Import", description="more rows")
    assert get_progress() == {"percent": 30, "title": "Import", "description": "more rows"}
    frappe.publish_progress(50, task_id="t1")
    assert get_progress(task_id="t1")["percent"] == 50
    note = frappe.get_doc(doctype="Note", title=frappe.generate_hash(), public=0).insert()
    assert get_progress(doctype="Note", docname=note.name) is None
    frappe.publish_progress(70, doctype="Note", docname=note.name)
    assert get_progress(doctype="Note", docname=note.name)["percent"] == 70
    refused(get_progress, task_id="t1")
    refused(get_progress, doctype="Note", docname=note.name)
    frappe.set_user(OUTSIDER)
    assert get_progress() is None
    frappe.set_user("Administrator")


def test_progress_of_a_transaction_and_of_long_ago(frappe_site):
    from frappe import realtime

    frappe.publish_realtime("progress", {"percent": 1}, room="r", after_commit=True)
    assert not os.path.exists(realtime._path("r"))
    frappe.db.commit()
    path = realtime._path("r")
    assert os.path.exists(path)
    frappe.publish_realtime("list_update", {"doctype": "Note"})
    frappe.publish_progress(5)
    own = realtime._path(realtime.get_user_room("Administrator"))
    for file in (path, own):
        os.utime(file, (time.time() - 4000,) * 2)
    assert realtime.get_progress() is None
    realtime.forget_old_progress()
    assert not os.path.exists(path) and not os.path.exists(own)


def test_a_queued_action_locks_its_document(queue: Queue, outsider):  # noqa: F811
    from frappe.model.queued_action import unlock_document

    note = frappe.get_doc(doctype="Note", title="before").insert()
    frappe.db.commit()
    note.queue_action("db_set", fieldname="title", value="after", notify=False)
    frappe.db.commit()
    assert note.is_locked
    with pytest.raises(frappe.ValidationError, match="currently locked"):
        frappe.get_doc("Note", note.name).queue_action("save")
    queue.work()
    assert queue.notes() == ["after"] and not note.is_locked

    note.queue_action("rename", name=None, wrong=1)
    queue.work()
    comments = frappe.get_all("Comment", filters={"reference_name": note.name}, pluck="content")
    assert len(comments) == 1 and "Action Failed" in comments[0] and not note.is_locked

    note.lock()
    refused(unlock_document, doctype="Note", name=note.name)
    unlock_document("Note", note.name)
    assert not note.is_locked
