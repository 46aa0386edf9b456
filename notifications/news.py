"""What changed in a day, told by child: the facts of the evening digest."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from common.templatetags.words import day_month
from journal.grading import OWED
from notifications import queries
from notifications.merging import Change, Event, Row, compared, merged
from notifications.queries import ABSENCES, HOMEWORK, MARKS, RESULTS, Window
from school.models import Lesson

Facts = dict[str, Any]
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
PERIODS = {
    "quarter": "четверть",
    "trimester": "триместр",
    "half_year": "полугодие",
    "module": "модуль",
}
PLACES = {
    "year": "год",
    "final": "итоговая оценка",
    "interim": "промежуточная аттестация",
    "oge": "ОГЭ",
    "ege": "ЕГЭ",
    "contest": "конкурсное испытание",
}
WORDS_OF_RESULTS = {"not_assessed": "н/а", "exempt": "освобождён(а)", "deferred": "отсрочка"}


@dataclass(slots=True)
class ChildNews:
    """The day of one pupil, in words and dates that go into the message's row."""

    marks: list[Facts] = field(default_factory=list)
    absences: list[Facts] = field(default_factory=list)
    homework: list[Facts] = field(default_factory=list)
    finals: list[Facts] = field(default_factory=list)


News = Mapping[UUID, ChildNews]


def news(told: Window) -> News:
    """Return what the window's history means to each pupil."""
    events = queries.history(told)
    marks = merged(events.get(MARKS, ()), _place)
    absences = merged(events.get(ABSENCES, ()), _cell)
    homework = merged(events.get(HOMEWORK, ()), lambda row: UUID(row["id"]))
    about = [*_rows(marks), *_rows(absences), *_rows(homework)]
    lessons = queries.lessons({UUID(row["lesson_id"]) for row in about})
    works = queries.work_names({UUID(row["work_id"]) for row in _rows(marks)})
    found: dict[UUID, ChildNews] = defaultdict(ChildNews)
    _tell_marks(found, marks, lessons, works)
    _tell_absences(found, absences, lessons)
    _tell_homework(found, homework, lessons)
    _tell_results(found, told, [event for table in RESULTS for event in events.get(table, ())])
    for child in found.values():
        child.marks.sort(key=lambda fact: (fact["day"], fact["subject"]))
        child.absences.sort(key=lambda fact: (fact["day"], fact["number"]))
        child.homework.sort(key=lambda fact: (fact["due"], fact["subject"]))
        child.finals.sort(key=lambda fact: (fact["subject"], fact["place"]))
    return found


def _place(row: Row) -> tuple[str, str, int]:
    return row["pupil_id"], row["lesson_id"], row["position"]


def _cell(row: Row) -> tuple[str, str]:
    return row["pupil_id"], row["lesson_id"]


def _rows(changes: Collection[Change[Any]]) -> list[Row]:
    return [row for change in changes for row in (change.before, change.after) if row is not None]


def _tell_marks(
    found: dict[UUID, ChildNews],
    changes: list[Change[tuple[str, str, int]]],
    lessons: Mapping[UUID, Lesson],
    works: Mapping[UUID, str],
) -> None:
    cells: dict[tuple[str, str], list[Change[tuple[str, str, int]]]] = defaultdict(list)
    for change in changes:
        cells[change.key[:2]].append(change)
    for (pupil, lesson_id), own in cells.items():
        lesson = lessons.get(UUID(lesson_id))
        if lesson is None:
            continue
        cell = compared(own)
        told = [(given.row, _mark(given.row), _was(given.was)) for given in cell.given]
        told += [(row, "", _was(row["value"])) for row in cell.taken]
        found[UUID(pupil)].marks += [
            _of(lesson)
            | {
                "value": value,
                "was": was,
                "work": _work(row, works),
                "comment": row["comment"] if value else "",
            }
            for row, value, was in told
        ]


def _mark(row: Row) -> str:
    """Return the mark in words that need no journal at hand: a точка is a debt."""
    if row["value"] != OWED:
        return str(row["value"])
    return f"долг до {day_month(date.fromisoformat(row['due_day']))}"


def _was(value: str) -> str:
    return "долг" if value == OWED else value


def _work(row: Row, works: Mapping[UUID, str]) -> str:
    name = works.get(UUID(row["work_id"]), "")
    return f"пересдача: {name}".removesuffix(": ") if row.get("retake") else name


def _tell_absences(
    found: dict[UUID, ChildNews],
    changes: list[Change[tuple[str, str]]],
    lessons: Mapping[UUID, Lesson],
) -> None:
    """Tell that the pupil missed a lesson or was late.

    Illness is data of a special kind: the reason is read in the diary, not in a mailbox.
    """
    for change in changes:
        lesson = lessons.get(UUID(change.key[1]))
        was, now = _missed(change.before), _missed(change.after)
        if lesson is not None and was != now:
            fact = _of(lesson) | {"number": lesson.number, "what": now, "was": was}
            found[UUID(change.key[0])].absences.append(fact)


def _missed(row: Row | None) -> str:
    if row is None:
        return ""
    return "опоздание" if row["code"] == "late" else "пропуск"


def _tell_homework(
    found: dict[UUID, ChildNews],
    changes: list[Change[UUID]],
    lessons: Mapping[UUID, Lesson],
) -> None:
    told = [change for change in changes if _says(change.before) != _says(change.after)]
    individual = {c.key for c in told if not (c.after or c.before or {}).get("for_all", True)}
    pupils = queries.named_pupils(individual)
    given = {UUID(row["lesson_id"]) for row in _rows(told)} & lessons.keys()
    learners = queries.learners([lessons[lesson_id] for lesson_id in given])
    for change in told:
        row = change.after or change.before or {}
        lesson = lessons.get(UUID(row["lesson_id"]))
        if lesson is None:
            continue
        whose = learners[lesson.pk] if row["for_all"] else pupils.get(change.key, set())
        state = "" if change.before is None else "изменено" if change.after else "отменено"
        fact = _of(lesson) | {"due": row["due_day"], "text": row["text"], "state": state}
        for pupil in whose:
            found[pupil].homework.append(fact)


def _says(row: Row | None) -> tuple[str, str] | None:
    return (row["text"], row["due_day"]) if row is not None else None


def _tell_results(found: dict[UUID, ChildNews], told: Window, events: list[Event]) -> None:
    changes = {change.key: change for change in merged(events, lambda row: UUID(row["id"]))}
    for result in queries.results(told, list(changes)):
        change = changes.get(result.result_id)
        before = change.before if change is not None else None
        was = "" if result.is_new or before is None else _shown(before["status"], before["value"])
        now = _shown(result.status, result.value)
        if was == now or not (result.is_new or was):
            continue
        fact = {
            "subject": result.subject,
            "place": _place_of(result.place),
            "value": now,
            "was": was,
        }
        found[result.pupil_id].finals.append(fact)


def _shown(status: str, value: str) -> str:
    return WORDS_OF_RESULTS.get(status, value)


def _place_of(code: str) -> str:
    kind, _, number = code.partition(" ")
    return f"{ROMAN[int(number) - 1]} {PERIODS[kind]}" if number else PLACES[kind]


def _of(lesson: Lesson) -> Facts:
    return {"day": lesson.day.isoformat(), "subject": lesson.course.subject.name}
