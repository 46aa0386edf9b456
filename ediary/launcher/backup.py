"""`bin/backup` and `bin/restore`: database and files in one set, with hashes.

The database is dumped first: a file that comes later is only not in the set, while every file
that the dump names is there (files are never changed, only added and, by a job, removed).
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from ediary.launcher import places, setup
from ediary.launcher.servers import Servers
from ediary.launcher.steps import say, step

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
FORMAT = 1
# Everything of ours goes; the schema stays, so that the audit role may own tables in it again.
EMPTY = """\
SET lock_timeout = '60s';
DROP OWNED BY ediary_owner, ediary_audit CASCADE;
"""
PREPARE = "GRANT USAGE, CREATE ON SCHEMA public TO ediary_audit;\n"
# A restored history begins a new part of its chain, so that the cut is seen.
CUT = """\
SET search_path = public;
SELECT 'SELECT app_bump_audit_epoch()' WHERE to_regprocedure('app_bump_audit_epoch()') IS NOT NULL \\gexec
"""


class Refused(places.CannotStart):
    """The set or the target is not what it must be; nothing was changed."""


def address(path: str) -> Path:
    """Return a path of the command line, taken from where the command was called."""
    return Path(os.environ.get("CALLED_FROM", "."), path).resolve()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/backup", description="Saves database and files.")
    parser.add_argument("folder", type=address, help="a folder that does not exist yet")
    wanted = parser.parse_args(arguments)
    servers = prepared()
    try:
        make(wanted.folder, owner_url(servers), media())
    finally:
        servers.stop()
    return 0


def main_restore(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/restore", description="Brings a saved set back.")
    parser.add_argument("folder", type=address, help="a folder made by bin/backup")
    parser.add_argument("--replace", action="store_true", help="throw away what is there now")
    wanted = parser.parse_args(arguments)
    verify(wanted.folder)
    servers = prepared()
    try:
        restore(wanted.folder, owner_url(servers), media(), replace=wanted.replace)
    finally:
        servers.stop()
    return 0


def prepared() -> Servers:
    """Make sure that packages and the database are there."""
    setup.prepare("demo")
    servers = Servers(with_broker=False)
    servers.start()
    return servers


def owner_url(servers: Servers) -> str:
    """Return the address of the owner role: it sees all rows."""
    if path := os.environ.get("DATABASE_OWNER_URL_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url and servers.cluster:
        url = servers.cluster.url("owner")
    if not url:
        raise Refused("Set DATABASE_OWNER_URL: the role that owns the tables.")
    return url


def media() -> Path:
    return Path(os.environ.get("MEDIA_ROOT") or places.VAR / "media")


def connection(url: str) -> dict[str, str]:
    """Return libpq's environment, so that no password stands on a command line."""
    parts = urlsplit(url)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "PGHOST": unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGOPTIONS": "-c client_min_messages=warning",
    }


def client(name: str, *arguments: str, url: str, **options: Any) -> str:
    """Run a PostgreSQL client and return its output. Raises Refused with what it says."""
    program = places.postgres_install() / "bin" / name
    done = subprocess.run(
        [str(program), *arguments],
        env=connection(url),
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    if done.returncode != 0:
        raise Refused(f"{name}: {done.stderr.strip()}")
    return str(done.stdout)


def make(folder: Path, url: str, files: Path) -> None:
    """Write the set beside its place and rename it at the end: whole or not at all."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty: a set is never written over another.")
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    with step("Database"):
        dump = unfinished / DUMP
        client("pg_dump", "--format=custom", "--compress=6", f"--file={dump}", url=url)
    with step("Files"):
        pack(files, unfinished / FILES)
    manifest = {
        "format": FORMAT,
        "made_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "server": client("psql", "-XAtc", "SHOW server_version", url=url).strip(),
        "parts": {name: fingerprint(unfinished / name) for name in (DUMP, FILES)},
    }
    (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    for part in unfinished.iterdir():
        part.chmod(0o600)
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    size = sum(part["size"] for part in manifest["parts"].values())  # type: ignore[attr-defined]
    say(
        f"Saved {size / 1_000_000:.1f} MB in {folder}. It holds personal data: keep it locked away."
    )


def fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "size": path.stat().st_size}


def pack(folder: Path, archive: Path) -> None:
    """Pack the files in a fixed order, without owners."""
    with tarfile.open(archive, "w") as tar:
        for path in sorted(folder.rglob("*")) if folder.exists() else ():
            if path.is_file() and not path.is_symlink():
                tar.add(path, arcname=path.relative_to(folder).as_posix(), filter=nameless)


def nameless(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def verify(folder: Path) -> Mapping[str, Any]:
    """Return the manifest. Raises Refused if any part is missing or differs from it."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        parts = {str(name): dict(part) for name, part in manifest["parts"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise Refused(f"{folder} holds no readable {MANIFEST}: not a saved set.") from None
    if manifest.get("format") != FORMAT or set(parts) != {DUMP, FILES}:
        raise Refused(f"{folder} was made by another version of bin/backup.")
    for name, expected in parts.items():
        if not (folder / name).is_file() or fingerprint(folder / name) != expected:
            raise Refused(f"{name} does not match {MANIFEST}: the set is damaged or was changed.")
    return manifest


def restore(folder: Path, url: str, files: Path, *, replace: bool = False) -> None:
    """Bring the set back in one transaction. Raises Refused and then changes nothing."""
    manifest = verify(folder)
    refuse_if_filled(url, files, replace=replace)
    staged = files / ".restoring"
    with step("Files"):
        unpack(folder / FILES, staged)
    with step("Database"):
        pour(folder / DUMP, url, before=(EMPTY if replace else "") + PREPARE, after=CUT)
    swap(staged, files)
    say(f"Restored the set of {manifest['made_at']}. Now run: manage.py migrate --database=owner")


def pour(dump: Path, url: str, *, before: str, after: str) -> None:
    """Send the dump into the database as one transaction; through a file, it may be large."""
    with TemporaryDirectory(prefix="restore-") as folder:
        parts = [Path(folder, name) for name in ("before.sql", "dump.sql", "after.sql")]
        parts[0].write_text(before, encoding="utf-8")
        client("pg_restore", f"--file={parts[1]}", str(dump), url=url)
        parts[2].write_text(after, encoding="utf-8")
        files = [word for part in parts for word in ("-f", str(part))]
        client("psql", "-XqAt", "-1", "-v", "ON_ERROR_STOP=1", *files, url=url)


def refuse_if_filled(url: str, files: Path, *, replace: bool) -> None:
    """Refuse to mix two schools' data: the target is empty, or --replace says that it may go."""
    if replace:
        return
    count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    if client("psql", "-XAtc", count, url=url).strip() != "0":
        raise Refused("The database is not empty. Add --replace to throw away what it holds.")
    if files.exists() and any(path.name != ".restoring" for path in files.iterdir()):
        raise Refused(f"{files} is not empty. Add --replace to throw away what it holds.")


def unpack(archive: Path, folder: Path) -> None:
    """Unpack plain files only, below the folder only."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        for entry in tar:
            name = PurePosixPath(entry.name)
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                raise Refused(f"The archive holds “{entry.name}”, which is no file of ours.")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)


def swap(staged: Path, files: Path) -> None:
    """Put the restored files in place of the old ones, inside the folder: it may be a mount."""
    for old in files.iterdir():
        if old == staged:
            continue
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    for new in staged.iterdir():
        new.rename(files / new.name)
    staged.rmdir()
