"""The diary's hand-written condition opens what the rules open, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from diary import queries
from people.models import Guardianship, Pupil, Restriction, RoleAssignment
from school.models import ClassTeacher, Membership
from tests.cast import NOW, TODAY, Cast

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
Change = Callable[[Cast], object]


def as_it_is(_cast: Cast) -> None:
    """Nothing happens."""


def restricted(cast: Cast) -> None:
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["olya_mother", "olya"], act_number="2-17",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip


def restriction_over(cast: Cast) -> None:
    restricted(cast)
    Restriction.objects.update(since=YESTERDAY - timedelta(days=9), until=YESTERDAY)


CHANGES: tuple[Change, ...] = (
    as_it_is,
    restricted,
    restriction_over,
    lambda _: Guardianship.objects.update(until=YESTERDAY),
    lambda _: Guardianship.objects.update(until=TODAY),
    lambda _: Guardianship.objects.update(open_from=None, open_until=None),
    lambda _: Guardianship.objects.update(open_from=TOMORROW),
    lambda _: Guardianship.objects.update(open_until=YESTERDAY),
    lambda _: Pupil.objects.update(open_from=TOMORROW),
    lambda _: Pupil.objects.update(open_until=YESTERDAY),
    lambda _: ClassTeacher.objects.update(until=YESTERDAY),
    lambda _: Membership.objects.update(until=YESTERDAY),
    lambda _: RoleAssignment.objects.update(until=YESTERDAY),
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_raw_condition_opens_the_same_diaries_as_the_rules(cast: Cast, change: Change) -> None:
    change(cast)
    for who in cast.users:
        user = cast.user(who)
        by_rules = set(Pupil.objects.visible_to(user).values_list("pk", flat=True))
        opened = {p.pk for p in cast.pupils.values() if queries.opened(user, p.pk, now=NOW)}
        assert opened == by_rules, who


def test_nobody_opens_anything_with_a_blocked_account(cast: Cast) -> None:
    user = cast.user("olya_mother")
    assert queries.opened(user, cast.pupils["olya"].pk, now=NOW)
    user.is_active = False
    assert queries.opened(user, cast.pupils["olya"].pk, now=NOW) is None


def test_the_switch_names_the_children_that_are_open(cast: Cast) -> None:
    found = queries.opened(cast.user("olya_mother"), cast.pupils["olya"].pk, now=NOW)
    assert found is not None
    assert [(c.name, c.class_name, c.is_shown) for c in found.children] == [
        ("Ёлкин Николай", "5Б", False),
        ("Ёлкина Оля", "7А", True),
    ]
    assert (str(found.pupil.person), found.class_name, found.is_own) == (
        str(cast.pupils["olya"].person), "7А", True,
    )  # fmt: skip
    assert found.pupil.school.zone == cast.school.zone


def test_a_diary_read_by_the_school_is_nobodys_own(cast: Cast) -> None:
    found = queries.opened(cast.user("ivan"), cast.pupils["olya"].pk, now=NOW)
    assert found is not None
    assert (found.is_own, found.children) == (False, ())
