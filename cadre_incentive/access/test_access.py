"""Role × DocType × own or other unit, asked of documents and of lists."""

import frappe

from cadre_incentive.access import visible_units
from cadre_incentive.setup import roles
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_cadre, make_response, make_ticket, make_unit, make_user

CADRES = {"Cadre: own unit", "Cadre: other unit", "Cadre: self"}
TICKETS = {"Issue Ticket: own unit", "Issue Ticket: other unit"}
RESPONSES = {"Satisfaction Response: own unit", "Satisfaction Response: other unit"}
ENTRIES = {
    "Merit Ledger Entry: own unit",
    "Merit Ledger Entry: other unit",
    "Merit Ledger Entry: self",
    "Merit Ledger Entry: other cadre",
}
DRAFT, PUBLISHED = {"Red Black List: draft"}, {"Red Black List: published"}
RECORDS = TICKETS | RESPONSES
OF_OWN_UNIT = {
    "Cadre: own unit",
    "Cadre: self",
    "Issue Ticket: own unit",
    "Satisfaction Response: own unit",
    "Merit Ledger Entry: own unit",
}

SEES = {
    roles.INCENTIVE_ADMINISTRATOR: CADRES | RECORDS | ENTRIES | DRAFT | PUBLISHED,
    "System Manager": CADRES | RECORDS | ENTRIES | DRAFT | PUBLISHED,
    roles.ASSESSMENT_OFFICER: CADRES | RECORDS | ENTRIES | DRAFT | PUBLISHED,
    roles.SUPERVISION_OFFICER: CADRES | RECORDS | ENTRIES | DRAFT | PUBLISHED,
    roles.LEADER: CADRES | RECORDS | ENTRIES | DRAFT | PUBLISHED,
    roles.DISCIPLINE_OFFICER: CADRES | RECORDS | ENTRIES | PUBLISHED,
    roles.READER: CADRES | RECORDS | ENTRIES | PUBLISHED,
    roles.DUTY_OFFICER: CADRES | RECORDS | PUBLISHED,
    roles.INTEGRATOR: RECORDS | PUBLISHED,
    roles.UNIT_STAFF: OF_OWN_UNIT | PUBLISHED,
    roles.UNIT_PRINCIPAL: OF_OWN_UNIT | PUBLISHED,
    roles.CADRE: {"Cadre: self", "Merit Ledger Entry: self"} | PUBLISHED,
}
UNIT_BOUND = (roles.UNIT_STAFF, roles.UNIT_PRINCIPAL)


def stored(doctype, docstatus=0, **fields):
    """A record as the database holds it: by its rules, nobody makes a list or an entry by hand."""
    doc = frappe.get_doc({"doctype": doctype, **fields})
    doc.name = frappe.generate_hash(length=10)
    doc.docstatus = docstatus
    doc.db_insert()
    return doc


def make_entry(party_type, party):
    return stored("Merit Ledger Entry", party_type=party_type, party=party.name, quantity=1)


def make_list(docstatus, *units):
    """A list of all units: it is read whole, also by those who see the records of one unit only."""
    doc = stored("Red Black List", docstatus, board="Board", period="2024-09")
    for unit in units:
        stored(
            "Red Black List Entry",
            docstatus,
            parent=doc.name,
            parenttype=doc.doctype,
            parentfield="entries",
            unit=unit.name,
        )
    return doc


