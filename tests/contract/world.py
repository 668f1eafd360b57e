"""What the cases work on: made over HTTP under a random prefix, removed afterwards over HTTP."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from .wire import Client, data, message, resource

SYSTEM = "System Manager"
UNIT_STAFF = "Unit Staff"
OFFICER = "Assessment Officer"

# number, suffix of the unit, and the other values of the documents that list cases read
SEEDED = (
    ("alpha", "A", {"status": "Open", "amount": 1.5, "hits": 1, "done": 0, "held_on": "2024-01-01"}),
    ("beta", "A1", {"status": "Open", "amount": 2.5, "hits": 2, "done": 1, "held_on": "2024-02-01"}),
    ("gamma", "B", {"status": "Done", "amount": 10, "hits": 3, "done": 1, "held_on": "2024-03-01"}),
    ("delta", "R", {"status": "Done", "amount": 20, "hits": 4, "done": 0, "held_on": "2024-04-01"}),
    ("epsilon", None, {"status": "Open", "amount": 30, "hits": 5, "done": 0}),
)
NOTES = {"alpha": "first of all", "beta": "second"}
ROWS = {
    "alpha": [{"item": "bolt", "quantity": 2}, {"item": "nut", "quantity": 3}],
    "beta": [{"item": "bolt", "quantity": 5}],
}


@dataclass
class World:
    """Names of everything, and a client for everybody."""

    url: str
    user: str
    password: str
    host: str | None
    prefix: str = field(default_factory=lambda: "ct" + secrets.token_hex(4))
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self.address = Client(self.url).address
        self.case = f"{self.prefix} Case"
        self.row = f"{self.prefix} Case Row"
        self.memo = f"{self.prefix} Memo"
        self.plan = f"{self.prefix} Plan"
        self.clerk_role = f"{self.prefix} Clerk"
        self.workflow = f"{self.prefix} Approval"
        self.category = f"{self.prefix} Roads"
        self.board = f"{self.prefix} Board"
        self.secret_word = "pw-" + secrets.token_hex(12)
        self.units = {key: f"{self.prefix}-{key}" for key in ("R", "A", "A1", "B")}
        self.people = {key: f"{self.prefix}-{key}@example.com" for key in ROLES}

    def anonymous(self) -> Client:
        return Client(self.url, self.host, address=self.address)

    def as_(self, person: str) -> Client:
        """A client with the person's API token."""
        return Client(self.url, self.host, token=self.tokens.get(person, "key:secret"), address=self.address)

    def signed_in(self, person: str) -> Client:
        """A client with a cookie session of its own."""
        client = self.anonymous()
        client.login(self.people[person], self.secret_word)
        return client

    def administrator(self) -> Client:
        client = self.anonymous()
        client.login(self.user, self.password)
        return client

    def seeded(self, *keys: str) -> set[str]:
        return {f"{self.prefix} {key}" for key in keys}

    def title(self, text: str) -> str:
        """A name that no other case uses."""
        return f"{self.prefix}x {text} {secrets.token_hex(4)}"

    def new_case(self, text: str = "case", **values) -> dict:
        """The values of a document of the custom DocType, not inserted."""
        return {"title": self.title(text), **values}


ROLES = {
    "manager": (SYSTEM,),
    "staff": (UNIT_STAFF, "{prefix} Clerk"),
    "clerk": ("{prefix} Clerk",),
    "officer": (OFFICER, "{prefix} Clerk"),
    "nobody": ("Cadre",),
    "neighbour": ("Cadre",),  # as nobody, until a document is shared
}

ALL_RIGHTS = (
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "report",
    "export",
    "share",
    "print",
    "email",
    "select",
)


def permission(role: str, rights=ALL_RIGHTS, **more) -> dict:
    """A row of permissions; what is not given is refused in so many words, for Frappe's defaults are yes."""
    return {"role": role, **{right: int(right in rights) for right in ALL_RIGHTS}, **more}


def doctype_of(name: str, fields: list[dict], permissions: list[dict], **more) -> dict:
    return {
        "doctype": "DocType",
        "name": name,
        "module": "Cadre Incentive",
        "custom": 1,
        "fields": fields,
        "permissions": permissions,
        **more,
    }


