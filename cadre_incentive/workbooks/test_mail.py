import email
import io
from email import policy
from unittest.mock import patch

import frappe
from frappe.utils import getdate

from cadre_incentive import hooks
from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import publish, rebuild
from cadre_incentive.readings import Period
from cadre_incentive.setup.roles import LEADER, UNIT_STAFF
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.excel import load_workbook
from cadre_incentive.tests.factories import make_board, make_category, make_ticket, make_unit, make_user
from cadre_incentive.workbooks import mail

PERIOD = "2024-09"
THIRD_WORKING_DAY = "2024-10-10"  # after the week of the national day


class TestMail(CadreTestCase):
    def setUp(self):
        super().setUp()
        # A bench queues mail only where it knows by which server it will go.
        server = {"mail_server": "smtp.example.org", "auto_email_id": "site@example.org"}
        patched = patch.dict(frappe.local.conf, server)
        patched.start()
        self.addCleanup(patched.stop)
        frappe.db.set_single_value("System Settings", "language", "en")
        # What else stands on the site stays out: other lists, other leaders.
        frappe.db.delete("Red Black List", {"period": ("like", "2024-%")})
        frappe.db.delete("Has Role", {"role": LEADER})
        self.category = make_category(time_limit=5, time_limit_unit="Calendar Days")
        self.good, self.bad = make_unit(unit_name="Good"), make_unit(unit_name="Bad")
        for unit, late in ((self.good, 1), (self.bad, 3)):
            for _ticket in range(late):
                make_ticket(unit, self.category, resolved_on="2024-09-20 09:00:00")
            for _ticket in range(4 - late):
                make_ticket(unit, self.category, resolved_on="2024-09-04 09:00:00")
        self.board = make_board(category=self.category)
        self.leader, self.other = make_user(LEADER), make_user(LEADER)

    def mailed(self):
        return set(frappe.get_all("Workbook Mail", filters={"period": PERIOD}, pluck="user"))

    def mail_to(self, user):
        """The queued mail of a leader, parsed."""
        record = frappe.db.get_value("Workbook Mail", {"period": PERIOD, "user": user.name})
        (name,) = frappe.get_all(
            "Email Queue",
            filters={"reference_doctype": "Workbook Mail", "reference_name": record},
            pluck="name",
        )
        queue = frappe.get_doc("Email Queue", name)
        self.assertEqual([row.recipient for row in queue.recipients], [user.email])
        return email.message_from_string(queue.message, policy=policy.default)

    def workbook_of(self, user):
        (attachment,) = self.mail_to(user).iter_attachments()
        self.assertEqual(attachment.get_filename(), f"red-black-list-{PERIOD}.xlsx")
        return load_workbook(io.BytesIO(attachment.get_payload(decode=True)))

    def test_every_leader_gets_it_once_from_the_third_working_day_on(self):
        list_name = rebuild(self.board.name, PERIOD)
        make_user(UNIT_STAFF)
        for day in ("2024-10-01", "2024-10-09"):
            mail.send_due(day)
            self.assertEqual(self.mailed(), set())
        mail.send_due(THIRD_WORKING_DAY)
        self.assertEqual(self.mailed(), {self.leader.name, self.other.name})
        for day in (THIRD_WORKING_DAY, "2024-10-31"):
            mail.send_due(day)
        self.assertEqual(frappe.db.count("Workbook Mail", {"period": PERIOD}), 2)
        message = self.mail_to(self.leader)
        self.assertEqual(message["Subject"], f"Red and black lists of {PERIOD}")
        text = message.get_body(("html",)).get_content()
        self.assertIn(self.board.name, text)
        self.assertIn("draft", text)
        record = frappe.get_doc("Workbook Mail", {"period": PERIOD, "user": self.leader.name})
        self.assertEqual(record.lists, list_name)
        self.assertIn("Red List", self.workbook_of(self.leader).sheetnames)

    def test_a_day_is_missed_and_made_good_a_month_is_not(self):
        rebuild(self.board.name, PERIOD)
        mail.send_due("2024-11-20")
        self.assertEqual(self.mailed(), set())
        mail.send_due("2024-10-25")
        self.assertEqual(len(self.mailed()), 2)

    def test_the_settings_say_how_many_working_days(self):
        self.assertEqual(mail.mailing_day(Period(2024, 9)), getdate(THIRD_WORKING_DAY))
        self.set_settings(cutoff_working_days=1)
        self.assertEqual(mail.mailing_day(Period(2024, 9)), getdate("2024-10-08"))

    def test_without_a_list_nobody_is_written_to(self):
        mail.send_due(THIRD_WORKING_DAY)
        self.assertEqual(self.mailed(), set())
        rebuild(self.board.name, PERIOD)
        mail.send_due("2024-10-11")
        self.assertEqual(len(self.mailed()), 2)

    def test_a_failure_for_one_leader_does_not_stop_the_others(self):
        rebuild(self.board.name, PERIOD)
        write, broken = mail.write, min(self.leader.name, self.other.name)

        def failing(period, path):
            if frappe.session.user == broken:
                raise ValueError("disk full")
            return write(period, path)

        with patch.object(mail, "write", failing):
            mail.send_due(THIRD_WORKING_DAY)
        self.assertEqual(self.mailed(), {self.leader.name, self.other.name} - {broken})
        self.assertEqual(frappe.session.user, "Administrator")
        self.assertTrue(frappe.db.exists("Error Log", {"method": f"Workbook of {PERIOD} for {broken}"}))
        mail.send_due("2024-10-11")
        self.assertEqual(self.mailed(), {self.leader.name, self.other.name})

    def test_each_leader_sees_what_he_may_see(self):
        publish(rebuild(self.board.name, PERIOD))
        bound, idle = make_user(LEADER, units=[self.good]), make_user(LEADER, units=[make_unit()])
        mail.send_due(THIRD_WORKING_DAY)
        for user, units in ((self.leader, {"Good", "Bad"}), (bound, {"Good"}), (idle, set())):
            sheet = self.workbook_of(user)["Overdue Tickets"]
            rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
            self.assertEqual({row[1] for row in rows if row[4] == self.category.name}, units)

    def test_disabled_leaders_get_nothing(self):
        rebuild(self.board.name, PERIOD)
        frappe.db.set_value("User", self.other.name, "enabled", 0)
        mail.send_due(THIRD_WORKING_DAY)
        self.assertEqual(self.mailed(), {self.leader.name})

    def test_what_has_been_sent_is_not_edited_and_sent_again_once_deleted(self):
        rebuild(self.board.name, PERIOD)
        mail.send_due(THIRD_WORKING_DAY)
        record = frappe.get_doc("Workbook Mail", {"period": PERIOD, "user": self.leader.name})
        record.lists = "others"
        with self.assertRaisesRegex(frappe.ValidationError, "not edited"):
            record.save()
        frappe.delete_doc("Workbook Mail", record.name)
        mail.send_due(THIRD_WORKING_DAY)
        self.assertEqual(len(self.mailed()), 2)

    def test_two_records_of_one_month_and_leader_are_refused(self):
        rebuild(self.board.name, PERIOD)
        mail.send_due(THIRD_WORKING_DAY)
        twin = frappe.copy_doc(frappe.get_doc("Workbook Mail", {"user": self.leader.name}))
        with self.assertRaises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
            twin.insert(ignore_permissions=True)

    def test_leaders_do_not_see_who_else_has_it(self):
        frappe.set_user(self.leader.name)
        self.assertFalse(frappe.has_permission("Workbook Mail", "read"))

    def test_the_scheduler_calls_it(self):
        (path,) = hooks.scheduler_events["daily_long"]
        self.assertIs(frappe.get_attr(path), mail.send_due)
