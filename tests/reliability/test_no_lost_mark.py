"""F1, the short run: what the server acknowledged is stored, once, whatever was killed meanwhile.

`bin/bench f1_long` is the long one.
"""

import pytest

from ediary.bench.crash import FORGETFUL, Run

pytestmark = pytest.mark.slow


def test_no_acknowledged_mark_is_lost_or_doubled(installation):
    with installation.site() as site:
        run = Run(installation.cluster, site, installation.world, lessons=slice(20))
        faults = [run.kill_worker, run.kill_database, run.kill_worker]
        outcome = run.go(faults, every=2)
    assert outcome.acknowledged >= 50
    assert outcome.kills == {"worker": 2, "database": 1}
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.recovery < 15, "seconds from a kill to the next answer: F1's own bound"


def test_the_comparison_sees_a_loss(installation):
    """The control: a database that answers before it writes loses marks when it is killed."""
    installation.restart(FORGETFUL)
    with installation.site() as site:
        run = Run(installation.cluster, site, installation.world, lessons=slice(20, None))
        for _ in range(4):
            outcome = run.go([run.kill_all_of_database], every=1)
            if outcome.lost:
                break
    installation.restart("")
    assert outcome.lost > 0
