"""Results of a period: set, corrected after sign-off with a reason, signed off; seen at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from common.errors import Forbidden
from journal import actions
from journal.closing import YEAR as OF_YEAR
from journal.errors import (
    AlreadySigned,
    NothingToUndo,
    NotSigned,
    ReasonRequired,
    ResultsMissing,
    TooEarlyToFill,
    YearClosed,
)
from journal.events import final_published
from journal.models import PeriodMark, ResultStatus, SignOff, UnusualEdit, YearMark
from school.models import Membership, SchoolYear
from tests.cast import NOW, TODAY, Cast
from tests.journal.closing import (
    ALL,
    END,
    chosen,
    entry,
    fill,
    marks,
    of_class,
    place,
    put,
    put_all,
    sign,
    table,
)

LATER = NOW + timedelta(days=2)


@pytest.mark.clause("T6", "S7", "G2.8")
def test_a_result_is_open_to_the_family_at_the_moment_it_is_set(cast: Cast) -> None:
    heard: list[Any] = []
    receiver = lambda **event: heard.extend(event["results"])  # noqa: E731
    final_published.connect(receiver)
    assert put(cast, "maria", "4").state == "ok"
    final_published.disconnect(receiver)
    result = PeriodMark.objects.get()
    assert (result.value, result.score, result.obtained_at, result.visible_at) == ("4", 4, NOW, NOW)
    assert heard == [result.pk]
    assert PeriodMark.objects.visible_to(cast.user("olya_mother")).get() == result
    assert not PeriodMark.objects.visible_to(cast.user("petya_father")).exists()


@pytest.mark.clause("T6", "S7", "G2.8")
def test_a_year_mark_too_is_obtained_and_open_when_it_is_set(cast: Cast) -> None:
    assert put(cast, "maria", "5", period=OF_YEAR).state == "ok"
    result = YearMark.objects.get()
    assert (result.value, result.obtained_at, result.visible_at) == ("5", NOW, NOW)
    assert YearMark.objects.visible_to(cast.user("olya_mother")).get() == result


@pytest.mark.clause("T6", "S7", "G2.8")
def test_a_correction_keeps_the_moment_when_the_result_was_obtained(cast: Cast) -> None:
    put(cast, "maria", "4")
    put(cast, "maria", "5", rev=1, now=LATER)
    result = PeriodMark.objects.get()
    assert (result.value, result.rev, result.set_at) == ("5", 2, LATER)
    assert (result.obtained_at, result.visible_at) == (NOW, NOW)


@pytest.mark.clause("T6", "S7", "G2.8", "T5c")
def test_what_takes_a_deferrals_place_is_obtained_then(cast: Cast) -> None:
    actions.defer(
        by=cast.user("maria"), chosen=chosen(cast), pupil_id=cast.pupils["olya"].pk,
        until=TODAY + timedelta(days=9), ground="справка № 7", rev=0, now=NOW,
    )  # fmt: skip
    assert put(cast, "maria", "5", rev=1, now=LATER).state == "ok"
    result = PeriodMark.objects.get()
    assert (result.obtained_at, result.visible_at, result.status) == (LATER, LATER, "mark")


def test_a_result_that_is_not_open_yet_is_hidden_from_the_family_only(cast: Cast) -> None:
    put(cast, "maria", "4")
    PeriodMark.objects.update(visible_at=NOW + timedelta(days=400))
    assert not PeriodMark.objects.visible_to(cast.user("olya_mother")).exists()
    assert PeriodMark.objects.visible_to(cast.user("nina")).exists()


def test_words_stand_for_those_who_were_not_assessed(cast: Cast) -> None:
    put(cast, "maria", "н/а")
    put(cast, "maria", "осв", pupil="petya")
    found = {r.pupil_id: (r.status, r.value) for r in PeriodMark.objects.all()}
    assert found == {
        cast.pupils["olya"].pk: (ResultStatus.NOT_ASSESSED, ""),
        cast.pupils["petya"].pk: (ResultStatus.EXEMPT, ""),
    }


def test_each_of_many_gets_its_own_answer_and_the_good_ones_are_written(cast: Cast) -> None:
    put(cast, "maria", "3", pupil="vitya")
    entries = [
        entry(cast, "olya", "5"), entry(cast, "petya", "6"), entry(cast, "vitya", "4"),
        entry(cast, "kolya", "5"), entry(cast, "timur", "н/а"), entry(cast, "vitya", "3"),
    ]  # fmt: skip
    answers = actions.set_results(
        by=cast.user("maria"), chosen=chosen(cast), entries=entries, now=NOW
    )
    assert [answer.state for answer in answers] == ["ok", "refused", "conflict", "refused", "ok", "ok"]  # fmt: skip
    assert "сейчас «3»" in answers[2].message
    assert PeriodMark.objects.count() == 3


def test_a_result_is_cleared_until_sign_off_only(cast: Cast) -> None:
    put_all(cast)
    assert put(cast, "maria", "", rev=1).state == "ok"
    assert PeriodMark.objects.count() == 3
    put(cast, "maria", "4")
    sign(cast)
    assert put(cast, "nina", "", rev=1, reason="ошибка").state == "refused"


@pytest.mark.parametrize(("who", "state"), [("ivan", None), ("nina", "locked")])
def test_before_sign_off_only_the_courses_teacher_sets_results(
    cast: Cast, who: str, state: str | None
) -> None:
    if state is None:
        with pytest.raises(Forbidden):
            put(cast, who, "5")
    else:
        assert put(cast, who, "5").state == state
    assert not PeriodMark.objects.exists()


def test_what_departs_from_the_table_asks_for_a_reason(cast: Cast) -> None:
    table(cast)
    marks(cast, "olya", "44455")
    marks(cast, "petya", "5454")
    assert put(cast, "maria", "5").state == "reason"
    assert put(cast, "maria", "5", reason="Призёр олимпиады").state == "ok"
    assert AuditEvent.objects.filter(table_name="journal_periodmark").latest("id").reason == "Призёр олимпиады"  # fmt: skip
    assert put(cast, "maria", "5", pupil="petya").state == "ok"  # 4,50: disputed, hers to decide
    assert PeriodMark.objects.count() == 2


@pytest.mark.clause("T5a")
def test_a_period_is_not_signed_off_while_a_pupil_lacks_a_result(cast: Cast) -> None:
    put_all(cast, without="timur")
    with pytest.raises(ResultsMissing, match=r"Тихонов Т\. О\."):
        sign(cast)
    put(cast, "maria", "н/а", pupil="timur")
    assert sign(cast).signed_by_id == cast.users["maria"].pk
    with pytest.raises(AlreadySigned):
        sign(cast)


@pytest.mark.clause("T5a")
def test_a_year_is_signed_off_by_the_same_rule(cast: Cast) -> None:
    put_all(cast, without="timur", period=OF_YEAR)
    with pytest.raises(ResultsMissing):
        sign(cast, period=OF_YEAR)
    put(cast, "maria", "осв", pupil="timur", period=OF_YEAR)
    assert sign(cast, period=OF_YEAR).period_id is None
    assert SignOff.objects.count() == 1


def test_who_left_before_the_end_needs_no_result(cast: Cast) -> None:
    put_all(cast, without="timur")
    gone = TODAY - timedelta(days=1)
    Membership.objects.filter(pupil=cast.pupils["timur"]).update(until=gone)
    assert sign(cast).pk


def test_after_sign_off_only_a_deputy_changes_a_result_and_says_why(cast: Cast) -> None:
    put_all(cast)
    sign(cast)
    assert put(cast, "maria", "5", rev=1).state == "locked"
    assert put(cast, "nina", "5", rev=1, reason=" ").state == "reason"
    assert put(cast, "nina", "5", rev=1, reason="Решение комиссии").state == "ok"
    changed = PeriodMark.objects.get(pupil=cast.pupils["olya"])
    event = AuditEvent.objects.filter(row_id=changed.pk).latest("id")
    assert (event.reason, event.before["value"], event.after["value"]) == (
        "Решение комиссии",
        "4",
        "5",
    )
    raised = UnusualEdit.objects.get()
    assert (raised.kind, raised.user_id, raised.count) == ("raised", cast.users["nina"].pk, 1)


def test_a_lowered_result_of_a_signed_period_is_not_called_unusual(cast: Cast) -> None:
    put_all(cast)
    sign(cast)
    assert put(cast, "nina", "3", rev=1, reason="Описка").state == "ok"
    assert not UnusualEdit.objects.exists()


def test_a_closed_year_keeps_its_results(cast: Cast) -> None:
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    assert put(cast, "maria", "5").state == "locked"
    with pytest.raises(YearClosed):
        sign(cast)


def test_one_press_fills_what_the_table_is_sure_of_and_one_takes_it_back(cast: Cast) -> None:
    table(cast)
    marks(cast, "olya", "55555")
    marks(cast, "petya", "5454")  # 4,50: disputed
    marks(cast, "vitya", "44")  # too few
    marks(cast, "timur", "3333")
    put(cast, "maria", "3", pupil="timur")
    op = uuid4()
    assert fill(cast, op=op) == 1
    assert fill(cast, op=op) == 0
    assert place(cast, "olya").value == "5"
    assert [place(cast, name).value for name in ALL] == ["5", "", "", "3"]
    taken = actions.undo_fill(by=cast.user("maria"), chosen=chosen(cast), op=op, now=END)
    assert (taken, place(cast, "olya").value, place(cast, "timur").value) == (1, "", "3")
    with pytest.raises(NothingToUndo):
        actions.undo_fill(by=cast.user("maria"), chosen=chosen(cast), op=op, now=END)


def test_what_was_changed_after_the_fill_or_signed_is_not_taken_back(cast: Cast) -> None:
    table(cast)
    for name in ALL:
        marks(cast, name, "55555")
    op = uuid4()
    assert fill(cast, op=op) == 4
    put(cast, "maria", "4", rev=1, reason="Не сдан зачёт", now=END)
    sign(cast, now=END)
    assert actions.undo_fill(by=cast.user("maria"), chosen=chosen(cast), op=op, now=END) == 0
    assert PeriodMark.objects.count() == 4


def test_nothing_is_filled_long_before_the_end_or_by_another(cast: Cast) -> None:
    table(cast)
    with pytest.raises(TooEarlyToFill, match="16"):
        fill(cast, now=NOW)
    for who in ("ivan", "nina"):
        with pytest.raises(Forbidden):
            fill(cast, who)


def test_a_class_is_filled_where_the_user_teaches(cast: Cast) -> None:
    table(cast)
    marks(cast, "olya", "5555")
    marks(cast, "olya", "4444", course="russian")
    filled = actions.fill_sure(by=cast.user("maria"), chosen=of_class(cast), op=uuid4(), now=END)
    assert filled == 1
    assert PeriodMark.objects.get().course_id == cast.courses["algebra"].pk


def test_the_deputy_approves_or_sends_back_with_a_word(cast: Cast) -> None:
    nina, which = cast.user("nina"), chosen(cast)
    put_all(cast)
    with pytest.raises(NotSigned):
        actions.approve(by=nina, chosen=which, now=NOW)
    sign(cast)
    with pytest.raises(ReasonRequired):
        actions.send_back(by=nina, chosen=which, reason=" ", now=NOW)
    actions.send_back(by=nina, chosen=which, reason="Нет отметки за контрольную", now=NOW)
    event = AuditEvent.objects.filter(table_name="journal_signoff", action="D").get()
    assert event.reason == "Нет отметки за контрольную"
    assert put(cast, "maria", "5", rev=1).state == "ok"
    sign(cast)
    assert actions.approve(by=nina, chosen=of_class(cast), now=LATER) == 1
    signed = SignOff.objects.get()
    assert (signed.approved_by_id, signed.approved_at) == (nina.pk, LATER)


def test_a_teacher_takes_her_own_sign_off_back_until_it_is_approved(cast: Cast) -> None:
    maria, which = cast.user("maria"), chosen(cast)
    put_all(cast)
    sign(cast)
    actions.send_back(by=maria, chosen=which, reason="Пропустила Петра", now=NOW)
    sign(cast)
    with pytest.raises(Forbidden):
        actions.approve(by=maria, chosen=which, now=NOW)
    with pytest.raises(Forbidden):
        actions.send_back(by=cast.user("svetlana"), chosen=which, reason="x", now=NOW)
    actions.approve(by=cast.user("nina"), chosen=which, now=NOW)
    with pytest.raises(Forbidden):
        actions.send_back(by=maria, chosen=which, reason="ещё раз", now=NOW)
