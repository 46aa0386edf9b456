"""What a family is told when schooling ends, the wait for the letter, and a contact kept for results."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from access.actions.results import keep_for_results
from access.models import DestructionAct, Removal
from consent.actions.forgetting import FORGOTTEN
from consent.models import Contact
from notifications.models import OutboxMessage
from people.scope import scope
from tests.access.test_removal import leave, run, states, web
from tests.audit.roles import as_worker
from tests.cast import ALL_SCHOOLS, NOW, TODAY, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(committed_cast: Cast) -> Iterator[Cast]:
    with as_worker():
        yield committed_cast


def letter_to(cast: Cast, name: str) -> OutboxMessage:
    with scope(ALL_SCHOOLS):
        return OutboxMessage.objects.get(recipient=cast.people[name])


@pytest.mark.clause("G2.4b")
def test_a_parent_who_stays_is_told_of_the_one_diary_and_of_no_removal(world: Cast) -> None:
    leave(world, "kolya")
    run()
    assert states(world)["olya_mother"] == "kept"
    said = letter_to(world, "olya_mother").data["said"]
    assert f"дневник закрыт: {world.people['kolya'].first_name}." in said
    assert "учётная запись остаётся" in said
    assert "удал" not in said
    assert "контакты" not in said


@pytest.mark.clause("G2.4b")
def test_the_letter_names_the_day_by_which_the_account_is_gone(world: Cast) -> None:
    leave(world, "petya")
    run()
    assert "не позднее 20 ноября 2026" in letter_to(world, "petya_father").data["said"].replace(
        "\u00a0", " "
    )
    end = datetime(2026, 11, 20, 23, 59, tzinfo=world.school.zone)
    run(end - NOW)
    assert states(world) == {"petya": "removed", "petya_father": "removed"}


@pytest.mark.clause("G2.4b")
@pytest.mark.parametrize("reached", [True, False])
def test_a_leaving_entered_two_days_late_waits_for_the_letter(world: Cast, reached: bool) -> None:
    """The term runs out before the wait is over: that is shown as overdue, nothing is hushed up."""
    leave(world, "petya", TODAY - timedelta(days=2))
    assert run()["removed"] == 0
    letter = letter_to(world, "petya_father")
    assert "не позднее 19 ноября 2026" in letter.data["said"].replace("\u00a0", " ")
    assert run(timedelta(hours=23))["removed"] == 0
    with scope(ALL_SCHOOLS):
        letter.refresh_from_db()
        assert letter.status == "new", "still to be sent"
        assert letter.expires_at > NOW + timedelta(hours=24)
        if reached:
            OutboxMessage.objects.filter(pk=letter.pk).update(
                status="sent", sent_at=NOW + timedelta(hours=1)
            )
    late = web("admin")
    with time_machine.travel(NOW + timedelta(hours=23)):
        assert "срок прошёл" in late.get(reverse("access:removals")).content.decode()
    assert run(timedelta(hours=24))["removed"] == 2
    with scope(ALL_SCHOOLS):
        said = DestructionAct.objects.get(removal__person=world.people["petya_father"]).copy_offered
    assert said == (
        "предложена письмом на согласованный адрес 18.11.2026"
        if reached
        else "в школе, по обращению; отправка письма об этом не подтверждена"
    )


@pytest.mark.clause("G2.4b")
@pytest.mark.parametrize("child", ["olya", "kolya"])
def test_the_removal_for_a_sibling_spares_the_contact_kept_for_results(
    world: Cast, child: str
) -> None:
    leave(world, "olya")
    leave(world, "kolya")
    run()
    mother = world.people["olya_mother"]
    with scope(ALL_SCHOOLS):
        contact = Contact.objects.filter(person=mother).earliest("pk")
        rows = {row.pupil_id: row for row in Removal.objects.filter(person=mother)}
        assert len(rows) == 2
        keep_for_results(
            by=world.user("secretary"), removal=rows[world.pupils[child].pk], contact=contact,
            until=TODAY + timedelta(days=10), now=NOW,
        )  # fmt: skip
    assert run(timedelta(days=2))["removed"] == 5, "both children, the mother twice, the father"
    with scope(ALL_SCHOOLS):
        assert Contact.objects.get(pk=contact.pk).value == contact.value
        acts = DestructionAct.objects.filter(removal__person=mother)
        assert all("хранится по 28.11.2026" in act.remainder for act in acts)
    assert run(timedelta(days=11))["forgotten"] == 1
    with scope(ALL_SCHOOLS):
        assert Contact.objects.get(pk=contact.pk).value == FORGOTTEN
