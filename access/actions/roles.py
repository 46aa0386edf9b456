"""Giving and taking roles."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from access import policy
from access.actions.administrators import keep_one
from access.errors import RoleDateOutside, RoleEnded, RoleGivenAlready, RoleNotPossible
from common.errors import require
from people.models import Employee, Guardianship, Person, Pupil, RoleAssignment, User
from people.roles import STAFF, Role
from school.calendar import FIRST_MONTH, school_year


@transaction.atomic
def give_role(
    *, by: User, person: Person, role: Role, now: datetime, since: date | None = None
) -> RoleAssignment:
    """Give the person a role at her school, from today unless `since` is later.

    Raises RoleNotPossible for a role that facts forbid, RoleDateOutside, and RoleGivenAlready.
    """
    require(policy.can_grant(by, person.school_id, role))
    today = person.school.local_date(now)
    begins = max(_within_plans(since or today, today), today)
    _check_facts(person, role, today, begins=begins)
    held = RoleAssignment.objects.filter(person=person, role=role)
    if held.in_force(today).exists():
        raise RoleGivenAlready
    try:
        with transaction.atomic():
            return RoleAssignment.objects.create(
                school_id=person.school_id,
                person=person,
                role=role,
                since=begins,
                granted_by=by,
                granted_at=now,
            )
    except IntegrityError as error:
        raise RoleGivenAlready from error


def _within_plans(since: date, today: date) -> date:
    """Refuse a day outside this school year and its neighbours: a slip of the pen."""
    year = school_year(today)
    first = date(year - 1, FIRST_MONTH, 1)
    last = date(year + 2, FIRST_MONTH, 1) - timedelta(days=1)
    if not first <= since <= last:
        raise RoleDateOutside(first, last)
    return since


def _check_facts(person: Person, role: Role, today: date, *, begins: date) -> None:
    """Journals are for staff, diaries for pupils and their representatives (U6, U7).

    The administrator too holds a post: he gives out roles and first codes. Whom the founder sends has
    his work recorded as a post like anybody else.
    """
    is_pupil = Pupil.objects.filter(pk=person.pk).exists()
    if role in STAFF and is_pupil:
        raise RoleNotPossible("Ученику нельзя дать роль сотрудника.")
    if role in STAFF and not Employee.objects.filter(person=person).in_force(begins).exists():
        raise RoleNotPossible(
            f"«{role.label}» — роль сотрудника, а должность в школе за человеком"
            f" на {begins:%d.%m.%Y} не записана."
        )
    if role == Role.PUPIL and not is_pupil:
        raise RoleNotPossible("Роль ученика есть только у учеников школы.")
    represents = Guardianship.objects.filter(guardian=person).in_force(today)
    if role == Role.GUARDIAN and not represents.exists():
        raise RoleNotPossible(
            "За человеком не записан ни один ученик: сначала запишите представительство."
        )
    if role == Role.BRANCH_HEAD and person.school.parent_id is None:
        raise RoleNotPossible("Заведующий филиалом бывает только у филиала.")


@transaction.atomic
def take_role(*, by: User, assignment: RoleAssignment, now: datetime) -> None:
    """Take the role away at once. Raises RoleEnded and LastAdministrator."""
    require(policy.can_grant(by, assignment.school_id, assignment.role))
    today = assignment.person.school.local_date(now)
    if assignment.role == Role.ADMIN:
        keep_one(assignment.person, today=today)
    locked = RoleAssignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk).first()
    if locked is None or (locked.until is not None and locked.until < today):
        raise RoleEnded
    if locked.since >= today:  # given today or for later: it never held, the history remembers it
        locked.delete()
        return
    locked.until = today - timedelta(days=1)
    locked.ended_by, locked.ended_at = by, now
    locked.save(update_fields=["until", "ended_by", "ended_at"])
