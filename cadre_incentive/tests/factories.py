"""Documents for tests, one function for each DocType; what a test does not say is filled in.

Every argument that links accepts a name or a document. All return the inserted document.
"""

import frappe


def make_track(track_name: str | None = None, **fields):
    return _insert("Assessment Track", track_name=track_name or _unique("Track"), **fields)


def make_unit(unit_code: str | None = None, parent=None, track=None, principals=(), **fields):
    """A Government Unit; `principals` are tuples of cadre, first day and last day (None: still in office)."""
    unit_code = unit_code or _unique("U")
    if parent:
        frappe.db.set_value("Government Unit", _name(parent), "is_group", 1)
    rows = [
        {"cadre": _name(cadre), "from_date": from_date, "to_date": to_date}
        for cadre, from_date, to_date in principals
    ]
    return _insert(
        "Government Unit",
        unit_code=unit_code,
        unit_name=fields.pop("unit_name", f"Unit {unit_code}"),
        parent_government_unit=_name(parent),
        track=_name(track),
        principals=rows,
        **fields,
    )


def make_cadre(cadre_code: str | None = None, unit=None, **fields):
    cadre_code = cadre_code or _unique("C")
    return _insert(
        "Cadre",
        cadre_code=cadre_code,
        full_name=fields.pop("full_name", f"Cadre {cadre_code}"),
        unit=_name(unit or make_unit()),
        **fields,
    )


def make_work_item(item_name: str | None = None, **fields):
    return _insert("Key Work Item", item_name=item_name or _unique("Work item"), **fields)


def make_category(category_name: str | None = None, parent=None, **fields):
    """A Problem Category; say `time_limit` and `time_limit_unit` where the limit matters."""
    if parent:
        frappe.db.set_value("Problem Category", _name(parent), "is_group", 1)
    return _insert(
        "Problem Category",
        category_name=category_name or _unique("Category"),
        parent_problem_category=_name(parent),
        **fields,
    )


def make_ticket(unit=None, category=None, **fields):
    """An Issue Ticket, reported on 2024-09-02 unless said otherwise."""
    fields.setdefault("subject", "Lamp out of order")
    fields.setdefault("reported_on", "2024-09-02 09:00:00")
    return _insert(
        "Issue Ticket",
        unit=_name(unit or make_unit()),
        category=_name(category or make_category()),
        **fields,
    )


def make_response(ticket=None, rating: int = 5, **fields):
    """A Satisfaction Response, answered on 2024-09-20 unless said otherwise."""
    fields.setdefault("answered_on", "2024-09-20 10:00:00")
    return _insert("Satisfaction Response", ticket=_name(ticket or make_ticket()), rating=rating, **fields)


def make_board(board_name: str | None = None, metric: str = "On-time Rate", **fields):
    for link in ("track", "category", "work_item"):
        if link in fields:
            fields[link] = _name(fields[link])
    return _insert("List Board", board_name=board_name or _unique("Board"), metric=metric, **fields)


def make_user(*roles: str, units=(), email: str | None = None):
    """A user with `roles`; User Permission assigns the `units`, with all below them."""
    email = email or f"{_unique('user').lower()}@example.org"
    user = _insert(
        "User",
        email=email,
        first_name=email.split("@")[0],
        send_welcome_email=0,
        enabled=1,
        roles=[{"role": role} for role in roles],
    )
    for unit in units:
        _insert(
            "User Permission",
            user=user.name,
            allow="Government Unit",
            for_value=_name(unit),
            apply_to_all_doctypes=1,
        )
    return user


def _insert(doctype: str, **fields):
    return frappe.get_doc({"doctype": doctype, **fields}).insert(ignore_permissions=True)


def _unique(prefix: str) -> str:
    return f"{prefix}-{frappe.generate_hash(length=8)}"


def _name(document) -> str | None:
    """Name of a document, or the name itself."""
    return getattr(document, "name", document)
