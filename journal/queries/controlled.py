"""The schools that a user controls, as the statements of the deputy's pages take them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from common.prepared import array, of_year, prepared_rows
from people.models import School, User
from people.roles import Permission
from school.calendar import school_year
from school.models import Period


def controlled(user: User, *, since: date, today: date, schools: Sequence[UUID]) -> dict[str, Any]:
    """Return the parameters that all these statements share; no schools named: all of hers."""
    own = user.schools_with(Permission.JOURNAL_CONTROL)
    return {
        "schools": array([one for one in own if not schools or one in schools]),
        "since": since,
        "today": today,
        "year": school_year(today),
    }


def schools_controlled(user: User) -> list[School]:
    """Return the schools and branches whose journals the user controls, the main school first."""
    controls = user.schools_with(Permission.JOURNAL_CONTROL)
    found = School.objects.filter(pk__in=controls)
    return list(found.order_by(F("parent").asc(nulls_first=True), "short_name", "pk"))


def period_began(user: User, today: date) -> date:
    """Return when the latest begun period of these schools began; without periods, the school year."""
    year = school_year(today)
    controls = user.schools_with(Permission.JOURNAL_CONTROL)
    begun = Period.objects.filter(school__in=controls, year=year, starts__lte=today)
    latest = begun.order_by("-starts").values_list("starts", flat=True).first()
    return latest or date(year, 8, 1)


def controlled_rows(sql: str, values: dict[str, Any]) -> list[Any]:
    """Return the rows of a statement about the schools, its year written in."""
    return prepared_rows(of_year(sql, values["year"]), values)
