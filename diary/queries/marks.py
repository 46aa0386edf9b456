"""Marks by subject with their averages. Averages of the class are never shown to families."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.prepared import of_year, prepared_rows
from diary.pages import ForecastView, MarksPage, MarkView, SubjectMarks
from diary.queries.acknowledgement import corrections
from diary.queries.periods import Frame, frame
from diary.queries.rows import STOOD
from journal import grading
from journal.forecast_words import tell
from journal.queries.forecast_facts import PupilForecast
from journal.queries.pupil_forecasts import pupil_forecasts
from people.models import Pupil

Fact = list[Any]
Facts = Mapping[str, list[Fact]]
ONLY = "AND c.subject_id = %(subject)s"  # of the page of one subject
# The subjects that the pupil learns in the period, her marks, what stands for the period, corrections.
MARKS = """
SELECT 'course' AS kind, json_build_array(c.subject_id, c.id, su.name, c.in_averages, su.sort_key) AS fact
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id AND c.kind = 'lesson' AND c.scale_code <> 'none' {only}
  JOIN school_subject su ON su.id = c.subject_id
 WHERE p.pupil_id = %(pupil)s AND p.since <= %(ends)s AND (p.until IS NULL OR p.until >= %(starts)s)
UNION ALL
SELECT 'mark', json_build_array(
         c.subject_id, c.id, su.name, c.in_averages, su.sort_key,
         m.lesson_id, m.position, m.value, m.score::text, k.name, w.title, w.weight::text, w.counts,
         m.comment, m.set_at, l.day, l.number, l.topic, m.retake, m.due_day, w.id)
  FROM journal_mark m
  JOIN school_lesson l ON l.id = m.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id {only}
  JOIN school_subject su ON su.id = c.subject_id
  JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = %(year)s AND m.school_id = %(school)s AND m.pupil_id = %(pupil)s
UNION ALL
SELECT 'result', json_build_array(c.subject_id, r.status, r.value)
  FROM journal_periodmark r JOIN school_course c ON c.id = r.course_id {only}
 WHERE r.pupil_id = %(pupil)s AND r.period_id = %(period)s AND r.visible_at <= %(now)s
UNION ALL
(SELECT 'corrected', json_build_array(e.before ->> 'lesson_id', e.before ->> 'position', e.before ->> 'value', e.at,
         e.after ->> 'value')
  FROM app_corrected(%(year)s, 'journal_mark', ARRAY[%(pupil)s::uuid]) e
 WHERE e.before ->> 'value' <> '.'
   AND e.before ->> 'value' IS DISTINCT FROM e.after ->> 'value' AND {stood}
 ORDER BY e.at)
""".replace("{stood}", STOOD)
_EVERY = MARKS.replace("{only}", "")
RESULT_WORDS: Mapping[str, str] = {"not_assessed": "н/а", "exempt": "осв", "deferred": "отсрочка"}


def result_words(status: str, value: str) -> str:
    """Return what stands for a result: its mark, or the word for none."""
    return RESULT_WORDS.get(status, value)


def marks(
    pupil: Pupil, *, now: datetime, period: UUID | None = None, with_forecast: bool = False
) -> MarksPage:
    """Return the pupil's marks of a period by subject: two statements, three with the forecast.

    Only the running period is forecast; in a vacation the last one.
    """
    shown = frame(pupil, now=now, period=period)
    facts = read(_EVERY, shown.parameters, shown.year)
    found: Mapping[UUID, PupilForecast] = {}
    if with_forecast and shown.runs:
        found = pupil_forecasts(pupil.pk, today=shown.today, now=now, with_year=False)
    return MarksPage(
        pupil=shown.head,
        now=shown.now,
        periods=shown.periods,
        period=shown.shown,
        subjects=tuple(
            subject_marks(own, facts, shown, found) for own in by_subject(facts).values()
        ),
    )


def read(sql: str, values: Mapping[str, Any], year: int) -> Facts:
    facts: dict[str, list[Fact]] = defaultdict(list)
    for kind, fact in prepared_rows(of_year(sql, year), values):
        facts[kind].append(fact)
    return facts


def by_subject(facts: Facts) -> Mapping[str, list[Fact]]:
    """Return courses and marks of each subject, in the order of the alphabet."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted((*facts["course"], *facts["mark"]), key=lambda fact: (fact[4], fact[0])):
        found[fact[0]].append(fact)
    return found


def subject_marks(
    own: Sequence[Fact],
    facts: Facts,
    shown: Frame,
    forecasts: Mapping[UUID, PupilForecast],
) -> SubjectMarks:
    given = sorted((f for f in own if len(f) > 5), key=lambda f: (f[15], f[16], f[5], f[6]))
    before = ["", *(grading.seen(fact[7]) for fact in given)]
    changed = corrections((fact[:4] for fact in facts["corrected"]), shown.zone)
    views = tuple(
        _view(fact, shown, before[place], changed, is_replaced=_is_replaced(fact, after))
        for place, (fact, after) in enumerate(zip(given, [*given[1:], None], strict=False))
    )
    scored = [
        grading.Scored(score=view.score, weight=view.weight, counts=view.counts)
        for view, fact in zip(views, given, strict=True)
        if fact[3]
    ]
    subject_id = UUID(own[0][0])
    stands = {fact[0]: fact for fact in facts["result"]}.get(own[0][0])
    period_mark = result_words(stands[1], stands[2]) if stands else ""
    forecast = forecasts.get(subject_id)
    return SubjectMarks(
        subject_id=subject_id,
        course_id=UUID(own[0][1]),
        subject=own[0][2],
        marks=views,
        average=grading.average(scored),
        weighted=grading.weighted_average(scored),
        period_mark=period_mark,
        forecast=told(forecast) if forecast and not period_mark else None,
    )


def told(forecast: PupilForecast) -> ForecastView:
    """Put a forecast of the period into the family's words."""
    said = tell(forecast.period, settled=forecast.settled)
    needed = said.needed[:1].upper() + said.needed[1:]
    return ForecastView(
        value=said.value,
        chance=said.chance,
        note=said.note,
        same=said.same,
        needed=f"{needed}, если выставит учитель по среднему." if needed else "",
        risk=said.risk,
        reasons=said.reasons,
    )


def _is_replaced(fact: Fact, after: Fact | None) -> bool:
    """Say whether the next mark is a retake that stands for this one: not their average, not both."""
    if after is None or not after[18] or fact[8] is not None or after[8] is None:
        return False
    return bool(after[7].isdecimal()) and Decimal(after[8]) == Decimal(after[7])


def _view(
    fact: Fact,
    shown: Frame,
    before: str,
    changed: Mapping[str, tuple[str, date | None]],
    *,
    is_replaced: bool,
) -> MarkView:
    _, _, subject, in_averages, _, lesson, position, value, score, work, title, weight = fact[:12]
    counts, comment, at, day, _, topic, retake, due, _ = fact[12:]
    was, corrected_on = changed.get(f"{lesson}:{position}", ("", None))
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
        day=date.fromisoformat(day),
        subject=subject,
        topic=topic,
        retakes=before if retake else "",
        is_replaced=is_replaced,
        owed_until=date.fromisoformat(due) if due else None,
        was=was,
        corrected_on=corrected_on if was != value else None,
    )
