"""The diary that a page is about, if the account may read it: one statement, on every page.

The condition is that of Pupil.objects.visible_to, written out: the builder of queries takes
longer for it than the page may. tests/diary/test_opened.py holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from common.prepared import array, prepared
from diary.pages import ChildLink
from people.models import Person, Pupil, School, User
from people.roles import Permission, Role

_OPENED = """
WITH ties AS (
  SELECT g.pupil_id FROM people_guardianship g
   WHERE g.guardian_id = ANY (%(persons)s::uuid[])
     AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
     AND g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s)
     AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                      AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
)
SELECT p.person_id, n.last_name, n.first_name, n.middle_name,
       p.school_id, s.name, s.short_name, s.time_zone,
       k.name,
       p.person_id = ANY (%(persons)s::uuid[]) OR p.person_id IN (SELECT pupil_id FROM ties),
       ARRAY(SELECT v.section FROM access_visit v
              WHERE v.person_id = ANY (%(persons)s::uuid[]) AND v.pupil_id = p.person_id
                AND v.day = (%(now)s AT TIME ZONE s.time_zone)::date
                AND v.last_at BETWEEN %(now)s - interval '1 minute' AND %(now)s),
       CASE WHEN p.person_id = %(pupil)s THEN
         (SELECT count(*) FROM diary_announcement a
           WHERE a.school_id = p.school_id AND a.withdrawn_at IS NULL
             AND (%(now)s AT TIME ZONE s.time_zone)::date BETWEEN a.since AND a.until
             AND (a.pupil_id = p.person_id
                  OR a.pupil_id IS NULL AND (a.school_class_id IS NULL OR a.school_class_id = k.id))
             AND NOT EXISTS (SELECT 1 FROM diary_announcementreading r
                              WHERE r.announcement_id = a.id AND r.person_id = ANY (%(persons)s::uuid[])))
         + (SELECT count(*) FROM diary_recommendation c
             WHERE c.pupil_id = p.person_id AND c.withdrawn_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM diary_recommendationreading r
                                WHERE r.recommendation_id = c.id AND r.person_id = ANY (%(persons)s::uuid[])))
         END
  FROM people_pupil p
  JOIN people_person n ON n.id = p.person_id
  JOIN people_school s ON s.id = p.school_id
  LEFT JOIN LATERAL (
       SELECT c.id, c.grade_level || c.letter AS name FROM school_membership m
         JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
         JOIN school_schoolclass c ON c.id = g.school_class_id
        WHERE m.pupil_id = p.person_id
          AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
        LIMIT 1) k ON true
 WHERE p.person_id = ANY (ARRAY(SELECT pupil_id FROM ties) || %(persons)s::uuid[] || %(pupil)s::uuid)
   AND (p.person_id IN (SELECT pupil_id FROM ties)
        OR p.person_id = ANY (%(persons)s::uuid[])
           AND p.open_from <= %(today)s AND (p.open_until IS NULL OR p.open_until >= %(today)s)
        OR p.school_id = ANY (%(schools)s::uuid[])
        {led})
 ORDER BY n.sort_key, p.person_id
"""
_LED = """OR EXISTS (SELECT 1 FROM school_membership m
      JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
      JOIN school_classteacher t ON t.school_class_id = g.school_class_id
       AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)
       AND t.person_id = ANY (%(persons)s::uuid[])
     WHERE m.pupil_id = p.person_id
       AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s))"""
_SQL = {True: _OPENED.format(led=_LED), False: _OPENED.format(led="")}
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Opened:
    """A diary that the user may read, with the account's other children."""

    pupil: Pupil  # with person and school; what no page needs is read on demand
    class_name: str
    children: tuple[ChildLink, ...]
    just_seen: frozenset[str]  # sections that the reader looked at within the last minute
    unread: int = 0  # announcements and recommendations that the family's reader has not opened

    @property
    def is_own(self) -> bool:
        """Read by the family, not by the school."""
        return any(child.is_shown for child in self.children)


def opened(user: User, pupil_id: UUID, *, now: datetime) -> Opened | None:
    """Return the diary of `pupil_id`, if the user may read it, and the switch to her other ones."""
    if not user.is_active:
        return None
    values: dict[str, Any] = {
        "persons": array(user.person_ids),
        "today": user.today,
        "now": now,
        "pupil": pupil_id,
        "schools": array(user.schools_with(Permission.DIARY_VIEW_SCHOOL)),
    }
    with prepared() as cursor:
        cursor.execute(_SQL[user.has_role(Role.CLASS_TEACHER)], values)
        rows = cursor.fetchall()
    shown = next((row for row in rows if row[0] == pupil_id), None)
    if shown is None:
        return None
    return Opened(
        pupil=_pupil(shown),
        class_name=shown[8] or "",
        children=tuple(_link(row, pupil_id) for row in rows if row[9]),
        just_seen=frozenset(shown[10]),
        unread=shown[11] if shown[9] else 0,
    )


def _link(row: Sequence[Any], shown: UUID) -> ChildLink:
    return ChildLink(
        pupil_id=row[0],
        name=f"{row[1]} {row[2]}",
        class_name=row[8] or "",
        is_shown=row[0] == shown,
    )


def _pupil(row: Sequence[Any]) -> Pupil:
    pupil_id, last, first, middle, school_id, name, short_name, time_zone = row[:8]
    pupil = _known(Pupil, person_id=pupil_id, school_id=school_id)
    pupil.person = _known(
        Person, id=pupil_id, school_id=school_id, last_name=last, first_name=first, middle_name=middle
    )  # fmt: skip
    pupil.school = _known(
        School, id=school_id, name=name, short_name=short_name, time_zone=time_zone
    )
    return pupil


def _known(model: type[M], **values: Any) -> M:
    """Return a row of which these columns were read; the others are read when asked for."""
    names = [f.attname for f in model._meta.concrete_fields if f.attname in values]
    return model.from_db("default", names, [values[name] for name in names])
