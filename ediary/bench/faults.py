"""F1, the long run, and its control: a database that answers before it writes must lose."""

import os
from collections.abc import Iterator
from pathlib import Path

from ediary.bench import world
from ediary.bench.crash import FORGETFUL, Run
from ediary.bench.figures import Figure
from ediary.bench.site import Site
from ediary.launcher.postgres import Cluster

ROUNDS = 10  # each kills a worker, then the database: forty seconds and more of faults
EVERY = 2.0
ATTEMPTS = 6


def f1_long(cluster: Cluster, folder: Path) -> Iterator[Figure]:
    """Yield what was answered, lost and doubled; the longest silence; what the control lost."""
    made = world.build(with_marks=False)
    with Site(folder, os.environ) as site:
        run = Run(cluster, site, made, lessons=slice(30))
        outcome = run.go([run.kill_worker, run.kill_database] * ROUNDS, every=EVERY)
    yield Figure("f1_long.answered", outcome.acknowledged, "marks", budget=500, least=True)
    yield Figure("f1_long.lost", outcome.lost, "marks", budget=0)
    yield Figure("f1_long.doubled", outcome.doubled, "marks", budget=0)
    yield Figure("f1_long.recovery", outcome.recovery, "s", budget=15)
    yield Figure("f1_long.kills", outcome.kills.total(), "kills")
    restart(cluster, cluster.settings + FORGETFUL)
    lost = control(cluster, folder, made)
    yield Figure("f1_long.control_lost", lost, "marks", budget=1, least=True)


def restart(cluster: Cluster, settings: str) -> None:
    cluster.stop()
    cluster.settings = settings
    cluster.start()


def control(cluster: Cluster, folder: Path, made: world.World) -> int:
    """Return how many answered marks the forgetful database lost: the comparison sees a loss."""
    with Site(folder, os.environ) as site:
        run = Run(cluster, site, made, lessons=slice(30, None), seed=2)
        for _ in range(ATTEMPTS):
            outcome = run.go([run.kill_all_of_database], every=EVERY)
            if outcome.lost:
                return outcome.lost
    return 0
