"""Finding people, and all about one person's account and roles."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from access import policy
from access.codes import MAX_FAILURES
from access.models import EntryCode, Removal
from access.people import (
    ROLE_NAMES,
    CodeState,
    PersonPage,
    PersonRow,
    RoleEvent,
    RoleLine,
    Tie,
    state_of,
)
from audit.models import AuditEvent
from common.sorting import search_key
from people.models import Guardianship, Person, RoleAssignment, School, User
from people.roles import Permission
from school.calendar import school_year
from school.models import Membership, SchoolClass

STATE_FILTERS = {
    "none": Q(user__isnull=True),
    "blocked": Q(user__blocked_at__isnull=False),
    "closed": Q(user__is_active=False, user__blocked_at__isnull=True),
    "new": Q(user__is_active=True, user__last_login__isnull=True),
    "active": Q(user__is_active=True, user__last_login__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What the address of the list says."""

    q: str = ""
    role: str = ""
    class_id: UUID | None = None
    state: str = ""
    school: UUID | None = None


def live_codes(user: User, now: datetime) -> QuerySet[EntryCode]:
    """Codes that still open the account."""
    return EntryCode.objects.filter(
        user=user,
        used_at__isnull=True,
        voided_at__isnull=True,
        expires_at__gt=now,
        failures__lt=MAX_FAILURES,
    )


def classes(user: User) -> QuerySet[SchoolClass]:
    """Classes of this year in the schools whose people the user may see."""
    schools = user.schools_with(Permission.PEOPLE_VIEW)
    return SchoolClass.objects.filter(school__in=schools, year=school_year(user.today)).in_order()


def schools(user: User) -> QuerySet[School]:
    """Schools whose people the user may see."""
    seen = user.schools_with(Permission.PEOPLE_VIEW)
    return School.objects.filter(pk__in=seen).order_by("short_name", "pk")


def people(user: User, search: Search) -> QuerySet[Person]:
    """Persons of the user's schools who fit the search, in the order of names, lazily for a page."""
    found = Person.objects.filter(school__in=user.schools_with(Permission.PEOPLE_VIEW))
    if search.school:
        found = found.filter(school=search.school)
    for part in search_key(search.q).split():
        found = found.filter(search_key__contains=part)
    if search.role:
        held = RoleAssignment.objects.filter(person=OuterRef("pk"), role=search.role)
        found = found.filter(Exists(held.in_force(user.today)))
    if search.class_id:
        found = found.filter(_of_class(search.class_id, user.today))
    if search.state in STATE_FILTERS:
        found = found.filter(STATE_FILTERS[search.state])
    return found.select_related("user").order_by("sort_key", "pk")


def _of_class(class_id: UUID, day: date) -> Q:
    """Pupils of the class and those who represent them."""
    members = Membership.objects.filter(group__kind="class", group__school_class=class_id).in_force(
        day
    )
    ties = Guardianship.objects.filter(pupil__in=members.values("pupil")).in_force(day)
    return Q(pk__in=members.values("pupil")) | Q(pk__in=ties.values("guardian"))


def rows(persons: Iterable[Person], *, day: date) -> tuple[PersonRow, ...]:
    """Make the lines of the page: two statements more, whatever its length."""
    persons = list(persons)
    ids = [person.pk for person in persons]
    roles: dict[UUID, list[str]] = defaultdict(list)
    held = RoleAssignment.objects.filter(person__in=ids).in_force(day).order_by("role")
    for person_id, role in held.values_list("person_id", "role"):
        roles[person_id].append(ROLE_NAMES[role])
    names = class_names(ids, day)
    return tuple(
        PersonRow(
            id=person.pk,
            full_name=person.full_name,
            roles=tuple(roles[person.pk]),
            class_name=names.get(person.pk, ""),
            login=person.user.login if person.user else "",
            state=state_of(person.user),
        )
        for person in persons
    )


def class_names(ids: Collection[UUID], day: date) -> dict[UUID, str]:
    """Return the name of the class in which each of the persons learns."""
    members = Membership.objects.filter(pupil__in=ids, group__kind="class").in_force(day)
    return {
        each.pupil_id: each.group.school_class.name
        for each in members.select_related("group__school_class")
        if each.group.school_class
    }


