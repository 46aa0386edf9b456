"""The report card (табель) of a pupil: what «Итоговые оценки» shows, on one sheet."""

from dataclasses import dataclass
from datetime import date, datetime

from common.weeks import monday_of
from diary import queries as diary
from diary.pages import Finals
from people.models import Pupil


@dataclass(frozen=True, slots=True)
class ReportCard:
    title: str  # «Табель успеваемости, Ёлкина Ольга, 2026-2027»
    finals: Finals
    printed_on: date

    @property
    def has_results(self) -> bool:
        return any(cell.text for row in self.finals.rows for cell in row.every)


def report_card(pupil: Pupil, *, now: datetime) -> ReportCard:
    """Return the card of a pupil whose diary the user may read: the results that families see."""
    today = pupil.school.local_date(now)
    monday = monday_of(today)
    finals = diary.finals(pupil, monday, user=None, now=now)
    name = f"{finals.pupil.last_name} {finals.pupil.first_name}"
    return ReportCard(
        title=f"Табель успеваемости, {name}, {finals.year}-{finals.year + 1}",
        finals=finals,
        printed_on=today,
    )
