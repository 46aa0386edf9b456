"""Real objects of either school for every address, and what a browser sends to it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from access.models import ServiceRefusal
from diary import queries
from diary.models import CalendarFeed
from diary.queries.feeds import digest_of
from journal.actions import save_cells
from journal.models import (
    Homework,
    HomeworkAnswer,
    HomeworkFile,
    HomeworkPupil,
    Mark,
    Work,
    WorkKind,
)
from journal.queries import course_facts
from journal.sheet import CellEntry
from people.models import Person, Pupil, RoleAssignment, User
from printouts.codes import new_code
from printouts.models import Extract, PrintJob
from regulation.actions import adopt
from school.models import Course, Lesson
from tests.access import absences, plans
from tests.access.consents import consents_of, consents_sent
from tests.access.contacts import CONTACTS_SENT, contacts_of
from tests.access.desks import desk_of, desk_sent
from tests.access.marking import marking_of, marking_sent
from tests.access.papers import papers_of, papers_sent
from tests.access.remarks import control_of, control_sent
from tests.access.removals import removals_of, removals_sent
from tests.access.results import exam_query, results_bodies, results_of
from tests.access.rules import morning_of, morning_sent, rules_of_marking, settings_sent
from tests.access.words import words_of, words_sent
from tests.cast import MONDAY, MOSCOW, NOW, SEPTEMBER, TODAY, Cast, known

WEEK = "2026-W47"
YESTERDAY = TODAY - timedelta(days=1)
FREE = TODAY + timedelta(days=9)  # a lesson on which nothing is planned


@dataclass(frozen=True, slots=True)
class Side:
    """Whose objects are asked for, by their names in the cast."""

    pupil: str
    guardian: str
    teacher: str
    leader: str
    school_class: str
    course: str


HERE = Side("olya", "olya_mother", "maria", "ivan", "7А", "algebra")
THERE = Side("other_pupil", "other_guardian", "stranger", "stranger", "other 7А", "other_algebra")


def things(cast: Cast, side: Side = HERE) -> dict[str, dict[str, Any]]:
    """Path parameters by the name of the address; every object is there and of the side's school."""
    pupil, guardian = cast.pupils[side.pupil], cast.people[side.guardian]
    course, lesson = cast.courses[side.course], cast.lesson(side.course)
    adopt(by=None, school=course.school, profile="k", since=SEPTEMBER)
    stored = _homework_file(cast, side)
    file = {"file_id": stored.pk}
    asked, sent = _answer(cast, side)
    child: dict[str, Any] = {"pupil_id": pupil.pk}
    week = child | {"monday": WEEK}
    person, journal = {"person_id": guardian.pk}, {"course_id": course.pk}
    desk = {"class_id": cast.classes[side.school_class].pk}
    tie = {"guardianship_id": cast.guardianships[side.guardian, side.pupil].pk}
    role = RoleAssignment.objects.get(person=cast.people[side.teacher], role="teacher")
    return {
        **dict.fromkeys(("access:person", "access:issue_code", "access:block"), person),
        "access:give_role": {"person_id": cast.people[side.leader].pk},
        "access:unblock": {"person_id": _blocked(cast, side).pk},
        "access:take_role": {"assignment_id": role.pk},
        "access:refusal_answered": {"refusal_id": _refusal(cast, side).pk},
        **_homework_things(course, lesson, stored.homework_id, asked, sent),
        "journal:course_tests": journal, "journal:test_remove": journal | {"work_id": _planned(cast, side).pk},
        "diary:answer": child | {"homework_id": asked}, "diary:task_done": child | {"homework_id": asked},
        "diary:answer_file": child | {"answer_id": sent},
        "journal:homework_file": file, "journal:sheet": journal, "journal:cells": journal,
        "journal:changes": journal, "journal:work_kind": journal | {"lesson_id": lesson.pk},
        "journal:cell": journal, "journal:lesson": journal | {"lesson_id": lesson.pk},
        "journal:summary": desk, "journal:class_report": desk, "printouts:summary": desk, "journal:pupil_years": child,
        **plans.things(cast, side.course, side.teacher),
        "journal:forecast": journal, "journal:class_forecast": desk, "journal:pupil_forecast": desk | child,
        "journal:closing_class": desk, "journal:closing_course": journal,
        "journal:closing_cell": journal | child,
        **desk_of(
            cast, pupil=side.pupil, guardian=side.guardian, leader=side.leader, school_class=side.school_class
        ),
        "diary:subject": child | {"subject_id": course.subject_id}, "diary:years": child, "printouts:report_card": child,
        "desk:results_seen": desk, "desk:results_seen_pupil": desk | child,
        **dict.fromkeys(("diary:current_week", "diary:tasks", "diary:marks", "diary:absences"), child),
        **_feed_things(cast, side), "diary:finals": child, "diary:acknowledge": child, "diary:week": week, "diary:file": child | file,
        **rules_of_marking(course.school_id),
        **words_of(
            cast, pupil=side.pupil, school_class=side.school_class, leader=side.leader, teacher=side.teacher,
            course=side.course,
        ),
        **morning_of(cast, side.pupil, side.school_class, side.leader, side.teacher),
        **absences.absences_of(cast, pupil=side.pupil, guardian=side.guardian, school_class=side.school_class),
        **results_of(cast, pupil=side.pupil, course=side.course, leader=side.leader, teacher=side.teacher),
        **control_of(cast, course=side.course, teacher=side.teacher),
        **marking_of(cast, course=side.course, teacher=side.teacher),
        **removals_of(cast, pupil=side.pupil, guardian=side.guardian),
        "verify:extract": {"code": _extract(cast, side).code},
        "printouts:register": journal,
        "printouts:job": {"job_id": _job(cast, side, "done").pk},
        "printouts:download": {"job_id": _job(cast, side, "done").pk},
        "printouts:cancel": {"job_id": _job(cast, side, "waiting").pk},
        "printouts:repeat": {"job_id": _job(cast, side, "failed").pk},
        **consents_of(cast, guardian=side.guardian, pupil=side.pupil),
        **papers_of(
            cast, guardian=side.guardian, pupil=side.pupil, leader=side.leader, school_class=side.school_class
        ),
        "consent:decide": tie, "consent:declare": tie,
        **contacts_of(cast, guardian=side.guardian),
        "exchange:week": week, "exchange:acknowledge": week, "exchange:finals": week,
        "exchange:marks": child, "exchange:sheet": journal, "exchange:cells": journal,
    }  # fmt: skip


