"""A school never loses its last administrator."""

from datetime import date

from django.db.models import Q

from access.errors import LastAdministrator
from people.models import Person, RoleAssignment
from people.roles import Role


def keep_one(person: Person, *, today: date) -> None:
    """Refuse, with LastAdministrator, to take the role or the account of the only administrator.

    Locks the school's administrators, so that two of them cannot remove each other at once.
    """
    schools = Q(school=person.school_id) | Q(school__branches=person.school_id)
    held = (
        RoleAssignment.objects.select_for_update(of=("self",))
        .filter(schools, role=Role.ADMIN)
        .in_force(today)
        .select_related("person__user")
        .order_by("pk")
    )
    active = [each for each in held if each.person.user is not None and each.person.user.is_active]
    if not any(each.person_id == person.pk for each in active):
        return
    if all(each.person_id == person.pk for each in active):
        raise LastAdministrator
