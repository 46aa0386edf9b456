"""F2: network, tab and web server are killed between key and answer, five times each.

`bin/bench grid_kills` does each two hundred times.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ediary.bench import kills
from ediary.bench.kills import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.e2e]


def alone(function: Callable[..., Outcome], *given: Any, **named: Any) -> Outcome:
    """Run in a thread of its own: other tests of this process keep a browser's loop in theirs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *given, **named).result()


def test_no_mark_that_was_typed_is_lost_or_doubled(installation):
    with installation.site(BEHIND_TLS="0") as site:
        outcome = alone(
            kills.run, installation.cluster, site, installation.world, rounds=5,
            kinds=("network", "tab", "server"),
        )  # fmt: skip
    assert outcome.kills == {"network": 5, "tab": 5, "server": 5}
    assert outcome.typed == 45
    assert (outcome.lost, outcome.doubled) == (0, 0)


def test_the_count_sees_a_loss(installation):
    """The control: a browser that keeps nothing loses what it had not sent when its tab crashed."""
    with installation.site(BEHIND_TLS="0") as site:
        outcome = alone(
            kills.run, installation.cluster, site, installation.world, rounds=5, kinds=("tab",),
            seat=1, forgetful=True,
        )  # fmt: skip
    assert outcome.lost > 0
