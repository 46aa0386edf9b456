"""What families told of absences: for the family, for the class teacher, and lent to the journal."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.prepared import rows_of
from common.templatetags.words import at_moment
from diary.models import AbsenceReason
from diary.pages import ReportsOfClass, ReportView
from diary.queries.acknowledgement import moment, short_name
from journal.announced import Announced
from journal.queries.class_day import note_term
from people.models import Pupil
from school.models import Membership, SchoolClass

REASONS: dict[str, str] = {code.value: str(code.label) for code in AbsenceReason}
SHOWN_BACK = timedelta(days=30)  # of reports that were answered, in the class teacher's list
FACT = """json_build_array(
         r.id, r.since, r.until, r.first_lesson, r.last_lesson, r.reason, r.comment, r.file_name, r.state, r.answer,
         r.reported_at, r.answered_at,
         (SELECT json_build_array(n.last_name, n.first_name, n.middle_name) FROM people_person n
           WHERE n.user_id = r.reported_by_id AND n.school_id = r.school_id),
         (SELECT json_build_array(n.last_name, n.first_name, n.middle_name) FROM people_person n
           WHERE n.user_id = r.answered_by_id AND n.school_id = r.school_id))"""
# Of the shown period, and those that are still to come; read together with the absences.
OF_PUPIL = f"""
SELECT 'report', {FACT}
  FROM diary_absencereport r
 WHERE %(with_reports)s AND r.pupil_id = %(pupil)s
   AND (r.until >= %(today)s OR r.since <= %(ends)s AND r.until >= %(starts)s)
"""  # noqa: S608 - our own words
_OF_CLASS = f"""
SELECT r.pupil_id, p.last_name, p.first_name, p.middle_name, {FACT}
  FROM school_studygroup h
  JOIN school_membership k ON k.group_id = h.id AND %(today)s BETWEEN k.since AND coalesce(k.until, 'infinity')
  JOIN diary_absencereport r ON r.pupil_id = k.pupil_id
   AND (r.state = 'sent' OR r.state <> 'withdrawn' AND r.until >= %(back)s)
  JOIN people_person p ON p.id = k.pupil_id
 WHERE h.school_class_id = %(class)s AND h.kind = 'class'
 ORDER BY r.since, p.sort_key COLLATE "C", r.id
"""  # noqa: S608 - our own words
_WAITING = """
SELECT count(DISTINCT r.id)
  FROM school_studygroup h
  JOIN school_membership k ON k.group_id = h.id AND %(today)s BETWEEN k.since AND coalesce(k.until, 'infinity')
  JOIN diary_absencereport r ON r.pupil_id = k.pupil_id AND r.state = 'sent'
 WHERE h.school_class_id = ANY (%(classes)s::uuid[]) AND h.kind = 'class'
"""
_NEXT_LESSON = """
SELECT min(l.day)
  FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN m.since AND coalesce(m.until, 'infinity')
 WHERE m.pupil_id = %(pupil)s AND l.day >= %(since)s AND l.status <> 'cancelled'
"""
_LESSONS_OF_DAY = _NEXT_LESSON.replace("min(l.day)", "min(l.number), max(l.number)").replace(
    "l.day >= %(since)s", "l.day = %(since)s"
)
# An accepted report says what its note says: the class teacher may have corrected the dates.
_TOLD = """
  FROM diary_absencereport r LEFT JOIN journal_absencenote n ON n.id = r.note_id
 WHERE (r.state = 'sent' OR r.state = 'accepted' AND n.id IS NOT NULL)
   AND coalesce(n.since, r.since) <= {until} AND coalesce(n.until, r.until) >= {since}
   AND r.pupil_id = {pupil}"""
_PARTS = """coalesce(n.since, r.since), coalesce(n.until, r.until),
       CASE WHEN n.id IS NULL THEN r.first_lesson ELSE n.first_lesson END,
       CASE WHEN n.id IS NULL THEN r.last_lesson ELSE n.last_lesson END, r.reason, n.id IS NOT NULL"""
_TOLD_OF = "SELECT r.pupil_id, " + _PARTS + _TOLD + " ORDER BY r.reported_at, r.id"


class Lent:
    """What the journal reads of families' reports."""

    reasons = REASONS
    column = (
        f"(SELECT json_agg(json_build_array({_PARTS}) ORDER BY r.reported_at, r.id)::text {_TOLD})"
    )

    def read(self, pupils: Collection[UUID], since: date, until: date) -> tuple[Announced, ...]:
        values = {"pupils": list(pupils), "since": since, "until": until}
        sql = _TOLD_OF.format(
            pupil="ANY (%(pupils)s::uuid[])", since="%(since)s", until="%(until)s"
        )
        return tuple(
            Announced(pupil, first_day, last_day, first, last, REASONS[reason], is_accepted)
            for pupil, first_day, last_day, first, last, reason, is_accepted in rows_of(sql, values)
        )

    def waiting(self, classes: Collection[UUID], *, today: date) -> int:
        return waiting_reports(classes, today=today)


