"""The end of schooling: access closes at once, the account goes within the regulation's term.

Every step is a transaction of its own and finds its work by the state of the rows, so that
a run may be killed anywhere and the next one goes on from there.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from access.actions.accounts import end_sessions
from access.models import EntryCode, Removal, RemovalState
from consent.actions import reopen
from consent.models import Contact
from people.models import Guardianship, Person, Pupil, RoleAssignment, School, User
from people.roles import Role
from people.scope import because
from regulation.queries import parameter
from school.models import Enrolment, Leaving

REASON = "обучение окончено"
# The account goes a day before the term ends, so that a day without the worker breaks no promise.
MARGIN = timedelta(hours=24)


def left_pupils(school: School, today: date) -> list[tuple[UUID, date]]:
    """Return the pupils who left, did not come back and are not closed yet, with the last day."""
    back = _enrolled(today).filter(pupil=OuterRef("enrolment__pupil"))
    done = Removal.objects.filter(
        pupil=OuterRef("enrolment__pupil"),
        person=OuterRef("enrolment__pupil"),
        schooling_ended_on=OuterRef("day"),
        state__in=[RemovalState.CLOSED, RemovalState.REMOVED, RemovalState.KEPT],
    )
    left = Leaving.objects.filter(~Exists(back), ~Exists(done), school=school, day__lte=today)
    return list(left.order_by("day", "pk").values_list("enrolment__pupil_id", "day"))


def _enrolled(today: date) -> QuerySet[Enrolment]:
    """Enrolments that go on or are still to begin, leavings of today and before left out."""
    ended = Leaving.objects.filter(enrolment=OuterRef("pk"), day__lte=today)
    return Enrolment.objects.filter(Q(until__isnull=True) | Q(until__gte=today), ~Exists(ended))


@transaction.atomic
def close(*, pupil_id: UUID, ended_on: date, now: datetime) -> int:
    """Close the access of the pupil and of those who represent her; plan their removals.

    Returns how many persons were newly closed.
    """
    pupil = (
        Pupil.objects.select_for_update(of=("self",))
        .select_related("person", "school")
        .get(pk=pupil_id)
    )
    yesterday = pupil.school.local_date(now) - timedelta(days=1)
    days = parameter(pupil.school_id, "account_removal_days", day=ended_on).number
    due_at = datetime.combine(
        ended_on + timedelta(days=days), time.min, pupil.school.zone
    ).astimezone(UTC)
    ties = Guardianship.objects.filter(pupil=pupil).in_force(ended_on)
    persons = [
        pupil.person,
        *(tie.guardian for tie in ties.select_related("guardian").order_by("pk")),
    ]
    closed = 0
    with because(REASON):
        _shut(Pupil.objects.filter(pk=pupil.pk), yesterday)
        _shut(Guardianship.objects.filter(pupil=pupil), yesterday)
        for person in persons:
            removal, _ = Removal.objects.get_or_create(
                person=person,
                pupil=pupil,
                schooling_ended_on=ended_on,
                defaults={"school_id": pupil.school_id, "due_at": due_at},
            )
            closed += _close_person(removal, person, now)
    return closed


def _shut(rows: QuerySet[Pupil] | QuerySet[Guardianship], yesterday: date) -> None:
    still = Q(open_until__isnull=True) | Q(open_until__gt=yesterday)
    rows.filter(still, open_from__isnull=False).update(open_until=yesterday)


def _close_person(removal: Removal, person: Person, now: datetime) -> int:
    if removal.state == RemovalState.CANCELLED:  # left, came back, and left after all
        removal.state, removal.done_at = RemovalState.PLANNED, None
    if removal.state != RemovalState.PLANNED:
        return 0
    today = removal.school.local_date(now)
    if _holds_elsewhere(person, today):
        _finish(removal, RemovalState.KEPT, now)
        _end_role_if_idle(person, today)
        return 1
    if person.user is not None:
        end_sessions(person.user)
    removal.state = RemovalState.CLOSED
    removal.save(update_fields=["state", "done_at"])
    return 1


@transaction.atomic
def remove(*, removal_id: UUID, now: datetime) -> bool:
    """Remove the account, or unlink it where another school or a post still needs it."""
    removal = (
        Removal.objects.select_for_update(of=("self",))
        .select_related("person", "school")
        .get(pk=removal_id)
    )
    if removal.state != RemovalState.CLOSED:
        return False
    person, today = removal.person, removal.school.local_date(now)
    with because(REASON):
        if _holds_elsewhere(person, today, here=True):
            _finish(removal, RemovalState.KEPT, now)
            _end_role_if_idle(person, today)
            return False
        _end_roles(person, today, Role.values)
        Contact.objects.filter(person=person, until__isnull=True, given_on__lte=today).update(
            until=today
        )
        user = person.user
        person.user = None
        person.save(update_fields=["user"])
        if user is not None and not _used_by_others(user, today):
            _destroy(user)
        _finish(removal, RemovalState.REMOVED, now)
    return True


def _destroy(user: User) -> None:
    """Take out of the account all that names a person; the row stays for the history's sake."""
    end_sessions(user)
    EntryCode.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.login = f"removed-{user.pk.hex}"
    user.email = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save(update_fields=["login", "email", "is_active", "last_login", "password"])


