"""Which regulation is in force, and what its parameters are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from people.models import School
from regulation.models import RegulationVersion
from regulation.parameters import DEFINITIONS, Value, read


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in force at a school on a day; without one every parameter has its default."""

    version: UUID | None
    school: UUID | None
    profile: str
    title: str
    since: date | None
    until: date | None
    order_number: str
    order_date: date | None
    minutes: str
    legal_basis: str
    values: Mapping[str, Value]


def in_force(school: School | UUID, *, day: date) -> InForce:
    """Return the regulation in force at the school, or at its parent: one statement."""
    with connection.cursor() as cursor:
        school_id = school if isinstance(school, UUID) else school.pk
        cursor.execute("SELECT app_regulation(%s, %s)", [school_id, day])
        (found,) = cursor.fetchone() or (None,)
    row: dict[str, Any] = json.loads(found) if isinstance(found, str) else found or {}
    stored = row.get("parameters", {})
    return InForce(
        version=_uuid(row.get("version")),
        school=_uuid(row.get("school")),
        profile=row.get("profile", ""),
        title=row.get("title", ""),
        since=_date(row.get("since")),
        until=_date(row.get("until")),
        order_number=row.get("order_number", ""),
        order_date=_date(row.get("order_date")),
        minutes=row.get("minutes", ""),
        legal_basis=row.get("legal_basis", ""),
        values={key: read(key, stored.get(key)) for key in DEFINITIONS},
    )


def version_in_force(school: School, *, day: date) -> RegulationVersion | None:
    """Return the version itself, unless it is the parent school's and out of sight."""
    found = in_force(school, day=day).version
    return RegulationVersion.objects.filter(pk=found).first() if found else None


def parameters(school: School | UUID, *, day: date) -> Mapping[str, Value]:
    """Return every parameter by its key; where the regulation is silent the default, which says so."""
    return in_force(school, day=day).values


def parameter(school: School | UUID, key: str, *, day: date) -> Value:
    """Return one parameter. Raises KeyError for a key that no regulation knows."""
    return parameters(school, day=day)[key]


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
