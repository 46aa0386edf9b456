"""Schooling ended: access closes at once, the account goes in time, whatever kills the job between."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from access import jobs
from access.actions import removal
from access.models import EntryCode, Removal, RemovalState
from consent.models import Contact
from people.models import Guardianship, Person, Pupil, RoleAssignment, User
from people.scope import scope
from school.models import Enrolment, Leaving
from tests.audit.roles import as_worker
from tests.cast import ALL_SCHOOLS, NOW, PASSWORD, SEPTEMBER, TODAY, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(committed_cast: Cast) -> Iterator[Cast]:
    with as_worker():
        yield committed_cast


def leave(cast: Cast, pupil: str, day: date = TODAY) -> None:
    with scope(ALL_SCHOOLS):
        enrolment = Enrolment.objects.get(pupil=cast.pupils[pupil], until=None)
        enrolment.until = day
        enrolment.save()
        Leaving.objects.create(
            school_id=enrolment.school_id,
            enrolment=enrolment,
            kind="transfer",
            day=day,
            order_number="7",
        )


def run(after: timedelta = timedelta(0)) -> dict[str, Any]:
    with time_machine.travel(NOW + after):
        return dict(jobs.remove_accounts(NOW + after))


def account(cast: Cast, name: str) -> User:
    return User.objects.get(pk=cast.users[name].pk)


def states(cast: Cast) -> dict[str, str]:
    with scope(ALL_SCHOOLS):
        names = {person.pk: name for name, person in cast.people.items()}
        return {names[row.person_id]: row.state for row in Removal.objects.order_by("pk")}


def is_open(cast: Cast, guardian: str, pupil: str) -> bool:
    with scope(ALL_SCHOOLS):
        return (
            Guardianship.objects.filter(pk=cast.guardianships[guardian, pupil].pk)
            .open(TODAY)
            .exists()
        )


def signed_in(name: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.mark.clause("G2.4b", "G2.2a")
def test_access_closes_at_once_and_the_account_goes_within_the_term(world: Cast) -> None:
    signed_in("petya_father")
    Token.objects.create(user=world.users["petya_father"])
    leave(world, "petya")
    assert run()["closed"] == 2
    assert states(world) == {"petya": "closed", "petya_father": "closed"}
    assert not is_open(world, "petya_father", "petya")
    assert not Token.objects.exists()
    assert not Session.objects.exists()
    with scope(ALL_SCHOOLS):
        assert not Pupil.objects.filter(pk=world.pupils["petya"].pk).open(TODAY).exists()
    assert account(world, "petya_father").login == "petya_father", "within the term, not before"

    run(timedelta(days=2))
    assert states(world) == {"petya": "removed", "petya_father": "removed"}
    for name in ("petya", "petya_father"):
        user = account(world, name)
        assert user.login == f"removed-{user.pk.hex}"
        assert (user.is_active, user.email, user.has_usable_password()) == (False, "", False)
        with scope(ALL_SCHOOLS):
            assert Person.objects.get(pk=world.people[name].pk).user is None
            assert (
                not RoleAssignment.objects.filter(person=world.people[name])
                .in_force(TODAY + timedelta(days=2))
                .exists()
            )
    with scope(ALL_SCHOOLS):
        assert not Contact.objects.filter(person=world.people["petya_father"]).in_use().exists()
        assert all(row.done_at < row.due_at for row in Removal.objects.order_by("pk"))


@pytest.mark.clause("G2.4b")
def test_a_guardian_with_another_child_loses_that_child_only(world: Cast) -> None:
    client = signed_in("olya_mother")
    leave(world, "kolya")
    run()
    run(timedelta(days=5))
    assert states(world) == {"kolya": "removed", "olya_mother": "kept"}
    assert account(world, "olya_mother").login == "olya_mother"
    assert not is_open(world, "olya_mother", "kolya")
    assert is_open(world, "olya_mother", "olya")
    assert "_auth_user_id" in client.session
    with scope(ALL_SCHOOLS):
        assert (
            RoleAssignment.objects.filter(person=world.people["olya_mother"])
            .in_force(TODAY)
            .exists()
        )


@pytest.mark.clause("G2.4b")
def test_a_guardian_whose_child_learns_in_another_school_keeps_the_account_there(
    world: Cast,
) -> None:
    with scope(ALL_SCHOOLS):
        other = world.people["other_guardian"]
        other.user = world.users["petya_father"]
        other.save()
    leave(world, "petya")
    run()
    run(timedelta(days=5))
    assert states(world) == {"petya": "removed", "petya_father": "kept"}
    user = account(world, "petya_father")
    assert (user.login, user.is_active) == ("petya_father", True)
    assert {identity.school_id for identity in user.identities} == {world.other_school.pk}


def test_a_teacher_keeps_the_post_when_her_child_leaves(world: Cast) -> None:
    with scope(ALL_SCHOOLS):
        Guardianship.objects.create(
            school=world.school, guardian=world.people["maria"], pupil=world.pupils["timur"], kind="parent",
            since=SEPTEMBER, open_from=SEPTEMBER,
        )  # fmt: skip
        RoleAssignment.objects.create(
            school=world.school, person=world.people["maria"], role="guardian", since=SEPTEMBER
        )
    leave(world, "timur")
    run()
    run(timedelta(days=5))
    assert states(world)["maria"] == "kept"
    assert account(world, "maria").has_role("teacher")
    assert not account(world, "maria").has_role("guardian")


def test_who_comes_back_in_time_goes_on_as_before(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        Enrolment.objects.create(
            school=world.school, pupil=world.pupils["petya"], since=TODAY + timedelta(days=1)
        )
    assert run(timedelta(days=1))["cancelled"] == 2
    assert states(world) == {"petya": "cancelled", "petya_father": "cancelled"}
    with scope(ALL_SCHOOLS), time_machine.travel(NOW + timedelta(days=1)):
        tomorrow = TODAY + timedelta(days=1)
        tie = world.guardianships["petya_father", "petya"]
        assert Guardianship.objects.filter(pk=tie.pk).open(tomorrow).exists()
        assert Pupil.objects.filter(pk=world.pupils["petya"].pk).open(tomorrow).exists()
    run(timedelta(days=6))
    assert account(world, "petya_father").is_active


def test_a_family_that_refused_stays_closed_when_it_comes_back(world: Cast) -> None:
    leave(world, "vitya")
    run()
    with scope(ALL_SCHOOLS):
        Enrolment.objects.create(school=world.school, pupil=world.pupils["vitya"], since=TODAY)
    run(timedelta(hours=1))
    assert not is_open(world, "vitya_mother", "vitya")


def test_a_second_run_finds_nothing_to_do(world: Cast) -> None:
    leave(world, "petya")
    for after in (timedelta(0), timedelta(days=2)):
        run(after)
        again = run(after)
        assert (again["closed"], again["removed"], again["cancelled"]) == (0, 0, 0)


def test_a_leaving_of_tomorrow_changes_nothing_today(world: Cast) -> None:
    leave(world, "petya", TODAY + timedelta(days=1))
    assert run()["closed"] == 0
    assert is_open(world, "petya_father", "petya")


def test_a_worker_that_was_down_for_a_day_still_keeps_the_term(world: Cast) -> None:
    leave(world, "petya")
    run()
    due = datetime.combine(TODAY + timedelta(days=3), datetime.min.time(), world.school.zone)
    just_in_time = due - timedelta(hours=23) - NOW
    run(just_in_time)
    assert states(world) == {"petya": "removed", "petya_father": "removed"}


class Killed(BaseException):
    """The process dies here."""


STEPS = [
    "_shut", "_close_person", "end_sessions", "_end_roles", "_used_by_others", "_destroy", "_finish",
]  # fmt: skip


@pytest.mark.clause("G2.4b")
@pytest.mark.parametrize("step", STEPS)
def test_killed_between_steps_it_goes_on_and_ends_the_same(
    world: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Every call of the step dies once, right before and right after it did its work."""
    with scope(ALL_SCHOOLS):
        Authenticator.objects.create(user=world.users["petya_father"], type="totp", data={})
        EntryCode.objects.create(
            user=world.users["petya_father"], digest="0" * 64, issued_at=NOW, expires_at=NOW,
            issued_by=world.users["admin"],
        )  # fmt: skip
    leave(world, "petya")
    real, deaths = getattr(removal, step), []

    def dying(*args: Any, **kwargs: Any) -> Any:
        turn = len(deaths) % 3
        deaths.append(turn)
        if turn == 0:
            raise Killed
        answer = real(*args, **kwargs)
        if turn == 1:
            raise Killed
        return answer

    monkeypatch.setattr(removal, step, dying)
    for after in (timedelta(0), timedelta(days=2)):
        for _ in range(12):
            try:
                run(after)
            except Killed:
                continue
            break
    assert deaths
    monkeypatch.undo()
    run(timedelta(days=2))
    assert states(world) == {"petya": RemovalState.REMOVED, "petya_father": RemovalState.REMOVED}
    assert not EntryCode.objects.exists()
    assert not Authenticator.objects.exists()
    assert account(world, "petya_father").login.startswith("removed-")
    with scope(ALL_SCHOOLS):
        assert Removal.objects.count() == 2
