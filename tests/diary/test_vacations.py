"""Whose a vacation is: the week, the page «Школа» and the calendar feed answer alike."""

from datetime import date

import pytest

from diary.queries import calendar_events, week
from diary.queries.school import school
from school.models import Vacation, VacationClass
from tests.cast import NOW, YEAR, Cast

MONDAY = date(2027, 4, 12)


@pytest.mark.parametrize(
    ("grades", "named", "is_theirs"),
    [
        ((1, 11), None, True),
        ((7, 7), None, True),
        ((1, 6), None, False),
        ((1, 11), "7А", True),
        ((1, 6), "7А", True),  # a class that is named needs no grade level
        ((1, 11), "5Б", False),
    ],
)
def test_the_week_the_school_and_the_feed_agree_whose_a_vacation_is(
    cast: Cast, grades: tuple[int, int], named: str | None, is_theirs: bool
) -> None:
    made = Vacation.objects.create(
        school=cast.school, year=YEAR, name="Поездка", starts=MONDAY, ends=date(2027, 4, 14),
        grade_from=grades[0], grade_to=grades[1],
    )  # fmt: skip
    if named:
        VacationClass.objects.create(
            school=cast.school, vacation=made, school_class=cast.classes[named]
        )
    olya = cast.pupils["olya"]
    shown = week(olya, MONDAY, user=None, now=NOW).days
    said = (
        "Поездка" in [day.note for day in shown],
        "Поездка" in [one.name for one in school(olya, now=NOW).vacations],
        "Поездка" in [event.title for event in calendar_events(olya, now=NOW)],
    )
    assert said == (is_theirs, is_theirs, is_theirs)