def a_field(fieldname: str, fieldtype: str, options: str | None = None, **more) -> dict:
    label = fieldname.replace("_", " ").title()
    return {"fieldname": fieldname, "fieldtype": fieldtype, "label": label, "options": options, **more}


def case_fields(world: World) -> list[dict]:
    return [
        a_field("title", "Data", reqd=1, unique=1, in_list_view=1),
        a_field("status", "Select", "Open\nDone", default="Open"),
        a_field("amount", "Float"),
        a_field("hits", "Int"),
        a_field("done", "Check"),
        a_field("held_on", "Date"),
        a_field("met_at", "Datetime"),
        a_field("unit", "Link", "Government Unit"),
        a_field("note", "Small Text", allow_on_submit=1),
        a_field("paper", "Attach"),
        a_field("secret", "Data", permlevel=1),
        a_field("rows", "Table", world.row),
        a_field("amended_from", "Link", world.case, no_copy=1, read_only=1, print_hide=1),
    ]


def build(world: World, admin: Client) -> None:
    """Everything, in the order in which one needs the other."""

    def make(doctype: str, **values) -> dict:
        return data(admin.post(resource(doctype), values))

    make("Role", role_name=world.clerk_role, desk_access=1)
    for key, parent, is_group in (("R", None, 1), ("A", "R", 1), ("A1", "A", 0), ("B", "R", 0)):
        make(
            "Government Unit",
            unit_code=world.units[key],
            unit_name=f"Office {key}",
            is_group=is_group,
            parent_government_unit=world.units[parent] if parent else None,
        )
    make("Problem Category", category_name=world.category)
    for person, roles in ROLES.items():
        make(
            "User",
            email=world.people[person],
            first_name=person.title(),
            last_name=world.prefix,
            send_welcome_email=0,
            user_type="System User",
            new_password=world.secret_word,
            roles=[{"role": role.format(prefix=world.prefix)} for role in roles],
        )
    make(
        "User Permission",
        user=world.people["staff"],
        allow="Government Unit",
        for_value=world.units["A"],
        apply_to_all_doctypes=1,
    )
    build_doctypes(world, admin)
    for person, email in world.people.items():
        secret = message(admin.call("frappe.core.doctype.user.user.generate_keys", user=email))["api_secret"]
        key = message(admin.client("get_value", doctype="User", fieldname="api_key", filters={"name": email}))
        world.tokens[person] = f"{key['api_key']}:{secret}"
    for key, unit, values in SEEDED:
        make(
            world.case,
            title=f"{world.prefix} {key}",
            unit=world.units[unit] if unit else None,
            note=NOTES.get(key),
            secret=f"secret of {key}",
            met_at="2024-05-06 07:08:09" if key == "alpha" else None,
            rows=ROWS.get(key, []),
            **values,
        )


def build_doctypes(world: World, admin: Client) -> None:
    clerk = world.clerk_role
    create = resource("DocType")
    row = [a_field("item", "Data", in_list_view=1), a_field("quantity", "Int", in_list_view=1)]
    data(admin.post(create, doctype_of(world.row, row, [], istable=1)))
    data(
        admin.post(
            create,
            doctype_of(
                world.case,
                case_fields(world),
                [
                    permission(SYSTEM),
                    {"role": SYSTEM, "permlevel": 1, "read": 1, "write": 1},
                    permission(clerk, ("read", "write", "create", "report", "print", "email")),
                ],
                autoname="field:title",
                is_submittable=1,
                allow_rename=1,
                track_changes=1,
                search_fields="status,note",
            ),
        )
    )
    text = a_field("text", "Data", in_list_view=1)
    own = permission(clerk, ("read", "write", "create", "delete"), if_owner=1)
    data(admin.post(create, doctype_of(world.memo, [text], [permission(SYSTEM, ALL_RIGHTS[:4]), own])))
    data(
        admin.post(
            create,
            doctype_of(
                world.plan,
                [text],
                [permission(SYSTEM), permission(clerk, ("read", "write", "create", "submit"))],
                is_submittable=1,
            ),
        )
    )
    build_workflow(world, admin)


