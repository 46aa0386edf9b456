"""A region for tests of size: many small schools of the same pattern, each its own people."""

from collections.abc import Callable, Iterator

from django.db import transaction

from ediary.seed import load, schools
from ediary.seed.heap import Heap
from ediary.seed.names import Names
from ediary.seed.terms import Moment
from ediary.seed.world import SchoolSpec

FORMS = tuple((grade, "А") for grade in range(1, 10))
BATCH = 5  # schools in one transaction


def spec(number: int, pupils: int) -> SchoolSpec:
    """Return the pattern of the region's school of that number, with `pupils` in nine classes."""
    base, more = divmod(max(pupils, len(FORMS)), len(FORMS))
    return SchoolSpec(
        code=f"region-{number}",
        name=f"Муниципальное общеобразовательное учреждение «Школа посёлка № {number}»",
        short_name=f"Школа посёлка № {number}",
        address=f"пос. Лесной {number}, ул. Школьная, д. 1",
        site=f"https://region-{number}.example.org/",
        forms=FORMS,
        sizes=tuple(base + (place < more) for place in range(len(FORMS))),
        is_village=True,
        profile=("t", "k", "g", "s", "u")[number % 5],
    )


def seed_region(
    *, now: Moment, count: int, pupils: int, fresh: bool, say: Callable[[str], None]
) -> None:
    """Write the schools, five in a transaction: a region does not fit into memory at once."""
    if fresh:
        with transaction.atomic(using=load.OWNER):
            load.empty()
    for numbers in _batches(count):
        heap, names = schools.fresh_heap(f"region-{numbers[0]}", schools.STARTED)
        for number in numbers:
            _build(heap, names, number, pupils, now)
        with transaction.atomic(using=load.OWNER):
            load.load(heap, _quiet)
        say(f"schools {numbers[0]}-{numbers[-1]}: {heap.count()} rows")


def _build(heap: Heap, names: Names, number: int, pupils: int, now: Moment) -> None:
    names.prefix = f"r{number}."
    schools.build(schools.new_site(spec(number, pupils), heap, names, now), _quiet)


def _batches(count: int) -> Iterator[range]:
    for first in range(1, count + 1, BATCH):
        yield range(first, min(first + BATCH, count + 1))


def _quiet(_: str) -> None:
    """Say nothing of one school's steps."""
