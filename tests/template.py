"""A ready test database kept as PostgreSQL's template: migrations and the cast are made once a change.

The template's name is a digest of everything that shapes it, so a changed migration, model or cast
makes a new one. Two processes that start together wait for each other.
"""

import hashlib
import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test.utils import setup_databases

from tests import cast
from tests.conventions.test_sizes import APPS, ROOT

PREFIX = "ediary_template_"
_USED: list[str] = []  # the template of this run
_ROWS: dict[str, bytes] = {}  # the template's rows by table, as COPY writes them
_TABLES: list[str] = []


def prepare() -> bytes:
    """Make the template unless it is there, copy it to be the test database; return the cast."""
    name = PREFIX + _digest()
    with _alone():
        saved = _cast_of(name) or _make(name)
        _USED.append(name)
        copy_to(_test_name())
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = _test_name()
    _remember()
    return saved


def _remember() -> None:
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        _TABLES[:] = sorted(f'"{name}"' for (name,) in cursor.fetchall())
        for table in _filled(cursor):
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _ROWS[table] = b"".join(map(bytes, copy))


def may_restore() -> bool:
    """Answer whether the server lets its owner work past triggers, as the throwaway one does."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def restore() -> None:
    """Bring the template's rows back after a test that committed: ten times faster than TRUNCATE.

    The lock waits, as TRUNCATE would, for whoever still writes.
    """
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {', '.join(_TABLES)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in _filled(cursor)))
        for table, rows in _ROWS.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)


def _filled(cursor: CursorWrapper) -> list[str]:
    looks = (f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in _TABLES)
    cursor.execute(" UNION ALL ".join(looks))
    return [table for (table,) in cursor.fetchall()]


def remove() -> None:
    """Drop the test database; the connections point to the real one again."""
    connections.close_all()
    name = _test_name()
    for alias in ("owner", "default"):
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"]
    drop(name)


def _test_name() -> str:
    return str(connections["owner"].settings_dict["TEST"]["NAME"])


def copy_to(database: str) -> None:
    """Make the database anew from the run's template, to which nobody is ever connected."""
    drop(database)
    _execute(f'CREATE DATABASE "{database}" TEMPLATE "{_USED[-1]}"')


def drop(database: str) -> None:
    """Drop the database once its sessions are ended, each by its own role.

    `WITH (FORCE)` is refused to an owner while autovacuum or another role works there; without it
    the server itself sends autovacuum away.
    """
    for alias in ("default", "owner"):
        with connections[alias]._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user",
                [database],
            )
    _execute(f'DROP DATABASE IF EXISTS "{database}"')


def _execute(sql: str) -> None:
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute(sql)


def _make(name: str) -> bytes:
    owner = connections["owner"]
    test, real = owner.settings_dict["TEST"], dict(owner.settings_dict["TEST"])
    test["NAME"] = name
    made = setup_databases(0, False, aliases=["default", "owner"], serialized_aliases=[])
    saved = pickle.dumps(cast.build())
    connections.close_all()
    for connection, old_name, _ in made:
        connection.settings_dict["NAME"] = old_name
    connections["default"].settings_dict["NAME"] = owner.settings_dict["NAME"]
    test.clear()
    test.update(real)
    # Kept as the database's own comment: a cast and another checkout's database never make a pair.
    _execute(f"COMMENT ON DATABASE \"{name}\" IS '{b64encode(saved).decode()}'")
    return saved


def _cast_of(name: str) -> bytes:
    """Return the cast that lives in the template; nothing while it is not ready."""
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
    return b64decode(found[0]) if found and found[0] else b""


def _digest() -> str:
    beside = ("people/grants.py", "people/roles.py", "common/sorting.py", "common/ids.py")
    shapes = [
        ROOT / "tests/cast.py",
        ROOT / "requirements/dev.txt",
        *(ROOT / one for one in beside),
    ]
    for app in APPS:
        shapes += [
            *(ROOT / app).glob("migrations/*.py"),
            *(ROOT / app).glob("models*"),
            *(ROOT / app).glob("models/*.py"),
        ]
    digest = hashlib.sha256()
    for path in sorted({path for path in shapes if path.is_file()}):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the server's lock on templates, whichever checkout asks."""
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('ediary test template'))")
        yield
