"""Marks still owed, old marks that change with a reason, lessons that are opened again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from common.errors import Forbidden
from diary import queries as diary
from journal import actions, queries
from journal.actions.owed import move_debt
from journal.actions.reopenings import (
    ask_reopening,
    close_reopening,
    grant_reopening,
    open_lesson,
    refuse_reopening,
)
from journal.errors import (
    AlreadyAsked,
    AlreadyDecided,
    BadMoment,
    NothingOwed,
    NothingToReopen,
    PeriodSigned,
    ReasonMissing,
    StaleCell,
)
from journal.models import Homework, Mark, Reopening, SignOff, Work, WorkKind
from journal.sheet import CellEntry
from people.models import Setting
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast
from tests.journal.test_saving import one, stands

OLD = TODAY - timedelta(days=15)  # two days after the window of fourteen
SOON = NOW + timedelta(hours=6)


def facts(cast: Cast, who: str, course: str = "algebra") -> queries.CourseFacts:
    return queries.course_facts(cast.user(who), cast.courses[course].pk, today=TODAY)


def age(days: int) -> None:
    Mark.objects.update(set_at=NOW - timedelta(days=days))


def write(cast: Cast, value: str, rev: int, reason: str, who: str = "maria") -> Any:
    lesson = cast.lesson("algebra").pk
    entries = [CellEntry(cast.pupils["olya"].pk, lesson, value, rev)]
    return actions.save_cells(
        by=cast.user(who), course=facts(cast, who), op=uuid4(), entries=entries, now=NOW, reason=reason
    ).cells[0]  # fmt: skip


def rev_of(cast: Cast, pupil: str = "olya") -> int:
    return sum(Mark.objects.filter(pupil=cast.pupils[pupil]).values_list("rev", flat=True))


def test_a_mark_still_owed_has_its_day_and_no_number(cast: Cast) -> None:
    answer = one(cast, "maria", ".")
    mark = Mark.objects.get()
    assert (answer.value, mark.value, mark.score) == ("•", ".", None)
    assert mark.due_day == TODAY + timedelta(days=14)
    page = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    assert [cell[0] for cell in page.rows[0].cells if cell[0]] == ["•"]
    assert page.rows[0].average == ""
    assert page.allowed[-3:] == ("•", "н", "о")


def test_the_days_of_a_debt_are_the_schools_and_no_debt_is_overdue_at_once(cast: Cast) -> None:
    Setting.objects.create(school=cast.school, key="debt_days", value=2, since=SEPTEMBER)
    one(cast, "maria", ".")
    one(cast, "maria", "н .", day=TODAY - timedelta(days=6), pupil="petya")
    days = Mark.objects.order_by("lesson__day").values_list("due_day", flat=True)
    assert list(days) == [TODAY, TODAY + timedelta(days=2)]


def test_a_course_without_marks_owes_none(cast: Cast) -> None:
    course = cast.courses["algebra"]
    type(course).objects.filter(pk=course.pk).update(scale_code="none")
    assert one(cast, "maria", ".").message == "«•» — нет такой отметки."


def test_the_day_of_a_debt_is_changed_by_the_teacher_alone(cast: Cast) -> None:
    cell = one(cast, "maria", ".")

    def move(who: str, day: Any, rev: int | None = cell.rev, pupil: str = "olya") -> Mark:
        return move_debt(
            by=cast.user(who), course=facts(cast, who), lesson_id=cast.lesson("algebra").pk,
            pupil_id=cast.pupils[pupil].pk, due_day=day, rev=rev, now=NOW,
        )  # fmt: skip

    later = TODAY + timedelta(days=30)
    assert move("maria", later).due_day == later
    with pytest.raises(StaleCell):
        move("maria", TODAY)
    with pytest.raises(NothingOwed):
        move("maria", later, pupil="petya")
    with pytest.raises(Forbidden):
        move("ivan", later)
    with pytest.raises(Forbidden):
        move("nina", later)


def test_a_debt_is_paid_after_the_window_and_nothing_else_changes_with_it(cast: Cast) -> None:
    one(cast, "maria", ".", day=TODAY - timedelta(days=2))
    Mark.objects.update(lesson=cast.lesson("algebra", OLD))
    rev = rev_of(cast)
    assert one(cast, "maria", "4/5", day=OLD, rev=rev).state == "locked"
    assert one(cast, "maria", "", day=OLD, rev=rev).state == "locked"
    paid = one(cast, "maria", "4", day=OLD, rev=rev)
    assert (paid.state, Mark.objects.get().value, Mark.objects.get().due_day) == ("ok", "4", None)
    assert one(cast, "maria", "5", day=OLD, rev=paid.rev).state == "locked"


def test_the_diary_names_the_debt_and_its_day(cast: Cast) -> None:
    one(cast, "maria", ".")
    week = diary.week(cast.pupils["olya"], TODAY - timedelta(days=2), user=None, now=NOW)
    (mark,) = (mark for lesson in week.lessons for mark in lesson.marks)
    assert (mark.value, mark.given_for) == ("•", "долг до 2\xa0декабря: ответ на уроке")


def test_an_old_mark_changes_with_a_reason_only(cast: Cast) -> None:
    one(cast, "maria", "4")
    age(3)
    rev = one(cast, "maria", "5", rev=rev_of(cast)).rev  # three days are not more than three
    age(4)
    rev = rev_of(cast)
    refused = one(cast, "maria", "4", rev=rev)
    assert (refused.state, refused.value, refused.rev) == ("reason", "5", rev)
    assert refused.message == "Отметка стоит больше 3 дней: укажите, почему она меняется."
    assert one(cast, "maria", "", rev=rev).state == "reason"
    assert stands(cast) == [(1, "5")]
    assert write(cast, "4", rev, "Ошиблась строкой").state == "ok"
    event = AuditEvent.objects.filter(table_name="journal_mark").latest("at", "id")
    assert (event.before["value"], event.after["value"], event.reason) == (
        "5", "4", "Ошиблась строкой",
    )  # fmt: skip


def test_a_retake_a_second_mark_and_a_paid_debt_need_no_reason(cast: Cast) -> None:
    one(cast, "maria", "2")
    one(cast, "maria", ".", pupil="petya")
    age(9)
    retaken = one(cast, "maria", "2→4", rev=rev_of(cast))
    assert retaken.state == "ok"
    assert one(cast, "maria", "2→4/5", rev=retaken.rev).state == "ok"
    assert one(cast, "maria", "3", pupil="petya", rev=rev_of(cast, "petya")).state == "ok"


def test_the_class_teacher_gives_the_reason_of_an_absence_without_one(cast: Cast) -> None:
    cell = one(cast, "maria", "н")
    assert one(cast, "ivan", "б", rev=cell.rev).state == "ok"


def test_families_see_what_a_mark_was_before(cast: Cast) -> None:
    one(cast, "maria", "4")
    age(5)
    write(cast, "5", rev_of(cast), "Не засчитала задачу")
    week = diary.week(cast.pupils["olya"], TODAY - timedelta(days=2), user=None, now=NOW)
    (mark,) = (mark for lesson in week.lessons for mark in lesson.marks)
    assert mark.was == "4"
    assert mark.correction.endswith(": 4 → 5")
    assert mark.correction.startswith("исправлено ")
    age(5)
    write(cast, "", rev_of(cast), "Не её работа")
    week = diary.week(cast.pupils["olya"], TODAY - timedelta(days=2), user=None, now=NOW)
    (said,) = (lesson.removed for lesson in week.lessons if lesson.removed)
    assert said[0].startswith("отметка «5» снята ")


def test_the_page_takes_a_reason_and_refuses_what_is_none(cast: Cast, client_of: Any) -> None:
    one(cast, "maria", "4")
    age(5)
    client, address = client_of("maria"), f"/journal/{cast.courses['algebra'].pk}/cells"
    cell = {
        "pupil": str(cast.pupils["olya"].pk), "lesson": str(cast.lesson("algebra").pk),
        "value": "5", "rev": rev_of(cast),
    }  # fmt: skip

    def send(**more: Any) -> Any:
        body = {"op": str(uuid4()), "cells": [cell]} | more
        return client.post(address, body, content_type="application/json")

    assert send().json()["cells"][0]["state"] == "reason"
    assert send(reason="  ").json()["cells"][0]["state"] == "reason"
    assert send(reason=5).status_code == 422
    assert send(reason="x" * 501).status_code == 422
    assert send(reason=" Ошиблась  строкой ").json()["cells"][0]["state"] == "ok"
    assert AuditEvent.objects.latest("at", "id").reason == "Ошиблась строкой"


def ask(cast: Cast, who: str = "maria", reason: str = "Не внесла к/р", day: Any = OLD) -> Reopening:
    return ask_reopening(
        by=cast.user(who), course=facts(cast, who), lesson_id=cast.lesson("algebra", day).pk,
        reason=reason, now=NOW,
    )  # fmt: skip


def grant(cast: Cast, asked: Reopening, until: datetime = SOON, who: str = "nina") -> Reopening:
    return grant_reopening(
        by=cast.user(who), course=facts(cast, "nina"), reopening=asked, until=until,
        reason="Больничный учителя", now=NOW,
    )  # fmt: skip


def test_a_locked_lesson_is_opened_for_one_person_until_a_moment(cast: Cast) -> None:
    assert one(cast, "maria", "5", day=OLD).state == "locked"
    asked = ask(cast)
    assert one(cast, "maria", "5", day=OLD).state == "locked"
    grant(cast, asked)
    assert one(cast, "maria", "5", day=OLD).state == "ok"
    assert one(cast, "maria", "5", day=OLD - timedelta(days=1)).state == "locked"
    assert one(cast, "ivan", "н", day=OLD, pupil="petya").state == "locked"
    column = next(
        c
        for c in queries.sheet(
            cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY, now=NOW
        ).columns
        if c.date == OLD
    )
    assert not column.locked
    Reopening.objects.update(until=NOW - timedelta(minutes=1))
    assert one(cast, "maria", "5", day=OLD, pupil="petya").state == "locked"


def test_a_reopened_lesson_is_closed_early_and_signed_periods_stay_signed(cast: Cast) -> None:
    opened = grant(cast, ask(cast))
    SignOff.objects.create(
        school=cast.school, course=cast.courses["algebra"], period=cast.quarter,
        signed_by=cast.users["maria"], signed_at=NOW,
    )  # fmt: skip
    assert "Период закрыт" in one(cast, "maria", "5", day=OLD).message
    SignOff.objects.all().delete()
    close_reopening(by=cast.user("nina"), reopening=opened, now=NOW)
    assert one(cast, "maria", "5", day=OLD).state == "locked"


def test_only_what_the_window_closed_is_asked_for_and_once(cast: Cast) -> None:
    with pytest.raises(NothingToReopen):
        ask(cast, day=TODAY)
    with pytest.raises(ReasonMissing):
        ask(cast, reason=" ")
    with pytest.raises(Forbidden):
        ask(cast, who="ivan")
    asked = ask(cast)
    with pytest.raises(AlreadyAsked):
        ask(cast)
    with pytest.raises(Forbidden):
        grant(cast, asked, who="maria")
    with pytest.raises(BadMoment):
        grant(cast, asked, until=NOW)
    refuse_reopening(by=cast.user("nina"), reopening=asked, reason="Период сдан в архив", now=NOW)
    with pytest.raises(AlreadyDecided):
        grant(cast, asked)
    assert ask(cast).pk != asked.pk
    SignOff.objects.create(
        school=cast.school, course=cast.courses["algebra"], period=cast.quarter,
        signed_by=cast.users["maria"], signed_at=NOW,
    )  # fmt: skip
    with pytest.raises(PeriodSigned):
        ask(cast)


def test_the_deputy_head_opens_without_being_asked(cast: Cast) -> None:
    def open_it(who: str) -> Reopening:
        return open_lesson(
            by=cast.user(who), course=facts(cast, "nina"), lesson_id=cast.lesson("algebra", OLD).pk,
            person=cast.people["maria"], until=SOON, reason="Проверка журнала", now=NOW,
        )  # fmt: skip

    with pytest.raises(Forbidden):
        open_it("maria")
    open_it("nina")
    assert one(cast, "maria", "5", day=OLD).state == "ok"


def test_homework_is_counted_from_the_lesson_at_which_it_was_given(cast: Cast) -> None:
    given, due = cast.lesson("algebra", OLD), cast.lesson("algebra", TODAY - timedelta(days=12))
    kind = WorkKind.objects.get(school=cast.school, code="home")
    Work.objects.create(school=cast.school, lesson=due, kind=kind, number=1, weight=1)
    Homework.objects.create(
        school=cast.school, year=YEAR, lesson=given, due_lesson=due, due_day=due.day, text="№ 5",
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    assert one(cast, "maria", "5", day=due.day).state == "ok"
    Setting.objects.create(school=cast.school, key="homework_window", value=True, since=SEPTEMBER)
    assert one(cast, "maria", "5", day=due.day, pupil="petya").state == "locked"
    columns = queries.sheet(
        cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY
    ).columns
    assert next(c for c in columns if c.date == due.day).locked
    assert one(cast, "maria", "5", day=TODAY - timedelta(days=13), pupil="petya").state == "ok"
