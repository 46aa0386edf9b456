"""The job's process is killed by signal before every change it makes; what is left ends right."""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction
from rest_framework.authtoken.models import Token

from access import jobs
from access.models import DestructionAct, EntryCode, Removal
from consent.models import Contact
from people.models import Guardianship, Person, RoleAssignment, User
from people.scope import scope
from tests.access.test_removal import leave, run, signed_in
from tests.audit.roles import as_worker
from tests.cast import ALL_SCHOOLS, NOW, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CHANGES = ("INSERT", "UPDATE", "DELETE")
LATER = timedelta(days=2)


@pytest.fixture
def world(committed_cast: Cast) -> Iterator[Cast]:
    with as_worker():
        yield committed_cast


def run_until_change(number: int, after: timedelta) -> bool:
    """Run the job in a child of ours that dies before its change `number`; return whether it lived."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _run_and_exit(number, after)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def _run_and_exit(number: int, after: timedelta) -> None:
    seen = 0

    def dying(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        if str(sql).lstrip().startswith(CHANGES):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *rest)

    try:
        with time_machine.travel(NOW + after), connections["default"].execute_wrapper(dying):
            jobs.remove_accounts(NOW + after)
    except BaseException:  # noqa: BLE001 - the child must never come back into pytest
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def run_killed_at_every_change(after: timedelta) -> int:
    """Kill at the first change, then at the second …; what was committed begins the count anew."""
    deaths, number, before = 0, 1, _progress()
    while not run_until_change(number, after):
        deaths += 1
        number = number + 1 if _progress() == before else 1
        before = _progress()
    return deaths


def _progress() -> tuple[Any, ...]:
    with scope(ALL_SCHOOLS):
        return tuple(Removal.objects.order_by("pk").values_list("pk", "state"))


def outcome(cast: Cast) -> dict[str, Any]:
    """All that the job changes, without the moments and ids of the run."""
    with scope(ALL_SCHOOLS):
        names = {person.pk: name for name, person in cast.people.items()}
        return {
            "removals": sorted(
                (names[r.person_id], r.state, r.keys_ended, r.closed_at, r.done_at)
                for r in Removal.objects.order_by("pk")
            ),
            "acts": sorted(
                (act.subject, act.number, str(act.categories), act.destroyed_at)
                for act in DestructionAct.objects.order_by("pk")
            ),
            "users": sorted(User.objects.values_list("pk", "login", "is_active", "email")),
            "persons": sorted(
                Person.objects.filter(user=None).values_list("last_name", "first_name")
            ),
            "codes": EntryCode.objects.count() + Token.objects.count(),
            "contacts": sorted(Contact.objects.values_list("pk", "value")),
            "roles": sorted(
                (names[r.person_id], r.role, str(r.until))
                for r in RoleAssignment.objects.order_by("pk")
            ),
            "ties": sorted((t.pk, str(t.open_until)) for t in Guardianship.objects.order_by("pk")),
        }


def prepare(cast: Cast) -> None:
    with time_machine.travel(NOW):
        signed_in("petya_father")
    father = cast.users["petya_father"]
    Token.objects.create(user=father)
    with scope(ALL_SCHOOLS):
        EntryCode.objects.create(
            user=father, digest="0" * 64, issued_at=NOW, expires_at=NOW, issued_by=cast.users["admin"]
        )  # fmt: skip
    leave(cast, "petya")


def undisturbed(cast: Cast) -> dict[str, Any]:
    """Return what two runs that nobody disturbs lead to; all of it is rolled back."""
    with transaction.atomic():
        run()
        run(LATER)
        expected = outcome(cast)
        run(LATER)
        assert outcome(cast) == expected, "running once more changes nothing"
        transaction.set_rollback(True)
    return expected


@pytest.mark.clause("G2.4b")
def test_killed_before_every_change_it_ends_as_an_undisturbed_run(world: Cast) -> None:
    prepare(world)
    expected = undisturbed(world)
    assert [row[1] for row in expected["removals"]] == ["removed", "removed"]
    assert len(expected["acts"]) == 2
    assert outcome(world)["removals"] == []
    closing = run_killed_at_every_change(timedelta(0))
    removing = run_killed_at_every_change(LATER)
    assert closing > 8
    assert removing > 20
    assert outcome(world) == expected
