"""«Итоговые оценки»: subjects by periods, year, exam, final mark, with the week's acknowledgement."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import array, of_year, prepared_rows
from common.templatetags.words import count_ru, day_digits
from diary.pages import FinalCell, FinalRow, Finals, PeriodBehaviour, PeriodTab, ResultShown, Seen
from diary.pages.results import ResultKindCode
from diary.queries import acknowledgement
from diary.queries.days import in_words
from diary.queries.marks import Fact, result_words
from diary.queries.periods import PERIODS, tabs_of
from diary.queries.rows import DUTY, GUARDIANS, OWED, PUPILS
from journal.models import ExamKind
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
         su.id, su.name, su.sort_key, r.place, r.status, r.value, r.rev, r.visible_at, r.set_at, r.until, r.id,
         r.exam, r.held_on, r.points,
         CASE WHEN r.rev > 1 THEN (
           SELECT json_build_array(e.before ->> 'status', e.before ->> 'value', e.at) FROM audit_event e
            WHERE e.year = %(year)s AND e.school_id = r.school_id AND e.row_id = r.id AND e.action = 'U'
              AND e.at > r.visible_at
              AND (e.before ->> 'value', e.before ->> 'status') IS DISTINCT FROM (e.after ->> 'value', e.after ->> 'status')
            ORDER BY e.at DESC LIMIT 1) END)
  FROM (SELECT m.id, m.school_id, c.subject_id, m.period_id::text AS place, m.status, m.value, m.rev, m.visible_at, m.set_at,
               (SELECT d.until FROM journal_deferral d WHERE d.period_mark_id = m.id) AS until,
               '' AS exam, NULL::date AS held_on, NULL::text AS points
          FROM journal_periodmark m JOIN school_course c ON c.id = m.course_id
         WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT m.id, m.school_id, c.subject_id, 'year', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL, '', NULL, NULL
          FROM journal_yearmark m JOIN school_course c ON c.id = m.course_id
         WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT m.id, m.school_id, m.subject_id, 'exam', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL, m.kind,
               m.held_on, trim_scale(m.points)::text
          FROM journal_examresult m WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s
         UNION ALL
        SELECT m.id, m.school_id, m.subject_id, 'final', m.status, m.value, m.rev, m.visible_at, m.set_at, NULL, '', NULL, NULL
          FROM journal_finalmark m WHERE m.pupil_id = %(pupil)s AND m.year = %(year)s) r
  JOIN school_subject su ON su.id = r.subject_id
 WHERE r.visible_at <= %(now)s
"""
# Academic debts: those not settled, of former years too, and those settled in this year.
DEBTS = """
SELECT 'debt', NULL::uuid, json_build_array(su.name, d.due_day, d.settled_on,
         (SELECT json_agg(json_build_array(a.number, a.held_on, a.passed, a.value) ORDER BY a.number)
            FROM journal_attempt a WHERE a.debt_id = d.id))
  FROM journal_academicdebt d JOIN school_subject su ON su.id = d.subject_id
 WHERE d.pupil_id = %(pupil)s AND (d.settled_on IS NULL OR d.settled_on >= make_date(%(year)s, 9, 1))
"""
# When the year ends; what the readers have seen already.
AROUND = """
SELECT 'ends', NULL::uuid, json_build_array(y.ends)
  FROM school_schoolyear y JOIN people_pupil p ON p.school_id = y.school_id
 WHERE y.year = %(year)s AND p.person_id = %(pupil)s
UNION ALL
SELECT 'viewed', NULL, json_build_array(v.result, v.value)
  FROM diary_resultview v WHERE v.pupil_id = %(pupil)s AND v.guardian_id = ANY(%(readers)s)
UNION ALL
(SELECT 'behaviour', NULL, json_build_array(b.period_id, b.day, b.value, b.comment)
  FROM journal_behaviourmark b
 WHERE b.pupil_id = %(pupil)s AND b.year = %(year)s AND '"off"'::jsonb <> (
       SELECT v.value FROM people_setting v WHERE v.school_id = b.school_id AND v.key = 'behaviour_scale'
          AND v.since <= %(today)s AND (v.until IS NULL OR v.until >= %(today)s)
        ORDER BY v.since DESC LIMIT 1)
 ORDER BY b.day, b.id)
"""
FINALS = "\nUNION ALL\n".join((PUPILS, GUARDIANS, DUTY, OWED, PERIODS, RESULTS, DEBTS, AROUND))
KINDS: Mapping[str, ResultKindCode] = {"year": "year", "exam": "exam", "final": "final"}
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
    viewed = {(UUID(result), value) for result, value in facts["viewed"]}
    results = _results(facts["result"], zone, viewed)
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
            _Row(name, pk, results, today, _ends(facts["ends"])).of(periods)
            for (_, pk), name in sorted(subjects.items())
        ),
        version=version,
        seen=seen,
        behaviour=tuple(_behaviour(facts["behaviour"], periods)),
        debts=tuple(sorted(_debt(*fact) for fact in facts["debt"])),
        acknowledgement=acknowledgement.state(
            facts["guardian"],
            section="finals",
            monday=monday,
            version=version,
            seen=seen,
            now=now.astimezone(zone),
            readers=readers,
            duty=acknowledgement.Duty.of(facts["duty"], is_owed=facts["owed"][0][0]),
        ),
    )


