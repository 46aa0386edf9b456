"""How the diary answers for the clauses of the regulation."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru, day_month, week_range
from common.weeks import monday_of
from diary.pages import iso_week
from diary.queries.board import board_rows, had_lessons, last_week
from diary.queries.rule import rule_of
from people.models import Person, School
from regulation.queries import parameter
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, named, not_yet_due

# Guardians in force whom no court restricts; `is_open`: she may read the electronic diary.
_GUARDIANS = """
SELECT g.pupil_id, g.guardian_id, p.user_id,
       coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false) AS is_open
  FROM people_guardianship g JOIN people_person p ON p.id = g.guardian_id
 WHERE g.school_id = %(school)s
   AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
   AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                    AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
"""
_IN_CLASS = """
school_schoolclass k
  JOIN school_studygroup sg ON sg.school_class_id = k.id AND sg.kind = 'class'
  JOIN school_membership m ON m.group_id = sg.id
"""
# Guardians with open access by class, and those of families of whom nobody came: reminded lately, or not.
_VISITS = f"""
WITH guardians AS MATERIALIZED ({_GUARDIANS}), families AS (
  SELECT g.pupil_id,
         EXISTS (SELECT 1 FROM access_visit v JOIN guardians o ON o.guardian_id = v.person_id AND o.pupil_id = v.pupil_id
                  WHERE v.pupil_id = g.pupil_id AND v.day > %(today)s - %(interval)s) AS came,
         EXISTS (SELECT 1 FROM diary_reminder r WHERE r.pupil_id = g.pupil_id AND r.at > %(since)s) AS reminded
    FROM guardians g WHERE g.is_open GROUP BY g.pupil_id
)
SELECT k.id, k.grade_level || k.letter,
       EXISTS (SELECT 1 FROM school_classteacher t WHERE t.school_class_id = k.id
                AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)),
       count(f.pupil_id),
       count(f.pupil_id) FILTER (WHERE NOT f.came AND NOT f.reminded),
       count(f.pupil_id) FILTER (WHERE NOT f.came AND f.reminded)
  FROM {_IN_CLASS} AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
  LEFT JOIN families f ON f.pupil_id = m.pupil_id
 WHERE k.school_id = %(school)s AND k.year = app_school_year(%(today)s)
 GROUP BY k.id ORDER BY k.grade_level, k.sort_key, k.id
"""  # noqa: S608 - our own text
_ACCOUNTS = f"""
SELECT count(DISTINCT guardian_id), array_agg(DISTINCT guardian_id) FILTER (WHERE user_id IS NULL)
  FROM ({_GUARDIANS}) g WHERE is_open
"""  # noqa: S608 - our own text
# What teachers entered in a week, and how much of it stands where no diary would show it.
_ENTRIES = """
SELECT e.what, count(*), count(*) FILTER (WHERE h.hidden), array_agg(DISTINCT e.pupil_id) FILTER (WHERE h.hidden)
  FROM (SELECT 'mark' AS what, lesson_id, pupil_id, set_at FROM journal_mark
         WHERE year = app_school_year(%(today)s) AND school_id = %(school)s
         UNION ALL
        SELECT 'absence', lesson_id, pupil_id, set_at FROM journal_absence
         WHERE year = app_school_year(%(today)s) AND school_id = %(school)s) e
  JOIN school_lesson l ON l.id = e.lesson_id
 CROSS JOIN LATERAL (SELECT NOT EXISTS (
         SELECT 1 FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
          WHERE c.id = l.course_id AND m.pupil_id = e.pupil_id
            AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)) AS hidden) h
 WHERE e.set_at > %(since)s
 GROUP BY e.what
"""
_MARKS = """
SELECT c.id, u.name, g.name, count(*), count(*) FILTER (WHERE l.topic = '')
  FROM journal_mark k
  JOIN school_lesson l ON l.id = k.lesson_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE k.year = app_school_year(%(today)s) AND k.school_id = %(school)s AND k.set_at > %(since)s
 GROUP BY c.id, u.name, g.name ORDER BY 5 DESC, u.name, g.name, c.id
"""
_CONTENTS = """
SELECT EXISTS (SELECT 1 FROM school_period p WHERE p.school_id = %(school)s AND p.year = app_school_year(%(today)s)),
       count(*) FILTER (WHERE l.day >= %(today)s),
       count(*) FILTER (WHERE l.day < %(today)s),
       count(*) FILTER (WHERE l.day < %(today)s AND l.topic = '')
  FROM school_lesson l
 WHERE l.school_id = %(school)s AND l.status <> 'cancelled'
   AND l.day BETWEEN %(today)s - 7 AND %(today)s + 14
