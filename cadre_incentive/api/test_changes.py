"""The feed of changes: complete, in order, page by page, and only what its reader may read."""

import frappe
from frappe.utils import now

from cadre_incentive.api.changes import since
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_category, make_ticket, make_unit, make_user

TICKET = "Issue Ticket"


class TestChanges(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.category = make_category()
        self.unit, self.other = make_unit(), make_unit()
        self.start = now()

    def ticket(self, unit=None):
        return make_ticket(unit or self.unit, self.category)

    def names(self, answer, deleted=0):
        return [change["name"] for change in answer["changes"] if change["deleted"] == deleted]

    def test_saved_and_deleted_documents_in_order(self):
        first, second, third = self.ticket(), self.ticket(), self.ticket()
        first.subject = "Changed"
        first.save()
        second.delete()
        answer = since(TICKET, self.start)
        self.assertEqual(self.names(answer), [third.name, first.name])
        self.assertEqual(self.names(answer, deleted=1), [second.name])
        moments = [change["at"] for change in answer["changes"]]
        self.assertEqual(moments, sorted(moments))
        self.assertFalse(answer["more"])

    def test_nothing_new_keeps_the_position(self):
        self.ticket()
        position = since(TICKET, self.start)["next"]
        answer = since(TICKET, position)
        self.assertEqual(answer, {"changes": [], "next": position, "more": False})

    def test_pages_lose_and_repeat_nothing_within_one_moment(self):
        tickets = sorted(self.ticket().name for _i in range(5))
        moment = "2099-01-01 00:00:00.000000"
        for name in tickets:
            frappe.db.set_value(TICKET, name, "modified", moment, update_modified=False)
        seen, position, more = [], "2098-12-31", True
        while more:
            answer = since(TICKET, position, limit=2)
            seen += self.names(answer)
            position, more = answer["next"], answer["more"]
        self.assertEqual(seen, tickets)

    def test_saving_and_deleting_in_one_moment(self):
        gone = [self.ticket().name for _i in range(3)]
        for name in gone:
            frappe.delete_doc(TICKET, name)
        kept = sorted(self.ticket().name for _i in range(3))
        moment = "2099-01-01 00:00:00.000000"
        for name in kept:
            frappe.db.set_value(TICKET, name, "modified", moment, update_modified=False)
        # a series that was rolled back may have given the same names before
        just_now = {"deleted_name": ["in", gone], "creation": [">=", self.start]}
        for name in frappe.get_all("Deleted Document", just_now, pluck="name"):
            frappe.db.set_value("Deleted Document", name, "creation", moment, update_modified=False)
        saved, deleted, position, more = [], [], "2098-12-31", True
        while more:
            answer = since(TICKET, position, limit=2)
            saved += self.names(answer)
            deleted += self.names(answer, deleted=1)
            position, more = answer["next"], answer["more"]
        self.assertEqual(saved, kept)
        self.assertCountEqual(deleted, gone)

    def test_unit_staff_sees_changes_and_deletions_of_own_units_only(self):
        own, foreign = self.ticket(), self.ticket(self.other)
        own_gone, foreign_gone = self.ticket(), self.ticket(self.other)
        own_gone.delete()
        foreign_gone.delete()
        user = make_user("Unit Staff", units=[self.unit]).name
        frappe.set_user(user)
        answer = since(TICKET, self.start)
        self.assertEqual(self.names(answer), [own.name])
        self.assertEqual(self.names(answer, deleted=1), [own_gone.name])
        for hidden in (foreign.name, foreign_gone.name):
            self.assertNotIn(hidden, frappe.as_json(answer))

    def test_who_may_not_read_is_refused(self):
        frappe.set_user(make_user("Cadre").name)
        with self.assertRaises(frappe.PermissionError):
            since(TICKET)

    def test_bad_arguments(self):
        for doctype, after, limit in (
            ("Red Black List Entry", None, 10),
            ("Cadre Incentive Settings", None, 10),
            (TICKET, "yesterday, perhaps", 10),
            (TICKET, None, 0),
            (TICKET, None, 1001),
        ):
            with self.assertRaises(frappe.ValidationError, msg=f"{doctype} {after} {limit}"):
                since(doctype, after, limit)

    def test_guests_are_refused(self):
        self.assertNotIn(since, frappe.guest_methods)
