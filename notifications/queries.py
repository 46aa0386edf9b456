"""What the evening digest reads, in a number of statements that no number of families changes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from consent.models import Contact, ContactCode, ContactKind, DeliveryForm
from consent.queries import delivery_of, live_code
from journal.models import HomeworkPupil, Work
from notifications.merging import Event
from notifications.models import Digest, MessageStatus, OutboxMessage
from people.models import Guardianship, School
from school.models import Lesson, Membership

DIGEST_USE = "digest"
FIRST_WINDOW = timedelta(hours=24)
MARKS, ABSENCES = "journal_mark", "journal_absence"
HOMEWORK = "journal_homework"
RESULTS = ("journal_periodmark", "journal_yearmark", "journal_examresult", "journal_finalmark")
TOLD = (MARKS, ABSENCES, HOMEWORK, *RESULTS)

# A change is told once: by its moment, or, if it was under way at the last digest, by its transaction.
HISTORY = """
SELECT table_name, before::json, after::json FROM audit_event
 WHERE school_id = %(school)s AND table_name = ANY(%(tables)s) AND at < %(until)s
   AND (at >= %(since)s
        OR epoch = %(epoch)s AND txid >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint
           AND NOT pg_visible_in_snapshot(txid::text::xid8, %(snapshot)s::pg_snapshot))
 ORDER BY id
"""

_RESULT = """
SELECT r.id, r.pupil_id, su.name, {place}, r.status, r.value, r.visible_at >= %(since)s
  FROM {table} r {joins}
 WHERE r.school_id = %(school)s AND r.visible_at < %(until)s
   AND (r.visible_at >= %(since)s OR r.id = ANY(%(changed)s))
"""
_BY_COURSE = (
    "JOIN school_course c ON c.id = r.course_id JOIN school_subject su ON su.id = c.subject_id"
)
_BY_SUBJECT = "JOIN school_subject su ON su.id = r.subject_id"
# Families see a result from `visible_at` on, so the hour at which it opens is the news.
VISIBLE_RESULTS = "UNION ALL".join(
    _RESULT.format(table=f"journal_{table}", place=place, joins=joins)
    for table, place, joins in (
        (
            "periodmark",
            "p.kind || ' ' || p.number",
            f"{_BY_COURSE} JOIN school_period p ON p.id = r.period_id",
        ),
        ("yearmark", "'year'", _BY_COURSE),
        ("examresult", "r.kind", _BY_SUBJECT),
        ("finalmark", "'final'", _BY_SUBJECT),
    )
)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a school's history that one digest tells."""

    school_id: UUID
    since: datetime
    until: datetime
    told_epoch: int  # of the last digest's snapshot
    told_snapshot: str
    epoch: int  # of this one's
    snapshot: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    result_id: UUID
    pupil_id: UUID
    subject: str
    place: str
    status: str
    value: str
    is_new: bool  # became visible within the window


@dataclass(frozen=True, slots=True)
class Reader:
    """A guardian who gets the digest, and a child of hers."""

    guardian_id: UUID
    pupil_id: UUID
    child: str  # «Ёлкина Оля»


def window(school: School, *, now: datetime) -> Window | None:
    """Return what the digest of the school's today is to tell; None when it was planned already."""
    last = Digest.objects.filter(school=school).order_by("-day").first()
    if last is not None and last.day >= school.local_date(now):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, pg_current_snapshot()::text FROM audit_epoch")
        epoch, snapshot = cursor.fetchone() or (1, "")
    return Window(
        school_id=school.pk,
        since=last.until if last else now - FIRST_WINDOW,
        until=now,
        told_epoch=last.epoch if last else 0,
        told_snapshot=last.snapshot if last else snapshot,
        epoch=epoch,
        snapshot=snapshot,
    )


def history(told: Window) -> Mapping[str, list[Event]]:
    """Return the window's changes by table, in their order."""
    given: dict[str, Any] = {
        "school": told.school_id,
        "tables": list(TOLD),
        "since": told.since,
        "until": told.until,
        "epoch": told.told_epoch,
        "snapshot": told.told_snapshot,
    }
    found: dict[str, list[Event]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, given)
        for table, before, after in cursor.fetchall():
            found[table].append(Event(before, after))
    return found


def lessons(ids: Collection[UUID]) -> Mapping[UUID, Lesson]:
    return Lesson.objects.select_related("course__subject").in_bulk(ids)


