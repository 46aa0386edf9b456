"""The database itself keeps schools apart."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from journal.models import Mark
from people.models import Person, School
from people.scope import scope, scope_of_user
from tests.cast import ALL_SCHOOLS, OTHER_ID, SCHOOL_ID, Cast

# Tables without a school: framework tables and global accounts; docs/security.md says the risk.
WITHOUT_SCHOOL = {
    "access_entrycode", "account_emailaddress", "account_emailconfirmation", "audit_epoch",
    "auth_group", "auth_group_permissions", "auth_permission", "authtoken_token",
    "django_content_type", "django_migrations", "django_session", "ediary_cache", "mfa_authenticator", "people_user",
    "usersessions_usersession",
}  # fmt: skip


def _tables() -> dict[str, tuple[bool, bool]]:
    query = """
        SELECT c.relname, c.relrowsecurity,
               EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'school_id')
          FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: (secured, owned) for name, secured, owned in cursor.fetchall()}


def test_every_table_of_a_school_is_isolated(db: None) -> None:
    tables = _tables()
    unsecured = {name for name, (secured, owned) in tables.items() if owned and not secured}
    assert unsecured == set()
    homeless = {name for name, (_, owned) in tables.items() if not owned}
    assert homeless - {"people_school"} == WITHOUT_SCHOOL


def test_web_role_holds_no_right_on_partitions(db: None) -> None:
    query = """
        SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'
           AND (has_table_privilege('ediary_web', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE')
             OR has_table_privilege('ediary_worker', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE'))
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchall() == []


def test_without_a_scope_nothing_is_seen(db: None) -> None:
    assert School.objects.count() == 0
    assert Person.objects.count() == 0


def test_a_scope_shows_its_schools_only(cast: Cast) -> None:
    with scope([SCHOOL_ID]):
        assert {p.school_id for p in Person.objects.all()} == {SCHOOL_ID}
    with scope([OTHER_ID]):
        assert {p.school_id for p in Person.objects.all()} == {OTHER_ID}


def test_a_user_enters_her_schools(cast: Cast) -> None:
    nina = cast.user("nina")
    with scope_of_user(nina):
        assert set(School.objects.values_list("pk", flat=True)) == {SCHOOL_ID, cast.branch.pk}
        assert {i.school_id for i in nina.identities} == {SCHOOL_ID, cast.branch.pk}
    maria = cast.user("maria")
    with scope_of_user(maria):
        assert set(School.objects.values_list("pk", flat=True)) == {SCHOOL_ID}


def test_a_row_cannot_point_into_another_school(cast: Cast) -> None:
    own, foreign = cast.lesson("algebra"), cast.pupils["other_pupil"]
    statement = (
        "INSERT INTO school_membership (id, school_id, group_id, pupil_id, since)"
        " VALUES (gen_random_uuid(), %s, %s, %s, '2026-09-01')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [own.school_id, cast.extras["group:7А"].pk, foreign.pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "DELETE FROM school_membership WHERE pupil_id = %s AND school_id = %s",
            [foreign.pk, own.school_id],
        )


def test_a_row_of_another_school_cannot_be_made(cast: Cast) -> None:
    with pytest.raises(Exception, match="row-level security"), scope([SCHOOL_ID]):
        School.objects.create(id=OTHER_ID, name="х", short_name="х")
    assert ALL_SCHOOLS


def test_every_owned_model_knows_visible_to() -> None:
    ours = {
        "people",
        "regulation",
        "school",
        "consent",
        "access",
        "journal",
        "diary",
        "printouts",
        "notifications",
    }
    for model in apps.get_models():
        if model._meta.app_label in ours and hasattr(model, "school_id") and model is not Mark:
            assert hasattr(model._default_manager.all(), "visible_to"), model
