"""What stood in a diary when a guardian pressed the button: read from the rows before they are written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from common.weeks import monday_of
from diary.queries.periods import ORDINALS
from ediary.seed.entries import Correction
from ediary.seed.heap import Row
from ediary.seed.world import LessonInfo, Site
from journal import grading
from journal.models import Absence, AbsenceCode, Mark, PeriodMark
from school.models import PeriodKind

Fact = tuple[datetime, str, str, str]  # since when, key, what of, value
LETTERS = dict(AbsenceCode.choices)


class SeenThen:
    """Answers for every pupil, section, week and moment."""

    def __init__(self, site: Site, corrections: Iterable[Correction]) -> None:
        self.weeks: dict[tuple[UUID, date], list[Fact]] = defaultdict(list)
        self.results: dict[UUID, list[Fact]] = defaultdict(list)
        self.corrected = {one.mark_id: one for one in corrections}
        lessons = {lesson.id: lesson for course in site.courses for lesson in course.lessons}
        self._read_lessons(site, lessons)
        self._read_results(site)

    def then(self, pupil: UUID, section: str, monday: date, at: datetime) -> dict[str, list[str]]:
        """Return the facts by their keys, as the button keeps them."""
        found = self.results[pupil] if section == "finals" else self.weeks[pupil, monday]
        return {key: [what, value] for since, key, what, value in found if since <= at}

    def _read_lessons(self, site: Site, lessons: dict[UUID, LessonInfo]) -> None:
        for row in site.heap.of(Mark):
            for since, value in self._values(row):
                self._keep(lessons, row, f"{row['lesson_id']}:{row['position']}", since, value)
        for row in site.heap.of(Absence):
            key = f"{row['lesson_id']}:a"
            self._keep(lessons, row, key, row["set_at"], LETTERS[row["code"]])

    def _values(self, row: Row) -> Iterator[tuple[datetime, str]]:
        """The mark's value, and before a correction the one that stood first."""
        corrected = self.corrected.get(row["id"])
        if corrected is None:
            yield row["set_at"], grading.seen(row["value"])
            return
        yield row["set_at"], grading.seen(corrected.first)
        yield corrected.at, grading.seen(row["value"])

    def _keep(
        self, lessons: dict[UUID, LessonInfo], row: Row, key: str, since: datetime, value: str
    ) -> None:
        lesson = lessons.get(row["lesson_id"])
        if lesson is not None:
            place = row["pupil_id"], monday_of(lesson.day)
            self.weeks[place].append((since, key, _lower(lesson.course.subject.name), value))

    def _read_results(self, site: Site) -> None:
        subjects = {course.id: course.subject for course in site.courses}
        periods = {row["id"]: row for row in site.periods}
        for row in site.heap.of(PeriodMark):
            subject, period = subjects.get(row["course_id"]), periods.get(row["period_id"])
            if subject is None or period is None or row["visible_at"] is None:
                continue
            name = f"{ORDINALS[period['number'] - 1]} {PeriodKind(period['kind']).label}"
            key = f"{site.subjects[subject.code]}:{row['period_id']}"
            what = f"{_lower(subject.name)}, {name}"
            self.results[row["pupil_id"]].append((row["visible_at"], key, what, row["value"]))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
