"""Real objects for every address of the matrix."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from access.models import ServiceRefusal
from consent.models import Contact
from journal.models import Homework, HomeworkFile
from people.models import RoleAssignment
from printouts.models import PrintJob
from tests.cast import MONDAY, NOW, TODAY, Cast, known

WEEK = "2026-W47"


def things(cast: Cast) -> dict[str, Any]:
    """Path parameters by address name; all belong to the first school and to Оля's family."""
    olya, school = cast.pupils["olya"], cast.school
    lesson = cast.lesson("algebra")
    file = _homework_file(cast)
    job = _job(cast)
    contact = Contact.objects.filter(person=cast.people["olya_mother"]).get()
    role = RoleAssignment.objects.get(person=cast.people["maria"], role="teacher")
    tie = cast.guardianships["olya_mother", "olya"]
    child = {"pupil_id": olya.pk}
    week = child | {"monday": WEEK}
    course = {"course_id": cast.courses["algebra"].pk}
    person = {"person_id": cast.people["olya_mother"].pk}
    return {
        "access:person": person, "access:give_role": person, "access:issue_code": person,
        "access:block": person, "access:unblock": person, "access:take_role": {"assignment_id": role.pk},
        "journal:homework_file": {"file_id": file.pk}, "journal:sheet": course, "journal:cells": course,
        "journal:cell": course, "journal:lesson": course | {"lesson_id": lesson.pk},
        "desk:class": {"class_id": cast.classes["7А"].pk},
        "desk:paper_acknowledgement": {"class_id": cast.classes["7А"].pk},
        "diary:current_week": child, "diary:week": week, "diary:tasks": child, "diary:marks": child,
        "diary:absences": child, "diary:finals": child, "diary:acknowledge": child,
        "diary:file": child | {"file_id": file.pk},
        "printouts:job": {"job_id": job.pk}, "printouts:cancel": {"job_id": job.pk},
        "printouts:repeat": {"job_id": job.pk}, "printouts:download": {"job_id": job.pk},
        "verify:extract": {"code": "NOSUCHCODE"},
        "consent:decide": {"guardianship_id": tie.pk}, "consent:declare": {"guardianship_id": tie.pk},
        "consent:contacts": person, "consent:contact_verified": {"contact_id": contact.pk},
        "consent:contact_ended": {"contact_id": contact.pk},
        "exchange:week": week, "exchange:acknowledge": week, "exchange:finals": week,
        "exchange:marks": child, "exchange:sheet": course, "exchange:cells": course,
        "access:refusal_answered": {"refusal_id": _refusal(cast).pk},
        "control:clause": {"clause_id": "K4a"}, "school": {"school_id": school.pk},
    }  # fmt: skip


def query_of(name: str, cast: Cast) -> str:
    """What an address needs after the question mark."""
    if name == "journal:cell":
        return f"?pupil={cast.pupils['olya'].pk}&lesson={cast.lesson('algebra').pk}"
    return ""


def body_of(name: str, cast: Cast) -> dict[str, Any] | str:
    """A believable body: JSON where the address reads JSON."""
    cell = {
        "pupil": str(cast.pupils["olya"].pk),
        "lesson": str(cast.lesson("algebra").pk),
        "value": "5",
        "rev": 0,
    }
    bodies: dict[str, dict[str, Any]] = {
        "journal:cell": {"pupil": cell["pupil"], "lesson": cell["lesson"], "comment": "Молодец", "rev": 0},
        "journal:cells": {"op": str(known("op")), "cells": [cell]},
        "exchange:cells": {"op": str(known("op")), "cells": [cell]},
        "exchange:acknowledge": {"section": "timetable", "version": "x" * 64},
        "exchange:token": {"login": "nobody", "password": "nothing"},
        "diary:acknowledge": {"section": "timetable", "week": MONDAY.isoformat(), "version": "x" * 64},
        "printouts:order_extracts": {
            "school_class": str(cast.classes["7А"].pk), "week": WEEK, "who": "paper",
        },
        "access:give_role": {"role": "secretary", "since": TODAY.isoformat()},
    }  # fmt: skip
    return bodies.get(name, {})


def _homework_file(cast: Cast) -> HomeworkFile:
    lesson = cast.lesson("algebra")
    homework = Homework.objects.create(
        school=cast.school, year=lesson.year, lesson=lesson, due_lesson=cast.lesson("algebra", TODAY + timedelta(days=1)),
        due_day=TODAY + timedelta(days=1), text="№ 345", set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    return HomeworkFile.objects.create(
        school=cast.school, homework=homework, name="задание.txt", stored=ContentFile(b"text", "task.txt"),
        size=4, content_type="text/plain", sha256="0" * 64, added_by=cast.users["maria"], added_at=NOW,
    )  # fmt: skip


def _job(cast: Cast) -> PrintJob:
    parameters = {
        "school_class": str(cast.classes["7А"].pk),
        "week": MONDAY.isoformat(),
        "who": "all",
    }
    return PrintJob.objects.create(
        school=cast.school, kind="extract", title="Выписки 7А", parameters=parameters, state="done", total=1,
        done=1, ordered_by=cast.users["ivan"], ordered_at=NOW, finished_at=NOW,
        stored=ContentFile(b"%PDF-1.7", "extracts.pdf"), pages=1, size=8, sha256="0" * 64,
    )  # fmt: skip


def _refusal(cast: Cast) -> ServiceRefusal:
    return ServiceRefusal.objects.create(
        school=cast.school, applicant="Посторонний", applied_on=TODAY, ground="не представитель"
    )


def id_of(value: UUID | str) -> str:
    return str(value)
