"""Values for requests: names and filters that make half sense, and things that make none."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from .methods import all_methods
from .town import PERIOD, Town

ODD_TEXTS = (
    "", " ", "0", "-1", "1e309", "null", "undefined", "None", "true", "[]", "{}", "[", "{\"", "\"", "'",
    "`", "*", "%", "_", "\\", "\x00", "a\x00b", "\r\n", "\ud800", "\u202e", "𠮷野家", "é" * 200, "x" * 3000,
    "../../etc/passwd", "..%2f..%2fsite_config.json", "{{ 7*7 }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}", "<script>alert(1)</script>", "' or 1=1 --",
    "1; drop table tabUser", "sleep(5)", "(select 1)", "name`", "`tabUser`.`api_key`", "tabUser.name",
    "count(*)", "count(name) as n", "max(modified)", "sum(rating) as x", "distinct name", "name as ` `",
    "__auth", "2024-02-30", "2024-09-31 25:00:00", "2024-09-15", "0000-00-00", "9" * 40, "1.5", "nan",
    "Administrator", "Guest", "__class__", "__init__", "_meta", "flags", "frappe.db.sql", "os.system",
    "frappe.client", ".", "..", "a.b.c.d",
)  # fmt: skip
OPERATORS = (
    "=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "between", "is", "descendants of",
    "ancestors of", "not descendants of", "not ancestors of", "timespan", "previous", "next", "regexp",
    "LIKE", "bogus", "", "; --",
)  # fmt: skip
FIELDS = (
    "name", "owner", "creation", "modified", "docstatus", "idx", "parent", "parenttype", "subject",
    "description", "place", "unit", "category", "reported_on", "due_on", "resolved_on", "state",
    "external_id", "external_key", "rating", "comment", "ticket", "channel", "party", "quantity", "points",
    "board", "period", "status", "entries", "input_digest", "strikes", "bio", "api_key", "api_secret",
    "new_password", "email", "roles", "lft", "rgt", "full_name", "user", "content", "file_url", "_assign",
    "_comments", "_user_tags", "_liked_by", "naming_series", "unit.unit_name", "ticket.subject",
    "unit.parent_government_unit.unit_name", "`tabIssue Ticket`.`subject`", "principals.cadre",
    "entries.reason", "roles.role", "bogus",
)  # fmt: skip
DOCTYPES = (
    "Issue Ticket", "Satisfaction Response", "Merit Ledger Entry", "Red Black List", "Red Black List Entry",
    "Cadre", "Government Unit", "Government Unit Principal", "List Board", "Problem Category",
    "Key Work Item", "Assessment Track", "Holiday Calendar", "Cadre Incentive Settings", "User", "Role",
    "Has Role", "DocType", "DocField", "File", "Comment", "Version", "ToDo", "Note", "DocShare",
    "User Permission", "System Settings", "Report", "Deleted Document", "Error Log", "Activity Log",
    "DefaultValue", "Number Card", "Dashboard Chart", "Workspace", "Workflow", "Workflow Action",
    "Notification", "Notification Log", "Notification Settings", "Webhook", "Webhook Request Log",
    "Email Queue", "Data Import", "Server Script", "Custom Field", "Property Setter", "Print Format", "Tag",
    "Scheduled Job Log", "Sessions", "__Auth", "Bogus", "",
)  # fmt: skip
TICKETS_FIRST = ("Issue Ticket",) * 12 + (
    "Satisfaction Response",
    "Red Black List",
    "Merit Ledger Entry",
    "Cadre",
) * 5
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.integers(-3, 50)
    | st.floats() | st.sampled_from(ODD_TEXTS) | st.sampled_from(ODD_TEXTS) | st.text(max_size=12)
)  # fmt: skip
NONSENSE = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


# Filters and fields that Issue Ticket, and much else, answers.
SENSIBLE_FILTERS = (
    {}, [], None, {"docstatus": 0}, [["name", "like", "%0%"]], {"name": ["is", "set"]},
    {"owner": "Administrator"}, [["creation", ">", "2024-01-01"]],
    {"modified": ["between", ["2024-01-01", "2030-01-01"]]}, {"unit": "Town-B"},
    [["Issue Ticket", "unit", "=", "Town-B"]], {"unit": ["descendants of", "Town-A"]},
    {"state": ["in", ["Reported"]]}, {"unit": ["!=", "Town-A"]}, [["unit", "not in", ["Town-A"]]],
    {"ticket.unit": "Town-B"}, {"idx": ["<", 5]},
)  # fmt: skip
SENSIBLE_FIELDS = (
    ["name"], ["*"], ["name", "owner", "creation"], ["name", "unit", "subject", "description"],
    ["name", "modified"], ["count(*) as n"], ["name", "entries.unit", "entries.reason"],
    ["name", "unit.unit_name"], None, "name", ["*", "_comments"], ["name", "party", "quantity"],
    ["name", "ticket", "comment", "rating"], ["name", "bio", "email"], ["max(creation) as last"],
)  # fmt: skip
SENSIBLE_CHANGES = (
    {"place": "Main street"}, {"description": "So it is"}, {"state": "Closed"},
    {"resolved_on": "2024-09-20 10:00:00"}, {"unit": "Town-B"}, {"comment": "Well"}, {"rating": 1},
    {"docstatus": 1}, {"owner": "Guest"}, {"bio": "Mine"}, {"roles": [{"role": "System Manager"}]},
    {"full_name": "Somebody"}, {"modified": "2000-01-01 00:00:00"}, {"entries": []},
)  # fmt: skip


def mostly(usual, odd, one_in: int = 10):
    """One of two strategies; the odd one is drawn once in so many times."""
    return st.integers(1, one_in).flatmap(lambda number: odd if number == one_in else usual)


def there(town: Town, values: tuple) -> list:
    """The values with the names of this town's units."""
    return json.loads(json.dumps(values).replace("Town-", f"{town.prefix}-"))


