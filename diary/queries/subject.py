"""One subject of one pupil: what each mark was given for, topics past and coming, «что если»."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from common.templatetags.words import day_month
from diary.pages import (
    CriterionView,
    MarkLine,
    MarkView,
    SubjectMarks,
    SubjectPage,
    TopicLine,
    Tried,
    WhatIf,
)
from diary.pages.marks import TopicState
from diary.queries.acknowledgement import moment
from diary.queries.marks import MARKS, ONLY, Fact, Facts, by_subject, read, subject_marks, told
from diary.queries.periods import Frame, frame
from journal import grading
from journal.plan import Hour, PlanLesson, PlanTopic, lay
from journal.queries.forecast_facts import PupilForecast
from journal.queries.pupil_forecasts import pupil_forecasts
from journal.what_if import MOST, Basis
from people.models import Pupil

# The lessons of her courses in the subject (of the whole year: the plan is laid on all of them), the topics
# that their programmes plan, control works that have their day, points by criteria.
_TOPICS = """
SELECT 'name' AS kind, json_build_array(su.name) AS fact FROM school_subject su WHERE su.id = %(subject)s
UNION ALL
(SELECT 'lesson', json_build_array(c.id, l.id, l.day, l.number, l.status = 'cancelled',
         l.recorded_at IS NOT NULL AND l.topic <> '', l.topic, o.topic_id, o.hour,
         l.day >= p.since AND (p.until IS NULL OR l.day <= p.until) AND l.day BETWEEN %(starts)s AND %(ends)s,
         (SELECT k.name || CASE WHEN w.title = '' OR strpos(l.topic, w.title) > 0 THEN '' ELSE ' «' || w.title || '»' END
            FROM journal_work w JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control
           WHERE w.lesson_id = l.id ORDER BY w.number LIMIT 1))
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id AND c.kind = 'lesson' AND c.year = %(year)s {only}
  JOIN school_lesson l ON l.course_id = c.id
  LEFT JOIN journal_lessontopic o ON o.lesson_id = l.id
 WHERE p.pupil_id = %(pupil)s
 ORDER BY l.day, l.number, l.id)
UNION ALL
(SELECT 'topic', json_build_array(c.id, t.id, t.title, t.hours)
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id AND c.kind = 'lesson' AND c.year = %(year)s {only}
  JOIN journal_courseprogramme o ON o.course_id = c.id
  JOIN journal_topic t ON t.programme_id = o.programme_id
 WHERE p.pupil_id = %(pupil)s AND (p.until IS NULL OR p.until >= %(today)s)
 ORDER BY t.number)
UNION ALL
(SELECT 'criterion', json_build_array(cr.work_id, cr.name, cr.maximum, q.points)
  FROM journal_mark m
  JOIN school_lesson l ON l.id = m.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id {only}
  JOIN journal_criterion cr ON cr.work_id = m.work_id
  LEFT JOIN journal_criterionpoints q ON q.criterion_id = cr.id AND q.pupil_id = m.pupil_id
 WHERE m.year = %(year)s AND m.school_id = %(school)s AND m.pupil_id = %(pupil)s
 ORDER BY cr.number)
"""
_SUBJECT = "\nUNION ALL\n".join((MARKS, _TOPICS)).replace("{only}", ONLY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What «что если» asks: how many marks of each value, of what weight."""

    marks: Mapping[str, int]
    weight: Decimal = Decimal(1)


def subject(
    pupil: Pupil, subject_id: UUID, *, now: datetime, period: UUID | None = None, asked: Asked
) -> SubjectPage | None:
    """Return the page of one subject: three statements. None if the pupil does not learn it."""
    shown = frame(pupil, now=now, period=period)
    facts = read(_SUBJECT, shown.parameters | {"subject": subject_id}, shown.year)
    own = by_subject(facts).get(str(subject_id), [])
    if not own and not facts["lesson"]:
        return None
    found: Mapping[UUID, PupilForecast] = {}
    if shown.runs:
        found = pupil_forecasts(pupil.pk, today=shown.today, now=now, subject=subject_id)
    forecast = found.get(subject_id)
    marks = subject_marks(own, facts, shown, found) if own else _unmarked(subject_id, facts)
    is_open = forecast is not None and not forecast.settled
    return SubjectPage(
        pupil=shown.head,
        now=shown.now,
        periods=shown.periods,
        period=shown.shown,
        subject=marks,
        lines=tuple(_lines(marks.marks, own, facts, shown)),
        topics=tuple(_topics(facts, shown)),
        year=told(replace(forecast, period=forecast.year, settled="")) if forecast else None,
        what_if=_what_if(forecast.basis, asked, marks) if forecast and is_open else None,
    )