class TestTableOfAccess(CadreTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frappe.set_user("Administrator")
        top = make_unit(is_group=1)
        cls.assigned, cls.other = top, make_unit()
        own = make_unit(parent=top)
        cls.self = make_cadre(unit=own)
        own_ticket, other_ticket = make_ticket(own), make_ticket(cls.other)
        other_cadre = make_cadre(unit=cls.other)
        cls.records = {
            "Cadre: own unit": make_cadre(unit=own),
            "Cadre: other unit": other_cadre,
            "Cadre: self": cls.self,
            "Issue Ticket: own unit": own_ticket,
            "Issue Ticket: other unit": other_ticket,
            "Satisfaction Response: own unit": make_response(own_ticket),
            "Satisfaction Response: other unit": make_response(other_ticket),
            "Merit Ledger Entry: own unit": make_entry("Government Unit", own),
            "Merit Ledger Entry: other unit": make_entry("Government Unit", cls.other),
            "Merit Ledger Entry: self": make_entry("Cadre", cls.self),
            "Merit Ledger Entry: other cadre": make_entry("Cadre", other_cadre),
            "Red Black List: draft": make_list(0, own, cls.other),
            "Red Black List: published": make_list(1, own, cls.other),
        }

    def seen(self, user):
        """What `user` may read, asked of each document and of each list."""
        by_document = {
            key
            for key, doc in self.records.items()
            if frappe.has_permission(doc.doctype, "read", doc=doc.name, user=user.name)
        }
        frappe.set_user(user.name)
        listed = {}
        for doctype in {doc.doctype for doc in self.records.values()}:
            may = frappe.has_permission(doctype, "read")
            listed[doctype] = set(frappe.get_list(doctype, pluck="name", limit=0)) if may else set()
        frappe.set_user("Administrator")
        by_list = {key for key, doc in self.records.items() if doc.name in listed[doc.doctype]}
        return by_document, by_list

    def test_every_role(self):
        self.assertEqual(set(SEES) - {"System Manager"}, set(roles.ROLES))
        for role, expected in SEES.items():
            with self.subTest(role=role):
                user = make_user(role, units=[self.assigned] if role in UNIT_BOUND else [])
                if role == roles.CADRE:
                    frappe.db.set_value("Cadre", self.self.name, "user", user.name)
                by_document, by_list = self.seen(user)
                frappe.db.set_value("Cadre", self.self.name, "user", None)
                self.assertEqual(by_document, expected)
                self.assertEqual(by_list, expected)

    def test_who_has_no_unit_sees_no_unit(self):
        for role in UNIT_BOUND:
            with self.subTest(role=role):
                by_document, by_list = self.seen(make_user(role))
                self.assertEqual((by_document, by_list), (PUBLISHED, PUBLISHED))

    def test_entries_are_not_seen_past_their_list(self):
        """Frappe lists child rows without asking the rule of their parent."""
        lists = {self.records[key].name for key in DRAFT | PUBLISHED}
        for role, expected in ((roles.CADRE, PUBLISHED), (roles.LEADER, DRAFT | PUBLISHED)):
            frappe.set_user(make_user(role).name)
            parents = frappe.get_list(
                "Red Black List Entry", parent_doctype="Red Black List", pluck="parent", limit=0
            )
            frappe.set_user("Administrator")
            self.assertEqual(lists & set(parents), {self.records[key].name for key in expected})

    def test_guests_see_nothing(self):
        for doc in self.records.values():
            self.assertFalse(frappe.has_permission(doc.doctype, "read", doc=doc.name, user="Guest"))


class TestVisibleUnits(CadreTestCase):
    def test_subtree_of_the_assigned_units(self):
        top = make_unit(is_group=1)
        middle = make_unit(parent=top, is_group=1)
        leaf, other = make_unit(parent=middle), make_unit()
        make_unit()
        user = make_user(roles.UNIT_STAFF, units=[middle, other])
        self.assertEqual(visible_units(user.name), sorted([middle.name, leaf.name, other.name]))

    def test_a_moved_unit_is_seen_from_its_new_place(self):
        old, new = make_unit(is_group=1), make_unit(is_group=1)
        leaf = make_unit(parent=old)
        user = make_user(roles.UNIT_STAFF, units=[new])
        ticket = make_ticket(leaf)
        self.assertFalse(frappe.has_permission("Issue Ticket", doc=ticket.name, user=user.name))
        leaf.reload()
        leaf.parent_government_unit = new.name
        leaf.save()
        self.assertTrue(frappe.has_permission("Issue Ticket", doc=ticket.name, user=user.name))

    def test_all_and_nothing(self):
        self.assertIsNone(visible_units("Administrator"))
        self.assertIsNone(visible_units(make_user(roles.LEADER).name))
        self.assertEqual(visible_units(make_user(roles.CADRE).name), [])
        self.assertEqual(visible_units("Guest"), [])

    def test_codes_that_look_like_sql(self):
        odd = ('O\'Hara "x"', "100 % s", "5% %(name)s", "back\\slash", "' or 1=1 --")
        units = [make_unit(f"{code} {frappe.generate_hash(length=6)}") for code in odd]
        tickets = [make_ticket(unit).name for unit in units]
        make_ticket()
        user = make_user(roles.UNIT_STAFF, units=units)
        frappe.set_user(user.name)
        self.assertEqual(set(frappe.get_list("Issue Ticket", pluck="name")), set(tickets))
        for name in tickets:
            self.assertTrue(frappe.has_permission("Issue Ticket", doc=name))

    def test_a_permission_for_one_doctype_counts_there_only(self):
        unit, user = make_unit(), make_user(roles.UNIT_STAFF)
        frappe.get_doc(
            {
                "doctype": "User Permission",
                "user": user.name,
                "allow": "Government Unit",
                "for_value": unit.name,
                "apply_to_all_doctypes": 0,
                "applicable_for": "Issue Ticket",
            }
        ).insert()
        self.assertEqual(visible_units(user.name, "Issue Ticket"), [unit.name])
        self.assertEqual(visible_units(user.name, "Satisfaction Response"), [])


class TestWriting(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.own, self.other = make_unit(), make_unit()
        self.staff = make_user(roles.UNIT_STAFF, units=[self.own])
        self.own_ticket, self.other_ticket = make_ticket(self.own), make_ticket(self.other)

    def as_staff(self, doctype, **fields):
        frappe.set_user(self.staff.name)
        return frappe.get_doc({"doctype": doctype, **fields}).insert()

    def test_staff_report_for_their_own_unit(self):
        ticket = self.as_staff("Issue Ticket", unit=self.own.name, category=self.own_ticket.category)
        ticket.place = "Main street"
        ticket.save()
        self.assertEqual(ticket.unit, self.own.name)

    def test_staff_do_not_report_for_others(self):
        with self.assertRaises(frappe.PermissionError):
            self.as_staff("Issue Ticket", unit=self.other.name, category=self.own_ticket.category)

    def test_staff_do_not_take_a_record_by_writing_their_unit_into_it(self):
        frappe.set_user(self.staff.name)
        ticket = frappe.get_doc("Issue Ticket", self.other_ticket.name)
        ticket.unit = self.own.name
        with self.assertRaises(frappe.PermissionError):
            ticket.save()

    def test_the_rated_do_not_rate(self):
        """A4: answers come from the people concerned, never from the unit that they rate."""
        for role in UNIT_BOUND:
            with self.subTest(role=role):
                self.staff = make_user(role, units=[self.own])
                with self.assertRaises(frappe.PermissionError):
                    self.as_staff("Satisfaction Response", ticket=self.own_ticket.name, rating=5)
                frappe.set_user("Administrator")

    def test_staff_do_not_set_the_due_date(self):
        frappe.set_user(self.staff.name)
        ticket = frappe.get_doc("Issue Ticket", self.own_ticket.name)
        due_on = ticket.due_on
        ticket.due_on = "2030-01-01"
        ticket.save()
        self.assertEqual(str(frappe.db.get_value("Issue Ticket", ticket.name, "due_on")), str(due_on))

    def test_who_publishes(self):
        may = {row.role for row in frappe.get_meta("Red Black List").permissions if row.submit}
        self.assertEqual(may, {"System Manager", roles.INCENTIVE_ADMINISTRATOR})
