"""Who gives and takes roles, and what is refused."""

from datetime import date, timedelta

import pytest

from access.actions.roles import give_role, take_role
from access.errors import (
    LastAdministrator,
    RoleDateOutside,
    RoleEnded,
    RoleGivenAlready,
    RoleNotPossible,
)
from common.errors import Forbidden
from people.models import Employee, RoleAssignment, User
from people.roles import STAFF, Role
from tests.cast import NOW, SEPTEMBER, TODAY, Cast


def give(cast: Cast, to: str, role: Role, by: str = "admin") -> RoleAssignment:
    return give_role(by=cast.user(by), person=cast.people[to], role=role, now=NOW)


def take(cast: Cast, whose: str, role: Role, by: str = "admin") -> None:
    held = (
        RoleAssignment.objects.filter(person=cast.people[whose], role=role)
        .order_by("-since")
        .first()
    )
    assert held is not None
    take_role(by=cast.user(by), assignment=held, now=NOW)


def holds(cast: Cast, name: str, role: Role) -> bool:
    return User.objects.get(pk=cast.users[name].pk).has_role(role)


@pytest.mark.clause("G2.10")
@pytest.mark.parametrize("by", ["admin", "head"])
def test_a_role_given_holds_at_once_and_says_who_and_when(cast: Cast, by: str) -> None:
    given = give(cast, "maria", Role.DEPUTY_HEAD, by)
    assert holds(cast, "maria", Role.DEPUTY_HEAD)
    assert (given.since, given.granted_by_id, given.granted_at) == (TODAY, cast.users[by].pk, NOW)


def test_a_role_taken_ends_at_once(cast: Cast) -> None:
    take(cast, "nina", Role.DEPUTY_HEAD)
    assert not holds(cast, "nina", Role.DEPUTY_HEAD)
    ended = RoleAssignment.objects.get(person=cast.people["nina"])
    assert (ended.until, ended.ended_by_id, ended.ended_at) == (
        TODAY - timedelta(days=1),
        cast.users["admin"].pk,
        NOW,
    )


def test_a_role_given_and_taken_on_one_day_never_held(cast: Cast) -> None:
    give(cast, "maria", Role.SECRETARY)
    take(cast, "maria", Role.SECRETARY)
    assert not holds(cast, "maria", Role.SECRETARY)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.GUARDIAN, Role.PUPIL}])
def test_every_post_of_the_school_can_be_given(cast: Cast, role: Role) -> None:
    person = cast.people["svetlana"]
    if role == Role.BRANCH_HEAD:
        with pytest.raises(RoleNotPossible):
            give(cast, "svetlana", role)
        RoleAssignment.objects.filter(person=cast.people["branch_head"]).delete()
        assert give_role(
            by=cast.user("admin"), person=cast.people["branch_head"], role=role, now=NOW
        ).pk
        return
    RoleAssignment.objects.filter(person=person).delete()
    assert give(cast, "svetlana", role).role == role


@pytest.mark.clause("U6", "U7")
@pytest.mark.parametrize(
    ("to", "role", "refusal"),
    [
        ("olya", Role.TEACHER, RoleNotPossible),
        ("olya", Role.ADMIN, RoleNotPossible),
        ("olya_mother", Role.TEACHER, RoleNotPossible),
        ("olya_mother", Role.ADMIN, RoleNotPossible),
        ("maria", Role.PUPIL, RoleNotPossible),
        ("maria", Role.GUARDIAN, RoleNotPossible),
        ("maria", Role.TEACHER, RoleGivenAlready),
    ],
)
def test_journals_are_for_staff_and_diaries_for_families(
    cast: Cast, to: str, role: Role, refusal: type[Exception]
) -> None:
    before = RoleAssignment.objects.count()
    with pytest.raises(refusal):
        give(cast, to, role)
    assert RoleAssignment.objects.count() == before


@pytest.mark.clause("U6")
@pytest.mark.parametrize("role", [role for role in Role if role in STAFF])
def test_who_has_no_post_on_the_day_gets_no_role_of_the_staff(cast: Cast, role: Role) -> None:
    svetlana, days = cast.people["svetlana"], timedelta(days=7)
    RoleAssignment.objects.filter(person=svetlana).delete()
    Employee.objects.filter(person=svetlana).update(until=TODAY + days - timedelta(days=1))
    with pytest.raises(RoleNotPossible) as refused:
        give_role(by=cast.user("admin"), person=svetlana, role=role, now=NOW, since=TODAY + days)
    assert "должность в школе за человеком на 25.11.2026 не записана" in refused.value.message


