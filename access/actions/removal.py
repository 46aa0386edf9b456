"""The end of schooling: access closes at once, the account goes within the regulation's term.

Every step is a transaction of its own and finds its work by the state of the rows, so that
a run may be killed anywhere and the next one goes on from there.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.authtoken.models import Token

from access import policy
from access.actions.accounts import end_sessions
from access.actions.destruction import Gone, destroy, write_act
from access.destruction import Leaver
from access.errors import PupilReturned, RemovalOver, ServesElsewhere
from access.events import access_closed
from access.models import ActPart, Removal, RemovalState
from common.errors import require
from people.models import Guardianship, Person, Pupil, RoleAssignment, School, User
from people.roles import Role
from people.scope import because
from regulation.queries import parameter
from school.models import Enrolment, Leaving, LeavingKind

REASON = "обучение окончено"
KEYS = "Сеансы и ключи, законченные при закрытии доступа"
# The account goes a day before the term ends, so that a day without the worker breaks no promise.
MARGIN = timedelta(hours=24)
# A leaving entered late closes the access late: the letter about the copy goes before anything is destroyed.
WAIT = timedelta(hours=24)


def left_pupils(school: School, today: date) -> list[tuple[UUID, date]]:
    """Return the pupils who left, did not come back and are not closed yet, with the last day."""
    back = enrolled(today).filter(pupil=OuterRef("enrolment__pupil"))
    done = Removal.objects.filter(
        pupil=OuterRef("enrolment__pupil"),
        person=OuterRef("enrolment__pupil"),
        schooling_ended_on=OuterRef("day"),
        state__in=[RemovalState.CLOSED, RemovalState.REMOVED, RemovalState.KEPT],
    )
    left = Leaving.objects.filter(~Exists(back), ~Exists(done), school=school, day__lte=today)
    return list(left.order_by("day", "pk").values_list("enrolment__pupil_id", "day"))


def enrolled(today: date) -> QuerySet[Enrolment]:
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
        finish(removal, RemovalState.KEPT, now)
        _end_role_if_idle(person, today)
        _tell(removal, now)
        return 1
    if person.user is not None:
        removal.keys_ended = _keys(person.user)
        end_sessions(person.user)
    removal.state, removal.closed_at = RemovalState.CLOSED, now
    removal.save(update_fields=["state", "done_at", "closed_at", "keys_ended"])
    _tell(removal, now)
    return 1


def _keys(user: User) -> int:
    sessions: int = UserSession.objects.filter(user=user).count()
    return sessions + Token.objects.filter(user=user).count()


def _tell(removal: Removal, now: datetime) -> None:
    """Tell the person by letter where the copy is to be had; a family in mourning gets none."""
    ended = Leaving.objects.filter(
        enrolment__pupil=removal.pupil_id, day=removal.schooling_ended_on
    )
    if ended.filter(kind=LeavingKind.DEATH).exists():
        return
    answers = access_closed.send(sender=Removal, removal=removal, now=now)
    if any(told for _, told in answers):
        removal.told_at = now
        removal.save(update_fields=["told_at"])


@transaction.atomic
def remove(*, removal_id: UUID, now: datetime, by: User | None = None) -> bool:
    """Remove the account, or unlink it where another school or a post still needs it.

    What is destroyed and the act about it are one transaction. A pupil who learns again is left
    to `cancel`.
    """
    removal = _locked(removal_id)
    person, today = removal.person, removal.school.local_date(now)
    if removal.state != RemovalState.CLOSED or _learns(removal, today):
        return False
    with because(REASON):
        if _holds_elsewhere(person, today, here=True):
            finish(removal, RemovalState.KEPT, now)
            _end_role_if_idle(person, today)
            return False
        _end_roles(person, today, Role.values)
        login = person.user
        person.user = None
        person.save(update_fields=["user"])
        account = None if login is None or _used_by_others(login, today) else login
        gone = destroy(Leaver(person, login, account, _kept_contacts(person, today), now, today))
        if removal.keys_ended:
            gone.append(Gone(name=KEYS, rows=removal.keys_ended))
        finish(removal, RemovalState.REMOVED, now)
        if gone:
            write_act(removal=removal, part=ActPart.ACCOUNT, gone=gone, by=by, now=now)
    return True


@transaction.atomic
def remove_now(*, by: User, removal: Removal, now: datetime) -> bool:
    """Remove before the term, by hand. Raises RemovalOver, PupilReturned and ServesElsewhere."""
    require(policy.can_remove(by, removal))
    removal = _locked(removal.pk)
    if removal.state != RemovalState.CLOSED:
        raise RemovalOver
    if _learns(removal, removal.school.local_date(now)):
        raise PupilReturned
    if removal.person.user_id is not None and _serves_elsewhere(removal.person.user_id):
        raise ServesElsewhere
    return remove(removal_id=removal.pk, now=now, by=by)


def _locked(removal_id: UUID) -> Removal:
    removals = Removal.objects.select_for_update(of=("self",))
    return removals.select_related("person__user", "school").get(pk=removal_id)


def _kept_contacts(person: Person, today: date) -> frozenset[UUID]:
    """Contacts kept for results of examinations, whichever child's: all leave in removals of their own."""
    kept = Removal.objects.filter(
        person=person,
        state__in=[RemovalState.CLOSED, RemovalState.REMOVED],
        results_contact__isnull=False,
        results_until__gte=today,
    )
    return frozenset(kept.order_by("pk").values_list("results_contact_id", flat=True))


