"""The list of what is destroyed and what stays, against the classification of every model."""

from django.apps import apps

from access.destruction import STAYS, kinds
from tests.conventions.test_sizes import APPS

# Framework tables about an account: they have no Privacy of their own.
FOREIGN = {
    "account.EmailAddress", "account.EmailConfirmation", "authtoken.Token", "mfa.Authenticator",
    "sessions.Session", "usersessions.UserSession",
}  # fmt: skip


def _personal() -> set[str]:
    found = set()
    for model in apps.get_models():
        privacy = getattr(model, "Privacy", None)
        fields = getattr(privacy, "personal", set()) | getattr(privacy, "special", set())
        if model._meta.app_label in APPS and fields:
            found.add(model._meta.label)
    return found


def test_every_table_with_personal_data_is_destroyed_or_stays_for_a_reason() -> None:
    destroyed = {table for kind in kinds() for table in kind.tables}
    stays = {table for tables in STAYS.values() for table in tables}
    assert destroyed & stays == set()
    assert _personal() - destroyed - stays == set()
    assert stays - _personal() == set()
    assert destroyed - _personal() == FOREIGN


def test_no_table_stays_for_two_reasons() -> None:
    named = [table for tables in STAYS.values() for table in tables]
    assert len(named) == len(set(named))