def _unmarked(subject_id: UUID, facts: Facts) -> SubjectMarks:
    """A subject without marks: its lessons have topics all the same."""
    course_id = UUID(facts["lesson"][0][0])
    return SubjectMarks(subject_id=subject_id, course_id=course_id, subject=facts["name"][0][0])


def _lines(
    marks: Sequence[MarkView], own: Sequence[Fact], facts: Facts, shown: Frame
) -> Iterator[MarkLine]:
    works = {f"{fact[5]}:{fact[6]}": fact[20] for fact in own if len(fact) > 5}
    criteria: dict[str, list[CriterionView]] = defaultdict(list)
    for work, name, maximum, points in facts["criterion"]:
        criteria[work].append(CriterionView(name, points, maximum))
    changes: dict[str, list[str]] = defaultdict(list)
    for lesson, position, before, at, after in facts["corrected"]:
        day = day_month(moment(at, shown.zone))
        became = f"{grading.seen(before)} → {grading.seen(after)}" if after else f"снята {before}"
        changes[f"{lesson}:{position}"].append(f"исправлено {day}: {became}")
    for mark in reversed(marks):
        yield MarkLine(
            mark=mark,
            criteria=tuple(dict.fromkeys(criteria[works[mark.key]])),
            history=tuple(changes[mark.key]),
        )


def _topics(facts: Facts, shown: Frame) -> Iterator[TopicLine]:
    """Yield the topics of the period: lessons one after another with the same topic are one line."""
    planned = _planned(facts)
    lessons = [
        (title, state, fact)
        for fact in facts["lesson"]
        if fact[9] and not fact[4]
        for state in [_state(fact, shown.today)]
        # What a past lesson gave is what its teacher wrote, not what was planned.
        for title in [fact[6] or ("" if state == "past" else planned.get(fact[1], ""))]
        if title
    ]
    for (title, state), group in groupby(lessons, key=lambda one: (one[0], one[1])):
        days = [fact for _, _, fact in group]
        work = next((fact[10] for fact in days if fact[10]), None) if state == "coming" else None
        yield TopicLine(
            title=title,
            days=tuple(dict.fromkeys(date.fromisoformat(fact[2]) for fact in days)),
            state=state,
            work=work or "",
        )


def _state(fact: Fact, today: date) -> TopicState:
    day = date.fromisoformat(fact[2])
    return "today" if day == today else "past" if day < today else "coming"


def _planned(facts: Facts) -> Mapping[str, str]:
    """Return by lesson the title of the topic that it gave or is to give."""
    titles = {fact[1]: fact[2] for fact in facts["topic"]}
    found: dict[str, str] = {}
    for course in dict.fromkeys(fact[0] for fact in facts["topic"]):
        wanted = [PlanTopic(fact[1], fact[3]) for fact in facts["topic"] if fact[0] == course]
        lessons = [_plan_lesson(fact, titles) for fact in facts["lesson"] if fact[0] == course]
        laid = lay(wanted, lessons)
        found |= {
            lesson: titles[hour.topic_id] for lesson, hour in {**laid.given, **laid.coming}.items()
        }
    return found


def _plan_lesson(fact: Fact, titles: Mapping[str, str]) -> PlanLesson:
    day = date.fromisoformat(fact[2])
    gave = Hour(fact[7], fact[8]) if fact[7] in titles else None
    return PlanLesson(fact[1], day, day, cancelled=fact[4], recorded=fact[5], gave=gave)


def _what_if(basis: Basis | None, asked: Asked, marks: SubjectMarks) -> WhatIf | None:
    if basis is None:
        return None
    weights = tuple(sorted({Decimal(1), *(mark.weight for mark in marks.marks if mark.counts)}))
    weight = asked.weight if asked.weight in weights else Decimal(1)
    tried = tuple(
        Tried(value, min(max(asked.marks.get(value, 0), 0), MOST)) for value in basis.rule.values
    )
    page = WhatIf(tried=tried, weight=weight, weights=weights if basis.rule.weighted else ())
    if not page.is_tried:
        return page
    after = basis.with_marks({one.value: one.count for one in tried}, weight=int(weight * 100))
    average = after.known.average or 0
    forecast = PupilForecast(marks.subject_id, marks.course_id, after.forecast(), None)
    return replace(
        page,
        average=f"{average // 100},{average % 100:02}",
        gives=" или ".join(f"«{value}»" for value in after.rule.results(after.known)),
        forecast=told(forecast),
    )