def _learns(removal: Removal, today: date) -> bool:
    return enrolled(today).filter(pupil=removal.pupil_id).exists()


def _serves_elsewhere(user_id: UUID) -> bool:
    """Whether a school out of sight knows the account: only the job sees them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_serves_elsewhere(%s)", [user_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def due(school: School, now: datetime) -> Iterable[UUID]:
    """Removals whose term ends within the margin and whose access was closed long enough ago."""
    told = Q(closed_at__isnull=True) | Q(closed_at__lte=now - WAIT)
    return (
        under_way(school)
        .filter(told, state=RemovalState.CLOSED, due_at__lte=now + MARGIN)
        .values_list("pk", flat=True)
    )


def removed_from(removal: Removal, closed_at: datetime) -> datetime:
    """Return the moment from which the job removes what was closed then."""
    return max(removal.due_at - MARGIN, closed_at + WAIT)


def under_way(school: School) -> QuerySet[Removal]:
    states = [RemovalState.PLANNED, RemovalState.CLOSED]
    return Removal.objects.filter(school=school, state__in=states).order_by("due_at", "pk")


def finish(removal: Removal, state: RemovalState, now: datetime) -> None:
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
    if enrolled(today).filter(pupil=person.pk).exists():
        return True
    return enrolled(today).filter(pupil__in=_children(person, today)).exists()


def _children(person: Person, today: date) -> QuerySet[Guardianship, UUID]:
    return (
        Guardianship.objects.filter(guardian=person).in_force(today).values_list("pupil", flat=True)
    )


def _used_by_others(user: User, today: date) -> bool:
    if _serves_elsewhere(user.pk):
        return True
    others = Person.objects.filter(user=user).order_by("pk")
    return any(_is_needed(other, today) or other.roles.in_force(today).exists() for other in others)


def _end_role_if_idle(person: Person, today: date) -> None:
    """A guardian without a child at this school is no guardian here, whatever else she is."""
    if not enrolled(today).filter(pupil__in=_children(person, today)).exists():
        _end_roles(person, today, [Role.GUARDIAN])


def _end_roles(person: Person, today: date, roles: Iterable[str]) -> None:
    held = RoleAssignment.objects.filter(person=person, role__in=list(roles)).in_force(today)
    held.filter(since__gte=today).delete()
    held.update(until=today - timedelta(days=1))
