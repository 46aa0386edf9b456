"""Whose page it is and in which period: read once, in one statement, for every page of results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import array, prepared_rows
from diary.pages import PeriodTab, PupilHead
from diary.queries.acknowledgement import pupil_head
from diary.queries.rows import PUPILS
from people.models import Pupil
from school.calendar import school_year
from school.models import PeriodKind

ORDINALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")

PERIODS = """
SELECT 'period', NULL::uuid, json_build_array(
         p.id, p.kind, p.number, p.starts, p.ends, p.grade_from, p.grade_to)
  FROM school_period p
 WHERE p.year = %(year)s
   AND p.school_id IN (SELECT school_id FROM people_pupil WHERE person_id = ANY(%(pupils)s))
"""
_FRAME = f"{PUPILS} UNION ALL {PERIODS}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The pupil, the clock of her school, and the reporting periods of her grade level."""

    head: PupilHead
    now: datetime
    zone: ZoneInfo
    year: int
    periods: tuple[PeriodTab, ...]

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def shown(self) -> PeriodTab | None:
        return next((period for period in self.periods if period.is_shown), None)

    @property
    def runs(self) -> bool:
        """Whether the period shown is the running one: in a vacation the last that has begun."""
        begun = [period for period in self.periods if period.starts <= self.today]
        return bool(begun) and begun[-1].is_shown

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statement of a page about this pupil and period asks for."""
        return {
            "pupil": self.head.pupil_id,
            "school": self.head.school_id,
            "year": self.year,
            "today": self.today,
            "now": self.now,
            "starts": self.shown.starts if self.shown else self.today,
            "ends": self.shown.ends if self.shown else self.today,
            "period": self.shown.period_id if self.shown else None,
        }


def frame(pupil: Pupil, *, now: datetime, period: UUID | None = None) -> Frame:
    """Read the pupil and her periods: one statement. `period` None: the current, in holidays the last."""
    today = pupil.school.local_date(now)
    given: dict[str, Any] = {
        "pupils": array([pupil.pk]),
        "monday": today,
        "sunday": today,
        "year": school_year(today),
    }
    rows = prepared_rows(_FRAME, given)
    head = next(pupil_head(pk, fact) for kind, pk, fact in rows if kind == "pupil")
    tabs = tabs_of([fact for kind, _, fact in rows if kind == "period"], head)
    zone = ZoneInfo(head.time_zone)
    return Frame(
        head=head,
        now=now.astimezone(zone),
        zone=zone,
        year=school_year(today),
        periods=_with_shown(tabs, period, today),
    )


def tabs_of(facts: Sequence[Sequence[Any]], head: PupilHead) -> list[PeriodTab]:
    """Return the periods of the pupil's grade level in their order."""
    grade = head.grade_level or 0
    found = [
        PeriodTab(
            period_id=UUID(pk),
            name=f"{ORDINALS[number - 1]} {PeriodKind(kind).label}",
            starts=date.fromisoformat(starts),
            ends=date.fromisoformat(ends),
        )
        for pk, kind, number, starts, ends, first, last in facts
        if first <= grade <= last
    ]
    return sorted(found, key=lambda tab: (tab.starts, tab.name))


def _with_shown(tabs: list[PeriodTab], chosen: UUID | None, today: date) -> tuple[PeriodTab, ...]:
    begun = [tab for tab in tabs if tab.starts <= today]
    current = begun[-1] if begun else next(iter(tabs), None)
    wanted = next((tab for tab in tabs if tab.period_id == chosen), current)
    return tuple(replace(tab, is_shown=tab is wanted) for tab in tabs)
