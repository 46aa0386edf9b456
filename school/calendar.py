"""Arithmetic of the school year: no Django, no clock."""

from datetime import date

FIRST_MONTH = 8  # the year turns on the first of August, as in the database's app_school_year


def school_year(day: date) -> int:
    """Return the school year of a day, named by the calendar year in which it begins."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1