def _homework_things(
    course: Course, lesson: Lesson, homework_id: UUID, asked: UUID, sent: UUID
) -> dict[str, dict[str, Any]]:
    of_lesson = {"course_id": course.pk, "lesson_id": lesson.pk}
    return {
        **dict.fromkeys(
            ("journal:homework", "journal:homework_load", "journal:lesson_form"), of_lesson
        ),
        "journal:homework_remove": of_lesson | {"homework_id": homework_id},
        "journal:answers": {"course_id": course.pk, "homework_id": asked},
        "journal:answer_file": {"answer_id": sent},
    }


# Addresses whose parameter is not an object of a school.
PARAMETERS: dict[str, dict[str, Any]] = {
    "control:clause": {"clause_id": "K4a"},
    "help:chapter": {"slug": "teacher"},
    "journal:norm_group": {"code": "terms"},
}


def query_of(name: str, cast: Cast, side: Side = HERE) -> str:
    """Return what the address needs after the question mark."""
    if name == "journal:exam":
        return exam_query(cast, course=side.course, school_class=side.school_class)
    if name == "journal:copy_homework":
        return f"?lesson={cast.lesson(side.course).pk}"
    if name != "journal:cell":
        return ""
    mark = _mark(cast, side)
    return f"?pupil={mark.pupil_id}&lesson={mark.lesson_id}"


