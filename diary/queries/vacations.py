"""The vacations of one pupil: those of her class, else of her grade level."""

from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from diary.pages import PupilHead
from school.models import Vacation, VacationClass


class VacationDays(NamedTuple):
    """A vacation, both days included."""

    name: str
    starts: date
    ends: date


def vacations(head: PupilHead, first: date, last: date) -> tuple[VacationDays, ...]:
    """Return the vacations that fall between two days, in order. `diary.queries.days` has the same rule."""
    if head.grade_level is None:
        return ()
    named = VacationClass.objects.filter(vacation=OuterRef("pk"))
    of_grade = Q(grade_from__lte=head.grade_level, grade_to__gte=head.grade_level)
    theirs = Exists(named.filter(school_class=head.class_id)) | (~Exists(named) & of_grade)
    found = Vacation.objects.filter(
        theirs, school=head.school_id, starts__lte=last, ends__gte=first
    )
    rows = found.order_by("starts", "pk").values_list("name", "starts", "ends")
    return tuple(VacationDays(*row) for row in rows)