def work_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what each work is called: «контрольная работа «Дроби»»."""
    works = Work.objects.filter(pk__in=ids).select_related("kind")
    return {work.pk: _work_name(work) for work in works}


def _work_name(work: Work) -> str:
    kind, title = (text[:1].lower() + text[1:] for text in (work.kind.name, work.title))
    if title.startswith(kind):  # «контрольная работа по теме «Дроби»» says it all
        return title
    return f"{kind} «{work.title}»" if title else kind


def learners(taught: Collection[Lesson]) -> Mapping[UUID, set[UUID]]:
    """Return, by lesson, the pupils who were in its group on its day."""
    groups = {lesson.course.group_id for lesson in taught}
    rows = Membership.objects.filter(group__in=groups).values_list(
        "group", "pupil", "since", "until"
    )
    by_group: dict[UUID, list[tuple[UUID, date, date | None]]] = defaultdict(list)
    for group, pupil, since, until in rows:
        by_group[group].append((pupil, since, until))
    return {
        lesson.pk: {
            pupil
            for pupil, since, until in by_group[lesson.course.group_id]
            if since <= lesson.day and (until is None or lesson.day <= until)
        }
        for lesson in taught
    }


def named_pupils(homework: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return for whom individual homework is."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = HomeworkPupil.objects.filter(homework__in=homework).values_list("homework", "pupil")
    for each, pupil in rows:
        found[each].add(pupil)
    return found


def results(told: Window, changed: Collection[UUID]) -> list[ResultRow]:
    """Return final results that became visible in the window, and visible ones that were changed."""
    given: dict[str, Any] = {
        "school": told.school_id,
        "since": told.since,
        "until": told.until,
        "changed": list(changed),
    }
    with connection.cursor() as cursor:
        cursor.execute(VISIBLE_RESULTS, given)
        return [ResultRow(*row) for row in cursor.fetchall()]


def readers(pupils: Collection[UUID], *, day: date) -> list[Reader]:
    """Return who gets a digest about these pupils.

    Access is open, the form is electronic, and an address was agreed for the purpose.
    """
    ties = list(
        Guardianship.objects.filter(pupil__in=pupils)
        .open(day)
        .order_by("guardian", "pupil__person__sort_key", "pk")
        .values_list("guardian", "pupil", "pupil__person__last_name", "pupil__person__first_name")
    )
    forms = delivery_of({pupil for _, pupil, *_ in ties}, day)
    reached = _with_address({guardian for guardian, *_ in ties})
    return [
        Reader(guardian, pupil, f"{last} {first}")
        for guardian, pupil, last, first in ties
        if guardian in reached and forms.get((guardian, pupil)) == DeliveryForm.ELECTRONIC
    ]


def _with_address(persons: Iterable[UUID]) -> set[UUID]:
    return set(
        Contact.objects.agreed()
        .filter(person__in=list(persons), kind=ContactKind.EMAIL, uses__contains=[DIGEST_USE])
        .values_list("person", flat=True)
    )


def backlog(*, now: datetime) -> tuple[int, int]:
    """How many messages wait, and for how many seconds the oldest of them."""
    waiting = OutboxMessage.objects.filter(status__in=[MessageStatus.NEW, MessageStatus.SENDING])
    found = waiting.aggregate(count=Count("pk"), first=Min("created_at"))
    first = found["first"] or now
    return found["count"], max(0, round((now - first).total_seconds()))


def address_of(person_id: UUID, *, use: str) -> str:
    """Return the agreed e-mail address for the purpose, the first in the person's order, or nothing."""
    return next(iter(addresses_of([person_id], use=use)), "")


def addresses_of(persons: Collection[UUID], *, use: str) -> list[str]:
    """Return the e-mail addresses agreed for the purpose, in their order."""
    contacts = Contact.objects.agreed().filter(
        person__in=persons, kind=ContactKind.EMAIL, uses__contains=[use]
    )
    return list(contacts.order_by("position", "pk").values_list("value", flat=True))


def address_to_prove(code_id: UUID, *, now: datetime) -> str:
    """Return the address that a code was asked for, or nothing once the code is of no use."""
    code = ContactCode.objects.filter(pk=code_id).select_related("contact").first()
    if code is None or live_code(code.contact, now) != code:
        return ""
    return code.contact.value


def open_children(person_id: UUID, *, day: date) -> set[UUID]:
    """Return the pupils whose diary the guardian may read on that day."""
    return set(
        Guardianship.objects.filter(guardian=person_id).open(day).values_list("pupil", flat=True)
    )
