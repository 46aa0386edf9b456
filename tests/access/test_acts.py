"""Acts of destruction: numbered, never edited, kept three years, with their export of the event log."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.db import Error, connections, transaction
from django.test import Client
from django.urls import reverse

from access import jobs
from access.actions.destruction import write_act
from access.models import ActPart, DestructionAct, Removal
from audit.models import AuditEvent
from consent.actions.forgetting import FORGOTTEN
from consent.models import Contact
from people.models import Person, Pupil
from people.scope import because, scope
from tests.access.removals import act_of, left
from tests.access.test_removal import leave, run
from tests.audit.roles import as_worker
from tests.cast import ALL_SCHOOLS, NOW, TODAY, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(committed_cast: Cast) -> Iterator[Cast]:
    with as_worker():
        yield committed_cast


BACKEND = "django.contrib.auth.backends.ModelBackend"


def acts() -> list[DestructionAct]:
    return list(DestructionAct.objects.order_by("school", "year", "number"))


@pytest.mark.clause("G2.4b")
def test_an_act_says_all_that_the_order_asks_for(world: Cast, settings: Any) -> None:
    settings.BACKUP_DAYS, settings.DATA_PROCESSOR = 14, "ООО «Хостинг», Тверь"
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        first, second = acts()
        assert [first.number, second.number] == [1, 2]
        act = first if first.subject.startswith("Петров Степан") else second
        assert act.operator == world.school.name
        assert (act.processor, act.backup_days) == ("ООО «Хостинг», Тверь", 14)
        assert act.subject_kind == "законный представитель"
        assert act.destroyed_by_name == "Задание программы по расписанию"
        names = {gone["name"] for gone in act.categories}
        assert "Контакты: телефоны, почта, мессенджеры" in names
        assert any(name.startswith("Логин, пароль") for name in names)
        assert "обучение окончено 18.11.2026" in act.reason
        assert act.way
        assert act.system
        assert act.keep_until.year == TODAY.year + 3
        assert act.remainder == ""


@pytest.mark.clause("G2.4b")
def test_the_operator_of_a_branch_is_the_school_above_it(world: Cast) -> None:
    with scope(ALL_SCHOOLS):
        world.school.address = "г. Тверь, ул. Мира, 1"
        world.school.save()
        pupil = Pupil.objects.create(
            school=world.branch,
            person=Person.objects.create(
                school=world.branch, last_name="Выбывший", first_name="Олег"
            ),
        )
        removal = Removal.objects.create(
            school=world.branch, person=pupil.person, pupil=pupil, schooling_ended_on=TODAY,
            due_at=NOW, state="removed",
        )  # fmt: skip
        act = write_act(removal=removal, part=ActPart.ACCOUNT, gone=[], by=None, now=NOW)
        assert (act.operator, act.operator_address) == (world.school.name, "г. Тверь, ул. Мира, 1")


@pytest.mark.clause("G2.4b")
def test_an_old_history_that_still_holds_contacts_is_named(world: Cast) -> None:
    """Rows written before contacts were hidden cannot be taken out of the sealed chain."""
    with scope(ALL_SCHOOLS):
        contact = Contact.objects.filter(person=world.people["petya_father"]).get()
    _as_before(contact)
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        said = {act.subject: act.remainder for act in acts()}
        assert "хранит 1\u00a0запись о контактах" in said[world.people["petya_father"].full_name]


def _as_before(contact: Contact) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.schools', %s, false)", [f"{{{contact.school_id}}}"])
        cursor.execute(
            "INSERT INTO audit_event (year, school_id, at, epoch, txid, origin, request_id, reason,"
            " table_name, row_id, action, after) SELECT 2026, %s, now(), epoch, 1, '', '', '',"
            " 'consent_contact', %s, 'I', jsonb_build_object('value', 'x@example.org') FROM audit_epoch",
            [contact.school_id, contact.pk],
        )


@pytest.mark.clause("G2.4b")
def test_the_history_of_contacts_keeps_no_value(world: Cast) -> None:
    with scope(ALL_SCHOOLS):
        contact = Contact.objects.filter(person=world.people["petya_father"]).get()
        old = contact.value
        with because("проверка"):
            contact.value = "new@example.org"
            contact.save()
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        contact.refresh_from_db()
        assert contact.value == FORGOTTEN
        assert contact.until is not None
        events = list(AuditEvent.objects.filter(row_id=contact.pk).order_by("pk"))
        assert [event.action for event in events][:2] == ["I", "U"]
        assert events[1].after["value"] == "скрыто, новое"
        told = str([(event.before, event.after) for event in events])
        assert old not in told
        assert "new@example.org" not in told


def test_an_act_is_neither_edited_nor_deleted_before_its_term(world: Cast) -> None:
    with scope(ALL_SCHOOLS):
        act = act_of(left(world, "petya", "petya_father", state="removed"))
        for spoil in (
            lambda: DestructionAct.objects.filter(pk=act.pk).update(subject="Никто"),
            lambda: DestructionAct.objects.filter(pk=act.pk).delete(),
        ):
            with pytest.raises(Error, match="kept for their term"), transaction.atomic():
                spoil()


@pytest.mark.clause("G2.4b")
def test_after_three_years_the_job_removes_the_act_and_the_history_remembers(world: Cast) -> None:
    with scope(ALL_SCHOOLS):
        removal = left(world, "petya", "petya_father", state="removed")
        old = act_of(removal, keep_until=TODAY - timedelta(days=2))
        kept = act_of(removal, part="contact", number=2)
    with time_machine.travel(NOW):
        assert jobs.remove_accounts(NOW)["acts_deleted"] == 1
    with scope(ALL_SCHOOLS):
        assert [act.pk for act in acts()] == [kept.pk]
        assert AuditEvent.objects.filter(row_id=old.pk, action="D").exists()
        assert Removal.objects.filter(pk=removal.pk).exists()


@pytest.mark.clause("G2.4b")
def test_the_export_of_the_log_names_categories_and_the_rows_of_history(
    world: Cast,
) -> None:
    leave(world, "petya")
    run()
    run(timedelta(days=2))
    with scope(ALL_SCHOOLS):
        act = next(act for act in acts() if act.subject_kind == "законный представитель")
    client = Client()
    client.force_login(world.users["admin"], backend=BACKEND)
    answer = client.get(reverse("access:act_log", args=[act.pk]))
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == [
        "Дата и время",
        "Субъект персональных данных",
        "Категория данных",
        "Записей",
    ]
    assert len(rows) > 1 + len(act.categories)
    assert {row[1] for row in rows[1:]} == {act.subject}
    assert any("consent_contact" in row[2] and row[7].isdigit() for row in rows)
    assert "petya" not in answer.content.decode().lower()
