"""Mail: what is queued, for whom, what each recipient gets, and that nothing is lost on the way."""

import email
import os
import subprocess
import sys
import time
from email import policy

import frappe
import pytest
from frappe.email.queue import flush
from sinks import SmtpSink, running

ANN, BEN, CARA = "ann@example.org", "ben@example.org", "cara@example.org"


@pytest.fixture
def mailing(frappe_site):
    """The site with an empty queue, really sending."""
    _empty()
    frappe.flags.testing_email = True
    yield frappe_site
    frappe.db.rollback()
    _empty()


def _empty():
    frappe.conf.pop("mail_server", None)
    for doctype in ("Email Queue Recipient", "Email Queue", "Email Unsubscribe", "Email Account"):
        frappe.db.delete(doctype)
    frappe.db.set_default("suspend_email_queue", 0)
    frappe.db.commit()
    folder = frappe.get_site_path("mails")
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        os.remove(os.path.join(folder, name))


@pytest.fixture
def smtp(mailing):
    """An SMTP server that the site's configuration names."""
    with running(SmtpSink()) as sink:
        frappe.conf.update(mail_server="127.0.0.1", mail_port=sink.port, auto_email_id="site@example.org")
        yield sink


def send(*to, **arguments):
    arguments.setdefault("subject", "Monthly lists")
    arguments.setdefault("message", "<p>Hello</p>")
    queue = frappe.sendmail(recipients=list(to), **arguments)
    frappe.db.commit()
    return queue


def in_folder() -> list:
    folder = frappe.get_site_path("mails")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [parse(open(os.path.join(folder, name), "rb").read()) for name in names]


def parse(content: bytes):
    return email.message_from_bytes(content, policy=policy.default)


def status(queue) -> str:
    return frappe.db.get_value("Email Queue", queue.name, "status")


