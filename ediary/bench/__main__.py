"""`python -m ediary.bench NAME…`: measures; `bin/bench` starts it on servers of their own."""

import os
import sys
from collections.abc import Iterator, Sequence

from ediary.bench import (
    absences,
    closing,
    desk,
    evening,
    faults,
    forecasting,
    kills,
    marks,
    paint,
    printing,
    school,
    seeding,
    tasks,
    world,
)
from ediary.bench.figures import Figure
from ediary.bench.measure import Meter
from ediary.bench.pages import PAGES as FIRST_PAGES
from ediary.bench.pages import Stage
from ediary.bench.site import Site
from ediary.launcher import benching
from ediary.launcher.postgres import Cluster

PAGES = {
    **FIRST_PAGES,
    "family_tasks": tasks.family_tasks,
    "family_absences": absences.family_absences,
    "class_desk": desk.class_desk,
    "family_marks": marks.family_marks,
    "family_subject": marks.family_subject,
    "family_finals": marks.family_finals,
    "first_paint": paint.first_paint,
}

SAVES = {"save_mark", "save_200"}


def figures(names: Sequence[str], cluster: Cluster) -> Iterator[Figure]:
    """Measure one after another; the faults come last, they change the database's settings."""
    if seeded := {"seed", "forecast_school", "closing_class"} & set(names):
        seeding.prepare(cluster)
    schools = [name for name in names if name in school.PATHS]
    if schools:
        seeding.prepare(cluster, school.DATABASE)
    pages = [name for name in names if name in PAGES]
    if pages or "extracts_pdf" in names:
        made = world.build()
        yield from of_pages(pages, cluster, made)
        if "extracts_pdf" in names:
            yield from printing.extracts_pdf(made)
    yield from school.whole_school(schools, cluster)
    if seeded:
        yield from (one for one in list(seeding.seed(cluster)) if "seed" in names)
    if "closing_class" in names:
        yield from closing.closing_class(cluster)
    if "forecast_school" in names:
        yield from forecasting.forecast_school(cluster)
    yield from alone([name for name in names if name in ALONE], cluster)


ALONE = {
    "evening_peak": evening.evening_peak,
    "grid_kills": kills.grid_kills,
    "f1_long": faults.f1_long,
}


def alone(names: Sequence[str], cluster: Cluster) -> Iterator[Figure]:
    """Run those that start web servers of their own."""
    for name in names:
        yield from ALONE[name](cluster, benching.FOLDER)


def of_pages(names: Sequence[str], cluster: Cluster, made: world.World) -> Iterator[Figure]:
    """Measure pages in one run of the web server."""
    if not names:
        return
    # Saves leave hundreds of corrections to each pupil, which no family's page has: they have a school of their own.
    other = world.build() if SAVES & set(names) else made
    with Site(benching.FOLDER, os.environ) as site:
        meter = Meter(cluster, site)
        try:
            for name in names:
                cluster.psql("-c", "ANALYZE", database="ediary", capture_output=True)
                yield from PAGES[name](Stage(site, meter, other if name in SAVES else made))
        finally:
            meter.close()


def main(names: Sequence[str]) -> int:
    cluster = Cluster(benching.FOLDER / "pg", settings=benching.SETTINGS)
    cluster.psql("-c", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements", capture_output=True)
    is_fine = True
    for figure in figures(names, cluster):
        sys.stdout.write(figure.line() + "\n")
        sys.stdout.flush()
        is_fine = is_fine and figure.ok
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
