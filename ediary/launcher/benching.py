"""`bin/bench`: starts throw-away servers that keep every commit on disk, and measures."""

import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout

from ediary.launcher import accounts, setup
from ediary.launcher.broker import Broker
from ediary.launcher.places import BASE, VAR, CannotStart
from ediary.launcher.postgres import Cluster
from ediary.launcher.servers import secret_key
from ediary.launcher.steps import run, say, step, stop_on_signals

FOLDER = VAR / "bench"
BENCHES = {
    "grid_open": "the grid of 30 pupils and 40 lessons with 1,200 marks",
    "grid_60": "the grid of 40 pupils and 60 lessons, two marks in a tenth of the cells",
    "save_mark": "one mark, committed to disk",
    "save_200": "two hundred marks changed by one request",
    "family_week": "the family's week",
    "family_tasks": "the family's tasks: thirty of the days ahead",
    "family_absences": "the family's absences: thirty-six missed lessons and five reports",
    "family_marks": "the family's marks: six subjects with their forecasts",
    "family_subject": "one subject: forty marks, forty topics, «что если»",
    "family_finals": "the family's final results",
    "class_desk": "the class teacher's table: 30 pupils, 12 weeks, every one acknowledged",
    "grid_key_to_frame": "a key in a grid of 35 pupils and 40 lessons, on a computer four times slower",
    "extracts_pdf": "the week's extracts of a class of 30",
    "deputy_board": "the deputy head's board of a school of 1,000 pupils",
    "closing_class": "results proposed for a class in all subjects",
    "forecast_school": "forecasts of a school of 550 pupils, all courses",
    "seed": "the demo school from nothing",
    "first_paint": "the largest paint of the family's week on a slow phone",
    "evening_peak": "families open their diaries for a minute, ten schools on one server",
    "grid_kills": "network, tab and web server killed two hundred times each while a teacher types: only by name",
    "f1_long": "eight clients mark while web workers and the database are killed: only by name",
}
LONG = {"f1_long", "grid_kills"}
# Counting statements is off while times are taken.
SETTINGS = "shared_preload_libraries = 'pg_stat_statements'\npg_stat_statements.track = 'none'\n"


def main(arguments: list[str]) -> int:
    if {"--list", "--help"} & set(arguments):
        for name, what in BENCHES.items():
            say(f"{name:18}{what}")
        return 0
    names = wanted(arguments)
    stop_on_signals()
    with redirect_stdout(sys.stderr):  # the output is for figures only
        setup.prepare("dev")
    with accounts.locked(FOLDER):  # a second run waits
        return measured(names)


def wanted(arguments: list[str]) -> list[str]:
    """Return the benches of these names, else the short ones; a figure's name stands for its bench."""
    names = {name.partition(".")[0] for name in arguments} or set(BENCHES) - LONG
    if unknown := names - set(BENCHES):
        raise CannotStart(f"No such benchmark: {', '.join(sorted(unknown))}. Try bin/bench --list.")
    return [name for name in BENCHES if name in names]


def measured(names: list[str]) -> int:
    """Run the benchmarks on fresh servers."""
    cluster = Cluster(FOLDER / "pg", settings=SETTINGS)
    broker = Broker(FOLDER / "broker", durable=False)
    try:
        with redirect_stdout(sys.stderr):
            environment = servers(cluster, broker)
        command = [str(setup.PYTHON), "-m", "ediary.bench", *names]
        return subprocess.run(
            command, cwd=BASE, env={**os.environ, **environment}, check=False
        ).returncode
    finally:
        broker.stop()
        cluster.throw_away()
        shutil.rmtree(FOLDER / "media", ignore_errors=True)


def servers(cluster: Cluster, broker: Broker) -> dict[str, str]:
    """Start database and broker from nothing; return the environment that leads to them."""
    cluster.throw_away()
    with step("Database and broker for benchmarks"):
        cluster.start()
        broker.start()
    environment = environment_of(cluster, broker)
    setup.build_static(environment)
    manage = [str(setup.PYTHON), "manage.py", "migrate", "--database=owner", "-v", "0"]
    run("Migrations", manage, environment)
    return environment


def environment_of(cluster: Cluster, broker: Broker) -> dict[str, str]:
    """Return production's settings over these servers, whatever the caller's shell holds."""
    return {
        "DJANGO_SETTINGS_MODULE": "ediary.settings",
        "DATABASE_URL": cluster.url("web"),
        "DATABASE_OWNER_URL": cluster.url("owner"),
        "DATABASE_WORKER_URL": cluster.url("worker"),
        "REDIS_URL": broker.url(),
        "SECRET_KEY": secret_key(),
        "MEDIA_ROOT": str(FOLDER / "media"),
        "PROCESS": "web",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS": "1",
        "DEMO": "0",
        "DEBUG": "0",
    }