def test_without_a_server_mails_lie_in_the_folder(mailing):
    queue = send(ANN, BEN, subject="九月红黑榜", message="<p>您好 &amp; hello</p>")
    assert (status(queue), in_folder()) == ("Not Sent", [])
    flush()
    assert status(queue) == "Sent"
    mails = in_folder()
    assert sorted(mail["To"] for mail in mails) == [ANN, BEN]
    assert all(mail["Subject"] == "九月红黑榜" and mail["Message-Id"] for mail in mails)
    html, text = (mails[0].get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert "<p>您好 &amp; hello</p>" in html and "您好 & hello" in text and "<!--" not in html
    flush()
    assert len(in_folder()) == 2


def test_smtp_gets_each_recipient_alone(smtp):
    queue = send(ANN, cc=[BEN], bcc=CARA)
    flush()
    assert smtp.recipients() == [ANN, BEN, CARA]
    assert all(len(to) == 1 and sender == "site@example.org" for sender, to, _message in smtp.mails)
    mail = parse(smtp.mails[0][2])
    assert mail["To"] == ANN and mail["Cc"] is None
    assert (mail["From"], mail["Reply-To"]) == ("Frappe <site@example.org>", "site@example.org")
    assert status(queue) == "Sent" and smtp.sessions == 1


def test_everybody_is_named_where_the_sender_wants_it(smtp):
    send(ANN, BEN, cc=[CARA], expose_recipients="header")
    flush()
    mail = parse(smtp.mails[0][2])
    assert (mail["To"], mail["Cc"]) == (f"{ANN}, {BEN}", CARA)


def test_many_recipients_get_an_entry_each(mailing):
    many = [f"p{number}@example.org" for number in range(101)]
    assert frappe.sendmail(recipients=many, subject="x", message="x") is None
    assert frappe.db.count("Email Queue") == 101
    frappe.sendmail(recipients=[ANN, BEN], subject="x", message="x", queue_separately=True)
    assert frappe.db.count("Email Queue") == 103


def test_a_rollback_takes_the_mail_along(smtp):
    frappe.sendmail(recipients=[ANN], subject="x", message="x", now=True)
    frappe.db.rollback()
    frappe.db.commit()
    flush()
    assert smtp.mails == []


def test_now_sends_with_the_commit(smtp):
    frappe.sendmail(recipients=[ANN], subject="x", message="x", now=True)
    assert smtp.mails == []
    frappe.db.commit()
    assert smtp.recipients() == [ANN]


def test_a_server_that_is_away_loses_nothing_and_costs_no_retry(mailing):
    with running(SmtpSink()) as sink:
        port = sink.port
    frappe.conf.update(mail_server="127.0.0.1", mail_port=port)
    first, second = send(ANN), send(BEN)
    for _run in range(5):
        flush()
    assert (status(first), status(second)) == ("Not Sent",) * 2
    assert frappe.db.get_value("Email Queue", first.name, "retry") == 0
    assert "Invalid Outgoing Mail Server" in frappe.db.get_value("Email Queue", first.name, "error")
    with running(SmtpSink()) as sink:
        frappe.conf.update(mail_port=sink.port)
        flush()
        assert sink.recipients() == [ANN, BEN]
    assert status(first) == "Sent"


def test_one_refused_recipient_holds_up_nobody(smtp):
    smtp.refuses = {ANN}
    queue = send(ANN, BEN)
    flush()
    assert smtp.recipients() == [BEN] and status(queue) == "Partially Sent"
    states = dict(
        frappe.get_all("Email Queue Recipient", {"parent": queue.name}, ["recipient", "status"], as_list=True)
    )
    assert states == {ANN: "Not Sent", BEN: "Sent"}
    smtp.refuses = set()
    flush()
    assert smtp.recipients() == [ANN, BEN] and status(queue) == "Sent"


def test_after_the_last_retry_the_owner_is_told_and_the_mail_kept(smtp):
    smtp.refuses = {ANN}
    queue = send(ANN, subject="Lost?")
    for _run in range(6):
        flush()
    assert status(queue) == "Error" and frappe.db.get_value("Email Queue", queue.name, "retry") == 3
    (subject,) = frappe.get_all("Notification Log", {"document_name": queue.name}, pluck="subject")
    assert subject == "Failed to send email with subject: Lost?"
    smtp.refuses = set()
    frappe.get_doc("Email Queue", queue.name).retry_sending()
    frappe.db.commit()
    flush()
    assert smtp.recipients() == [ANN] and status(queue) == "Sent"


def test_what_a_dead_process_left_is_taken_up(smtp):
    from frappe.utils import add_to_date, now_datetime

    queue = send(ANN, BEN)
    frappe.db.set_value("Email Queue", queue.name, "status", "Sending")
    frappe.db.set_value("Email Queue Recipient", queue.recipients[0].name, "status", "Sent")
    frappe.db.commit()
    flush()
    assert smtp.mails == []
    old = {"modified": add_to_date(now_datetime(), minutes=-20)}
    frappe.db.set_value("Email Queue", queue.name, old, update_modified=False)
    frappe.db.commit()
    flush()
    assert smtp.recipients() == [BEN] and status(queue) == "Sent"


RUN = """
import sys, frappe
from frappe.email.queue import flush
site, sites_path, port = sys.argv[1:]
frappe.init(site, sites_path=sites_path)
frappe.connect()
frappe.conf.update(mail_server="127.0.0.1", mail_port=int(port), auto_email_id="site@example.org")
flush()
"""


def run_of_the_queue(smtp):
    arguments = [frappe.local.site, frappe.local.sites_path, str(smtp.port)]
    return subprocess.Popen([sys.executable, "-c", RUN, *arguments])


def test_a_run_that_is_killed_loses_nothing(smtp):
    """Whom the killed run was just writing to may get it twice, with the same Message-Id; nobody else."""
    everybody = sorted(f"k{number:02}@example.org" for number in range(12))
    names = [send(*everybody[:4]).name, send(*everybody[4:8]).name, send(*everybody[8:]).name]
    smtp.delay = 0.05
    for killed_after in (2, 6):
        run = run_of_the_queue(smtp)
        deadline = time.monotonic() + 30
        while len(smtp.mails) < killed_after and time.monotonic() < deadline:
            time.sleep(0.005)
        run.kill()
        run.wait()
        old = {"modified": "2020-01-01 00:00:00"}
        frappe.db.set_value("Email Queue", {"name": ("in", names)}, old, update_modified=False)
        frappe.db.commit()
    smtp.delay = 0
    flush()
    got = smtp.recipients()
    assert sorted(set(got)) == everybody and len(got) <= len(everybody) + 2
    assert all(frappe.db.get_value("Email Queue", name, "status") == "Sent" for name in names)
    assert len({parse(content)["Message-Id"] for _sender, _to, content in smtp.mails}) == 3


def test_two_processes_at_once_send_once(smtp):
    everybody = sorted(f"q{number:02}@example.org" for number in range(12))
    for address in everybody:
        send(address)
    smtp.delay = 0.02
    runs = [run_of_the_queue(smtp) for _run in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert smtp.recipients() == everybody


def test_two_runs_send_once(smtp):
    queue = send(ANN)
    one, other = (frappe.get_doc("Email Queue", queue.name) for _run in range(2))
    one.send()
    other.send()
    assert smtp.recipients() == [ANN]


def test_muted_and_suspended_queues_send_nothing(smtp):
    send(ANN)
    frappe.flags.mute_emails = True
    flush()
    frappe.flags.mute_emails = False
    frappe.db.set_default("suspend_email_queue", 1)
    flush()
    assert smtp.mails == []
    frappe.db.set_default("suspend_email_queue", 0)
    flush()
    assert smtp.recipients() == [ANN]


def test_send_after_waits(smtp):
    send(ANN, send_after=1)
    send(BEN, send_after="2020-01-01 00:00:00")
    flush()
    assert smtp.recipients() == [BEN]


def test_attachments_and_pictures_travel(smtp):
    send(
        ANN,
        message='<p><img embed="files/dot.png"></p><img embed="/etc/passwd">',
        attachments=[
            {"fname": "红黑榜.xlsx", "fcontent": b"\x00\x01"},
            {"fname": "a.txt", "fcontent": "text"},
        ],
        inline_images=[{"filename": "dot.png", "filecontent": b"png"}],
    )
    flush()
    mail = parse(smtp.mails[0][2])
    files = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert files == {"红黑榜.xlsx": b"\x00\x01", "a.txt": b"text"}
    html = mail.get_body(("related", "html"))
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in mail.get_body(("html",)).get_content()
    assert "passwd" not in mail.get_body(("html",)).get_content() and html is not None


def test_templates_are_rendered(smtp):
    send(ANN, template="new_notification", args={"body_content": "A & B", "doc_link": "http://x/y?a=1&b=2"})
    flush()
    mail = parse(smtp.mails[0][2])
    assert 'href="http://x/y?a=1&amp;b=2"' in mail.get_body(("html",)).get_content()
    assert "Open Document (http://x/y?a=1&b=2)" in mail.get_body(("plain",)).get_content()


def test_markdown_becomes_html(smtp):
    send(ANN, message="# Lists\n\n|a|b|\n|-|-|\n|1|2|", as_markdown=True)
    flush()
    html = parse(smtp.mails[0][2]).get_body(("html",)).get_content()
    assert '<h1 id="lists">Lists</h1>' in html and '<table class="table table-bordered">' in html


def test_each_recipient_has_his_own_link_to_leave_by(smtp):
    note = frappe.get_doc(doctype="Note", title="About mail").insert()
    arguments = {"reference_doctype": "Note", "reference_name": note.name, "unsubscribe_message": "Leave"}
    send(ANN, BEN, **arguments)
    flush()
    for _sender, (address,), content in smtp.mails:
        text = parse(content).get_body(("plain",)).get_content()
        link = next(word for word in text.split() if "frappe.email.queue.unsubscribe?" in word)
        assert f"email={address.replace('@', '%40')}" in link and "_signature=" in link
        assert link.replace("&", "&amp;") in parse(content).get_body(("html",)).get_content()

    from frappe.email.queue import unsubscribe

    unsubscribe("Note", note.name, ANN)
    unsubscribe("Note", note.name, ANN)
    smtp.mails.clear()
    send(ANN, BEN, **arguments)
    assert send(ANN, **arguments) == []
    send(ANN, subject="Something else")
    flush()
    assert smtp.recipients() == [ANN, BEN]
    frappe.get_doc(doctype="Email Unsubscribe", email=ANN, global_unsubscribe=1).insert()
    assert send(ANN) == []
    with pytest.raises(frappe.DuplicateEntryError):
        frappe.get_doc(doctype="Email Unsubscribe", email=ANN, global_unsubscribe=1).insert()


def test_unsubscribing_wants_a_signed_link(mailing):
    from frappe.email.queue import unsubscribe

    frappe.flags.in_test = False
    try:
        unsubscribe("Note", "x", ANN)
    finally:
        frappe.flags.in_test = True
    assert not frappe.db.exists("Email Unsubscribe", {"email": ANN})


def test_an_account_decides_on_server_and_sender(mailing):
    with running(SmtpSink()) as sink:
        account = {
            "doctype": "Email Account",
            "email_account_name": "Office",
            "email_id": "office@example.org",
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "127.0.0.1",
            "smtp_port": str(sink.port),
            "no_smtp_authentication": 1,
            "always_use_account_email_id_as_sender": 1,
        }
        frappe.get_doc(account).insert()
        send(ANN, sender="Somebody <else@example.org>")
        flush()
    (mail,) = (parse(content) for _sender, _to, content in sink.mails)
    assert mail["From"] == "Somebody <office@example.org>"
    assert mail["X-Original-From"] == "Somebody <else@example.org>"
    frappe.get_doc({**account, "email_account_name": "New", "email_id": "new@example.org"}).insert()
    assert frappe.db.get_value("Email Account", "Office", "default_outgoing") == 0
    for wrong in ({"smtp_server": ""}, {"email_id": "no address"}, {"no_smtp_authentication": 0}):
        with pytest.raises(frappe.ValidationError):
            frappe.get_doc(
                {**account, "email_account_name": "W", "email_id": "w@example.org", **wrong}
            ).insert()


def test_headers_cannot_be_smuggled_in(smtp):
    send(ANN, subject="Hello\r\nBcc: victim@example.org", reply_to="a@example.org\nX-Evil: 1")
    flush()
    mail = parse(smtp.mails[0][2])
    assert mail["Bcc"] is None and mail["X-Evil"] is None and "victim" in mail["Subject"]
    assert smtp.recipients() == [ANN]


def test_nobody_and_nonsense(mailing):
    assert send("Administrator") == [] and send("") == []
    assert send("not an address") == []
    assert frappe.db.exists("Error Log", {"method": "Invalid email address"})


def test_tests_send_nothing_and_keep_the_last_mail(frappe_site):
    frappe.flags.testing_email = False
    queue = frappe.sendmail(recipients=[ANN], subject="Kept", message="x", now=True)
    assert parse(frappe.flags.sent_mail)["Subject"] == "Kept"
    assert frappe.db.get_value("Email Queue", queue.name, "status") == "Sent"


def test_the_queue_belongs_to_administrators(mailing):
    from doctypes import make_user
    from frappe.email.doctype.email_queue.email_queue import bulk_retry, send_now, toggle_sending

    queue = send(ANN)
    user = make_user("plain@example.org", "Desk User")
    frappe.set_user(user)
    frappe.flags.in_test = False
    try:
        for call, arguments in (
            (bulk_retry, [[queue.name]]),
            (toggle_sending, [0]),
            (send_now, [queue.name]),
        ):
            with pytest.raises(frappe.PermissionError):
                call(*arguments)
        assert not frappe.has_permission("Email Queue", "read")
    finally:
        frappe.flags.in_test = True
        frappe.set_user("Administrator")
