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
from access.actions.accounts import issue_code
from access.errors import PupilReturned, ServesElsewhere
from access.models import DestructionAct, EntryCode, Removal, RemovalState
from common.errors import Forbidden
from consent.actions.forgetting import FORGOTTEN
from consent.models import Contact
from diary.models import CalendarFeed
from notifications.models import OutboxMessage
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
    "_shut", "_close_person", "end_sessions", "_end_roles", "_used_by_others", "destroy", "write_act", "finish",
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
    run(timedelta(days=3))  # what only now was closed waits its day
    assert states(world) == {"petya": RemovalState.REMOVED, "petya_father": RemovalState.REMOVED}
    assert not EntryCode.objects.exists()
    assert not Authenticator.objects.exists()
    assert account(world, "petya_father").login.startswith("removed-")
    with scope(ALL_SCHOOLS):
        assert Removal.objects.count() == 2


@pytest.mark.clause("G2.4b")
def test_contacts_messages_and_keys_are_destroyed_not_only_closed(world: Cast) -> None:
    father, user = world.people["petya_father"], world.users["petya_father"]
    leave(world, "petya")
    with scope(ALL_SCHOOLS):
        old = Contact.objects.get(person=father)
        message = OutboxMessage.objects.create(
            school=world.school, recipient=father, template="digest", data={"children": ["Петя"]},
            channels=["email"], dedup_key="d", not_before=NOW, expires_at=NOW + timedelta(days=9),
        )  # fmt: skip
        CalendarFeed.objects.create(
            school=world.school,
            pupil=world.pupils["petya"],
            user=user,
            digest="1" * 64,
            made_at=NOW,
        )
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        contact = Contact.objects.get(pk=old.pk)
        assert (contact.value, contact.kind, contact.given_on) == (
            FORGOTTEN,
            old.kind,
            old.given_on,
        )
        message.refresh_from_db()
        assert (message.data, message.status) == ({}, "expired")
        assert not CalendarFeed.objects.exists()
        assert not OutboxMessage.objects.exclude(data={}).filter(recipient=father).exists()


