"""Words to families as the staff see them: to whom, and who has read."""

import json
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from common.prepared import rows_of
from common.templatetags.words import day_month
from diary.models import Announcement, Recommendation
from diary.pages.desk_words import FamilyRead, Given, Writing, Written, WrittenPage
from diary.queries.words import said
from diary.rules import announcements_followed
from people.models import Person, User
from people.naming import told_apart
from school.calendar import school_year
from school.models import Course, Membership
from school.rules import courses_taught, pupils_led

MOST = 200  # of a list
# Pupils to whom an announcement is said, and who of each one's family (or herself) has opened it.
_TOLD = """
SELECT a.id, p.person_id, concat_ws(' ', n.last_name, n.first_name, nullif(n.middle_name, '')),
       (SELECT json_agg(json_build_array(f.last_name, f.first_name, f.middle_name, r.read_at) ORDER BY r.read_at)::text
          FROM diary_announcementreading r JOIN people_person f ON f.id = r.person_id
         WHERE r.announcement_id = a.id
           AND (r.person_id = p.person_id OR EXISTS (
                SELECT 1 FROM people_guardianship g WHERE g.guardian_id = r.person_id AND g.pupil_id = p.person_id)))
  FROM diary_announcement a
  JOIN people_pupil p ON p.school_id = a.school_id
  JOIN people_person n ON n.id = p.person_id
  JOIN school_membership m ON m.pupil_id = p.person_id AND m.since <= %(today)s
   AND (m.until IS NULL OR m.until >= %(today)s)
  JOIN school_studygroup s ON s.id = m.group_id AND s.kind = 'class'
 WHERE a.id = %(announcement)s AND (a.pupil_id IS NULL OR a.pupil_id = p.person_id)
   AND (a.school_class_id IS NULL OR a.school_class_id = s.school_class_id)
 ORDER BY n.sort_key, p.person_id
"""
# By announcement: pupils to whom it is said, and how many families of them have opened it.
_COUNTS = """
SELECT a.id, count(DISTINCT m.pupil_id), count(DISTINCT m.pupil_id) FILTER (WHERE EXISTS (
         SELECT 1 FROM diary_announcementreading r
          WHERE r.announcement_id = a.id AND (r.person_id = m.pupil_id OR EXISTS (
                SELECT 1 FROM people_guardianship g WHERE g.guardian_id = r.person_id AND g.pupil_id = m.pupil_id))))
  FROM diary_announcement a
  JOIN school_studygroup s ON s.school_id = a.school_id AND s.kind = 'class' AND s.year = %(year)s
   AND (a.school_class_id IS NULL OR a.school_class_id = s.school_class_id)
  JOIN school_membership m ON m.group_id = s.id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
   AND (a.pupil_id IS NULL OR a.pupil_id = m.pupil_id)
 WHERE a.id = ANY(%(ids)s)
 GROUP BY a.id
"""


def written(user: User, *, only_own: bool) -> list[Written]:
    """Return announcements that the user wrote, or all that she follows, the last first."""
    found = Announcement.objects.visible_to(user).filter(announcements_followed(user))
    if only_own:
        found = found.filter(author__in=user.person_ids)
    rows = list(
        found.select_related("school_class", "author", "pupil__person", "school").order_by(
            "-since", "-published_at", "pk"
        )[:MOST]
    )
    today = user.today
    given = {"ids": [row.pk for row in rows], "today": today, "year": school_year(today)}
    counts = {key: (families, read) for key, families, read in rows_of(_COUNTS, given)}
    return [_written(row, counts.get(row.pk, (0, 0)), today=today) for row in rows]


def _written(row: Announcement, counts: tuple[int, int], *, today: date) -> Written:
    state, tone = _state(row, today)
    families, read = counts
    return Written(
        announcement_id=row.pk,
        title=row.title,
        whom=str(row.pupil.person.short_name) if row.pupil else said(row, today=today, is_read=True).whom,
        author=row.author.short_name,
        since=row.since,
        until=row.until,
        state=state,
        tone=tone,
        read=read,
        families=families,
    )  # fmt: skip