def bodies(cast: Cast, side: Side = HERE) -> dict[str, dict[str, Any]]:
    """Return what a browser would send to an address: those who may do it succeed."""
    cell = {"pupil": str(cast.pupils[side.pupil].pk), "lesson": str(cast.lesson(side.course).pk)}
    cells = {"op": str(known("op")), "cells": [cell | {"value": "5", "rev": 0}]}
    mark = _mark(cast, side)
    seen = {"section": "timetable", "version": _version(cast.pupils[side.pupil])}
    comment = {
        "pupil": mark.pupil_id,
        "lesson": mark.lesson_id,
        "comment": "Молодец",
        "rev": mark.rev,
    }
    day = TODAY.isoformat()
    return {
        **control_sent(cast, course=side.course),
        **consents_sent(cast, school_class=side.school_class),
        **marking_sent(cast, course=side.course, teacher=side.teacher, pupil=side.pupil),
        **settings_sent(cast.courses[side.course].school_id),
        **morning_sent(cast, side.pupil),
        **absences.SENT,
        **CONTACTS_SENT,
        **words_sent(cast, pupil=side.pupil, school_class=side.school_class),
        "journal:cell": comment,
        "journal:cells": cells, "exchange:cells": cells,
        **removals_sent(cast, guardian=side.guardian),
        **results_bodies(cast, pupil=side.pupil, school_class=side.school_class),
        "journal:summary": {"number": "14", "day": day, "everybody": "promoted"},
        "journal:lesson": {"op": str(known("op")), "topic": "Дроби"},
        **plans.bodies(cast, side.course),
        "journal:homework": {
            "whom": "named", "pupils": [str(cast.pupils[side.pupil].pk)], "text": "№ 1", "form": "in_class",
        },
        "journal:lesson_form": {"form": "distance"},
        "journal:work_kind": {"kind": str(_kind(cast, side, "К")), "before": str(_kind(cast, side, "Р"))},
        "journal:answers": {"upto": NOW.isoformat()},
        "journal:course_tests": {
            "lesson": str(cast.lesson(side.course, FREE).pk), "kind": str(_control(cast, side).pk), "title": "Дроби",
            "minutes": "20",
        },
        "settings:mine": {
            "digest": "never", "digest_at": "19", "events": ["marks"], "quiet_from": "21:00", "quiet_until": "07:00",
        },
        "diary:answer": {"text": "x = 4"}, "diary:task_done": {"done": "1"},
        "journal:closing_class": {"do": "approve"}, "journal:closing_course": {"do": "sign"},
        "journal:closing_cell": {"do": "defer", "until": "2026-12-15", "ground": "справка", "rev": 0},
        "diary:acknowledge": seen | {"week": WEEK}, "exchange:acknowledge": seen,
        "exchange:token": {"login": "nobody", "password": "nothing"},
        **desk_sent(cast, pupil=side.pupil, guardian=side.guardian),
        "printouts:order_extracts": {
            "school_class": str(cast.classes[side.school_class].pk), "week": WEEK, "who": "all",
        },
        "access:give_role": {"role": "secretary", "since": day},
        "access:refusals": {"applicant": "Посторонний", "applied_on": day, "ground": "не представитель"},
        **papers_sent(cast, guardian=side.guardian, pupil=side.pupil),
        "consent:decide": {"purpose": "diary", "kind": "withdrawal", "decided_on": day, "form": "paper"},
        "consent:declare": {"form": "paper", "ground": "нет интернета", "declared_on": day},
        "consent:contacts": {
            "kind": "phone", "value": "+7 900 000-00-00", "origin": "written", "given_on": day, "uses": ["urgent"],
        },
        "control:adopt": {"profile": "g", "since": day},
        "control:publish": {"address": "https://school.example/r", "published_on": day},
        "control:acquaint": {"persons": [str(cast.people[side.leader].pk)], "on": day},
    }  # fmt: skip


def _mark(cast: Cast, side: Side) -> Mark:
    """A mark of yesterday's lesson, made at the first call."""
    lesson, pupil = cast.lesson(side.course, YESTERDAY), cast.pupils[side.pupil]
    if not Mark.objects.filter(lesson=lesson, pupil=pupil).exists():
        user = cast.user(side.teacher)
        facts = course_facts(user, lesson.course_id, today=TODAY)
        entries = [CellEntry(pupil.pk, lesson.pk, "4", rev=0)]
        save_cells(by=user, course=facts, op=known(f"mark:{side.pupil}"), entries=entries, now=NOW)
    return Mark.objects.get(lesson=lesson, pupil=pupil)


def _version(pupil: Pupil) -> str:
    """The version of the week that the family sees now."""
    return queries.week(pupil, MONDAY, user=None, now=NOW).version


def _homework_file(cast: Cast, side: Side) -> HomeworkFile:
    lesson, by = cast.lesson(side.course), cast.users[side.teacher]
    tomorrow = TODAY + timedelta(days=1)
    homework = Homework.objects.create(
        school_id=lesson.school_id, year=lesson.year, lesson=lesson, due_lesson=cast.lesson(side.course, tomorrow),
        due_day=tomorrow, text="№ 345", set_by=by, set_at=NOW,
    )  # fmt: skip
    return HomeworkFile.objects.create(
        school_id=lesson.school_id, homework=homework, name="задание.txt", stored=ContentFile(b"text", "task.txt"),
        size=4, content_type="text/plain", sha256="0" * 64, added_by=by, added_at=NOW,
    )  # fmt: skip