class Values:
    """Strategies over what there is in a town."""

    def __init__(self, town: Town):
        every = sorted({name for names in town.names.values() for name in names})
        self.by_doctype = {doctype: sorted(names) for doctype, names in town.names.items() if names}
        odd_text = st.sampled_from(ODD_TEXTS)
        self.doctype = mostly(st.sampled_from(TICKETS_FIRST), st.sampled_from(DOCTYPES), 2)
        self.name = mostly(st.sampled_from(every), odd_text, 6)
        self.field = mostly(st.sampled_from(FIELDS), odd_text, 8)
        self.value = (
            self.name | LEAVES | st.sampled_from((PERIOD, "Reported", "Closed", "2024-09-20", 5, 1, 0))
        )
        self.operand = self.value | st.lists(self.value, max_size=4)
        operator = st.sampled_from(OPERATORS)
        one = st.tuples(self.field, operator, self.operand).map(list)
        four = st.tuples(self.doctype, self.field, operator, self.operand).map(list)
        pair = self.value | st.tuples(operator, self.operand).map(list)
        any_filters = (
            st.lists(one | four, max_size=3) | st.dictionaries(self.field, pair, max_size=3) | one | self.name
        )
        self.filters = mostly(st.sampled_from(there(town, SENSIBLE_FILTERS)), any_filters, 2)
        self.fields = mostly(
            st.sampled_from(SENSIBLE_FIELDS), st.lists(self.field, min_size=1, max_size=4) | self.field, 2
        )
        order = st.sampled_from(("asc", "desc", "DESC", "bogus", ""))
        self.order = st.builds(lambda field, way: f"{field} {way}".strip(), self.field, order)
        self.number = st.sampled_from((0, 1, 5, 20, 20, "10", -5, 10**20, "x", "", None, 2.5, True))
        row = st.dictionaries(self.field, self.value, max_size=3)
        any_bag = st.dictionaries(self.field, self.operand | st.lists(row, max_size=2), max_size=5)
        self.bag = mostly(st.sampled_from(there(town, SENSIBLE_CHANGES)), any_bag, 2)
        self.by_parameter = by_parameter(self)

    def name_of(self, doctype: str):
        known = self.by_doctype.get(doctype)
        return mostly(st.sampled_from(known), self.name, 6) if known else self.name

    @property
    def named(self):
        """A DocType with a name, mostly one of its own."""
        return self.doctype.flatmap(lambda doctype: st.tuples(st.just(doctype), self.name_of(doctype)))

    @property
    def document(self):
        """What a client sends as a document."""

        def make(pair, values, sensible, new):
            doc = {"doctype": pair[0], **(SENSIBLE.get(pair[0], {}) if sensible else {}), **values}
            return doc if new else {**doc, "name": pair[1]}

        made = st.builds(make, self.named, self.bag, st.booleans(), st.booleans())
        return mostly(made, self.bag | NONSENSE)

    def argument(self, parameter: str):
        """A value for a parameter of this name: mostly of the kind that it asks for."""
        return mostly(self.by_parameter.get(parameter, self.value), NONSENSE, 15)