def build_workflow(world: World, admin: Client) -> None:
    """Drafted → Reviewed (clerk) → Approved = submitted (System Manager) → Withdrawn = cancelled."""
    states = {key: f"{world.prefix} {key}" for key in ("Drafted", "Reviewed", "Approved", "Withdrawn")}
    actions = {key: f"{world.prefix} {key}" for key in ("Review", "Approve", "Withdraw")}
    for state in states.values():
        data(admin.post(resource("Workflow State"), {"workflow_state_name": state}))
    for action in actions.values():
        data(admin.post(resource("Workflow Action Master"), {"workflow_action_name": action}))
    steps = (
        ("Drafted", "Review", "Reviewed", world.clerk_role, "doc.text != 'hopeless'"),
        ("Reviewed", "Approve", "Approved", SYSTEM, None),
        ("Approved", "Withdraw", "Withdrawn", SYSTEM, None),
    )
    data(
        admin.post(
            resource("Workflow"),
            {
                "workflow_name": world.workflow,
                "document_type": world.plan,
                "is_active": 1,
                "workflow_state_field": "workflow_state",
                "send_email_alert": 0,
                "states": [
                    {"state": states["Drafted"], "doc_status": "0", "allow_edit": world.clerk_role},
                    {"state": states["Reviewed"], "doc_status": "0", "allow_edit": SYSTEM},
                    {"state": states["Approved"], "doc_status": "1", "allow_edit": SYSTEM},
                    {"state": states["Withdrawn"], "doc_status": "2", "allow_edit": SYSTEM},
                ],
                "transitions": [
                    {
                        "state": states[before],
                        "action": actions[action],
                        "next_state": states[after],
                        "allowed": role,
                        "allow_self_approval": 1,
                        "condition": condition,
                    }
                    for before, action, after, role, condition in steps
                ],
            },
        )
    )


def remove(world: World, admin: Client) -> list[str]:
    """Delete all that bears the prefix; returns what would not go."""
    left: list[str] = []
    like = [["name", "like", f"{world.prefix}%"]]

    def drop(doctype: str, *each: str) -> None:
        for name in each:
            for _attempt in range(3):  # MariaDB answers concurrent deletions with a deadlock now and then
                answer = admin.delete(resource(doctype, name))
                if answer.status_code < 500:
                    break
            if answer.status_code not in (202, 404):
                left.append(f"{doctype} {name}: {answer.status_code} {answer.text[:300]}")

    def found(doctype: str, filters: list, **more) -> list[str]:
        answer = admin.list(doctype, filters=filters, limit_page_length=0, **more)
        return [] if answer.status_code != 200 else [row["name"] for row in answer.json()["data"]]

    def about_us(doctype: str, fieldname: str) -> list[str]:
        return found(doctype, [[fieldname, "like", f"{world.prefix}%"]])

    drop("Workflow", *found("Workflow", like))
    drop("File", *about_us("File", "attached_to_doctype"), *about_us("File", "file_name"))
    drop("ToDo", *about_us("ToDo", "reference_type"), *about_us("ToDo", "description"))
    drop("Workflow Action", *about_us("Workflow Action", "reference_doctype"))
    drop("Comment", *about_us("Comment", "reference_doctype"))
    for doctype in (world.case, world.plan, world.memo):
        for name in found(doctype, [["docstatus", "=", 1]]):
            admin.client("cancel", doctype=doctype, name=name)
        amended = found(doctype, [["amended_from", "is", "set"]]) if doctype == world.case else []
        drop(doctype, *amended, *(set(found(doctype, [])) - set(amended)))
    drop("Issue Ticket", *found("Issue Ticket", [["unit", "like", f"{world.prefix}%"]]))
    drop("Red Black List", *about_us("Red Black List", "board"))
    drop("List Board", *found("List Board", like))
    drop("Custom Field", *about_us("Custom Field", "dt"))
    drop("DocType", world.case, world.plan, world.memo, world.row, *found("DocType", like))
    drop("Workflow State", *found("Workflow State", like))
    drop("Workflow Action Master", *found("Workflow Action Master", like))
    drop("User Permission", *about_us("User Permission", "for_value"))
    drop("Problem Category", *found("Problem Category", like))
    drop("Government Unit", *found("Government Unit", like, order_by="lft desc"))
    drop("Notification Settings", *about_us("Notification Settings", "name"))
    drop("User", *found("User", like))
    drop("Role", *found("Role", like))
    return left
