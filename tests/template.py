"""A ready test database kept as PostgreSQL's template: migrations and the cast are made once a change.

The template's name is a digest of everything that shapes it, so a changed migration, model or cast
makes a new one. Two processes that start together wait for each other.
"""

import fcntl
import hashlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases

from tests import cast
from tests.conventions.test_sizes import APPS, ROOT

PREFIX = "ediary_template_"


def prepare() -> bytes:
    """Make the template unless it is there, copy it to be the test database; return the cast."""
    name = PREFIX + _digest()
    place = Path(settings.VAR) / "test-template"
    place.mkdir(parents=True, exist_ok=True)
    pickled = place / f"{name}.pickle"
    with _lock(place / "lock"):
        if not (pickled.exists() and _exists(name)):
            # First: if making is interrupted, an old cast must not be taken for the new database's.
            pickled.unlink(missing_ok=True)
            pickled.write_bytes(_make(name))
        copy_to(_test_name())
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = _test_name()
    return pickled.read_bytes()


def remove() -> None:
    """Drop the test database; the connections point to the real one again."""
    connections.close_all()
    name = _test_name()
    for alias in ("owner", "default"):
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"]
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _test_name() -> str:
    return str(connections["owner"].settings_dict["TEST"]["NAME"])


def copy_to(database: str) -> None:
    """Make the database anew from the template, to which nobody is ever connected."""
    _execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    _execute(f'CREATE DATABASE "{database}" TEMPLATE "{PREFIX + _digest()}"')


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
    return saved


def _exists(name: str) -> bool:
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _digest() -> str:
    shapes = [ROOT / "tests/cast.py", ROOT / "requirements/dev.txt", ROOT / "people/grants.py"]
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
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
