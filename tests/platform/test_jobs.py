"""Periodic jobs: registered by apps, run at any moment, never twice at once."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from celery.schedules import crontab
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from common import jobs as register
from ediary import celery, jobs
from ediary.tasks import run_job

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(register, "REGISTER", {})
    monkeypatch.setattr(jobs, "REGISTER", register.REGISTER)
    monkeypatch.setattr(celery, "REGISTER", register.REGISTER)

    @register.job("count", every=register.minutes(5))
    def count(now):
        return {"counted": 3, "words": "три", "seen": now.hour}

    return register.REGISTER


def test_a_job_has_exactly_one_rhythm(registered):
    with pytest.raises(ValueError, match="exactly one"):
        register.job("both", every=register.hours(1), at="19:00")
    with pytest.raises(ValueError, match="exactly one"):
        register.job("none")


def test_a_name_belongs_to_one_job(registered):
    with pytest.raises(ValueError, match="registered twice"):
        register.job("count", at="19:00")(datetime.fromisoformat)


@pytest.mark.django_db
def test_the_report_says_what_was_done_and_as_of_when(registered):
    report = jobs.run("count", now=NOON)
    assert report.pop("seconds") < 5
    assert report == {
        "job": "count",
        "at": "2026-11-20T12:00:00+00:00",
        "counted": 3,
        "words": "три",
        "seen": 12,
    }


@pytest.mark.django_db
def test_numbers_of_the_last_run_are_kept_for_metrics(registered):
    jobs.run("count", now=NOON)
    kept = jobs.last_runs()["count"]
    assert kept["counted"] == 3
    assert "words" not in kept


@pytest.mark.django_db
def test_a_job_runs_without_the_cache(registered, monkeypatch):
    def refuse(*_):
        raise DatabaseError

    monkeypatch.setattr(jobs.cache, "set", refuse)
    monkeypatch.setattr(jobs.cache, "get_many", refuse)
    assert jobs.run("count", now=NOON)["counted"] == 3
    assert jobs.last_runs() == {}


@pytest.mark.django_db
def test_two_runs_of_one_job_never_overlap(registered):
    held = connection.settings_dict
    with psycopg.connect(
        host=held["HOST"],
        port=held["PORT"],
        user=held["USER"],
        password=held["PASSWORD"],
        dbname=held["NAME"],
    ) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('job'), hashtext('count'))")
        assert jobs.run("count", now=NOON)["skipped"] == "already running"
        other.execute("SELECT pg_advisory_unlock(hashtext('job'), hashtext('count'))")
    assert "skipped" not in jobs.run("count", now=NOON)


@pytest.mark.django_db
def test_a_fallen_job_lets_go_of_its_lock(registered):
    @register.job("fall", every=register.minutes(1))
    def fall(_now):
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            jobs.run("fall", now=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_command_prints_one_json_line(registered, capsys):
    call_command("run_job", "count", "--at", "2026-11-20T19:00:00+03:00")
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["seen"] == 19
    assert json.loads(line)["at"] == "2026-11-20T19:00:00+03:00"


def test_the_command_names_the_jobs_there_are(registered):
    with pytest.raises(CommandError, match=r"«cuont».*count"):
        call_command("run_job", "cuont")


@pytest.mark.django_db
def test_the_task_runs_the_job_now(registered):
    assert run_job.run("count")["counted"] == 3


def test_beat_starts_every_registered_job(registered):
    @register.job("digest", at="19:05")
    def digest(_now):
        return {}

    celery.schedule()
    beat = celery.app.conf.beat_schedule
    assert set(beat) == {"count", "digest"}
    assert beat["count"]["schedule"] == timedelta(minutes=5)
    assert beat["count"]["options"] == {"expires": 300}
    assert beat["digest"]["schedule"] == crontab(hour=19, minute=5)
    assert {entry["task"] for entry in beat.values()} == {run_job.name}


def test_jobs_of_all_apps_are_found():
    assert all(job.run.__module__.endswith("jobs") for job in register.REGISTER.values())
