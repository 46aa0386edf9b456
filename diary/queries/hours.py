"""Who keeps contact hours, and when."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from common.templatetags.words import WEEKDAYS
from diary.pages.hours import Office
from people.models import Person, RoleAssignment, User
from people.roles import GRANTS, Permission, Role
from school.models import ContactHours

HEADS = (Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD)
KEEPERS = tuple(role for role, granted in GRANTS.items() if Permission.JOURNAL_KEEP in granted)


def staff(user: User) -> list[Person]:
    """Return those whose hours the user may write: herself, and the staff of schools that she heads."""
    today = user.today
    posts = RoleAssignment.objects.filter(role__in=(*KEEPERS, *HEADS)).in_force(today)
    headed = posts.filter(school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL))
    wanted = Q(pk__in=headed.values("person"))
    wanted |= Q(pk__in=posts.filter(person__in=user.person_ids).values("person"))
    return list(Person.objects.filter(wanted).order_by("sort_key", "pk"))


def of_people(persons: Iterable[UUID]) -> dict[UUID, list[Office]]:
    """Return everybody's hours of the week in one statement."""
    found: dict[UUID, list[Office]] = {}
    rows = ContactHours.objects.filter(person__in=list(persons))
    for row in rows.order_by("weekday", "starts", "pk"):
        day = WEEKDAYS[row.weekday - 1]
        hours = Office(row.pk, day, starts=row.starts, ends=row.ends, place=row.place)
        found.setdefault(row.person_id, []).append(hours)
    return found
