"""Demo data: a county's first nine months of 2024, the same on every run, loaded and cleared as a whole."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.issue_ticket import rules
from cadre_incentive.cadre_incentive.doctype.issue_ticket.bulk import insert_tickets
from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import publish, rebuild
from cadre_incentive.setup import demo_story as story
from cadre_incentive.setup.demo_clear import clear

__all__ = ["clear", "load"]

SEED = 20240930
YEAR = 2024
FIRST_DAY, LAST_DAY = date(2023, 11, 20), date(2024, 9, 30)
# Everything that is known on this day; what would happen later has not happened yet.
TODAY = datetime(2024, 10, 10, 18, 0, 0)
MONTHS = range(1, 10)
CHANNELS = ("Link", "SMS", "Phone Call", "Hotline 12345", "On Site")
ANSWERED = 0.62
RESPONSE_BATCH = 1000
Progress = Callable[[int, int], None]


def load(progress: Progress | None = None) -> list[str]:
    """Load the demo county in one transaction and return what was done, as sentences.

    Lists of January to August are published, September's are drafts. Where the county stands already,
    nothing changes.
    """
    if frappe.db.exists("Government Unit", story.ROOT[0]):
        return [_("The demo data is there already: nothing was changed.")]
    steps = 5 + len(story.BOARDS) * len(MONTHS)
    step = _steps(steps, progress)
    _speak_chinese()
    _insert_frame()
    step()
    tickets = _tickets(random.Random(SEED))
    step()
    names = insert_tickets(tickets)
    step()
    answers = _insert_answers(random.Random(SEED + 1), tickets, names)
    step()
    _insert_boards()
    step()
    for month in MONTHS:
        for board in story.BOARDS:
            name = rebuild(board["board_name"], f"{YEAR}-{month:02}")
            if month != MONTHS[-1]:
                publish(name)
            step()
    frappe.db.commit()
    return [
        _("Demo data loaded: {0} units, {1} tickets, {2} answers, lists of {3} months.").format(
            len(story.UNITS), len(tickets), answers, len(MONTHS)
        )
    ]


def _steps(total: int, progress: Progress | None) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    return step


def _speak_chinese() -> None:
    """The demo is told in Chinese; `clear` leaves the language, which whoever runs the site sets."""
    frappe.db.set_single_value("System Settings", "language", "zh")
    frappe.db.set_default("lang", "zh")
    frappe.clear_cache(doctype="System Settings")
    frappe.local.lang = "zh"


def _insert_frame() -> None:
    for track in story.TRACKS:
        if not frappe.db.exists("Assessment Track", track):
            _insert("Assessment Track", track_name=track, description=story.MARK)
    _insert("Government Unit", unit_code=story.ROOT[0], unit_name=story.ROOT[1], is_group=1)
    for code, name in story.GROUPS:
        _insert(
            "Government Unit",
            unit_code=code,
            unit_name=name,
            is_group=1,
            parent_government_unit=story.ROOT[0],
        )
    for number, (code, name, track, *_rest) in enumerate(story.UNITS, start=1):
        parent = f"{code[:-2]}00"
        unit = _insert(
            "Government Unit", unit_code=code, unit_name=name, track=track, parent_government_unit=parent
        )
        _insert_principals(unit, number)
    _insert_category(story.ROOT_CATEGORY, is_group=1)
    for group, members in story.CATEGORIES.items():
        _insert_category(group, is_group=1, parent_problem_category=story.ROOT_CATEGORY)
        for name, limit, unit in members:
            _insert_category(name, parent_problem_category=group, time_limit=limit, time_limit_unit=unit)


def _insert_principals(unit, number: int) -> None:
    handover = story.HANDOVERS.get(unit.name)
    terms = [("A", date(2022, 1, 1), None)]
    if handover:
        day = date.fromisoformat(handover)
        terms = [("A", date(2022, 1, 1), day - timedelta(days=1)), ("B", day, None)]
    for letter, start, end in terms:
        suffix = letter if handover else ""
        cadre = _insert(
            "Cadre",
            cadre_code=f"DEMO-C{number:02}{letter}",
            full_name=f"演示干部{number:02}{suffix}",
            unit=unit.name,
            position="主要负责人",
            joined_on=start,
        )
        unit.append(
            "principals", {"cadre": cadre.name, "position": "主要负责人", "from_date": start, "to_date": end}
        )
    unit.save()


def _insert_category(name: str, **fields) -> None:
    if not frappe.db.exists("Problem Category", name):
        _insert("Problem Category", category_name=name, description=story.MARK, **fields)


def _insert_boards() -> None:
    _insert(
        "Key Work Item", item_name=story.WORK_ITEM, from_date=date(YEAR, 1, 1), to_date=date(YEAR, 12, 31)
    )
    for board in story.BOARDS:
        _insert("List Board", category=story.ROOT_CATEGORY, **board)


def _tickets(dice: random.Random) -> list[dict]:
    """Return the year's tickets; whether one is on time is drawn by the month in which it falls due."""
    categories = [name for members in story.CATEGORIES.values() for name, *_limit in members]
    days = (LAST_DAY - FIRST_DAY).days + 1
    tickets = []
    for code, _name, _track, a_month, on_time, _satisfied in story.UNITS:
        for _number in range(round(a_month * days / 30.4)):
            moment = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(
                days=dice.randrange(days), minutes=dice.randrange(8 * 60, 20 * 60)
            )
            category = dice.choice(categories)
            due = rules.due_on(category, moment)
            rate = on_time.get(due.month, on_time[story.USUAL]) if due.year == YEAR else on_time[story.USUAL]
            resolved = _resolution(dice, moment, due, rate)
            tickets.append(
                {
                    "unit": code,
                    "category": category,
                    "source": story.MARK,
                    "external_id": f"{code}-{len(tickets) + 1:05}",
                    "subject": dice.choice(story.SUBJECTS[category]),
                    "place": dice.choice(story.PLACES),
                    "reported_on": moment,
                    "due_on": due,
                    "resolved_on": resolved,
                    "state": "Closed" if resolved else "In Progress",
                }
            )
    tickets.sort(key=lambda ticket: (ticket["reported_on"], ticket["external_id"]))
    return tickets


