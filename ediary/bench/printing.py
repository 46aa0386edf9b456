"""The week's extracts of a class of thirty, made in a worker of its own.

`python -m ediary.bench.printing ID…` is that worker: it makes the job and tells what it took.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils import timezone

from ediary.bench.figures import Figure
from ediary.bench.measure import spent
from ediary.bench.world import PUPILS, World
from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.setup import PYTHON
from people.models import User
from people.scope import scope
from printouts import actions, making
from printouts.enums import Who
from printouts.models import PrintJob
from school.models import SchoolClass


@dataclass(frozen=True, slots=True)
class Made:
    """What one file took."""

    extracts: int
    size: int
    cpu: float  # seconds of the worker and of its database backend
    wall: float
    memory: float  # megabytes at the worker's highest


def extracts_pdf(world: World) -> Iterator[Figure]:
    """Yield the cost of the file of the whole class."""
    command = [str(PYTHON), "-m", "ediary.bench.printing"]
    command += [world.school, world.school_class, world.class_teacher, world.monday]
    done = subprocess.run(
        command, cwd=BASE, env={**os.environ, "PROCESS": "worker"}, stdout=subprocess.PIPE, check=False
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotStart("The extracts were not made.")
    made = Made(**json.loads(done.stdout.splitlines()[-1]))
    if made.extracts != PUPILS:
        raise CannotStart(f"The file holds {made.extracts} extracts instead of {PUPILS}.")
    yield Figure("extracts_pdf.cpu", made.cpu, "s", budget=10)
    yield Figure("extracts_pdf.size", made.size / 1000, "KB", budget=600)
    yield Figure("extracts_pdf.memory", made.memory, "MB", budget=300)
    yield Figure("extracts_pdf.wall", made.wall, "s")


def make(school: UUID, school_class: UUID, teacher: UUID, monday: date) -> Made:
    """Order the extracts as the class teacher does, make them as the worker does."""
    now = timezone.now()
    with scope([school], teacher):
        job = actions.order_extracts(
            by=User.objects.get(pk=teacher),
            school_class=SchoolClass.objects.select_related("school").get(pk=school_class),
            week=monday,
            who=Who.ALL,
            now=now,
        )
    backend = connection.connection.info.backend_pid
    before, started = time.process_time() + spent(backend) / 1e9, time.monotonic()
    making.make(job_id=job.pk, school_id=school, now=now)
    wall = time.monotonic() - started
    cpu = time.process_time() + spent(backend) / 1e9 - before
    with scope([school]):
        done = PrintJob.objects.get(pk=job.pk)
        return Made(
            extracts=done.extracts.count(),
            size=done.size,
            cpu=cpu,
            wall=wall,
            memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        )


def main(arguments: list[str]) -> None:
    school, school_class, teacher = (UUID(text) for text in arguments[:3])
    made = make(school, school_class, teacher, date.fromisoformat(arguments[3]))
    told = {name: getattr(made, name) for name in Made.__slots__}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
