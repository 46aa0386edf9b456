"""The school's own rules of consent on a day: read, or as parts of a larger statement."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from consent.norms import KEYS, Norms, norms_from
from people.models import Setting


def norms_on(school_id: UUID, day: date) -> Norms:
    """Read the settings in force at the school on the day; defaults where it set nothing."""
    rows = _in_force(day).filter(school=school_id, key__in=KEYS)
    return norms_from(dict(rows.order_by("since").values_list("key", "value")))


def norm(key: str, day: date) -> Coalesce:
    """Give a rule of the row's school, as `norms_on` reads it."""
    # Of jsonb only numbers lie between two numbers.
    stored = _in_force(day).filter(school=OuterRef("school"), key=key, value__gt=0, value__lt=1000)
    number = stored.order_by("-since").annotate(number=Cast("value", IntegerField()))
    return Coalesce(Subquery(number.values("number")[:1]), Value(getattr(Norms(), key)))


def age(born: str, day: date) -> Coalesce:
    """Give the full years on the day; whose birthday is unknown, counts as a small child."""
    years = Func(
        Value(day, output_field=DateField()),
        F(born),
        template="extract(year FROM age(%(expressions)s))::int",
        output_field=IntegerField(),
    )
    return Coalesce(years, Value(0))


def _in_force(day: date) -> QuerySet[Setting, Any]:
    return Setting.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
