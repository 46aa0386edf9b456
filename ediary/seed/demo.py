"""The demo: all its schools in one go."""

import time
from collections.abc import Callable

from django.db import transaction

from ediary.seed import acknowledgements, cast, familys_results, former, history, load, schools
from ediary.seed.terms import YEAR, Moment

Accounts = list[dict[str, str]]


class Steps:
    """Says what is being done and how long it took."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.begun = time.monotonic()

    def __call__(self, text: str) -> None:
        self.say(f"[{time.monotonic() - self.begun:5.1f} s] {text}")


def seed_demo(
    *, now: Moment, forms: int, pupils: int, fresh: bool, say: Callable[[str], None]
) -> Accounts:
    """Build the demo schools in memory, write them in one transaction; return the cast's accounts."""
    step = Steps(say)
    heap, names = schools.fresh_heap("demo", schools.STARTED)
    town = schools.new_site(schools.town(forms, pupils), heap, names, now)
    made = [schools.build(town, step)]
    village = schools.new_site(schools.VILLAGE, heap, names, now, parent=town)
    made.append(schools.build(village, step))
    other = schools.new_site(schools.OTHER, heap, names, now)
    made.append(schools.build(other, step))
    accounts = cast.introduce(town, village, other)
    former.remember(town)
    changed = familys_results.show(town)
    step(f"{heap.count()} rows made")
    with transaction.atomic(using=load.OWNER):
        if fresh:
            load.empty()
            step("old data deleted")
        load.load(heap, step)
        former.close_years(now=now.at)
        step("rows written")
        corrections = [one for school in made for one in school.corrections]
        step(f"{history.write(corrections, year=YEAR, now=now.at)} rows of history")
        familys_results.record(changed)
    step("written")
    acknowledgements.of_cast(town, made[0].presses, made[0].shown)
    step("acknowledged")
    return accounts
