"""The history is sealed, and whoever tampers with it is found out."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from audit.jobs import seal_history
from audit.models import Seal
from people.models import Person
from people.scope import scope
from tests.audit.roles import as_worker, session
from tests.cast import NOW, SCHOOL_ID, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def rename(person: Person, name: str) -> None:
    with scope([SCHOOL_ID]):
        Person.objects.filter(pk=person.pk).update(middle_name=name)


def seal(*, at_once: bool = False) -> int:
    """Run the job; first wait for other tests' transactions, which hold the whole server's back."""
    if not at_once:
        settle()
    with as_worker():
        return int(str(seal_history(NOW)["rows"]))


def settle() -> None:
    with session("owner") as mine:
        (ours,) = mine.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        mine.commit()
        while True:
            (oldest,) = mine.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            ).fetchone()
            mine.commit()
            if oldest > ours:
                return
            time.sleep(0.02)


def verify() -> str:
    """What the command says as the owner; it raises if the chain is broken."""
    out = StringIO()
    call_command("verify_history", stdout=out)
    return out.getvalue()


def links() -> list[Seal]:
    return list(Seal.objects.using("owner").filter(school_id=SCHOOL_ID).order_by("number"))


def owner(sql: str, *values: object) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def test_committed_rows_are_sealed_once_and_the_chain_holds(committed_cast: Cast) -> None:
    maria = committed_cast.people["maria"]
    rename(maria, "Павловна")
    assert seal() > 0
    assert seal() == 0
    rename(maria, "Петровна")
    assert seal() == 1
    first, second = links()[-2:]
    assert second.previous == first.digest
    assert "цела" in verify()


def test_the_worker_may_verify_too(committed_cast: Cast) -> None:
    rename(committed_cast.people["maria"], "Павловна")
    with as_worker():
        seal_history(NOW)
        call_command("verify_history", database="default", stdout=StringIO())


def test_the_web_role_cannot_verify_and_is_told_what_to_do(committed_cast: Cast) -> None:
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("verify_history", database="default", stdout=StringIO())


ROW = """(SELECT max(e.id) FROM audit_event e JOIN audit_seal s USING (school_id)
            WHERE s.id = %s AND (e.epoch, e.txid) < (s.epoch, s.txid_until))"""
TAMPERS = {
    f"UPDATE audit_event SET after = '{{}}' WHERE id = {ROW}": "изменены",
    f"UPDATE audit_event SET actor = gen_random_uuid() WHERE id = {ROW}": "изменены",
    f"UPDATE audit_event SET at = at - interval '1 hour' WHERE id = {ROW}": "изменены",
    f"DELETE FROM audit_event WHERE id = {ROW}": "строк",
    "UPDATE audit_seal SET digest = repeat('a', 64) WHERE id = %s": "изменены",
    "UPDATE audit_seal SET rows = rows + 1 WHERE id = %s": "строк",
    "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE id = %s": "изменены",
    "DELETE FROM audit_seal WHERE id = %s": "не продолжает",
}


def test_whoever_changes_a_row_or_a_link_is_found_out_by_the_first_broken_link(
    committed_cast: Cast,
) -> None:
    for name in ("Павловна", "Петровна", "Ивановна"):
        rename(committed_cast.people["maria"], name)
        seal()
    victim = links()[-2]
    for tamper, named in TAMPERS.items():
        number = victim.number + tamper.startswith("DELETE FROM audit_seal")
        with transaction.atomic(using="owner"):
            owner(tamper, victim.pk)
            with pytest.raises(CommandError, match=f"{SCHOOL_ID}.*№ {number}.*{named}"):
                verify()
            transaction.set_rollback(True, using="owner")
    assert "цела" in verify()


def test_a_forged_old_row_is_found(committed_cast: Cast) -> None:
    rename(committed_cast.people["maria"], "Павловна")
    seal()
    owner(
        "INSERT INTO audit_event (year, school_id, at, epoch, txid, origin, request_id, reason,"
        " table_name, row_id, action) VALUES (2026, %s, now(), 1, 3, '', '', '', 'people_person', %s, 'U')",
        SCHOOL_ID,
        committed_cast.people["maria"].pk,
    )
    with pytest.raises(CommandError, match="История подделана"):
        verify()


def test_a_transaction_that_commits_late_is_not_lost_from_the_chain(committed_cast: Cast) -> None:
    seal()
    with session() as late:
        late.execute("SELECT set_config('app.schools', %s, true)", [f"{{{SCHOOL_ID}}}"])
        late.execute(
            "UPDATE people_person SET middle_name = 'Поздняя' WHERE id = %s",
            [committed_cast.people["nina"].pk],
        )
        rename(committed_cast.people["maria"], "Павловна")
        assert seal(at_once=True) == 0, "a younger row waits for the older transaction"
        late.commit()
    assert seal() == 2
    assert "цела" in verify()


def test_the_chain_goes_on_after_a_restore(committed_cast: Cast) -> None:
    """A restored server counts transactions anew: a lower number in a later epoch comes after."""
    rename(committed_cast.people["maria"], "Павловна")
    seal()
    rename(committed_cast.people["maria"], "Ивановна")
    owner("SELECT app_bump_audit_epoch()")
    try:
        rename(committed_cast.people["maria"], "Петровна")
        assert seal() == 2
        assert [link.epoch for link in links()[-2:]] == [1, 2]
        assert "цела" in verify()
    finally:
        owner("UPDATE audit_epoch SET epoch = 1")
        owner("DELETE FROM audit_event WHERE epoch = 2")
        owner("DELETE FROM audit_seal WHERE epoch = 2")