"""
_UNTOLD = """
SELECT c.id, u.name, g.name, count(*)
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE l.school_id = %(school)s AND l.status <> 'cancelled' AND l.topic = ''
   AND l.day BETWEEN %(today)s - 7 AND %(today)s - 1
 GROUP BY c.id, u.name, g.name ORDER BY 4 DESC, u.name, g.name, c.id
"""
_RESULTS = """
SELECT count(*), count(*) FILTER (WHERE hidden), array_agg(DISTINCT pupil_id) FILTER (WHERE hidden)
  FROM (SELECT pupil_id, visible_at IS NULL AND obtained_at < %(overdue)s AS hidden
          FROM (SELECT school_id, pupil_id, visible_at, obtained_at FROM journal_periodmark
                 UNION ALL SELECT school_id, pupil_id, visible_at, obtained_at FROM journal_yearmark
                 UNION ALL SELECT school_id, pupil_id, visible_at, obtained_at FROM journal_examresult
                 UNION ALL SELECT school_id, pupil_id, visible_at, obtained_at FROM journal_finalmark) every
         WHERE school_id = %(school)s) r
"""


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


def _desk(class_id: object, monday: date) -> str:
    return f"{reverse('desk:class', args=[class_id])}?week={iso_week(monday)}"


def _acknowledged(school: School, *, now: datetime, electronic: bool) -> Finding:
    """Judge the last ended week with lessons: one guardian of each family that owes it acknowledged every section."""
    today = school.local_date(now)
    monday = last_week(school, today=today)
    rows = (
        []
        if monday is None
        else board_rows(school, monday, rule_of(school, day=today), today=today)
    )
    counts = [
        (row, row.electronic, row.electronic_kept) if electronic else (row, row.paper, row.paper_kept)
        for row in rows
    ]  # fmt: skip
    total, done = sum(owed for _, owed, _ in counts), sum(kept_by for *_, kept_by in counts)
    if monday is None or not total:
        return not_yet_due("Закончившихся учебных недель с такими семьями ещё нет.")
    week = week_range(monday)
    if done == total:
        return kept(f"Неделя {week}: ознакомились все {count_ru(total, 'семья,семьи,семей')}.")
    evidence = (
        Evidence(row.name, _desk(row.class_id, monday), f"нет ознакомления: {owed - has} из {owed}")
        for row, owed, has in counts
        if has < owed
    )
    return broken(
        f"Неделя {week}: ознакомились {done} из {count_ru(total, 'семьи,семей,семей')}.", *evidence
    )


@clause("K4a")
def guardians_acknowledge_weekly(school: School, *, now: datetime) -> Finding:
    return _acknowledged(school, now=now, electronic=True)


@clause("K4b")
def paper_families_acknowledge_weekly(school: School, *, now: datetime) -> Finding:
    return _acknowledged(school, now=now, electronic=False)


@clause("G2.10.3")
def class_teachers_know_the_visits(school: School, *, now: datetime) -> Finding:
    """Judge families by the days of the regulation: somebody came, or the class teacher reminded them."""
    today = school.local_date(now)
    interval = rule_of(school, day=today).interval
    since = now - timedelta(days=interval)
    values = {"school": school.pk, "today": today, "interval": interval, "since": since}
    rows = rows_of(_VISITS, values)
    if not any(row[3] for row in rows):
        return not_yet_due("Представителей с открытым доступом ещё нет.")
    if not had_lessons(school, since.date(), today):
        return not_yet_due(
            f"За {count_ru(interval, 'день,дня,дней')} уроков не было: напоминать не о чем."
        )
    orphaned = [row for row in rows if not row[2]]
    silent, reminded, total = (sum(row[place] for row in rows) for place in (4, 5, 3))
    if not orphaned and not silent:
        told = f"; остальным напомнили: {reminded}" if reminded else ""
        families = count_ru(total, "семья,семьи,семей")
        return kept(
            f"За {count_ru(interval, 'день,дня,дней')} заходили {total - reminded} из {families}{told}."
        )
    monday = monday_of(today)
    evidence = (
        Evidence(
            name,
            _desk(class_id, monday),
            f"не заходили и не получили напоминания: {missing} из {count}"
            + ("" if led else "; класс без руководителя"),
        )
        for class_id, name, led, count, missing, _ in rows
        if missing or not led
    )
    return broken(
        f"Не заходили {interval} дней и ждут напоминания: {silent} из {count_ru(total, 'семьи,семей,семей')}.",
        *evidence,
    )


@clause("K1b", "S2", "G2.1")
def families_serve_themselves(school: School, *, now: datetime) -> Finding:
    """Judge by accounts: whoever may read the diary has one to enter with."""
    ((total, lacking),) = rows_of(_ACCOUNTS, {"school": school.pk, "today": school.local_date(now)})
    if not total:
        return not_yet_due("Представителей с открытым доступом ещё нет.")
    if not lacking:
        guardians = count_ru(total, "представитель,представителя,представителей")
        return kept(f"Дневник доступен в любое время: {guardians} с учётной записью.")
    return broken(
        f"Доступ открыт, но войти не с чем: {len(lacking)} из {total}.",
        *listed(named(Person.objects.filter(pk__in=lacking), "нет учётной записи")),
    )


def _entered(school: School, *, now: datetime, kinds: Iterable[str], what: str) -> Finding:
    """Judge that all that was entered in a week stands where the family's page shows it."""
    values = {
        "school": school.pk,
        "today": school.local_date(now),
        "since": now - timedelta(days=7),
    }
    rows = [row for row in rows_of(_ENTRIES, values) if row[0] in kinds]
    total, hidden = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if not total:
        return not_yet_due(f"За последние семь дней {what} нет.")
    if hidden:
        pupils = {pupil for row in rows for pupil in row[3] or ()}
        return broken(
            f"Не видны семьям: {hidden} из {total} — ученик в тот день не был в группе.",
            *listed(named(Person.objects.filter(pk__in=pupils))),
        )
    return kept(f"За семь дней внесено {total}; всё видно семьям сразу.")