def _state(row: Announcement, today: date) -> tuple[str, str]:
    if row.withdrawn_at:
        return "снято", "bad"
    if row.since > today:
        return f"появится {day_month(row.since)}", "info"
    return ("прошло", "") if row.until < today else ("висит", "ok")


def announcement_page(row: Announcement, *, today: date) -> WrittenPage:
    """Return the announcement with those who have read it; of the whole school their number alone."""
    given = {"ids": [row.pk], "today": today, "year": school_year(today)}
    counts = {key: (families, read) for key, families, read in rows_of(_COUNTS, given)}
    is_whole = row.school_class_id is None and row.pupil_id is None
    return WrittenPage(
        written=_written(row, counts.get(row.pk, (0, 0)), today=today),
        text=row.text,
        families=() if is_whole else _told_families(row, today=today),
    )


def _told_families(announcement: Announcement, *, today: date) -> list[FamilyRead]:
    """Return every pupil whom the announcement concerns, and who at home has opened it."""
    zone = announcement.school.zone
    rows = rows_of(_TOLD, {"announcement": announcement.pk, "today": today})
    return [FamilyRead(name, _readers(readers, zone)) for _, _, name, readers in rows]


def _readers(rows: str | None, zone: tzinfo) -> list[tuple[str, datetime]]:
    return [
        (
            Person(last_name=last, first_name=first, middle_name=middle).short_name,
            datetime.fromisoformat(at).astimezone(zone),
        )
        for last, first, middle, at in json.loads(rows or "[]")
    ]


def given(user: User, *, show: str) -> list[Given]:
    """Return recommendations: the user's own, those to her class, or all that she may see."""
    found: QuerySet[Recommendation] = Recommendation.objects.visible_to(user)
    if show == "own":
        found = found.filter(author__in=user.person_ids)
    elif show == "class":
        found = found.filter(pupil__in=pupils_led(user))
    return _batches(found)


def batch_of(user: User, batch: UUID) -> Given | None:
    """Return one recommendation with everybody it was written to, as far as the user may see."""
    found = _batches(Recommendation.objects.visible_to(user).filter(batch=batch))
    return found[0] if found else None


def _batches(found: QuerySet[Recommendation]) -> list[Given]:
    rows = (
        found.select_related("subject", "author", "pupil__person", "school")
        .prefetch_related("readings__person")
        .order_by("-given_at", "batch", "pupil__person__sort_key", "pk")[:MOST]
    )
    return [_given(list(same)) for _, same in groupby(rows, key=lambda row: row.batch)]


def _given(rows: Sequence[Recommendation]) -> Given:
    first, zone = rows[0], rows[0].school.zone
    return Given(
        batch=first.batch,
        text=first.text,
        subject=first.subject.name if first.subject else "",
        author=first.author.short_name,
        given_at=first.given_at.astimezone(zone),
        is_withdrawn=all(row.withdrawn_at for row in rows),
        pupils=[
            FamilyRead(
                row.pupil.person.full_name,
                [
                    (one.person.short_name, one.read_at.astimezone(zone))
                    for one in sorted(row.readings.all(), key=lambda one: one.read_at)
                ],
            )
            for row in rows
        ],
    )


def courses_to_write(user: User) -> list[Writing]:
    """Return the courses that the user teaches this year."""
    found = (
        Course.objects.filter(pk__in=courses_taught(user), year=school_year(user.today))
        .select_related("subject", "group")
        .order_by("group__grade_level", "group__name", "subject__sort_key", "pk")
    )
    return [Writing(course.pk, f"{course.subject.name}, {course.group.name}") for course in found]


def roster(course: Course, *, today: date) -> list[tuple[UUID, str]]:
    """Return pupils who are in the course's group today."""
    seats = Membership.objects.filter(group=course.group_id).in_force(today)
    rows = seats.select_related("pupil__person").order_by("pupil__person__sort_key", "pk")
    named = {row.pupil_id: row.pupil.person for row in rows}
    names = told_apart([(one.last_name, one.first_name, one.middle_name) for one in named.values()])
    return [(key, name) for key, (name, _) in zip(named, names, strict=True)]
