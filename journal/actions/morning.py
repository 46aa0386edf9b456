"""The class teacher's morning: who is absent today and why, and how many eat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from common.errors import require
from journal.actions.rows import CODES, Changes, write_absences
from journal.errors import BadMorning
from journal.grading import LATE
from journal.models import MealCount
from journal.queries.class_day import ClassDay, DayEntry, DayPupil, class_day, leads_class, shut
from journal.queries.norms import norms_on
from people.models import User
from people.roles import Permission
from school.models import SchoolClass, SchoolYear

PRESENT = ""


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """What became of the form: cells written, and pupils of whom something was not."""

    cells: int
    pupils: int
    conflicts: tuple[str, ...] = ()  # somebody wrote another letter meanwhile
    attended: tuple[str, ...] = ()  # lessons with marks stay without a letter
    closed: tuple[str, ...] = ()  # lessons that are locked

    @property
    def is_whole(self) -> bool:
        return not (self.conflicts or self.closed)


@transaction.atomic
def record_day(
    *,
    by: User,
    school_class: SchoolClass,
    day: date,
    entries: Sequence[DayEntry],
    eaters: int | None,
    now: datetime,
) -> DayAnswer:
    """Write the absences of a class's day, into every lesson of it, and the number of eaters.

    Only what was changed in the form is written; a letter that somebody else put meanwhile stays,
    unless it is the teacher's «н», which the class teacher explains. A lesson with a mark was
    attended. Raises Forbidden, BadMorning.
    """
    require(leads_class(by, school_class))
    if day > by.today:
        raise BadMorning("Этот день ещё не наступил: пропуск заранее внесите справкой.")
    found = class_day(school_class.pk, school_class.school_id, day, lock=True)
    plan = _Plan(found, _closed_lessons(found, today=by.today))
    pupils = {one.pupil_id: one for one in found.pupils}
    for entry in entries:
        pupil = pupils.get(str(entry.pupil_id))
        if pupil is not None and entry.letter != entry.seen:
            plan.judge(pupil, entry)
    common = {"year": found.year, "school": found.school_id, "by": by.pk, "now": now}
    write_absences(plan.changes, common)
    if eaters is not None:
        _count_eaters(by, school_class, day, eaters, listed=len(found.pupils), now=now)
    return plan.answer()


@transaction.atomic
def set_eaters(
    *, by: User, school_class: SchoolClass, day: date, eaters: int, now: datetime
) -> None:
    """Set how many of a class eat: the class teacher, or a head for her. Raises Forbidden, BadMorning."""
    require(
        leads_class(by, school_class) or by.may(Permission.JOURNAL_CONTROL, school_class.school_id)
    )
    found = class_day(school_class.pk, school_class.school_id, day)
    _count_eaters(by, school_class, day, eaters, listed=len(found.pupils), now=now)


def _count_eaters(
    by: User, school_class: SchoolClass, day: date, eaters: int, *, listed: int, now: datetime
) -> None:
    if not 0 <= eaters <= listed:
        raise BadMorning(f"Едоков от 0 до {listed}: столько в классе.", field="eaters")
    MealCount.objects.update_or_create(
        school_class=school_class,
        day=day,
        defaults={
            "school_id": school_class.school_id, "eaters": eaters, "set_by": by, "set_at": now,
        },
    )  # fmt: skip


def _closed_lessons(found: ClassDay, *, today: date) -> frozenset[str]:
    closed = SchoolYear.objects.filter(
        school=found.school_id, year=found.year, closed_at__isnull=False
    ).exists()
    window = norms_on(found.school_id, found.day).edit_window_days
    return frozenset(
        one.lesson_id
        for one in found.lessons
        if shut(one, found, today=today, window=window, year_closed=closed)
    )


class _Plan:
    """The rows by which the day shall differ."""

    def __init__(self, found: ClassDay, closed: frozenset[str]) -> None:
        self.found, self.closed = found, closed
        self.changes = Changes()
        self.touched: set[str] = set()
        self.refused: dict[str, set[str]] = {"conflicts": set(), "attended": set(), "closed": set()}

    def judge(self, pupil: DayPupil, entry: DayEntry) -> None:
        now = self.found.letter_of(pupil)
        explained = now == "н" and entry.letter in {"б", "у"}
        if now not in {entry.seen, entry.letter} and not explained:
            self.refused["conflicts"].add(pupil.name)
            return
        lessons = self.found.lessons_of(pupil)
        chosen = [one for one in lessons if one.number >= entry.first]
        wanted = {one.lesson_id: entry.letter for one in chosen}
        if entry.letter == LATE:
            wanted = {one.lesson_id: LATE if one == chosen[0] else PRESENT for one in chosen}
        for lesson_id, letter in wanted.items():
            self._write(pupil, lesson_id, letter)

    def _write(self, pupil: DayPupil, lesson_id: str, letter: str) -> None:
        key = (lesson_id, pupil.pupil_id)
        stands = self.found.entries.get(key)
        if letter == (stands.letter if stands else PRESENT):
            return
        if lesson_id in self.closed:
            self.refused["closed"].add(pupil.name)
            return
        if letter not in {PRESENT, LATE} and key in self.found.marked:
            self.refused["attended"].add(pupil.name)
            return
        self.touched.add(pupil.pupil_id)
        if letter:
            self.changes.absences.append((key, CODES[letter]))
        elif stands:
            self.changes.absences_gone.append(stands.row_id)

    def answer(self) -> DayAnswer:
        return DayAnswer(
            cells=len(self.changes.absences) + len(self.changes.absences_gone),
            pupils=len(self.touched),
            **{name: tuple(sorted(found)) for name, found in self.refused.items()},
        )