# What a document of a kind needs at least.
SENSIBLE: dict[str, dict] = {}


def fill(town: Town) -> None:
    """Make SENSIBLE fit the town."""
    unit, category = town.names["Government Unit"][0], town.names["Problem Category"][0]
    about = {"unit": unit, "category": category}
    SENSIBLE.update(
        {
            "Issue Ticket": {**about, "subject": "Lamp", "reported_on": "2024-09-10"},
            "Satisfaction Response": {"ticket": town.names["Issue Ticket"][0], "rating": 4},
            "ToDo": {"description": "Look"},
            "Note": {"title": "A note"},
            "Comment": {"comment_type": "Comment", "content": "So"},
            "File": {"file_name": "a.txt", "content": "a"},
            "User": {"email": "new@example.com", "first_name": "New"},
            "List Board": {"board_name": "Another", "metric": "On-time Rate"},
        }
    )


def by_parameter(values: Values) -> dict:
    """Strategies by the name of a parameter."""
    methods = [each.name for each in all_methods()]
    reports = values.by_doctype.get("Report") or ["bogus"]
    kinds = {
        "doctype dt document_type reference_doctype ref_doctype parenttype": values.doctype,
        "parent_doctype parent link_doctype dimension_doctype attached_to_doctype": values.doctype,
        "name docname dn doc_name reference_name ref_docname old_name new_name": values.name,
        "old new file_name fid names": values.name,
        "user users assign_to board number_card chart_name title unit ticket link_name tag": values.name,
        "fieldname field df docfield searchfield parentfield group_by orderby key": values.field,
        "filters or_filters dimension_filters filter_list file_filters search_filters": values.filters,
        "fields columns select_columns fieldnames": values.fields,
        "order_by": values.order,
        "start limit limit_start limit_page_length page_length page_len offset number idx": values.number,
        "is_private limit_length": values.number,
        "doc document data args document_values values": values.document,
        "kwargs updates": values.bag,
        "docs": st.lists(values.document, max_size=3),
        "docnames": st.lists(values.name, max_size=3) | values.name,
        "cmd": st.sampled_from(methods),
        "method": st.sampled_from(methods),
        "report_name": mostly(st.sampled_from(reports), values.name, 4),
        "action": st.sampled_from(
            ("Save", "Submit", "Cancel", "Update", "Approve", "Review", "update", "delete")
        ),
        "perm_type ptype": st.sampled_from(("read", "write", "delete", "submit", "share", "bogus")),
        "file_format_type": st.sampled_from(("CSV", "Excel", "PDF", "bogus")),
        "password pwd": st.sampled_from(ODD_TEXTS),
    }
    return {name: strategy for names, strategy in kinds.items() for name in names.split()}
