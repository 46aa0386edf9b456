"""«Итоговые оценки»: subjects by periods, year, exam, final mark, with the week's acknowledgement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from common.templatetags.words import day_digits
from diary.pages import FinalCell, FinalRow, Finals, PeriodTab, Seen
from diary.queries import acknowledgement
from diary.queries.days import in_words
from diary.queries.periods import PERIODS, tabs_of
from diary.queries.rows import GUARDIANS, PUPILS
from people.models import Pupil, User
from school.calendar import school_year

RESULTS = """
SELECT 'subject', NULL::uuid, json_build_array(su.id, su.name, su.sort_key)
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id AND c.year = %(year)s
   AND c.kind = 'lesson' AND c.scale_code <> 'none'
  JOIN school_subject su ON su.id = c.subject_id
 WHERE p.pupil_id = %(pupil)s AND (p.until IS NULL OR p.until >= %(today)s)
UNION ALL
SELECT 'result', NULL, json_build_array(
         su.id, su.name, su.sort_key, r.place, r.status, r.value, r.rev, r.visible_at, r.set_at, r.until)
  FROM (SELECT c.subject_id, m.period_id::text AS place, m.status, m.value, m.rev, m.visible_at, m.set_at,
               (SELECT d.until FROM journal_deferral d WHERE d.period_mark_id = m.id) AS until
          FROM journal_periodmark m JOIN school_course c ON c.id = m.course_id
         WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT c.subject_id, 'year', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL
          FROM journal_yearmark m JOIN school_course c ON c.id = m.course_id
         WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT m.subject_id, 'exam', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL
          FROM journal_examresult m WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT m.subject_id, 'final', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL
          FROM journal_finalmark m WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s) r
  JOIN school_subject su ON su.id = r.subject_id
 WHERE r.visible_at <= %(now)s
"""
# Academic debts that are not settled: of former years too.
DEBTS = """
SELECT 'debt', NULL::uuid, json_build_array(su.name, d.due_day,
         (SELECT json_agg(json_build_array(a.number, a.held_on, a.passed) ORDER BY a.number)
            FROM journal_attempt a WHERE a.debt_id = d.id))
  FROM journal_academicdebt d JOIN school_subject su ON su.id = d.subject_id
 WHERE d.pupil_id = %(pupil)s AND d.settled_on IS NULL
"""
FINALS = "\nUNION ALL\n".join((PUPILS, GUARDIANS, PERIODS, RESULTS, DEBTS))
WORDS = {"not_assessed": "н/а", "exempt": "осв", "deferred": "отсрочка"}
PLACES = {"year": "год", "exam": "экзамен", "final": "итоговая"}

Results = Mapping[
    tuple[str, str], FinalCell
]  # by subject and place: a period's id, or one of PLACES


def finals(pupil: Pupil, monday: date, *, user: User | None, now: datetime) -> Finals:
    """Return the pupil's results of the school year, acknowledged in the week of `monday`: one statement."""
    today = pupil.school.local_date(now)
    year, readers = school_year(today), user.person_ids if user else ()
    facts = _read(pupil, monday, now=now, today=today, readers=readers)
    head = acknowledgement.pupil_head(pupil.pk, facts["pupil"][0])
    zone = ZoneInfo(head.time_zone)
    periods = tuple(tabs_of(facts["period"], head))
    results = {(fact[0], fact[3]): _cell(fact, zone) for fact in facts["result"]}
    subjects = {(f[2], f[0]): f[1] for f in (*facts["subject"], *facts["result"])}
    names = {**{str(p.period_id): p.name for p in periods}, **PLACES}
    seen = _seen(results, {pk: name for (_, pk), name in subjects.items()}, names)
    revisions = sorted((fact[0], fact[3], fact[6]) for fact in facts["result"])
    version = acknowledgement.digest([revisions, sorted(seen.items())])
    return Finals(
        pupil=head,
        now=now.astimezone(zone),
        year=year,
        monday=monday,
        periods=periods,
        rows=tuple(
            _Row(name, pk, results, today).of(periods) for (_, pk), name in sorted(subjects.items())
        ),
        version=version,
        seen=seen,
        debts=tuple(sorted(_debt(*fact) for fact in facts["debt"])),
        acknowledgement=acknowledgement.state(
            facts["guardian"],
            section="finals",
            monday=monday,
            version=version,
            seen=seen,
            now=now.astimezone(zone),
            readers=readers,
        ),
    )


def _debt(subject: str, due_day: str, attempts: list[list[Any]] | None) -> str:
    """Say until when a debt is to be settled, and when the next attempt is."""
    words = f"{subject}: ликвидировать до {day_digits(date.fromisoformat(due_day))}"
    for number, held_on, passed in attempts or ():
        day = in_words(date.fromisoformat(held_on))
        if passed is None:
            words += f", {number}-я попытка {day}"
        elif not passed:
            words += f", {number}-я попытка {day} не сдана"
    return words


def _read(
    pupil: Pupil, monday: date, *, now: datetime, today: date, readers: Sequence[UUID]
) -> Mapping[str, list[list[Any]]]:
    given: dict[str, Any] = {
        "pupil": pupil.pk,
        "pupils": [pupil.pk],
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "section": "finals",
        "year": school_year(today),
        "today": today,
        "now": now,
        "readers": list(readers),
    }
    facts: dict[str, list[list[Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FINALS, given)
        for kind, _, fact in cursor.fetchall():
            facts[kind].append(fact)
    return facts


def _cell(fact: list[Any], zone: ZoneInfo) -> FinalCell:
    _, _, _, _, status, value, rev, visible_at, set_at, until = fact
    set_on = acknowledgement.moment(set_at, zone)
    is_changed = rev > 1 and set_on > acknowledgement.moment(visible_at, zone)
    note = f"изменена {in_words(set_on.date())}" if is_changed else ""
    if until:
        note = f"до {in_words(date.fromisoformat(until))}"
    return FinalCell(text=WORDS.get(status, value), note=note, is_changed=is_changed)


@dataclass(frozen=True, slots=True)
class _Row:
    """Builds one subject's row."""

    name: str
    subject: str
    results: Results
    today: date

    def of(self, periods: tuple[PeriodTab, ...]) -> FinalRow:
        return FinalRow(
            subject=self.name,
            periods=tuple(self.period(period) for period in periods),
            year=self.at("year"),
            exam=self.at("exam"),
            final=self.at("final"),
        )

    def at(self, place: str) -> FinalCell:
        return self.results.get((self.subject, place), FinalCell())

    def period(self, period: PeriodTab) -> FinalCell:
        found = self.at(str(period.period_id))
        if found.text or period.starts > self.today:
            return found
        closed = period.ends < self.today
        note = "ещё не выставлена" if closed else f"закроется {in_words(period.ends)}"
        return FinalCell(note=note)


def _seen(results: Results, subjects: Mapping[str, str], places: Mapping[str, str]) -> Seen:
    seen = {}
    for (subject, place), cell in results.items():
        name = subjects[subject]
        label = f"{name[:1].lower()}{name[1:]}, {places.get(place, 'период')}"
        seen[f"{subject}:{place}"] = (label, cell.text)
    return seen