def has_no_lessons(pupil: Pupil, since: date, until: date) -> bool:
    """Say whether the pupil's next lesson comes after these days; without a timetable nobody knows."""
    ((day,),) = rows_of(_NEXT_LESSON, {"pupil": pupil.pk, "since": since})
    return day is not None and day > until


def lessons_of_day(pupil: Pupil, day: date) -> tuple[int, int] | None:
    """Return the numbers of the pupil's first and last lesson of the day, if the timetable has any."""
    ((first, last),) = rows_of(_LESSONS_OF_DAY, {"pupil": pupil.pk, "since": day})
    return None if first is None else (first, last)


def waiting_reports(classes: Collection[UUID], *, today: date) -> int:
    """Return how many reports of the classes wait for their class teachers."""
    if not classes:
        return 0
    ((count,),) = rows_of(_WAITING, {"classes": list(classes), "today": today})
    return int(count)


def reports_of_class(school_class: SchoolClass, *, today: date, zone: tzinfo) -> ReportsOfClass:
    """Read the class teacher's list; one statement."""
    values = {"class": school_class.pk, "today": today, "back": today - SHOWN_BACK}
    rows = rows_of(_OF_CLASS, values)
    # In full: a namesake of the class may have told nothing, and the answer goes into the journal.
    found = [
        report_of(row[4], zone, pupil=(row[0], " ".join(filter(None, row[1:4])))) for row in rows
    ]
    return ReportsOfClass(
        waiting=tuple(one for one in found if one.is_waiting),
        answered=tuple(one for one in reversed(found) if not one.is_waiting),
    )


def pupils_of(school_class: SchoolClass, *, today: date) -> QuerySet[Membership, Any]:
    """Return the pupils who are in the class today."""
    members = Membership.objects.filter(group__kind="class", group__school_class=school_class)
    return members.in_force(today).values("pupil")


def in_order(facts: Iterable[Sequence[Any]], zone: tzinfo) -> tuple[ReportView, ...]:
    """Return a family's reports, the latest first."""
    found = (report_of(fact, zone) for fact in facts)
    return tuple(sorted(found, key=lambda one: (one.since, one.reported_at), reverse=True))


def report_of(
    fact: Sequence[Any], zone: tzinfo, *, pupil: tuple[UUID | None, str] = (None, "")
) -> ReportView:
    (
        report_id, since, until, first, last, reason, comment, file_name, state, answer, reported_at, answered_at,
        reporter, answerer,
    ) = fact  # fmt: skip
    days = date.fromisoformat(since), date.fromisoformat(until)
    return ReportView(
        report_id=UUID(report_id),
        term=note_term(*days, first, last),
        reason=REASONS[reason],
        comment=comment,
        file_name=file_name,
        state=state,
        answer=answer,
        reported_at=moment(reported_at, zone),
        sent_words=_words(moment(reported_at, zone), reporter),
        answered_words=_words(moment(answered_at, zone), answerer) if answered_at else "",
        since=days[0],
        until=days[1],
        pupil_id=pupil[0],
        pupil_name=pupil[1],
    )


def _words(at: datetime, person: Sequence[str] | None) -> str:
    """«18 ноября в 19:42, Ёлкина О. В.» by the school's clock, whatever zone is the current one."""
    shown = at_moment(at.replace(tzinfo=None))
    return f"{shown}, {short_name(*person)}" if person else shown