def _answer(cast: Cast, side: Side) -> tuple[UUID, UUID]:
    """A homework of the pupil's own that asks for an answer, and the answer with its file."""
    lesson, pupil = cast.lesson(side.course), cast.pupils[side.pupil]
    homework = Homework.objects.create(
        school_id=lesson.school_id, year=lesson.year, lesson=lesson, due_day=TODAY, text="Решите", for_all=False,
        answer_wanted=True, set_by=cast.users[side.teacher], set_at=NOW,
    )  # fmt: skip
    HomeworkPupil.objects.create(school_id=lesson.school_id, homework=homework, pupil=pupil)
    answer = HomeworkAnswer.objects.create(
        school_id=lesson.school_id, homework=homework, pupil=pupil, name="тетрадь.txt", size=4,
        stored=ContentFile(b"text", "answer.txt"), content_type="text/plain", sha256="0" * 64,
        sent_by=cast.users[side.guardian], sent_at=NOW,
    )  # fmt: skip
    return homework.pk, answer.pk


def _feed_things(cast: Cast, side: Side) -> dict[str, dict[str, Any]]:
    """The guardian's address of the child's calendar: whoever has the secret reads it."""
    pupil, secret = cast.pupils[side.pupil], f"secret-of-{side.guardian}"
    CalendarFeed.objects.get_or_create(
        digest=digest_of(secret),
        defaults={
            "school_id": pupil.school_id,
            "pupil": pupil,
            "user": cast.users[side.guardian],
            "made_at": NOW,
        },
    )
    child = {"pupil_id": pupil.pk}
    pages = dict.fromkeys(
        ("diary:calendar", "diary:make_calendar", "diary:revoke_calendar", "printouts:takeout"),
        child,
    )
    return {"calendar:feed": {"secret": secret}, **pages}


def _kind(cast: Cast, side: Side, letter: str) -> UUID:
    school = cast.courses[side.course].school_id
    kind: UUID = WorkKind.objects.get(school=school, letter=letter).pk
    return kind


def _control(cast: Cast, side: Side) -> WorkKind:
    return WorkKind.objects.get(school=cast.courses[side.course].school_id, is_control=True)


def _planned(cast: Cast, side: Side) -> Work:
    lesson = cast.lesson(side.course, TODAY + timedelta(days=2))
    return Work.objects.create(
        school_id=lesson.school_id, lesson=lesson, kind=_control(cast, side), number=1, weight=2, minutes=40
    )  # fmt: skip


def _job(cast: Cast, side: Side, state: str) -> PrintJob:
    school_class = cast.classes[side.school_class]
    over: dict[str, Any] = {
        "done": {"finished_at": NOW, "stored": ContentFile(b"%PDF-1.7", "extracts.pdf"), "pages": 1,
                 "size": 8, "sha256": "0" * 64},
        "failed": {"finished_at": NOW, "error": "не получилось"},
        "waiting": {},
    }  # fmt: skip
    return PrintJob.objects.create(
        school_id=school_class.school_id, school_class=school_class, kind="extract", title="Выписки 7А",
        parameters={"week": MONDAY.isoformat(), "who": "all"}, state=state, total=1,
        ordered_by=cast.users[side.leader], ordered_at=NOW, **over[state],
    )  # fmt: skip


def _extract(cast: Cast, side: Side) -> Extract:
    pupil = cast.pupils[side.pupil]
    return Extract.objects.create(
        school_id=pupil.school_id,
        pupil=pupil,
        week=MONDAY,
        code=new_code(),
        version="v",
        printed_at=NOW,
    )


def _refusal(cast: Cast, side: Side) -> ServiceRefusal:
    return ServiceRefusal.objects.create(
        school_id=cast.courses[side.course].school_id,
        applicant="Посторонний",
        applied_on=TODAY,
        ground="не представитель",
    )


def _blocked(cast: Cast, side: Side) -> Person:
    user = User.objects.create(
        login=f"blocked-{side.pupil}", password="!", is_active=False, blocked_by=cast.users[side.teacher],
        blocked_at=datetime.combine(SEPTEMBER, time(9), MOSCOW),
    )  # fmt: skip
    return Person.objects.create(
        school_id=cast.courses[side.course].school_id, user=user, last_name="Ушаков", first_name="Ян", sex="m"
    )  # fmt: skip