@transaction.atomic
def cancel(*, removal_id: UUID, now: datetime) -> bool:
    """The pupil came back before the account went: open the access again by the consents."""
    removal = (
        Removal.objects.select_for_update(of=("self",)).select_related("school").get(pk=removal_id)
    )
    if removal.state not in {RemovalState.PLANNED, RemovalState.CLOSED}:
        return False
    with because("обучение продолжено"):
        reopen(pupil_id=removal.pupil_id, today=removal.school.local_date(now))
        _finish(removal, RemovalState.CANCELLED, now)
    return True


def returned(school: School, today: date) -> Iterable[UUID]:
    """Removals under way whose pupil learns here again."""
    back = _enrolled(today).filter(pupil=OuterRef("pupil"))
    return _under_way(school).filter(Exists(back)).values_list("pk", flat=True)


def due(school: School, now: datetime) -> Iterable[UUID]:
    """Removals whose term ends within the margin."""
    return (
        _under_way(school)
        .filter(state=RemovalState.CLOSED, due_at__lte=now + MARGIN)
        .values_list("pk", flat=True)
    )


def _under_way(school: School) -> QuerySet[Removal]:
    states = [RemovalState.PLANNED, RemovalState.CLOSED]
    return Removal.objects.filter(school=school, state__in=states).order_by("due_at", "pk")


def _finish(removal: Removal, state: RemovalState, now: datetime) -> None:
    removal.state = state
    removal.done_at = now
    removal.save(update_fields=["state", "done_at"])


def _holds_elsewhere(person: Person, today: date, *, here: bool = False) -> bool:
    """A post at the school or another child who learns; without `here` in any school of the account."""
    persons = Person.objects.filter(pk=person.pk)
    if not here and person.user_id is not None:
        persons = Person.objects.filter(user=person.user_id)
    return any(_is_needed(each, today) for each in persons.order_by("pk"))


def _is_needed(person: Person, today: date) -> bool:
    roles = RoleAssignment.objects.filter(person=person).in_force(today)
    if roles.exclude(role__in=[Role.GUARDIAN, Role.PUPIL]).exists():
        return True
    if _enrolled(today).filter(pupil=person.pk).exists():
        return True
    return _enrolled(today).filter(pupil__in=_children(person, today)).exists()


def _children(person: Person, today: date) -> QuerySet[Guardianship, UUID]:
    return (
        Guardianship.objects.filter(guardian=person).in_force(today).values_list("pupil", flat=True)
    )


def _used_by_others(user: User, today: date) -> bool:
    others = Person.objects.filter(user=user).order_by("pk")
    return any(_is_needed(other, today) or other.roles.in_force(today).exists() for other in others)


def _end_role_if_idle(person: Person, today: date) -> None:
    """A guardian without a child at this school is no guardian here, whatever else she is."""
    if not _enrolled(today).filter(pupil__in=_children(person, today)).exists():
        _end_roles(person, today, [Role.GUARDIAN])


def _end_roles(person: Person, today: date, roles: Iterable[str]) -> None:
    held = RoleAssignment.objects.filter(person=person, role__in=list(roles)).in_force(today)
    held.filter(since__gte=today).delete()
    held.update(until=today - timedelta(days=1))
