"""What forecasts rest on, whoever reads it: a course in its term, sums of marks, what is to come."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from journal import forecast
from journal.forecast import MARK_STANDS_FOR, NOTHING, Forecast, Rest, Rule, Sums
from journal.models import ResultStatus
from journal.proposals import table_of
from journal.what_if import Basis
from school.models import Period

# A control work without marks so soon after its lesson (in days) is still being read.
CHECKED_WITHIN = 7
# What is read of a course `c` with its subject `u` and group `g`: read_course takes the columns in this order.
COURSE = """
  c.id, c.year, c.group_id, u.name, u.short_name, g.name, c.hours_per_week,
  (SELECT s.values::text FROM journal_scale s
    WHERE s.school_id = c.school_id AND s.code = c.scale_code
      AND s.since <= %(today)s AND coalesce(s.until, 'infinity') >= %(today)s
    ORDER BY s.since DESC LIMIT 1),
  (SELECT json_build_array(r.bounds, r.disputed::text, r.weighted, r.minimum)::text FROM journal_finalrule r
    WHERE r.school_id = c.school_id AND r.scale_code = c.scale_code AND r.act <> ''
      AND g.grade_level BETWEEN r.grade_from AND r.grade_to
      AND (r.subject_id IS NULL OR r.subject_id = c.subject_id)
      AND r.since <= %(today)s AND coalesce(r.until, 'infinity') >= %(today)s
    ORDER BY r.subject_id IS NULL, r.since DESC, r.id LIMIT 1),
  (SELECT json_agg(json_build_array(p.id, p.kind, p.number, p.starts, p.ends) ORDER BY p.starts, p.id)::text
     FROM school_period p
    WHERE p.school_id = c.school_id AND p.year = c.year
      AND g.grade_level BETWEEN p.grade_from AND p.grade_to),
  EXISTS (SELECT 1 FROM people_setting v
    WHERE v.school_id = c.school_id AND v.key = 'year_by_table' AND v.value = 'true'::jsonb
      AND v.since <= %(today)s AND coalesce(v.until, 'infinity') >= %(today)s)
"""


@dataclass(frozen=True, slots=True)
class Term:
    """A reporting period of a course, numbered from 0 in the year."""

    period_id: UUID
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class PupilForecast:
    """What is forecast for a pupil in a course; `settled` is what already stands in the journal."""

    pupil_id: UUID
    course_id: UUID
    period: Forecast | None
    year: Forecast | None
    settled: str = ""  # «4», «осв», «н/а», «отсрочка»
    basis: Basis | None = None  # of the period


@dataclass(frozen=True)
class CourseInTerm:
    course_id: UUID
    year: int
    group_id: UUID
    subject_name: str
    short_name: str
    group_name: str
    rule: Rule
    terms: tuple[Term, ...]
    place: int  # of the current term
    year_by_table: bool

    @cached_property
    def term(self) -> Term:
        return self.terms[self.place]

    @cached_property
    def year_rule(self) -> Rule:
        """The mean of the period marks: rounded as usual (domain.md §2.5), or by the school's table."""
        if self.year_by_table and self.rule.is_of_school:
            return self.rule
        values = self.rule.values
        return Rule.rounding({value: self.rule.scores[value] / 100 for value in values})


@dataclass(slots=True)
class PupilSums:
    """A pupil's sums by term, and what she owes."""

    terms: dict[int, Sums]
    owed: tuple[Decimal, ...] = ()


Results = Mapping[UUID, tuple[str, str, Decimal | None]]  # by period: status, value, score
Key = tuple[UUID, UUID]  # course, pupil


