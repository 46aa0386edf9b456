"""The evening's peak: the families of several schools open their diaries on one machine, for a minute."""

import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, transaction

from ediary.bench.crowd import Crowd, Reader, Told
from ediary.bench.figures import Figure
from ediary.bench.measure import Meter, spent
from ediary.bench.site import Site
from ediary.bench.world import OWNER, ZONE, Builder, World
from ediary.launcher.postgres import Cluster
from people.models import Pupil, User

SCHOOLS = 10
SECONDS, WARMING = 60.0, 10.0
HANDS = 12  # requests under way at once
WORKERS = 3  # one waits for the database while two work
# Of so many readers one sits at a shared computer; the others read on their own phones, which may
# keep a page and ask whether it still holds.
SHARED_COMPUTERS = 4
# Guardians and pupils of the classes of thirty, by their accounts.
READERS = """
SELECT u.id, u.password, r.pupil FROM people_user u JOIN people_person p ON p.user_id = u.id
  JOIN (SELECT guardian_id AS person, pupil_id AS pupil FROM people_guardianship
         UNION ALL SELECT person_id, person_id FROM people_pupil) r ON r.person = p.id
 WHERE r.pupil = ANY(%s::uuid[]) ORDER BY u.login
"""
VISITS = "SELECT sum(times) FROM access_visit"


def evening_peak(cluster: Cluster, folder: Path) -> Iterator[Figure]:
    """Yield requests a second, the slowest twentieth, and errors; last, that an error would be seen."""
    readers = [reader for _ in range(SCHOOLS) for reader in families()]
    with connections[OWNER].cursor() as cursor:
        cursor.execute("ANALYZE")
    with Site(folder, os.environ, workers=WORKERS) as site:
        rng = random.Random(2026)  # noqa: S311
        crowd(site, readers[: len(readers) // 8], rng).go(WARMING, HANDS)
        for reader in readers:
            reader.forget()
        seen, spent_before, own = visits(), spent_by(cluster, site), time.process_time()
        told = crowd(site, readers, rng).go(SECONDS, HANDS)
        own, server = time.process_time() - own, spent_by(cluster, site) - spent_before
        sys.stderr.write(f"evening_peak: {dict(told.statuses)}, wrong: {dict(told.wrong)}\n")
        yield Figure("evening_peak.rate", told.rate, "a second", budget=100, least=True)
        yield Figure("evening_peak.p95", quantiles(told.waits, n=20)[-1], "ms", budget=300)
        yield Figure("evening_peak.median", quantiles(told.waits, n=2)[0], "ms")
        yield Figure("evening_peak.errors", told.errors, "requests", budget=0)
        yield Figure("evening_peak.cpu", server * 1000 / len(told.waits), "ms")
        yield Figure("evening_peak.cpu_of_the_crowd", own * 1000 / len(told.waits), "ms")
        yield Figure("evening_peak.readers", len(readers), "readers")
        yield Figure("evening_peak.not_modified", share(told), "of answers")
        yield Figure("evening_peak.visits", visits() - seen, "visits", budget=1, least=True)
        yield Figure("evening_peak.control_errors", mistaken(site, readers, rng), "requests", budget=1, least=True)  # fmt: skip


def crowd(site: Site, readers: Sequence[Reader], rng: random.Random) -> Crowd:
    return Crowd(site.port, readers, rng)


def share(told: Told) -> float:
    return told.statuses[304] / max(1, sum(told.statuses.values()))


def spent_by(cluster: Cluster, site: Site) -> float:
    """Return the seconds that web server and database have worked; no process of theirs ends meanwhile."""
    meter = Meter(cluster, site)
    try:
        return sum(map(spent, meter.processes())) / 1e9
    finally:
        meter.close()


def mistaken(site: Site, readers: Sequence[Reader], rng: random.Random) -> int:
    """Return how many errors are seen when each reader has the session of another one."""
    few = readers[:20]
    swapped = [
        Reader(user=one.user, session=other.session, pages=one.pages)
        for one, other in zip(few, reversed(few), strict=True)
    ]
    return crowd(site, swapped, rng).go(1, HANDS).errors


def visits() -> int:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(VISITS)
        return int((cursor.fetchone() or [0])[0] or 0)


def families() -> list[Reader]:
    """A new school, a second guardian for each child of its class, and everybody signed in."""
    builder = Builder(datetime.now(tz=ZONE).date(), with_marks=True)
    made = builder.build()
    with transaction.atomic(using=OWNER):
        for pupil in Pupil.objects.using(OWNER).filter(pk__in=map(UUID, made.pupils)):
            builder.guardian(pupil)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(READERS, [list(made.pupils)])
        found = cursor.fetchall()
    return [signed_in(number, row, made) for number, row in enumerate(found)]


def signed_in(number: int, row: Sequence[Any], made: World) -> Reader:
    user, password, pupil = row
    session = SessionStore()
    session[SESSION_KEY] = str(user)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = User(pk=user, password=password).get_session_auth_hash()
    if number % SHARED_COMPUTERS:
        session.set_expiry(settings.SESSION_COOKIE_AGE)
    session.create()
    root = f"/diary/{pupil}"
    pages = {
        "week": f"{root}/week/{made.week}/",
        "tasks": f"{root}/tasks/",
        "marks": f"{root}/marks/",
    }
    return Reader(user=str(user), session=str(session.session_key), pages=pages)
