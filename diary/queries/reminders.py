"""Which families owe a week, and how each guardian of theirs agreed to be told: one statement."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import rows_of
from diary.models import Acknowledgement
from diary.pages.reminders import Addressee, Obstacle, Reminding
from diary.queries.acknowledgement import short_name
from diary.queries.board import OWING
from diary.queries.rule import Rule, rule_of
from people.models import School
from school.models import SchoolClass

REMINDER_USE = "reminder"  # what a contact must have been agreed for

# Guardians of those families that owe the week and have not acknowledged every section.
PENDING = f"""
WITH {OWING}
SELECT o.school_class_id, o.pupil_id, g.guardian_id,
       concat_ws(' ', pe.last_name, pe.first_name, nullif(pe.middle_name, '')), gp.last_name, gp.first_name, gp.middle_name,
       g.is_open, g.form,
       EXISTS (SELECT 1 FROM consent_contact c WHERE c.person_id = g.guardian_id AND c.until IS NULL
                  AND c.kind = 'email' AND c.uses @> %(use)s::jsonb),
       coalesce((SELECT c.value FROM consent_contact c WHERE c.person_id = g.guardian_id AND c.until IS NULL
                  AND c.kind = 'phone' ORDER BY c.position, c.id LIMIT 1), ''),
       (SELECT max(r.at) FROM diary_reminder r
         WHERE r.pupil_id = o.pupil_id AND r.guardian_id = g.guardian_id AND r.week = %(monday)s),
       (SELECT max(r.at) FROM diary_reminder r WHERE r.pupil_id = o.pupil_id AND r.guardian_id = g.guardian_id)
  FROM owing o
  JOIN guardians g ON g.pupil_id = o.pupil_id
  JOIN people_person pe ON pe.id = o.pupil_id
  JOIN people_person gp ON gp.id = g.guardian_id
 WHERE (%(school_class)s::uuid IS NULL OR o.school_class_id = %(school_class)s)
   AND cardinality(%(sections)s::text[]) > (
         SELECT count(DISTINCT a.section) FROM diary_acknowledgement a
          WHERE a.pupil_id = o.pupil_id AND a.section = ANY(%(sections)s)
            AND a.week BETWEEN %(monday)s - %(grace)s AND %(monday)s)
 ORDER BY pe.sort_key, pe.id, gp.sort_key, gp.id
"""  # noqa: S608 - our own text


def reminding(school_class: SchoolClass, monday: date, *, now: datetime) -> Reminding:
    """Return whom the class teacher would remind of the week, and whom she has to ask otherwise."""
    school = school_class.school
    today = school.local_date(now)
    rule = rule_of(school, day=today)
    found = pending(school, monday, rule, now=now, school_class=school_class.pk)
    return Reminding(monday, rule.repeat, is_due=monday <= today, everybody=found)


def pending(
    school: School, monday: date, rule: Rule, *, now: datetime, school_class: UUID | None = None
) -> tuple[Addressee, ...]:
    """Return the guardians of every family of the school, or of a class, that owes the week."""
    values: dict[str, Any] = {
        "school": school.pk,
        "school_class": school_class,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "today": school.local_date(now),
        "sections": sorted(rule.sections),
        "grace": rule.grace,
        "use": f'["{REMINDER_USE}"]',
    }
    return tuple(_addressee(row, rule, school, now) for row in rows_of(PENDING, values))


def is_kept(pupil_id: UUID, monday: date, rule: Rule) -> bool:
    """Return whether somebody of the family has acknowledged every section of the week."""
    found = Acknowledgement.objects.filter(
        pupil=pupil_id, week__range=(monday - timedelta(days=rule.grace), monday)
    )
    return rule.sections <= set(found.values_list("section", flat=True))


def _addressee(row: Any, rule: Rule, school: School, now: datetime) -> Addressee:
    (
        class_id,
        pupil,
        guardian,
        child,
        last,
        first,
        middle,
        is_open,
        form,
        has_email,
        phone,
        at,
        ever,
    ) = row
    zone, today = ZoneInfo(school.time_zone), school.local_date(now)
    reminded = at.astimezone(zone) if at else None
    again = reminded.date() + timedelta(days=rule.repeat) if reminded else None
    if ever and ever.astimezone(zone).date() == today:  # of one child once a day, whatever the week
        again = max(again or today, today + timedelta(days=1))
    return Addressee(
        class_id=class_id,
        pupil_id=pupil,
        guardian_id=guardian,
        pupil=child,
        guardian=short_name(last, first, middle),
        obstacle=_obstacle(
            is_open=is_open, form=form, has_email=has_email, lately=bool(again and again > today)
        ),
        phone=phone,
        reminded_at=reminded,
        again_on=again,
    )


def _obstacle(*, is_open: bool, form: str, has_email: bool, lately: bool) -> Obstacle:
    if lately:
        return "lately"
    if form != "electronic":
        return "paper"
    if not is_open:
        return "closed"
    return "" if has_email else "no_address"
