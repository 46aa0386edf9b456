"""A pupil's answers to one homework."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from journal.homework import AnswerView, is_late
from journal.models import Homework, HomeworkPupil
from people.models import Pupil
from school.models import Membership


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A homework that asks for an answer, and what the pupil has sent."""

    homework_id: UUID
    subject: str
    text: str
    due_on: date
    due_at: datetime | None
    is_late: bool  # what is sent now comes after the lesson it is due at began
    answers: tuple[AnswerView, ...]


def asked(pupil: Pupil) -> Q:
    """Narrow homework to what was set to the pupil: for all while she was in the group, or for her."""
    there = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("lesson__day")),
        pupil=pupil,
        group=OuterRef("lesson__course__group"),
        since__lte=OuterRef("lesson__day"),
    )
    named = HomeworkPupil.objects.filter(pupil=pupil)
    return Q(Exists(there), for_all=True) | Q(pk__in=named.values("homework"))


def answers(pupil: Pupil, homework: Homework, *, now: datetime) -> AnswerPage:
    """Read the page; `homework` with the lessons that it was given at and is due at."""
    due = homework.due_lesson
    starts = due.sitting.during.lower if due is not None else None
    sent = homework.answers.filter(pupil=pupil).order_by("sent_at", "pk")
    return AnswerPage(
        homework_id=homework.pk,
        subject=homework.lesson.course.subject.name,
        text=homework.text,
        due_on=homework.due_day,
        due_at=starts,
        is_late=is_late(now, starts=starts),
        answers=tuple(
            AnswerView(
                one.pk, one.text, one.sent_at, is_late(one.sent_at, starts=starts), one.name, one.size, one.seen_at
            )
            for one in sent
        ),
    )  # fmt: skip
