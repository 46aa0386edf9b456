"""Answers by its exit code whether every package of a lock file is installed in its very version.

Run by the virtual environment's Python: `python installed.py requirements/dev.txt`.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;\\]+) ?(;?)", re.MULTILINE)


def plain(number: str) -> list[str]:
    """Return the parts of a version number, so that 2.001 equals 2.1 and 3.0 equals 3."""
    parts = [part.lstrip("0") for part in number.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def has(name: str, wanted: str) -> bool:
    try:
        return plain(version(name)) == plain(wanted)
    except PackageNotFoundError:
        return False


def is_complete(lock: Path) -> bool:
    """Look at every pin that has no condition."""
    pins = PIN.findall(lock.read_text(encoding="utf-8"))
    return all(has(name, wanted) for name, wanted, condition in pins if not condition)


if __name__ == "__main__":
    sys.exit(not is_complete(Path(sys.argv[1])))