@dataclass(slots=True)
class Facts:
    """All rows that the courses' forecasts rest on."""

    lessons: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # to come, and given
    works: dict[UUID, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[Key, PupilSums] = field(default_factory=dict)
    peers: dict[UUID, Sums] = field(default_factory=lambda: defaultdict(lambda: NOTHING))
    results: dict[Key, dict[UUID, tuple[str, str, Decimal | None]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add_works(self, rows: Iterable[Sequence[Any]]) -> dict[UUID, int]:
        """Add works that have their day; one that is still being read adds its lesson. Return those ahead."""
        scheduled: dict[UUID, int] = defaultdict(int)
        for course, weight, is_ahead in rows:
            self.works[course].append(weight)
            scheduled[course] += is_ahead
            if not is_ahead:
                left, held = self.lessons[course]
                self.lessons[course] = (left + 1, held - 1)
        return scheduled

    def add_programmed(self, rows: Iterable[Sequence[Any]], scheduled: dict[UUID, int]) -> None:
        for course, weight in rows:
            if scheduled[course]:  # the teacher has already set the day of this one
                scheduled[course] -= 1
            else:
                self.works[course].append(weight)

    def add_marks(self, course: CourseInTerm, pupil: UUID, row: Sequence[Any]) -> None:
        """Add the sums of a pupil's term: to her own, and to the group's."""
        place, *sums, owed = row
        found = sums_of(course, sums)
        kept = self.marks.setdefault((course.course_id, pupil), PupilSums({}))
        kept.terms[place] = found
        if place == course.place:
            kept.owed = tuple(owed or ())
        self.peers[course.course_id] += found

    def add_peers(self, course: CourseInTerm, row: Sequence[Any]) -> None:
        """Add the others' sums: they are told of to nobody."""
        self.peers[course.course_id] += sums_of(course, row)


def sums_of(course: CourseInTerm, row: Sequence[Any]) -> Sums:
    """Return count, scores, weighted scores, weights and their squares as the course counts them."""
    count, scores, total, parts, squares = row
    if not count:
        return NOTHING
    alike = (scores * 100, count * 100, count * 10_000)
    heavy = (total, parts, squares) if course.rule.weighted else alike
    return Sums(count, *(int(number) for number in heavy))


Rules = dict[tuple[str, str | None, Decimal], Rule | None]


def read_course(row: Sequence[Any], rules: Rules, today: date) -> CourseInTerm | None:
    """Return the course of a row of COURSE; None without numbers in its scale, or before its year."""
    course_id, year, group_id, name, short_name, group, hours, scale, rule, periods, by_table = row
    key = (scale or "{}", rule, hours)
    if key not in rules:
        rules[key] = _rule(*key)
    known = rules[key]
    terms = _terms(periods or "[]")
    begun = [place for place, term in enumerate(terms) if term.starts <= today]
    if not known or not begun:
        return None
    return CourseInTerm(
        course_id, year, group_id, name, short_name, group, known, terms, begun[-1], by_table
    )


@lru_cache(maxsize=256)
def _terms(periods: str) -> tuple[Term, ...]:
    """Read the periods of a course: all courses of a class have the same."""
    return tuple(
        Term(UUID(one), Period(kind=kind, number=number).name, *map(date.fromisoformat, span))
        for one, kind, number, *span in json.loads(periods)
    )


def _rule(scale_text: str, rule_text: str | None, hours: Decimal) -> Rule | None:
    """Return the school's rule, ordinary rounding without one, nothing for a scale without numbers."""
    scale: dict[str, float | None] = json.loads(scale_text)
    if sum(score is not None for score in scale.values()) < 2:
        return None
    if rule_text is None:
        return Rule.rounding(scale)
    bounds, disputed, weighted, minimum = json.loads(rule_text)
    table = table_of(
        bounds=bounds,
        scale=scale,
        disputed=Decimal(disputed),
        weighted=weighted,
        minimum=minimum or (),
    )
    return Rule.of(table, scale, hours=hours) if table else Rule.rounding(scale)


def forecast_pupil(
    course: CourseInTerm, facts: Facts, pupil: UUID, *, with_year: bool = True
) -> PupilForecast:
    key = (course.course_id, pupil)
    marks = facts.marks.get(key) or PupilSums({})
    results: Results = facts.results.get(key, {})
    settled = results.get(course.term.period_id)
    exempt = settled is not None and settled[0] == ResultStatus.EXEMPT
    peers = facts.peers[course.course_id]
    mean = peers.mean if peers.parts else None
    basis = _basis(course, facts, marks, mean)
    return PupilForecast(
        pupil_id=pupil,
        course_id=course.course_id,
        period=None if exempt else basis.forecast(),
        year=_of_year(course, marks, results, mean) if with_year and not exempt else None,
        settled=_settled(settled),
        basis=basis,
    )


def _settled(result: tuple[str, str, Decimal | None] | None) -> str:
    if result is None:
        return ""
    status, value, _ = result
    return value if status == ResultStatus.MARK else str(ResultStatus(status).label)


def _basis(course: CourseInTerm, facts: Facts, marks: PupilSums, peers: float | None) -> Basis:
    lessons, held = facts.lessons.get(course.course_id, (0, 0))
    works = facts.works[course.course_id]
    return Basis(
        known=marks.terms.get(course.place, NOTHING),
        rest=Rest(lessons=lessons, held=held, works=tuple(works), owed=marks.owed),
        rule=course.rule,
        peers=peers,
        past=tuple(marks.terms.get(place, NOTHING) for place in range(course.place)),
    )


def _of_year(
    course: CourseInTerm, marks: PupilSums, results: Results, peers: float | None
) -> Forecast | None:
    """Forecast the year: a period without a result, or put off, is to come; exempt ones are left out."""
    scores: list[Decimal] = []
    shown = NOTHING
    for place, term in enumerate(course.terms):
        in_term = marks.terms.get(place, NOTHING)
        score = results[term.period_id][2] if term.period_id in results else None
        if score is not None:
            scores.append(score)
            in_term = in_term if in_term.parts else Sums.standing_for(score, MARK_STANDS_FOR)
        shown += in_term
    done = {ResultStatus.MARK, ResultStatus.NOT_ASSESSED, ResultStatus.EXEMPT}
    finished = sum(
        term.period_id in results and results[term.period_id][0] in done for term in course.terms
    )
    left = len(course.terms) - finished
    return forecast.of_year(scores, shown, course.year_rule, periods_left=left, peers=peers)
