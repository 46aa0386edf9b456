"""The letter to the guardian who told of an absence: the class teacher has answered. It names no reason."""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from diary.events import absence_answered
from diary.models import AbsenceReport, ReportState
from journal.queries.class_day import note_term
from notifications import letters
from notifications.actions import put
from notifications.models import Preference
from notifications.quiet import QUIET_FROM, QUIET_UNTIL, after_quiet
from people.models import Person, User

LIVES = timedelta(days=2)


def register() -> None:
    """Importing this module connects the receiver; the call keeps the import honest."""


@receiver(absence_answered)
def tell_of_answer(
    sender: type[AbsenceReport], report: AbsenceReport, by: User, now: datetime, **_: Any
) -> None:
    """Put a letter into the outbox, never in the guardian's quiet hours: letters travel, reasons are health."""
    person = Person.objects.filter(user=report.reported_by_id, school=report.school_id).first()
    if person is None:
        return
    wish = Preference.objects.filter(person=person).first()
    school, child = report.pupil.school, report.pupil.person
    begins = after_quiet(
        now,
        school.zone,
        since=wish.quiet_from if wish else QUIET_FROM,
        until=wish.quiet_until if wish else QUIET_UNTIL,
    )
    accepted = report.state == ReportState.ACCEPTED
    term = note_term(report.since, report.until, report.first_lesson, report.last_lesson)
    answer = "принято классным руководителем" if accepted else "не принято, ответ — в дневнике"
    name = f"{child.last_name} {child.first_name}"
    put(
        school=school, recipient=person, template=letters.FAMILY,
        data={
            "school": school.short_name, "pupil": str(report.pupil_id),
            "subject": "Ответ на сообщение об отсутствии",
            "said": f"{name}: сообщение об отсутствии ({term}) {answer}.",
            "path": reverse("diary:absences", args=[report.pupil_id]),
        },
        dedup_key=f"absence:{report.pk}", channels=["email"], not_before=begins,
        expires_at=begins + LIVES,
    )  # fmt: skip
