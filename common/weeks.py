"""The school week begins on Monday: no Django, no clock."""

from datetime import date, timedelta


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())
