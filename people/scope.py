"""The scope of a transaction: which schools' rows the database shows, and who is acting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from common.prepared import prepared
from people.models.accounts import identities_from

if TYPE_CHECKING:
    from people.models import User

_SETTINGS = ("app.schools", "app.actor", "app.origin", "app.request_id", "app.reason")
_READ = "SELECT " + ", ".join(f"current_setting('{name}', true)" for name in _SETTINGS)
_WRITE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)


@contextmanager
def scope_of_user(user: "User", *, origin: str = "", request_id: str = "") -> Iterator[None]:
    """Open a transaction that sees the schools of `user` only, and read the user's identities."""
    before = _outer_settings()
    with transaction.atomic():
        with prepared() as cursor:
            cursor.execute(
                "SELECT app_enter(%s, %s, %s, %s)", [user.pk, timezone.now(), origin, request_id]
            )
            row = cursor.fetchone()
        # By setattr, not __dict__: a test's or a job's user may be a lazy object, which keeps only what is set on it.
        user.identities = identities_from(row[0] if row else None)
        yield
    _restore(before)


@contextmanager
def scope(
    schools: Sequence[UUID], actor: UUID | None = None, *, origin: str = "", reason: str = ""
) -> Iterator[None]:
    """Open a transaction that sees `schools` only: for jobs, commands and tests."""
    before = _outer_settings()
    with transaction.atomic():
        _set(["{" + ",".join(map(str, schools)) + "}", str(actor or ""), origin, "", reason])
        yield
    _restore(before)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give the history rows written inside the reason of the change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.reason', true)")
        before = (cursor.fetchone() or [""])[0] or ""
        cursor.execute("SELECT set_config('app.reason', %s, true)", [reason])
        yield
        cursor.execute("SELECT set_config('app.reason', %s, true)", [before])


def all_schools() -> list[UUID]:
    """Return the ids of all schools: only the worker's database role may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_all_schools()")
        return [row[0] for row in cursor.fetchall()]


def _outer_settings() -> list[str] | None:
    """Settings of the transaction around us, to put back after (only tests nest scopes)."""
    if not connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return [value or "" for value in (cursor.fetchone() or ())]


def _set(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def _restore(before: list[str] | None) -> None:
    if before is not None:
        _set(before)
