"""The rehearsal: a set is saved, brought back into an empty database, and equals what was saved."""

import io
import json
import shutil
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from ediary.launcher import backup
from ediary.launcher.backup import DUMP, FILES, MANIFEST, Refused
from tests import template

pytestmark = pytest.mark.slow

TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'audit_epoch' ORDER BY 1
"""
SHAPE = """
SELECT 'policy', tablename || '.' || policyname FROM pg_policies
UNION ALL SELECT 'owner', relname || ' ' || pg_get_userbyid(relowner) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'right', table_name || ' ' || grantee || ' ' || privilege_type
    FROM information_schema.role_table_grants WHERE table_schema = 'public'
UNION ALL SELECT 'partition', inhrelid::regclass::text FROM pg_inherits
ORDER BY 1, 2
"""
EPOCH = "SELECT epoch FROM audit_epoch"
PHOTO = b"\x89PNG not really"


def ask(url, statement):
    with psycopg.connect(url, autocommit=True) as link:
        return link.execute(statement).fetchall()


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker):
    """The address, for its owner, of a database with the cast in it."""
    name = str(connections["owner"].settings_dict["NAME"]) + "_saved"
    with django_db_blocker.unblock():
        template.copy_to(name)
    yield url_of(name)
    with django_db_blocker.unblock():
        template.drop(name)


def url_of(name):
    held = connections["owner"].settings_dict
    password = held["PASSWORD"]
    return f"postgresql://{held['USER']}:{password}@{held['HOST']}:{held['PORT']}/{name}"


@pytest.fixture
def target(source):
    """The address of a new, empty database."""
    name = connections["owner"].settings_dict["NAME"] + "_restored"
    with psycopg.connect(source, autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}"')
        yield url_of(name)
        link.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def files(tmp_path):
    """Uploaded files, one with a Russian name."""
    folder = tmp_path / "media"
    (folder / "homework").mkdir(parents=True)
    (folder / "homework" / "карта.png").write_bytes(PHOTO)
    return folder


@pytest.fixture(scope="module")
def keeper(tmp_path_factory):
    """Where the one real set of this module is kept: dumping it for every test takes long."""
    return tmp_path_factory.mktemp("sets") / "real"


@pytest.fixture
def saved(source, keeper, files, tmp_path):
    """A copy of the set that was really saved from the database with the cast."""
    if not keeper.exists():
        backup.make(keeper, source, files)
    return Path(shutil.copytree(keeper, tmp_path / "set"))


def counts(url):
    with psycopg.connect(url, autocommit=True) as link:
        names = [name for (name,) in link.execute(TABLES)]
        return {
            name: link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names
        }


def test_what_is_restored_equals_what_was_saved(source, saved, target, tmp_path):
    fresh = tmp_path / "restored"
    backup.restore(saved, target, fresh)
    assert counts(target) == counts(source)
    assert counts(target)["people_pupil"] > 3
    assert counts(target)["audit_event"] > 10
    assert ask(target, SHAPE) == ask(source, SHAPE)
    assert (fresh / "homework" / "карта.png").read_bytes() == PHOTO
    assert [path.name for path in fresh.iterdir()] == ["homework"]
    # The history begins a new part of its chain, and the web role sees nothing without a scope.
    ((epoch,),) = ask(source, EPOCH)
    assert ask(target, EPOCH) == [(epoch + 1,)]
    assert ask(as_web(target), "SELECT count(*) FROM people_pupil") == [(0,)]


def as_web(url):
    owner, web = connections["owner"].settings_dict, connections["default"].settings_dict
    mine, theirs = f"//{owner['USER']}:{owner['PASSWORD']}@", f"//{web['USER']}:{web['PASSWORD']}@"
    assert mine in url
    return url.replace(mine, theirs)


def test_what_is_there_goes_only_when_asked_and_only_for_a_whole_set(
    saved, target, tmp_path, monkeypatch
):
    fresh = tmp_path / "restored"
    (fresh / "old").mkdir(parents=True)
    ask_nothing(target, "CREATE TABLE old (id int)")
    with pytest.raises(Refused, match="not empty"):
        backup.restore(saved, target, fresh)
    with monkeypatch.context() as broken:
        broken.setattr(backup, "CUT", "SELECT 1 / 0;\n")
        with pytest.raises(Refused, match="division by zero"):
            backup.restore(saved, target, fresh, replace=True)
    assert counts(target) == {"old": 0}
    assert (fresh / "old").exists()
    backup.restore(saved, target, fresh, replace=True)
    assert counts(target)["people_pupil"] > 3
    assert "old" not in counts(target)
    assert [path.name for path in fresh.iterdir()] == ["homework"]


def ask_nothing(url, statement):
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement)


@pytest.mark.parametrize("part", [DUMP, FILES])
def test_a_set_with_one_changed_byte_is_refused(saved, part):
    content = bytearray((saved / part).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / part).write_bytes(content)
    with pytest.raises(Refused, match=f"{part} does not match"):
        backup.verify(saved)


def test_a_damaged_set_is_refused_before_anything_is_touched(saved, tmp_path):
    (saved / DUMP).write_bytes(b"short")
    with pytest.raises(Refused, match="does not match"):
        backup.restore(saved, "postgresql://nobody@127.0.0.1:1/nothing", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_set_without_a_part_is_refused(saved):
    (saved / FILES).unlink()
    with pytest.raises(Refused, match="does not match"):
        backup.verify(saved)


def test_a_folder_that_is_no_set_is_refused(tmp_path):
    with pytest.raises(Refused, match="not a saved set"):
        backup.verify(tmp_path)


def test_a_set_of_another_format_is_refused(saved):
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    (saved / MANIFEST).write_text(json.dumps(manifest | {"format": 2}), encoding="utf-8")
    with pytest.raises(Refused, match="another version"):
        backup.verify(saved)


def test_a_set_is_never_written_over_another(saved, files):
    before = (saved / MANIFEST).read_bytes()
    with pytest.raises(Refused, match="never written over"):
        backup.make(saved, "postgresql://nobody@127.0.0.1:1/nothing", files)
    assert (saved / MANIFEST).read_bytes() == before


def test_a_set_is_for_its_owner_only(saved):
    assert saved.stat().st_mode & 0o777 == 0o700
    assert {part.stat().st_mode & 0o777 for part in saved.iterdir()} == {0o600}


def test_an_archive_that_climbs_out_is_refused(saved, tmp_path):
    with tarfile.open(saved / FILES, "w") as tar:
        entry = tarfile.TarInfo("../outside")
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"abc"))
    with pytest.raises(Refused, match="no file of ours"):
        backup.unpack(saved / FILES, tmp_path / "deep" / "restored")
    assert not (tmp_path / "deep" / "outside").exists()


def test_no_password_stands_on_a_command_line(source, monkeypatch):
    seen = []
    run = backup.subprocess.run
    monkeypatch.setattr(
        backup.subprocess,
        "run",
        lambda command, **rest: seen.append(command) or run(command, **rest),
    )
    backup.client("psql", "-XAtc", "SELECT 1", url=source)
    assert connections["owner"].settings_dict["PASSWORD"] not in str(seen)
