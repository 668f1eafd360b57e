"""Holiday Calendars of the years that the chinesecalendar package knows, entered if absent.

The package carries the yearly notices of the State Council; a calendar that an administrator has
entered or changed is never touched.
"""

import frappe

FIRST_YEAR = 2020


def seed_calendars() -> None:
    """Insert one Holiday Calendar for each known year from 2020 on for which none stands."""
    days = known_days()
    present = set(frappe.get_all("Holiday Calendar", pluck="year"))
    for year in sorted(set(days) - present):
        frappe.get_doc(
            {
                "doctype": "Holiday Calendar",
                "year": year,
                "source": "chinesecalendar",
                "days": days[year],
            }
        ).insert(ignore_permissions=True)


def known_days() -> dict[int, list[dict]]:
    """Rows of Holiday Calendar Day by year, sorted by date, from 2020 on."""
    from chinese_calendar import Holiday
    from chinese_calendar.constants import holidays, workdays

    rows: dict[int, list[dict]] = {}
    for day_type, named in (("Holiday", holidays), ("Make-up Workday", workdays)):
        for day, name in named.items():
            if day.year >= FIRST_YEAR:
                row = {"date": day, "day_type": day_type, "description": Holiday(name).chinese}
                rows.setdefault(day.year, []).append(row)
    return {year: sorted(days, key=lambda row: row["date"]) for year, days in rows.items()}
