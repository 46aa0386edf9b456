"""What docs/asvs.md and docs/security.md promise is there: every requirement, every test, every file."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conventions.test_sizes import ROOT

PLACE = Path("..") / "shared" / "data" / "asvs-5.0.csv"
STANDARD = ROOT / PLACE
DOCS = ("docs/asvs.md", "docs/security.md")
ANSWERS = ("met", "not applicable", "not met")
FIRST, SECOND = 70, 183  # requirements of levels 1 and 2 in ASVS 5.0
ROW = re.compile(
    r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE
)
COUNT = re.compile(r"^\| (met|not applicable|not met) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
TEST = re.compile(r"\b(tests/[\w/]+\.py)::(\w+)")
FILE = re.compile(r"`((?:[\w-]+/)+[\w.-]*)(?:::\w+)?`")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def missing_tests(document: str) -> list[str]:
    """Return the tests that a document names and the tree has not."""
    return [
        f"{place}::{name}"
        for place, name in TEST.findall(document)
        if not (ROOT / place).is_file()
        or not re.search(rf"^(?:async )?def {name}\(", text(place), re.MULTILINE)
    ]


def missing_files(document: str) -> list[str]:
    """Return the files and folders that a document names and the tree has not."""
    return [place for place in FILE.findall(document) if not (ROOT / place).exists()]


def test_every_requirement_is_answered_once() -> None:
    rows = ROW.findall(text("docs/asvs.md"))
    assert Counter(level for _, level, *_ in rows) == {"1": FIRST, "2": SECOND}
    assert [name for name, times in Counter(row[0] for row in rows).items() if times > 1] == []
    assert {answer for *_, answer, _ in rows} == set(ANSWERS)
    assert [name for name, *_, why in rows if not why.strip()] == []


def test_the_counts_at_the_top_are_true() -> None:
    document = text("docs/asvs.md")
    counted = Counter((answer, level) for _, level, _, answer, _ in ROW.findall(document))
    told = {
        answer: (int(first), int(second), int(both))
        for answer, first, second, both in COUNT.findall(document)
    }
    assert told == {
        answer: (first, second, first + second)
        for answer in ANSWERS
        for first, second in [(counted[answer, "1"], counted[answer, "2"])]
    }


def test_the_ids_and_levels_are_the_standards() -> None:
    if not STANDARD.exists():
        pytest.skip(f"the standard is not in the project: put {PLACE} beside it")
    with STANDARD.open(encoding="utf-8-sig", newline="") as file:
        asked = [
            (row["req_id"], row["L"]) for row in csv.DictReader(file) if row["L"] in {"1", "2"}
        ]
    assert [(name, level) for name, level, *_ in ROW.findall(text("docs/asvs.md"))] == asked


@pytest.mark.parametrize("name", DOCS)
def test_what_is_named_exists(name: str) -> None:
    document = text(name)
    assert TEST.search(document), "the document names tests"
    assert missing_tests(document) == []
    assert missing_files(document) == []


@pytest.mark.parametrize("name", DOCS)
def test_lines_are_short(name: str) -> None:
    assert [line for line in text(name).splitlines() if len(line) >= 220] == []


def test_a_made_up_name_is_found_out() -> None:
    here = "tests/conventions/test_asvs.py"
    real = f"`{here}::test_a_made_up_name_is_found_out`"
    assert missing_tests(real) == missing_files(real) == []
    assert missing_tests(f"`{here}::test_of_nothing`") == [f"{here}::test_of_nothing"]
    assert missing_tests(f"`{here}::test_a_made_up`") == [f"{here}::test_a_made_up"], (
        "a part of a name"
    )
    assert missing_tests("`tests/no/such.py::test_it`") == ["tests/no/such.py::test_it"]
    assert missing_files("see `access/no_such.py`") == ["access/no_such.py"]
