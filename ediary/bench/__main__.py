"""`python -m ediary.bench [NAME …]`: started by `bin/bench` on servers of its own."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ediary.bench import measure, world
from ediary.bench.figures import Figure
from ediary.bench.measure import Meter
from ediary.bench.pages import PAGES, Stage
from ediary.bench.site import Site
from ediary.launcher.places import VAR, CannotStart
from ediary.launcher.postgres import Cluster

FOLDER = VAR / "bench"
BENCHES = (*PAGES,)


def wanted(arguments: Sequence[str]) -> list[str]:
    """Return the benches of these names; a figure's name stands for its bench."""
    names = [name.partition(".")[0] for name in arguments] or list(BENCHES)
    if unknown := set(names) - set(BENCHES):
        raise CannotStart(f"No such bench: {', '.join(sorted(unknown))}. --list names them.")
    return [name for name in BENCHES if name in names]


def figures(names: Sequence[str], cluster: Cluster) -> Iterator[Figure]:
    pages = [name for name in names if name in PAGES]
    if pages:
        yield from of_pages(pages, cluster)


def of_pages(names: Sequence[str], cluster: Cluster) -> Iterator[Figure]:
    """Measure pages in one run of the web server."""
    made = world.build()
    with Site(FOLDER, os.environ) as site:
        meter = Meter(cluster, site)
        try:
            for name in names:
                yield from PAGES[name](Stage(site, meter, made))
        finally:
            meter.close()


def main(arguments: Sequence[str]) -> int:
    cluster = Cluster(FOLDER / "pg", settings=measure.SETTINGS)
    ok = True
    for figure in figures(wanted(arguments), cluster):
        sys.stdout.write(figure.line() + "\n")
        sys.stdout.flush()
        ok = ok and figure.ok
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
