"""Weeks in addresses: «2026-W47» is the Monday of that week."""

from datetime import date

from diary.pages import iso_week

YEARS = range(2000, 2100)  # a week has neighbours, so the calendar's ends are out of reach


class IsoWeekConverter:
    """`/week/2026-W47/`: a week that the calendar does not have is an address that does not exist."""

    regex = r"\d{4}-W\d{2}"

    def to_python(self, value: str) -> date:
        return monday_named(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else iso_week(value)


def monday_named(text: str) -> date:
    """Return the Monday of «2026-W47». Raises ValueError for anything else."""
    year, _, week = text.partition("-W")
    if len(year) != 4 or len(week) != 2 or int(year) not in YEARS:
        raise ValueError(text)
    return date.fromisocalendar(int(year), int(week), 1)
