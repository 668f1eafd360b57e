"""Which lists a workbook shows: asked by the workbook itself and by the mail that it is attached to."""

import frappe


def newest_lists(first: str, last: str, fields: list[str]) -> list[dict]:
    """The newest list of each board and month from `first` to `last` ("YYYY-MM"), by board and month.

    As the session's user may see them. A board's being disabled takes away its drafts, not what it has
    published.
    """
    rows = frappe.get_list(
        "Red Black List",
        # Two bounds: Frappe understands "between" for dates only, and a period is a text.
        filters=[["period", ">=", first], ["period", "<=", last], ["docstatus", "<", 2]],
        fields=sorted({"board", "period", "version", "docstatus", *fields}),
        order_by="board asc, period asc, version asc",
        limit_page_length=0,
    )
    enabled = set(frappe.get_all("List Board", filters={"enabled": 1}, pluck="name"))
    newest = {(row.board, row.period): row for row in rows if row.docstatus == 1 or row.board in enabled}
    return list(newest.values())