def _resolution(dice: random.Random, reported: datetime, due: date, rate: float) -> datetime | None:
    """Draw the time of resolution: inside the limit, late, or not within the time that is told."""
    limit = (due - reported.date()).days
    # The worse a unit keeps its dates, the longer its late cases lie.
    late = limit + 1 + int(dice.expovariate(rate / 12))
    days = dice.randint(0, limit) if dice.random() < rate else late
    resolved = datetime.combine(reported.date() + timedelta(days=days), datetime.min.time())
    resolved = max(resolved + timedelta(minutes=dice.randrange(9 * 60, 18 * 60)), reported)
    return resolved if resolved <= TODAY else None


def _insert_answers(dice: random.Random, tickets: list[dict], names: list[str]) -> int:
    """Insert answers to the resolved tickets of those who were asked and replied; return their number."""
    satisfied_by_unit = {unit[0]: unit[5] for unit in story.UNITS}
    rows = []
    for ticket, name in zip(tickets, names, strict=True):
        if not ticket["resolved_on"] or dice.random() > ANSWERED:
            continue
        answered = ticket["resolved_on"] + timedelta(hours=dice.randint(1, 90))
        satisfied = satisfied_by_unit[ticket["unit"]]
        happy = dice.random() < satisfied.get(answered.month, satisfied[story.USUAL])
        rating = dice.choice((4, 5, 5)) if happy else dice.choice((1, 2, 3, 3))
        if answered <= TODAY:
            rows.append((name, ticket["unit"], ticket["category"], rating, dice.choice(CHANNELS), answered))
    stamp, user = frappe.utils.now(), frappe.session.user
    frappe.db.bulk_insert(
        "Satisfaction Response",
        ["ticket", "unit", "category", "rating", "channel", "answered_on", "name", "owner", "modified_by"]
        + ["creation", "modified", "docstatus", "idx"],
        [(*row, f"{dice.getrandbits(40):010x}", user, user, stamp, stamp, 0, 0) for row in rows],
        chunk_size=RESPONSE_BATCH,
    )
    return len(rows)


def _insert(doctype: str, **fields):
    return frappe.get_doc({"doctype": doctype, **fields}).insert(ignore_permissions=True)
