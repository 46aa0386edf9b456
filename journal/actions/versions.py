"""Dated versions of a setting: a change opens a new one, and the one before it ends the day earlier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from common.templatetags.words import day_month_year
from journal.errors import BadSetting
from journal.models import FinalRule, Scale, WorkKind
from people.models import Setting
from school.models import SchoolYear

V = TypeVar("V", Scale, WorkKind, FinalRule, Setting)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place(Generic[V]):
    """Where the new version stands: what it follows, or what it corrects because it begins the same day."""

    new: V
    previous: V | None
    corrected: V | None

    def write(self) -> V:
        """End the version before, and save the new one."""
        if self.corrected is not None:
            self.new.save(force_update=True)
            return self.new
        if self.previous is not None:
            self.previous.until = self.new.since - DAY
            self.previous.save(update_fields=["until"])
        self.new.save(force_insert=True)
        return self.new


def place(known: Sequence[V], new: V) -> Place[V]:
    """Find the place of the new version among the known ones, which are locked."""
    corrected = next((one for one in known if one.since == new.since), None)
    if corrected is not None:
        new.pk, new.until = corrected.pk, corrected.until
        return Place(new, None, corrected)
    earlier = [one for one in known if one.since < new.since]
    later = [one.since for one in known if one.since > new.since]
    previous = max(earlier, key=lambda one: one.since, default=None)
    runs_on = previous if previous and (previous.until or new.since) >= new.since else None
    new.until = min(later) - DAY if later else runs_on.until if runs_on else None
    return Place(new, runs_on, None)


def require_date(school_id: UUID, since: date, *, today: date) -> None:
    """Raise unless settings of that day may still be changed: not in the past of a closed year."""
    begun = SchoolYear.objects.filter(school=school_id, starts__lte=today)
    current = begun.order_by("-year").first()
    first = current.starts if current and current.closed_at is None else today
    if since < first:
        raise BadSetting(
            f"Изменить можно с {day_month_year(first)} и позже: то, что было раньше, не меняется.",
            field="since",
        )
    if since > today + timedelta(days=730):
        raise BadSetting("Дата больше чем через два года: проверьте год.", field="since")