def _debt(subject: str, due_day: str, settled_on: str | None, attempts: list[Fact] | None) -> str:
    """Say until when a debt is to be settled, and how the attempts went."""
    due = day_digits(date.fromisoformat(due_day))
    words = f"{subject}: ликвидировать до {due}"
    if settled_on:
        words = f"{subject}: ликвидирована {in_words(date.fromisoformat(settled_on))}"
    for number, held_on, passed, value in attempts or ():
        day = in_words(date.fromisoformat(held_on))
        mark = f", отметка «{value}»" if value else ""
        came = " не сдана" if passed is False else " сдана" if passed else ""
        words += f"; {number}-я попытка {day}{came}{mark}"
    return f"{words}."


def _behaviour(facts: Sequence[Fact], periods: Sequence[PeriodTab]) -> Iterator[PeriodBehaviour]:
    """Yield the behaviour of each period with a mark; nothing while the register is off."""
    for period in periods:
        own = [fact for fact in facts if UUID(fact[0]) == period.period_id]
        if own:
            yield PeriodBehaviour(
                period=period.name,
                value=next((value for _, day, value, _ in own if not day), ""),
                notes=tuple(
                    f"{in_words(date.fromisoformat(day))}: {value}"
                    + (f", {comment}" if comment else "")
                    for _, day, value, comment in own
                    if day
                ),
            )


def _ends(facts: Sequence[Fact]) -> date | None:
    return date.fromisoformat(facts[0][0]) if facts else None


def _read(
    pupil: Pupil, monday: date, *, now: datetime, today: date, readers: Sequence[UUID]
) -> Mapping[str, list[Fact]]:
    year = school_year(today)
    given: dict[str, Any] = {
        "pupil": pupil.pk,
        "pupils": array([pupil.pk]),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "section": "finals",
        "today": today,
        "now": now,
        "readers": array(readers),
    }
    facts: dict[str, list[Fact]] = defaultdict(list)
    for kind, _, fact in prepared_rows(of_year(FINALS, year), given):
        facts[kind].append(fact)
    return facts


def _results(
    facts: Sequence[Fact], zone: ZoneInfo, viewed: Collection[tuple[UUID, str]]
) -> dict[tuple[str, str], FinalCell]:
    """Lay results out by subject and place; two exams in a subject stand together."""
    laid: dict[tuple[str, str], FinalCell] = {}
    for fact in sorted(facts, key=lambda fact: (fact[12] or "", fact[8])):
        key, cell = (fact[0], fact[3]), _cell(fact, zone, viewed)
        laid[key] = laid[key].beside(cell) if key in laid and fact[3] == "exam" else cell
    return laid


def _cell(fact: Fact, zone: ZoneInfo, viewed: Collection[tuple[UUID, str]]) -> FinalCell:
    _, _, _, place, status, value, rev, visible_at, set_at, until, pk, *exam, before = fact
    text = result_words(status, value)
    set_on = acknowledgement.moment(set_at, zone)
    is_changed = rev > 1 and set_on > acknowledgement.moment(visible_at, zone)
    notes = [_exam(*exam)] if place == "exam" else []
    if until:
        notes.append(f"до {in_words(date.fromisoformat(until))}")
    if is_changed:
        was = f", было «{result_words(before[0], before[1])}»" if before else ""
        notes.append(f"изменена {in_words(set_on.date())}{was}")
    shown = ResultShown(UUID(pk), KINDS.get(place, "period"), text)
    return FinalCell(
        text=text,
        note="; ".join(notes),
        is_changed=is_changed,
        unseen=() if (shown.result_id, shown.value) in viewed else (shown,),
    )


def _exam(kind: str, held_on: str, points: str | None) -> str:
    """Say «ОГЭ 3 июня, 28 баллов»."""
    words = f"{ExamKind(kind).label} {in_words(date.fromisoformat(held_on))}"
    return words + (f", {count_ru(points, 'балл,балла,баллов')}" if points else "")


@dataclass(frozen=True, slots=True)
class _Row:
    """Builds one subject's row."""

    name: str
    subject: str
    results: Results
    today: date
    ends: date | None  # of the school year

    def of(self, periods: tuple[PeriodTab, ...]) -> FinalRow:
        return FinalRow(
            subject=self.name,
            periods=tuple(self.period(period) for period in periods),
            year=self.year(),
            exam=self.at("exam"),
            final=self.at("final"),
        )

    def year(self) -> FinalCell:
        found = self.at("year")
        if found.text or self.ends is None:
            return found
        return FinalCell(note=f"закроется {in_words(self.ends)}" if self.ends >= self.today else "")

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