@clause("S4")
def entries_stand_at_once(school: School, *, now: datetime) -> Finding:
    return _entered(school, now=now, kinds={"mark", "absence"}, what="записей учителей")


@clause("G2.1c")
def attendance_is_shown(school: School, *, now: datetime) -> Finding:
    return _entered(school, now=now, kinds={"absence"}, what="пропусков и опозданий")


@clause("G2.1a")
def contents_are_shown(school: School, *, now: datetime) -> Finding:
    """Judge by the school's data: periods, lessons ahead, topics of the past week."""
    values = {"school": school.pk, "today": school.local_date(now)}
    ((periods, ahead, held, untold),) = rows_of(_CONTENTS, values)
    if not periods:
        return broken("Календарный учебный график не внесён: нет отчётных периодов.")
    if not ahead and not held:
        return not_yet_due("В ближайшие две недели уроков нет.")
    if untold:
        return broken(
            f"Уроков без темы за последние семь дней: {untold} из {held}.",
            *_courses(rows_of(_UNTOLD, values)),
        )
    return kept(
        f"Календарь и расписание внесены, впереди {count_ru(ahead, 'урок,урока,уроков')}; "
        f"темы записаны у всех уроков за семь дней: {held}."
    )


@clause("G2.1b")
def marks_have_their_contents(school: School, *, now: datetime) -> Finding:
    """Judge marks of a month: each has its work by the table itself, and its lesson's topic."""
    values = {
        "school": school.pk,
        "today": school.local_date(now),
        "since": now - timedelta(days=31),
    }
    rows = rows_of(_MARKS, values)
    total, untold = sum(row[3] for row in rows), sum(row[4] for row in rows)
    if not total:
        return not_yet_due("За последний месяц отметок нет.")
    if not untold:
        marks = count_ru(total, "отметки,отметок,отметок")
        return kept(f"У всех {marks} за месяц есть вид работы и тема урока.")
    evidence = _courses([(*row[:3], row[4]) for row in rows if row[4]])
    return broken(f"Отметок без темы урока за месяц: {untold} из {total}.", *evidence)


def _courses(rows: Iterable[Any]) -> tuple[Evidence, ...]:
    return listed(
        Evidence(
            f"{subject}, {group}", reverse("journal:sheet", args=[course]), f"без темы {count}"
        )
        for course, subject, group, count in rows
    )


@clause("G2.1d")
def results_are_shown(school: School, *, now: datetime) -> Finding:
    """Judge that no result waits longer than the regulation lets it."""
    hours = parameter(school, "final_results_deadline_hours", day=school.local_date(now)).number
    values = {"school": school.pk, "overdue": now - timedelta(hours=hours)}
    ((total, waiting, pupils),) = rows_of(_RESULTS, values)
    if not total:
        return not_yet_due("Итоговых результатов ещё нет.")
    if waiting:
        return broken(
            f"Не показаны семьям дольше {hours} ч: {waiting} из {total}.",
            *listed(named(Person.objects.filter(pk__in=pupils))),
        )
    when = day_month(school.local_date(now))
    return kept(f"На {when} семьям показаны итоговые результаты: {total}.")
