"""How the diary answers for what families are told (T2c) and for the portfolios (G3.1b)."""

from datetime import datetime, timedelta

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru
from diary.queries.portfolio import overdue
from people.models import School
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due

# One row: what a family should find in the diary now, counted at the school.
_TOLD = """
SELECT (SELECT count(*) FROM school_lesson l WHERE l.school_id = %(school)s AND l.year = app_school_year(%(today)s)),
       (SELECT count(*) FROM school_lesson l WHERE l.school_id = %(school)s AND l.status <> 'cancelled'
           AND l.day BETWEEN %(today)s AND %(today)s + 21),
       (SELECT count(*) FROM journal_mark m WHERE m.school_id = %(school)s AND m.year = app_school_year(%(today)s)
           AND m.set_at > %(month)s),
       (SELECT count(*) FROM school_vacation v WHERE v.school_id = %(school)s AND v.year = app_school_year(%(today)s)),
       (SELECT count(*) FROM journal_work w JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control
          JOIN school_lesson l ON l.id = w.lesson_id
          JOIN school_period p ON p.school_id = l.school_id AND %(today)s BETWEEN p.starts AND p.ends
           AND l.day BETWEEN p.starts AND p.ends
         WHERE l.school_id = %(school)s),
       (SELECT count(*) FROM journal_homework h WHERE h.school_id = %(school)s AND h.set_at > %(month)s),
       (SELECT count(*) FROM diary_recommendation r WHERE r.school_id = %(school)s AND r.withdrawn_at IS NULL
           AND r.given_at > %(month)s)
"""
# Courses whose pupils have no teacher today.
_UNTAUGHT = """
SELECT DISTINCT c.id, u.name || ', ' || g.name
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id AND g.year = app_school_year(%(today)s)
  JOIN school_membership m ON m.group_id = g.id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
 WHERE c.school_id = %(school)s AND NOT EXISTS (
       SELECT 1 FROM school_courseteacher t WHERE t.course_id = c.id AND t.since <= %(today)s
          AND (t.until IS NULL OR t.until >= %(today)s))
 ORDER BY 2, 1
"""
_WAITING = """
SELECT k.id, k.grade_level || k.letter, count(a.id), count(a.id) FILTER (WHERE a.state = 'waiting' AND a.added_at < %(overdue)s)
  FROM diary_achievement a
  JOIN school_membership m ON m.pupil_id = a.pupil_id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE a.school_id = %(school)s
 GROUP BY k.id ORDER BY k.grade_level, k.sort_key, k.id
"""
PARTS = (
    ("расписания на три недели вперёд", "journal:school"),
    ("отметок за месяц", "journal:school"),
    ("каникул в календаре", "journal:school"),
    ("графика контрольных в этом периоде", "journal:tests"),
    ("домашних заданий за месяц", "journal:board"),
    ("рекомендаций учителей за месяц", "desk:recommendations"),
)


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


@clause("T2c")
def families_are_told_everything(school: School, *, now: datetime) -> Finding:
    """Judge by the school's data: each part of what a family should find in the diary is there."""
    today = school.local_date(now)
    values = {"school": school.pk, "today": today, "month": now - timedelta(days=31)}
    ((lessons, *counted),) = rows_of(_TOLD, values)
    if not lessons:
        return not_yet_due("Уроков в этом учебном году ещё нет.")
    lacking = [
        Evidence(f"Нет {words}", reverse(page))
        for (words, page), count in zip(PARTS, counted, strict=True)
        if not count
    ]
    lacking += [
        Evidence(name, reverse("journal:sheet", args=[course]), "учитель не назначен")
        for course, name in rows_of(_UNTAUGHT, values)
    ]
    if lacking:
        return broken("В дневнике есть не всё, что полагается семье.", *listed(lacking))
    *_, tests, homework, recommendations = counted
    return kept(
        f"Семьям видно всё: контрольных работ в периоде {tests}, домашних заданий за месяц {homework}, "
        f"рекомендаций {recommendations}; у всех предметов есть учитель."
    )


@clause("G3.1b")
def portfolios_are_kept(school: School, *, now: datetime) -> Finding:
    """Judge by the class teachers' word: no family waits for it longer than a week."""
    values = {"school": school.pk, "today": school.local_date(now), "overdue": overdue(now)}
    rows = rows_of(_WAITING, values)
    total, late = sum(row[2] for row in rows), sum(row[3] for row in rows)
    if not total:
        return not_yet_due("Достижений в портфолио ещё нет.")
    named = count_ru(total, "достижение,достижения,достижений")
    if not late:
        return kept(
            f"В портфолио {named}; дольше недели никто не ждёт.",
            Evidence("Портфолио по классам", reverse("desk:portfolios")),
        )
    evidence = (
        Evidence(name, reverse("desk:portfolio", args=[class_id]), f"ждут дольше недели: {waiting}")
        for class_id, name, _, waiting in rows
        if waiting
    )
    return broken(
        f"Ждут классного руководителя дольше недели: {late} из {named}.", *listed(evidence)
    )
