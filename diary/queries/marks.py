"""Marks by subject with their averages. Averages of the class are never shown to families."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from diary.pages import MarksPage, MarkView, SubjectMarks
from diary.queries.acknowledgement import corrections
from diary.queries.periods import Frame, frame
from diary.queries.rows import STOOD
from journal import grading
from people.models import Pupil

# The subjects that the pupil learns in the period, then her marks, then what stands for the period.
MARKS = """
SELECT 'course' AS kind, json_build_array(c.subject_id, c.id, su.name, c.in_averages, su.sort_key)
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id AND c.kind = 'lesson' AND c.scale_code <> 'none'
  JOIN school_subject su ON su.id = c.subject_id
 WHERE p.pupil_id = %(pupil)s AND p.since <= %(ends)s AND (p.until IS NULL OR p.until >= %(starts)s)
UNION ALL
SELECT 'mark', json_build_array(
         c.subject_id, c.id, su.name, c.in_averages, su.sort_key,
         m.lesson_id, m.position, m.value, m.score::text, k.name, w.title, w.weight::text, w.counts,
         m.comment, m.set_at, l.day, l.number, l.topic, m.retake, m.due_day,
         (SELECT json_build_array(m.lesson_id, m.position, e.before ->> 'value', e.at) FROM audit_event e
           WHERE e.year = m.year AND e.school_id = m.school_id
             AND e.table_name = 'journal_mark' AND e.action <> 'I'
             AND e.before ->> 'pupil_id' = m.pupil_id::text AND e.before ->> 'lesson_id' = m.lesson_id::text
             AND e.before ->> 'position' = m.position::text AND e.before ->> 'value' <> '.'
             AND e.before ->> 'value' IS DISTINCT FROM e.after ->> 'value' AND {stood}
           ORDER BY e.at DESC LIMIT 1))
  FROM journal_mark m
  JOIN school_lesson l ON l.id = m.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject su ON su.id = c.subject_id
  JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = %(year)s AND m.school_id = %(school)s AND m.pupil_id = %(pupil)s
UNION ALL
SELECT 'result', json_build_array(c.subject_id, r.status, r.value)
  FROM journal_periodmark r JOIN school_course c ON c.id = r.course_id
 WHERE r.pupil_id = %(pupil)s AND r.period_id = %(period)s AND r.visible_at <= %(now)s
""".replace("{stood}", STOOD)


def marks(pupil: Pupil, *, now: datetime, period: UUID | None = None) -> MarksPage:
    """Return the pupil's marks of a period by subject: two statements."""
    shown = frame(pupil, now=now, period=period)
    with connection.cursor() as cursor:
        cursor.execute(MARKS, shown.parameters)
        rows = cursor.fetchall()
    results = {fact[0]: _result(fact[1], fact[2]) for kind, fact in rows if kind == "result"}
    subjects: dict[tuple[str, str], list[list[Any]]] = {}
    for kind, fact in rows:
        if kind != "result":
            subjects.setdefault((fact[4], fact[0]), []).append(fact)
    return MarksPage(
        pupil=shown.head,
        now=shown.now,
        periods=shown.periods,
        period=shown.shown,
        subjects=tuple(
            _subject(facts, period_mark=results.get(subject, ""), shown=shown)
            for (_, subject), facts in sorted(subjects.items())
        ),
    )


def _result(status: str, value: str) -> str:
    return {"not_assessed": "н/а", "exempt": "осв", "deferred": "отсрочка"}.get(status, value)


def _subject(facts: Sequence[list[Any]], *, period_mark: str, shown: Frame) -> SubjectMarks:
    given = sorted((f for f in facts if len(f) > 5), key=lambda f: (f[15], f[16], f[5], f[6]))
    before = ["", *(grading.seen(fact[7]) for fact in given)]
    views = tuple(
        _view(fact, shown, before[place], is_replaced=_is_replaced(fact, after))
        for place, (fact, after) in enumerate(zip(given, [*given[1:], None], strict=False))
    )
    scored = [
        grading.Scored(score=view.score, weight=view.weight, counts=view.counts)
        for view, fact in zip(views, given, strict=True)
        if fact[3]
    ]
    return SubjectMarks(
        course_id=UUID(facts[0][1]),
        subject=facts[0][2],
        marks=views,
        average=grading.average(scored),
        weighted=grading.weighted_average(scored),
        period_mark=period_mark,
    )


def _is_replaced(fact: list[Any], after: list[Any] | None) -> bool:
    """Say whether the next mark is a retake that stands for this one: not their average, not both."""
    if after is None or not after[18] or fact[8] is not None or after[8] is None:
        return False
    return bool(after[7].isdecimal()) and Decimal(after[8]) == Decimal(after[7])


def _view(fact: list[Any], shown: Frame, before: str, *, is_replaced: bool) -> MarkView:
    _, _, subject, in_averages, _, lesson, position, value, score, work, title, weight = fact[:12]
    counts, comment, at, day, _, topic, retake, due, corrected = fact[12:]
    corrected_from = corrections([corrected] if corrected else [], shown.zone)
    was, corrected_on = corrected_from.get(f"{lesson}:{position}", ("", None))
    return MarkView(
        key=f"{lesson}:{position}",
        value=grading.seen(value),
        score=Decimal(score) if score is not None else None,
        work=work[:1].lower() + work[1:],
        work_title=title,
        weight=Decimal(weight),
        counts=bool(counts and in_averages),
        comment=comment,
        set_at=datetime.fromisoformat(at).astimezone(shown.zone),
        lesson_id=UUID(lesson),
        day=datetime.fromisoformat(day).date(),
        subject=subject,
        topic=topic,
        retakes=before if retake else "",
        is_replaced=is_replaced,
        owed_until=date.fromisoformat(due) if due else None,
        was=was,
        corrected_on=corrected_on if was != value else None,
    )