def person_page(person: Person, *, by: User, now: datetime) -> PersonPage:
    """Read all that the administrator sees of the person."""
    user, day = person.user, by.today
    return PersonPage(
        id=person.pk,
        full_name=person.full_name,
        birth_date=person.birth_date,
        school=person.school.short_name,
        class_name=class_names([person.pk], day).get(person.pk, ""),
        login=user.login if user else "",
        state=state_of(user),
        last_login=user.last_login if user else None,
        blocked_at=user.blocked_at if user else None,
        blocked_by=actor_names([user.blocked_by_id]).get(user.blocked_by_id, "") if user else "",
        code=_last_code(user, now) if user else None,
        roles=_role_lines(person, by, day),
        events=_role_events(person),
        children=_ties(Guardianship.objects.filter(guardian=person), day, of_guardian=True),
        representatives=_ties(Guardianship.objects.filter(pupil=person.pk), day, of_guardian=False),
        removal=_removal(person),
    )


def actor_names(users: Collection[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of accounts' persons, as far as the scope shows them."""
    persons = Person.objects.filter(user__in=[each for each in users if each]).order_by("pk")
    return {person.user_id: person.short_name for person in persons}


def _last_code(user: User, now: datetime) -> CodeState | None:
    code = EntryCode.objects.filter(user=user).order_by("-issued_at", "-pk").first()
    if code is None:
        return None
    if code.used_at:
        state = "использован"
    elif code.voided_at:
        state = "отменён"
    elif code.failures >= MAX_FAILURES:
        state = "закрыт: слишком много неверных попыток"
    else:
        state = "действует" if code.expires_at > now else "срок истёк"
    return CodeState(code.issued_at, code.expires_at, state)


def _role_lines(person: Person, by: User, day: date) -> tuple[RoleLine, ...]:
    found = list(RoleAssignment.objects.filter(person=person).order_by("-since", "role", "pk"))
    givers = actor_names([each.granted_by_id for each in found])
    return tuple(
        RoleLine(
            id=each.pk,
            name=each.get_role_display(),
            since=each.since,
            until=each.until,
            given_by=givers.get(each.granted_by_id, ""),
            is_held=each.until is None or each.until >= day,
            can_take=(each.until is None or each.until >= day)
            and policy.can_grant(by, each.school_id, each.role),
        )
        for each in found
    )


def _role_events(person: Person) -> tuple[RoleEvent, ...]:
    """The history's own rows: it remembers also roles that were given and taken on one day."""
    mine = Q(after__person_id=str(person.pk)) | Q(before__person_id=str(person.pk))
    events = AuditEvent.objects.filter(
        mine, school_id=person.school_id, table_name="people_roleassignment"
    ).order_by("-at", "-id")[:30]
    actors = actor_names({event.actor for event in events})
    return tuple(_role_event(event, actors.get(event.actor, "")) for event in events)


def _role_event(event: AuditEvent, actor: str) -> RoleEvent:
    row = event.after or event.before or {}
    what = "снята" if event.action == "D" or row.get("until") else "дана"
    return RoleEvent(event.at, what, ROLE_NAMES.get(row.get("role", ""), ""), actor)


def _ties(ties: QuerySet[Guardianship], day: date, *, of_guardian: bool) -> tuple[Tie, ...]:
    found = ties.in_force(day).select_related("guardian", "pupil__person")  # type: ignore[attr-defined]
    opened = {each.pk for each in ties.open(day)}  # type: ignore[attr-defined]
    return tuple(
        Tie(
            id=each.pupil_id if of_guardian else each.guardian_id,
            full_name=(each.pupil.person if of_guardian else each.guardian).full_name,
            relation=each.get_kind_display(),
            is_open=each.pk in opened,
        )
        for each in found.order_by("since", "pk")
    )


def _removal(person: Person) -> str:
    last = Removal.objects.filter(person=person).order_by("-schooling_ended_on", "-pk").first()
    return last.get_state_display() if last else ""