@pytest.mark.clause("G2.4b")
def test_the_family_is_told_by_letter_where_its_copy_is(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        letter = OutboxMessage.objects.get(recipient=world.people["petya_father"])
        assert "Копию всего, что было в дневнике" in letter.data["said"]
        told = {row.person_id: row.told_at for row in Removal.objects.order_by("pk")}
    assert told[world.people["petya_father"].pk] == NOW
    assert told[world.people["petya"].pk] is None, "no agreed address of his own"


def test_a_family_in_mourning_gets_no_letter(world: Cast) -> None:
    leave(world, "petya")
    with scope(ALL_SCHOOLS):
        Leaving.objects.update(kind="death")
    run()
    with scope(ALL_SCHOOLS):
        assert not OutboxMessage.objects.exists()
    assert states(world) == {"petya": "closed", "petya_father": "closed"}


@pytest.mark.clause("G2.4b")
def test_by_hand_before_the_term_with_the_name_in_the_act(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        row = Removal.objects.get(person=world.people["petya_father"])
    client = web("admin")
    with time_machine.travel(NOW):
        assert client.post(reverse("access:remove_now", args=[row.pk])).status_code == 302
        again = client.post(reverse("access:remove_now", args=[row.pk]))
    assert again.status_code == 409
    assert states(world) == {"petya": "closed", "petya_father": "removed"}
    with scope(ALL_SCHOOLS):
        act = DestructionAct.objects.get()
        assert (act.destroyed_by_name, act.destroyed_by_post) == ("Зайцев Олег Ильич", "Сотрудник")
    assert account(world, "petya_father").login.startswith("removed-")


def test_by_hand_an_account_of_another_school_too_is_left_to_the_job(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        other = world.people["other_guardian"]
        other.user = world.users["petya_father"]
        other.save()
        row = Removal.objects.get(person=world.people["petya_father"])
    world_is_small = [world.school.pk, world.branch.pk]
    with scope(world_is_small), pytest.raises(ServesElsewhere):
        removal.remove_now(by=world.user("admin"), removal=row, now=NOW)
    assert account(world, "petya_father").login == "petya_father"


def test_by_hand_nobody_is_removed_who_learns_again(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        Enrolment.objects.create(school=world.school, pupil=world.pupils["petya"], since=TODAY)
        row = Removal.objects.get(person=world.people["petya_father"])
        with pytest.raises(PupilReturned):
            removal.remove_now(by=world.user("admin"), removal=row, now=NOW)
        with pytest.raises(Forbidden):
            removal.remove_now(by=world.user("secretary"), removal=row, now=NOW)
        assert not removal.remove(removal_id=row.pk, now=NOW + timedelta(days=3)), "nor by the job"
    run(timedelta(hours=1))
    assert states(world) == {"petya": "cancelled", "petya_father": "cancelled"}


@pytest.mark.clause("G2.4b", "G2.2a")
def test_who_comes_back_after_the_removal_gets_role_and_access_but_no_old_login(
    world: Cast,
) -> None:
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        Enrolment.objects.create(
            school=world.school, pupil=world.pupils["petya"], since=TODAY + timedelta(days=3)
        )
    later = timedelta(days=3)
    assert run(later)["given_back"] == 2
    assert run(later)["given_back"] == 0
    with scope(ALL_SCHOOLS), time_machine.travel(NOW + later):
        day = TODAY + later
        for name, role in (("petya", "pupil"), ("petya_father", "guardian")):
            person = Person.objects.get(pk=world.people[name].pk)
            assert person.user is None
            assert [r.role for r in RoleAssignment.objects.filter(person=person).in_force(day)] == [
                role
            ]
            slip = issue_code(by=world.user("admin"), person=person, now=NOW + later)
            assert slip.code
        tie = world.guardianships["petya_father", "petya"]
        assert Guardianship.objects.filter(pk=tie.pk).open(day).exists()


def test_a_contact_kept_for_the_results_goes_after_them_with_an_act_of_its_own(world: Cast) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        row = Removal.objects.get(person=world.people["petya_father"])
        contact = Contact.objects.get(person=world.people["petya_father"])
        foreign = Contact.objects.get(person=world.people["olya_mother"])
    address = reverse("access:keep_for_results", args=[row.pk])
    client, until = web("secretary"), TODAY + timedelta(days=10)
    with time_machine.travel(NOW):
        wrong = (
            {"contact": foreign.pk, "until": until},
            {"contact": contact.pk, "until": "2029-01-01"},
            {},
        )
        assert [client.post(address, sent).status_code for sent in wrong] == [422, 422, 422]
        sent = {"contact": contact.pk, "until": until.isoformat()}
        assert client.post(address, sent).status_code == 302
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        kept = Contact.objects.get(pk=contact.pk)
        assert (kept.value, kept.until) == (contact.value, TODAY + timedelta(days=2))
        act = DestructionAct.objects.get(removal=row)
        assert "хранится по 28.11.2026" in act.remainder
    assert run(timedelta(days=10))["forgotten"] == 0
    assert run(timedelta(days=11))["forgotten"] == 1
    assert run(timedelta(days=11))["forgotten"] == 0
    with scope(ALL_SCHOOLS):
        assert Contact.objects.get(pk=contact.pk).value == FORGOTTEN
        assert [a.part for a in DestructionAct.objects.filter(removal=row).order_by("number")] == [
            "account", "contact",
        ]  # fmt: skip


def test_one_who_fails_holds_up_nobody_and_the_run_ends_with_an_error(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(world, "petya")
    run()
    with scope(ALL_SCHOOLS):
        broken = Removal.objects.get(person=world.people["petya"])
    real = removal.destroy

    def failing(leaver: Any) -> Any:
        if leaver.person.pk == broken.person_id:
            raise ValueError
        return real(leaver)

    monkeypatch.setattr(removal, "destroy", failing)
    with pytest.raises(jobs.SomeFailed, match="failed: 1"):
        run(timedelta(days=2))
    assert states(world) == {"petya": "closed", "petya_father": "removed"}
    monkeypatch.undo()
    assert run(timedelta(days=2))["failed"] == 0
    assert states(world) == {"petya": "removed", "petya_father": "removed"}


@pytest.mark.clause("G2.2a")
def test_a_coming_year_gives_nothing_back_before_its_first_day_nor_a_role_twice(
    world: Cast,
) -> None:
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    first = TODAY + timedelta(days=10)
    petya = world.people["petya"]
    with scope(ALL_SCHOOLS):
        Enrolment.objects.create(school=world.school, pupil=world.pupils["petya"], since=first)
        RoleAssignment.objects.create(school=world.school, person=petya, role="pupil", since=first)
    early = run(timedelta(days=3))
    assert (early["given_back"], early["failed"]) == (0, 0)
    with scope(ALL_SCHOOLS):
        pupils = Pupil.objects.filter(pk=world.pupils["petya"].pk)
        assert not pupils.open(TODAY + timedelta(days=3)).exists()
    back = run(timedelta(days=10))
    assert (back["given_back"], back["failed"]) == (2, 0)
    with scope(ALL_SCHOOLS), time_machine.travel(NOW + timedelta(days=10)):
        assert RoleAssignment.objects.filter(person=petya).in_force(first).count() == 1
        assert pupils.open(first).exists()


def web(name: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    return client
