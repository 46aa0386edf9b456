"""Results of a period: set, corrected after sign-off with a reason, signed off; seen at once."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import AuditEvent
from common.errors import Forbidden
from journal import actions, queries
from journal.errors import (
    AlreadySigned,
    NotOnRoster,
    OutsideScale,
    ReasonRequired,
    ResultsMissing,
    StaleCell,
    YearClosed,
)
from journal.events import final_published
from journal.models import PeriodMark, ResultStatus, SignOff
from school.models import Membership, SchoolYear
from tests.cast import NOW, TODAY, Cast

ALL = ("olya", "petya", "vitya", "timur")


def course(cast: Cast, who: str = "maria") -> queries.CourseFacts:
    return queries.course_facts(cast.user(who), cast.courses["algebra"].pk, today=TODAY)


def put(cast: Cast, who: str, value: str, *, pupil: str = "olya", **more: Any) -> PeriodMark:
    return actions.set_period_mark(
        by=cast.user(who), course=course(cast, who), period_id=cast.quarter.pk, pupil=cast.pupils[pupil],
        value=value, now=NOW, **more,
    )  # fmt: skip


def sign(cast: Cast, who: str = "maria") -> SignOff:
    return actions.sign_off(
        by=cast.user(who), course=course(cast, who), period_id=cast.quarter.pk, now=NOW
    )


@pytest.mark.clause("T6", "S7", "G2.8")
def test_a_result_is_open_to_the_family_at_the_moment_it_is_set(cast: Cast) -> None:
    heard: list[PeriodMark] = []
    receiver = lambda **event: heard.append(event["result"])  # noqa: E731
    final_published.connect(receiver)
    result = put(cast, "maria", "4")
    final_published.disconnect(receiver)
    assert (result.value, result.score, result.obtained_at, result.visible_at) == ("4", 4, NOW, NOW)
    assert heard == [result]
    assert PeriodMark.objects.visible_to(cast.user("olya_mother")).get() == result
    assert not PeriodMark.objects.visible_to(cast.user("petya_father")).exists()


def test_a_result_that_is_not_open_yet_is_hidden_from_the_family_only(cast: Cast) -> None:
    put(cast, "maria", "4")
    PeriodMark.objects.update(visible_at=NOW + timedelta(days=400))
    assert not PeriodMark.objects.visible_to(cast.user("olya_mother")).exists()
    assert PeriodMark.objects.visible_to(cast.user("nina")).exists()


def test_words_stand_for_those_who_were_not_assessed(cast: Cast) -> None:
    assert put(cast, "maria", "н/а").status == ResultStatus.NOT_ASSESSED
    assert put(cast, "maria", "осв", pupil="petya").status == ResultStatus.EXEMPT


def test_a_result_is_refused_outside_the_scale_the_group_and_the_revision(cast: Cast) -> None:
    with pytest.raises(OutsideScale):
        put(cast, "maria", "6")
    with pytest.raises(NotOnRoster):
        put(cast, "maria", "5", pupil="kolya")
    first = put(cast, "maria", "4")
    with pytest.raises(StaleCell):
        put(cast, "maria", "5")
    assert put(cast, "maria", "5", rev=first.rev).rev == 2


@pytest.mark.parametrize("who", ["ivan", "nina"])
def test_before_sign_off_only_the_courses_teacher_sets_results(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        put(cast, who, "5")


@pytest.mark.clause("T5a")
def test_a_period_is_not_signed_off_while_a_pupil_lacks_a_result(cast: Cast) -> None:
    for name in ALL[:-1]:
        put(cast, "maria", "4", pupil=name)
    with pytest.raises(ResultsMissing, match=r"Тихонов Т\. О\."):
        sign(cast)
    put(cast, "maria", "н/а", pupil="timur")
    assert sign(cast).signed_by_id == cast.users["maria"].pk
    with pytest.raises(AlreadySigned):
        sign(cast)


def test_who_left_before_the_end_needs_no_result(cast: Cast) -> None:
    for name in ALL[:-1]:
        put(cast, "maria", "4", pupil=name)
    gone = TODAY - timedelta(days=1)
    Membership.objects.filter(pupil=cast.pupils["timur"]).update(until=gone)
    assert sign(cast).pk


def test_after_sign_off_only_a_deputy_changes_a_result_and_says_why(cast: Cast) -> None:
    for name in ALL:
        put(cast, "maria", "4", pupil=name)
    sign(cast)
    with pytest.raises(Forbidden):
        put(cast, "maria", "5", rev=1)
    with pytest.raises(ReasonRequired):
        put(cast, "nina", "5", rev=1, reason=" ")
    changed = put(cast, "nina", "5", rev=1, reason="Решение комиссии")
    event = AuditEvent.objects.filter(row_id=changed.pk).latest("id")
    assert (event.reason, event.before["value"], event.after["value"]) == (
        "Решение комиссии",
        "4",
        "5",
    )


def test_a_closed_year_keeps_its_results(cast: Cast) -> None:
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    with pytest.raises(YearClosed):
        put(cast, "maria", "5")
    with pytest.raises(YearClosed):
        sign(cast)
