"""The schools that a user controls, as the statements of the deputy's pages take them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from common.prepared import array, of_year, prepared
from people.models import User
from people.roles import Permission


def controlled(user: User, *, since: date, today: date, schools: Sequence[UUID]) -> dict[str, Any]:
    """Return the parameters that all these statements share; no schools named: all of hers."""
    own = user.schools_with(Permission.JOURNAL_CONTROL)
    return {
        "schools": array([one for one in own if not schools or one in schools]),
        "since": since,
        "today": today,
        "year": today.year if today.month >= 8 else today.year - 1,
    }


def rows_of(sql: str, values: dict[str, Any]) -> list[Any]:
    with prepared() as cursor:
        cursor.execute(of_year(sql, values["year"]), values)
        return list(cursor.fetchall())