@pytest.mark.parametrize(
    ("since", "accepted"),
    [
        (date(1990, 1, 1), False),
        (date(2025, 7, 31), False),
        (date(2025, 8, 1), True),
        (date(2028, 7, 31), True),
        (date(2028, 8, 1), False),
        (date(9999, 12, 31), False),
    ],
)
def test_a_role_begins_near_this_school_year(cast: Cast, since: date, accepted: bool) -> None:
    def attempt() -> RoleAssignment:
        person = cast.people["maria"]
        return give_role(
            by=cast.user("admin"), person=person, role=Role.SECRETARY, now=NOW, since=since
        )

    if accepted:
        assert attempt().since == max(since, TODAY)
        return
    with pytest.raises(RoleDateOutside, match=r"не раньше 01\.08\.2025 и не позже 31\.07\.2028"):
        attempt()


def test_pupil_and_guardian_get_their_roles_by_the_schools_facts(cast: Cast) -> None:
    for name, role in (("olya", Role.PUPIL), ("olya_mother", Role.GUARDIAN)):
        take(cast, name, role)
        assert give(cast, name, role).role == role


@pytest.mark.parametrize(
    "by", ["nina", "secretary", "ivan", "maria", "olya_mother", "olya", "other_head"]
)
def test_nobody_else_grants_roles_and_nobody_in_another_school(cast: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        give(cast, "maria", Role.SECRETARY, by)
    with pytest.raises(Forbidden):
        take(cast, "nina", Role.DEPUTY_HEAD, by)


@pytest.mark.parametrize("role", [Role.HEAD, Role.ADMIN, Role.DEPUTY_HEAD, Role.BRANCH_HEAD])
def test_the_head_of_a_branch_makes_no_heads(cast: Cast, role: Role) -> None:
    person = cast.people["branch_head"]
    with pytest.raises(Forbidden):
        give_role(by=cast.user("branch_head"), person=person, role=role, now=NOW)
    assert give_role(by=cast.user("branch_head"), person=person, role=Role.TEACHER, now=NOW).pk


@pytest.mark.clause("U10")
def test_the_head_of_a_branch_serves_the_branch_alone_and_the_head_both(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give(cast, "maria", Role.SECRETARY, "branch_head")
    head = cast.user("head")
    assert {identity.school_id for identity in head.identities} == {cast.school.pk, cast.branch.pk}
    branch_head = cast.user("branch_head")
    assert {identity.school_id for identity in branch_head.identities} == {cast.branch.pk}


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(LastAdministrator):
        take(cast, "admin", Role.ADMIN, by="head")
    give(cast, "ivan", Role.ADMIN)
    take(cast, "admin", Role.ADMIN, by="head")
    assert not holds(cast, "admin", Role.ADMIN)


def test_an_administrator_who_cannot_sign_in_does_not_count(cast: Cast) -> None:
    give(cast, "ivan", Role.ADMIN)
    User.objects.filter(pk=cast.users["ivan"].pk).update(is_active=False)
    with pytest.raises(LastAdministrator):
        take(cast, "admin", Role.ADMIN, by="head")


def test_a_role_is_taken_once(cast: Cast) -> None:
    take(cast, "nina", Role.DEPUTY_HEAD)
    with pytest.raises(RoleEnded):
        take(cast, "nina", Role.DEPUTY_HEAD)


def test_a_role_may_be_given_for_later(cast: Cast) -> None:
    later = TODAY + timedelta(days=14)
    give_role(
        by=cast.user("admin"),
        person=cast.people["maria"],
        role=Role.SECRETARY,
        now=NOW,
        since=later,
    )
    assert not holds(cast, "maria", Role.SECRETARY)
    early = give_role(
        by=cast.user("admin"),
        person=cast.people["svetlana"],
        role=Role.SECRETARY,
        now=NOW,
        since=SEPTEMBER,
    )
    assert early.since == TODAY, (
        "never backwards: what was done without the role was done without it"
    )
