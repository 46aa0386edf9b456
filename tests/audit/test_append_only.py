"""The nine attacks on the history, as the role that the web process has: all refused."""

import psycopg
import pytest
from django.db import connection

from journal.models import Mark, PeriodMark
from people.models import Person
from people.scope import scope
from tests.audit.roles import session, worker_session
from tests.cast import BRANCH_ID, NOW, OTHER_ID, SCHOOL_ID, YEAR, Cast
from tests.printouts.conftest import give_mark

INSERT = (
    "INSERT INTO {table} (year, school_id, at, epoch, txid, origin, request_id, reason, table_name,"
    f" row_id, action) VALUES (2026, '{SCHOOL_ID}', now(), 1, 1, '', '', '', 'x', gen_random_uuid(), 'U')"
)
ATTACKS = {
    "forge": INSERT.format(table="audit_event"),
    "forge in the partition": INSERT.format(table="audit_event_2026"),
    "rewrite": "UPDATE audit_event SET after = '{}'",
    "delete": "DELETE FROM audit_event",
    "delete from the partition": "DELETE FROM audit_event_2026",
    "truncate": "TRUNCATE audit_event",
    "disable the trigger": "ALTER TABLE people_person DISABLE TRIGGER record",
    "drop the trigger": "DROP TRIGGER record ON people_person",
    "replication role": "SET session_replication_role = replica",
    "call the recorder": "SELECT audit_row()",
    "call the recorder of statements": "SELECT audit_rows()",
    "take the owner's role": "SET ROLE ediary_audit",
    "new epoch": "SELECT app_bump_audit_epoch()",
    "forge a link": (
        "INSERT INTO audit_seal (school_id, number, epoch, txid_from, txid_until, rows, previous, digest,"
        f" sealed_at) VALUES ('{SCHOOL_ID}', 999, 1, 1, 1, 1, '', '', now())"
    ),
    "rewrite a link": "UPDATE audit_seal SET digest = ''",
    "delete a link": "DELETE FROM audit_seal",
    "read a partition": "SELECT * FROM audit_event_2026",
}


REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_web_role_is_refused(db: None, attack: str) -> None:
    with session() as web:
        web.execute("SELECT set_config('app.schools', %s, true)", [f"{{{SCHOOL_ID}}}"])
        with pytest.raises(REFUSED):
            web.execute(ATTACKS[attack])


@pytest.mark.parametrize("attack", [name for name in ATTACKS if name != "forge a link"])
def test_the_worker_role_is_refused(db: None, attack: str) -> None:
    with worker_session() as worker:
        worker.execute("SELECT set_config('app.schools', %s, true)", [f"{{{SCHOOL_ID}}}"])
        with pytest.raises(REFUSED):
            worker.execute(ATTACKS[attack])


def test_the_actor_and_the_change_are_recorded(cast: Cast) -> None:
    maria, head = cast.people["maria"], cast.users["head"]
    with scope([SCHOOL_ID], head.pk, origin="10.0.0.7", reason="смена фамилии"):
        Person.objects.filter(pk=maria.pk).update(last_name="Кузнецова-Орлова")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT actor, origin, reason, action, before->>'last_name', after->>'last_name'"
                " FROM audit_event WHERE row_id = %s ORDER BY id DESC LIMIT 1",
                [maria.pk],
            )
            assert cursor.fetchone() == (
                head.pk, "10.0.0.7", "смена фамилии", "U", "Кузнецова", "Кузнецова-Орлова",
            )  # fmt: skip


def test_history_of_other_schools_does_not_exist(cast: Cast) -> None:
    with scope([SCHOOL_ID]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE school_id <> %s", [SCHOOL_ID])
        assert cursor.fetchone() == (0,)


def test_what_the_owner_reads_for_us_is_of_our_schools_only(cast: Cast) -> None:
    """The functions that find history by index run as the owner, whom no policy holds."""
    give_mark(cast, "olya", "algebra", "4")
    Mark.objects.update(value="5")
    olya = cast.pupils["olya"].pk
    PeriodMark.objects.create(
        school=cast.school, year=YEAR, pupil_id=olya, course=cast.courses["algebra"], period=cast.quarter,
        value="4", score=4, obtained_at=NOW, visible_at=NOW, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    values = [YEAR, [cast.lesson("algebra").pk], YEAR, [olya], YEAR, olya]
    seen = []
    for schools in ([SCHOOL_ID], [OTHER_ID], [BRANCH_ID, OTHER_ID]):
        with scope(schools), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM app_changed_cells(%s, %s::uuid[])),"
                " (SELECT count(*) FROM app_corrected(%s, 'journal_mark', %s::uuid[])),"
                " (SELECT count(*) FROM app_changed_results(%s, %s))",
                values,
            )
            seen.append(cursor.fetchone())
    assert seen == [(2, 1, 1), (0, 0, 0), (0, 0, 0)]
