"""Everything about a child for the family: what the screen shows, as JSON and PDF in one archive."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from common.weeks import monday_of
from diary import queries as diary
from diary.models import Achievement
from diary.pages import AbsenceView, Finals, MarkView, Week
from diary.pages.absences import ReportView
from diary.pages.portfolio import Portfolio
from diary.pages.words import Advice, Said
from diary.queries.opened import Opened
from diary.queries.portfolio import portfolio
from diary.queries.words import announcements, recommendations
from journal.queries.years import pupil_years
from journal.yearbook import PupilYears
from people.models import User
from printouts import pdf
from school.calendar import school_year

PDF_NAME, JSON_NAME = "дневник.pdf", "дневник.json"


@dataclass(frozen=True, slots=True)
class Takeout:
    """The child's school year, with the results of all years, as the reader sees them."""

    title: str  # «Всё о ребёнке, Ёлкина Оля»
    weeks: tuple[Week, ...]
    finals: Finals
    years: PupilYears
    reports: tuple[ReportView, ...]
    advice: tuple[Advice, ...]
    announcements: tuple[Said, ...]
    portfolio: Portfolio
    made_on: date

    @property
    def subjects(self) -> Sequence[tuple[str, Sequence[MarkView]]]:
        """The year's marks by subject, in the order of the days."""
        found: dict[str, list[MarkView]] = defaultdict(list)
        for week in self.weeks:
            for mark in week.marks:
                found[mark.subject].append(mark)
        return sorted(found.items())

    @property
    def absences(self) -> Sequence[AbsenceView]:
        return [one for week in self.weeks for one in (*week.absences, *week.lates)]


def takeout(found: Opened, *, user: User, now: datetime) -> Takeout:
    """Return all that the family's reader is shown of the child in this school year."""
    pupil, today = found.pupil, found.pupil.school.local_date(now)
    monday = monday_of(today)
    board, shelf = announcements(pupil, user=user, now=now), recommendations(pupil, user=user)
    seen = Achievement.objects.visible_to(user)
    person = pupil.person
    return Takeout(
        title=f"Всё о ребёнке, {person.last_name} {person.first_name}",
        weeks=tuple(
            diary.week(pupil, day, user=user, now=now)
            for day in _mondays(date(school_year(today), 9, 1), monday)
        ),
        finals=diary.finals(pupil, monday, user=user, now=now),
        years=pupil_years(pupil, today=today, seen_at=now),
        reports=diary.absences(pupil, now=now, with_reports=True).reports,
        advice=(*shelf.waiting, *shelf.history),
        announcements=(*board.unread, *board.read, *board.over),
        portfolio=portfolio(pupil, found.class_name, seen),
        made_on=today,
    )


def archive(told: Takeout) -> bytes:
    """Return the archive: a PDF for people, a JSON for programs, both of the same facts."""
    sheet = pdf.render(
        "printouts/paper/takeout.html", {"told": told, "title": told.title}, style="takeout.css"
    )
    text = json.dumps(facts(told), ensure_ascii=False, indent=1, default=_plain)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as files:
        files.writestr(PDF_NAME, sheet.content)
        files.writestr(JSON_NAME, text)
    return packed.getvalue()


def facts(told: Takeout) -> Mapping[str, Any]:
    """Return the takeout as plain values: names of fields are those of the pages' own shapes."""
    return asdict(told)


def _mondays(first: date, last: date) -> list[date]:
    start = monday_of(first)
    return [start + timedelta(weeks=number) for number in range((last - start).days // 7 + 1)]


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return str(value)
