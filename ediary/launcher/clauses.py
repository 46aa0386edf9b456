"""A pytest plugin that lists which test carries which clause of the regulation."""

import os
from pathlib import Path
from typing import Any


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Write `clause <tab> test` lines into the file that CLAUSE_LISTING names."""
    lines = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        for mark in item.iter_markers("clause"):
            lines += [f"{clause}\t{test}\n" for clause in mark.args]
    Path(os.environ["CLAUSE_LISTING"]).write_text("".join(lines), encoding="utf-8")
