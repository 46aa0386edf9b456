"""`bin/demo`: a running demo school from nothing, and everything stopped at the end."""

import argparse
import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ediary.launcher import accounts, setup
from ediary.launcher.places import BASE, VAR, CannotStart
from ediary.launcher.processes import Crew
from ediary.launcher.servers import Servers
from ediary.launcher.steps import run, say, step, stop_on_signals

DEMO = VAR / "demo"
STAGES = ("september", "midterm", "term-end", "year-end")


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Starts a demo school.")
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
    parser.add_argument("--stage", choices=STAGES, help="moment of the school year (midterm)")
    parser.add_argument("--fresh", action="store_true", help="throw the demo data away first")
    parser.add_argument("--yes", action="store_true", help="do not ask before throwing away")
    parser.add_argument("--seed-only", action="store_true", help="make the data and stop")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    wanted = options(arguments)
    stop_on_signals()
    try:
        setup.prepare("demo")
        if wanted.fresh:
            confirm(is_sure=wanted.yes)
        with alone():
            return demo(wanted)
    except KeyboardInterrupt:
        say("")
        return 130


def confirm(*, is_sure: bool) -> None:
    """Ask before the demo data goes; without a terminal only --yes is an answer."""
    if is_sure or not (VAR / "pg").exists():
        return
    if not sys.stdin.isatty():
        raise CannotStart("--fresh throws the demo data away: add --yes to say that you mean it.")
    sys.stdout.write("Throw the demo school and all its marks away? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "д", "да"}:
        raise CannotStart("Nothing was changed.")


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout's demo; a second one at the same time is refused."""
    DEMO.mkdir(parents=True, exist_ok=True)
    with (DEMO / "lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart("bin/demo already runs in this checkout.") from None
        yield


def demo(wanted: argparse.Namespace) -> int:
    """Start the servers, make the data, then serve until told to stop."""
    if not (wanted.seed_only or accounts.is_free(wanted.port)):
        raise CannotStart(f"Port {wanted.port} is taken. Try: bin/demo --port {wanted.port + 1}")
    servers = Servers()
    adopted = DEMO / "servers-started"
    try:
        with step("Database and broker"):
            servers.start()
            if adopted.exists():  # a demo that was killed left them: they are ours to stop
                servers.adopt()
        if servers.started:
            adopted.touch()
        environment = servers.environment() | {
            "DEMO": "1",
            "BEHIND_TLS": "0",
            "DJANGO_SETTINGS_MODULE": "ediary.settings",
            "PUBLIC_URL": f"http://127.0.0.1:{wanted.port}",
            "MAIL_DIR": str(DEMO / "mail"),
        }
        setup.build_static(environment)
        make_data(wanted, servers, environment)
        return 0 if wanted.seed_only else serve(wanted.port, environment)
    finally:
        if servers.started:
            with step("Stopping database and broker"):
                servers.stop()
        adopted.unlink(missing_ok=True)


def make_data(wanted: argparse.Namespace, servers: Servers, environment: dict[str, str]) -> None:
    """Migrate, and seed the demo school if there is none or the last seed did not end."""
    begun, seeded = DEMO / "seed-begun", DEMO / "stage"
    if wanted.fresh or begun.exists():
        throw_away(servers)
    manage = [str(setup.PYTHON), "manage.py"]
    migrate(manage, servers, environment)
    if has_schools(servers, environment):
        stands = seeded.read_text(encoding="ascii") if seeded.exists() else "unknown"
        if wanted.stage not in {None, stands}:
            say(
                f"The demo school stands at “{stands}”: --fresh --stage {wanted.stage} makes another."
            )
        return
    stage = wanted.stage or "midterm"
    begun.touch()
    run(f"Demo school at “{stage}”", [*manage, "seed_school", "--stage", stage], environment)
    seeded.write_text(stage, encoding="ascii")
    begun.unlink()


def migrate(manage: list[str], servers: Servers, environment: dict[str, str]) -> None:
    """Bring the schema up to date; skip it when code and database are those of the last time."""
    stamp = DEMO / "migrated"
    known = stamp.read_text(encoding="ascii") if stamp.exists() else ""
    if known and known == schema_state(servers):
        return
    run("Migrations", [*manage, "migrate", "--database=owner", "-v", "1"], environment)
    stamp.write_text(schema_state(servers), encoding="ascii")


def schema_state(servers: Servers) -> str:
    """Return a hash of the migrations there are and of those that the database has; or nothing."""
    if not servers.cluster:
        return ""
    applied = servers.cluster.psql(
        "-Atc",
        "SELECT app, name FROM django_migrations ORDER BY 1, 2",
        database="ediary",
        capture_output=True,
    )
    if applied.returncode != 0:
        return ""
    digest = hashlib.sha256(applied.stdout.encode())
    digest.update((BASE / "requirements" / "base.txt").read_bytes())
    for path in sorted(BASE.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def throw_away(servers: Servers) -> None:
    """Empty the embedded database, the broker, the files and the mail."""
    if not (servers.cluster and servers.broker):
        raise CannotStart(
            "--fresh empties embedded servers only; DATABASE_URL or REDIS_URL is set."
        )
    with step("Throwing the old data away"):
        servers.cluster.recreate_database()
        servers.broker.ask("FLUSHALL")
        for folder in (VAR / "media", DEMO / "mail"):
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("seed-begun", "stage", "accounts.json"):
            (DEMO / name).unlink(missing_ok=True)


def has_schools(servers: Servers, environment: dict[str, str]) -> bool:
    """Answer whether any school is in the database, asked as the owner of the tables."""
    ask = "from people.models import School; print(School.objects.using('owner').exists())"
    command = [str(setup.PYTHON), "manage.py", "shell", "--no-imports", "-v", "0", "-c", ask]
    if servers.cluster:
        asked = servers.cluster.psql(
            "-Atc",
            "SELECT EXISTS (SELECT FROM people_school)",
            database="ediary",
            capture_output=True,
        )
        if asked.returncode == 0:
            return str(asked.stdout).strip() == "t"
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=BASE
    )
    if answer.returncode != 0:
        raise CannotStart(f"The database does not answer:\n{answer.stderr}")
    return answer.stdout.strip().endswith("True")


def serve(port: int, environment: dict[str, str]) -> int:
    """Run web, worker, scheduler and mail server until Ctrl-C, SIGTERM or the web server's end."""
    python = str(setup.PYTHON)
    mail_port = accounts.own_port(folder(DEMO / "smtp"))
    environment |= {"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    worker = environment | {"PROCESS": "worker"}
    celery = [python, "-m", "celery", "--quiet", "-A", "ediary.celery"]
    light = ["--without-gossip", "--without-mingle", "--concurrency", "1"]
    beat = ["beat", "--pidfile=", "-s", str(DEMO / "beat-schedule")]
    mailbox = [python, "-m", "ediary.launcher.mailbox", str(mail_port), str(DEMO / "mail")]
    web = [python, "-m", "gunicorn", "-c", "gunicorn.conf.py", "ediary.wsgi"]
    with Crew(folder(VAR / "log")) as crew:
        with step("Web server"):
            crew.start("mail", mailbox, environment)
            crew.start("web", web, environment | {"BIND": f"127.0.0.1:{port}"})
            wait_until_ready(crew, port)
        crew.start("worker", [*celery, "worker", *light], worker)
        crew.start("scheduler", [*celery, *beat], worker)
        announce(port)
        code = crew.watch()
        say("Stopping …")
        return code


def folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def wait_until_ready(crew: Crew, port: int) -> None:
    """Wait until the web server answers that all parts are ready."""
    address = f"http://127.0.0.1:{port}/readyz"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    told = "nothing"
    for _ in range(600):
        crew.refuse_if_ended("web")
        try:
            with direct.open(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            told = error.read().decode(errors="replace")
        except OSError as error:
            told = str(error)
        time.sleep(0.1)
    raise CannotStart(f"The web server does not get ready ({told}); see var/log/web.log.")


def announce(port: int) -> None:
    """Print the address and the demo accounts."""
    address = f"http://127.0.0.1:{port}"
    say(f"\nReady: {address}\n")
    path = DEMO / "accounts.json"
    if not path.exists():
        say("(The list of demo accounts is missing: bin/demo --fresh makes it.)")
        return
    rows = json.loads(path.read_text(encoding="utf-8"))
    width = max((len(row["role"]) for row in rows), default=0)
    for row in rows:
        secret = f"{row['login']} / {row['password']}"
        say(f"  {row['role']:{width}}  {secret:34}  {row['name']}  {address}{row['start']}")
    say(f"\nMail that was sent: {address}/dev/outbox/   Logs: var/log/   Stop: Ctrl-C")
