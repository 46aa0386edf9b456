"""How the journal answers for the clauses of the regulation."""

from datetime import datetime, timedelta

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru, day_digits
from journal.homework import IndividualPage
from journal.queries import individual_rows
from people.models import School
from regulation.queries import parameter
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due

LOOKED_BACK = 30  # days
DAYS_TO_READ = 7  # an answer of a pupil is looked at within a week
DAYS_TO_RECORD = 7  # a lesson without a record is late after a week

_RECORDS = """
SELECT c.id, u.name, g.name, count(*), count(*) FILTER (WHERE l.topic = '')
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_schoolyear y ON y.school_id = l.school_id AND y.year = l.year AND %(today)s BETWEEN y.starts AND y.ends
 WHERE l.school_id = %(school)s AND l.day < %(due)s AND l.status <> 'cancelled'
 GROUP BY c.id, u.name, g.name ORDER BY 5 DESC, u.name, g.name, c.id
"""
_COUNTED = """
SELECT (SELECT count(*) FROM journal_mark k WHERE k.school_id = y.school_id AND k.year = y.year),
       (SELECT count(*) FROM journal_absence a WHERE a.school_id = y.school_id AND a.year = y.year)
  FROM school_schoolyear y WHERE y.school_id = %(school)s AND %(today)s BETWEEN y.starts AND y.ends
"""
_RESULTS = """
SELECT n.last_name, n.first_name, r.kind, r.obtained_at, r.visible_at,
       r.obtained_at + make_interval(hours => %(hours)s) AS due
  FROM (SELECT school_id, pupil_id, 'отметка за период' AS kind, obtained_at, visible_at FROM journal_periodmark
         UNION ALL SELECT school_id, pupil_id, 'годовая отметка', obtained_at, visible_at FROM journal_yearmark
         UNION ALL SELECT school_id, pupil_id, 'результат экзамена', obtained_at, visible_at FROM journal_examresult
         UNION ALL SELECT school_id, pupil_id, 'итоговая отметка', obtained_at, visible_at FROM journal_finalmark
       ) r JOIN people_person n ON n.id = r.pupil_id
 WHERE r.school_id = %(school)s
"""
_LATE = f"""
SELECT count(*), count(*) FILTER (WHERE coalesce(visible_at, %(now)s) > due) FROM ({_RESULTS}) results
"""  # noqa: S608 - our own text
_UNSEEN = """
SELECT h.id, l.course_id, u.name, g.name, count(*), min(a.sent_at)
  FROM journal_homeworkanswer a
  JOIN journal_homework h ON h.id = a.homework_id
  JOIN school_lesson l ON l.id = h.lesson_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE a.school_id = %(school)s AND a.seen_at IS NULL AND a.sent_at < %(before)s
 GROUP BY h.id, l.course_id, u.name, g.name ORDER BY 6, u.name, g.name, h.id
"""
_LATE_ROWS = f"""
SELECT * FROM ({_RESULTS}) results WHERE coalesce(visible_at, %(now)s) > due
 ORDER BY due, last_name, first_name
"""  # noqa: S608 - our own text


def register() -> None:
    """Register the checks: importing this module does it; the call keeps the import honest."""


@clause("U4")
def journal_is_kept(school: School, *, now: datetime) -> Finding:
    """Judge by records: every lesson older than a week has its topic; marks and absences are counted."""
    today = school.local_date(now)
    values = {"school": school.pk, "today": today, "due": today - timedelta(days=DAYS_TO_RECORD)}
    courses = rows_of(_RECORDS, values)
    total, lacking = sum(row[3] for row in courses), sum(row[4] for row in courses)
    if not total:
        return not_yet_due("Уроков старше недели в этом учебном году ещё нет.")
    ((marks, absences),) = rows_of(_COUNTED, values)
    counted = Evidence(
        "Учтено за год",
        detail=f"{count_ru(marks, 'отметка,отметки,отметок')}, "
        f"{count_ru(absences, 'пропуск,пропуска,пропусков')}",
    )
    if not lacking:
        return kept(f"Все {count_ru(total, 'урок,урока,уроков')} записаны.", counted)
    rows = (
        Evidence(
            f"{subject}, {group}",
            reverse("journal:sheet", args=[course]),
            f"без темы {late} из {count_ru(lessons, 'урока,уроков,уроков')}",
        )
        for course, subject, group, lessons, late in courses
        if late
    )
    return broken(
        f"Не записано уроков старше недели: {lacking} из {total}.", counted, *listed(rows)
    )


@clause("T6", "S7", "G2.8")
def results_are_open_in_time(school: School, *, now: datetime) -> Finding:
    """Judge by moments: a result was opened to the family within the regulation's term."""
    hours = parameter(school, "final_results_deadline_hours", day=school.local_date(now)).number
    values = {"school": school.pk, "hours": hours, "now": now}
    ((total, late),) = rows_of(_LATE, values)
    if not total:
        return not_yet_due("Итоговых результатов ещё нет.")
    if not late:
        results = count_ru(total, "результат открыт,результата открыты,результатов открыты")
        return kept(f"{results} семьям не позже {hours} ч после получения.")
    rows = (
        Evidence(
            f"{last} {first}",
            detail=f"{kind}: получен {day_digits(obtained)}, "
            + (f"открыт {day_digits(visible)}" if visible else "не открыт"),
        )
        for last, first, kind, obtained, visible, _ in rows_of(_LATE_ROWS, values)
    )
    return broken(f"Открыто позже {hours} ч или не открыто: {late} из {total}.", *listed(rows))


@clause("G3.1a")
def individual_teaching_is_overseen(school: School, *, now: datetime) -> Finding:
    """Judge the month: what was held and set at a distance and to named pupils, and whether answers are read."""
    today = school.local_date(now)
    rows = individual_rows(
        [school.pk], by="class", starts=today - timedelta(days=LOOKED_BACK), ends=today
    )
    page = Evidence("Индивидуальное и дистанционное обучение", reverse("journal:individual"))
    found = IndividualPage("class", rows, today, today).total
    if not (found.distance or found.to_one or found.to_some or found.remote or found.wanted):
        return not_yet_due(
            "Индивидуальных и дистанционных уроков и заданий за месяц не было.", page
        )
    said = (
        f"За месяц: {count_ru(found.distance, 'дистанционный урок,дистанционных урока,дистанционных уроков')}, "
        f"индивидуальных заданий {found.to_one}, дифференцированных {found.to_some}, "
        f"дистанционных заданий {found.remote}, ответов учеников {found.answers}."
    )
    before = now - timedelta(days=DAYS_TO_READ)
    unread = rows_of(_UNSEEN, {"school": school.pk, "before": before})
    if not unread:
        return kept(said, page)
    waiting = [
        Evidence(
            f"{subject}, {group}: {count_ru(count, 'ответ,ответа,ответов')} не просмотрено",
            reverse("journal:answers", args=[course_id, homework_id]),
            f"с {day_digits(sent_at)}",
        )
        for homework_id, course_id, subject, group, count, sent_at in unread
    ]
    return broken(f"{said} Ответы ждут учителя больше недели.", page, *listed(waiting))
