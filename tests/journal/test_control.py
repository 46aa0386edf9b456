"""The deputy head's board: what is not filled in, who is told of it, and how it closes by itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Forbidden, Invalid
from journal import actions
from journal.actions.remarks import close_corrected, raise_found
from journal.models import Absence, Homework, Mark, Remark, Work, WorkKind
from journal.queries import board as boards
from journal.queries import comparison, risk
from notifications.models import OutboxMessage
from people.models import User
from school.models import Course, Lesson, LessonChange, LessonStatus, StudyGroup, Subject
from tests.cast import NOW, SCHOOL_ID, TODAY, YEAR, Cast
from tests.journal.world import settle

SINCE = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def settled(cast: Cast) -> Iterator[None]:
    """Check what is checked at commit while the scope still shows the rows."""
    yield
    settle()


def line_of(user: User, name: str, by: boards.By = "teacher") -> boards.BoardLine:
    found = boards.board(user, by, since=SINCE, today=TODAY, overdue_days=7)
    return next(line for line in found.lines if line.name == name)


def past(cast: Cast, course: str = "algebra") -> list[Lesson]:
    lessons = Lesson.objects.filter(course=cast.courses[course], day__lt=TODAY)
    return list(
        lessons.exclude(status=LessonStatus.CANCELLED).select_related("sitting").order_by("day")
    )


def fill(cast: Cast, lesson: Lesson) -> None:
    """Record the lesson with topic and homework."""
    lesson.topic, lesson.status = "Тема", LessonStatus.HELD
    lesson.recorded_by, lesson.recorded_at = cast.users["maria"], NOW
    lesson.save()
    Homework.objects.get_or_create(
        school_id=lesson.school_id, year=lesson.year, lesson=lesson,
        defaults={"due_day": lesson.day, "text": "§ 1", "set_by": cast.users["maria"], "set_at": NOW},
    )  # fmt: skip


def control_work(cast: Cast, lesson: Lesson) -> Work:
    kind = WorkKind.objects.filter(school=cast.school, is_control=True).first()
    assert kind is not None
    work, _ = Work.objects.get_or_create(
        school=cast.school, lesson=lesson, number=1, defaults={"kind": kind, "weight": kind.weight}
    )
    work.kind = kind
    work.save()
    Mark.objects.filter(lesson=lesson).delete()
    return work


def test_the_board_counts_what_lessons_lack_and_forgets_what_is_filled(cast: Cast) -> None:
    nina = cast.user("nina")
    lessons = past(cast)
    for lesson in lessons:
        fill(cast, lesson)
    assert line_of(nina, "Алгебра", "subject").counts.gaps == 0
    lessons[0].topic = ""
    lessons[0].save()
    Homework.objects.filter(lesson=lessons[1]).delete()
    counts = line_of(nina, "Алгебра", "subject").counts
    assert (counts.no_topic, counts.no_homework, counts.no_record) == (1, 1, 0)
    assert counts.oldest == lessons[0].day
    lessons[0].recorded_by = lessons[0].recorded_at = None
    lessons[0].save()
    assert line_of(nina, "Алгебра", "subject").counts.no_record == 1


def test_a_line_leads_to_a_page_that_names_it(cast: Cast, client_of: Any) -> None:
    stream = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="stream", name="Поток", grade_level=7
    )
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(group=stream)
    nina = client_of("nina")
    lines = [
        ("teacher", "Кузнецова М. П."), ("class", "7А"), ("class", "Алгебра, Поток"), ("subject", "Алгебра"),
    ]  # fmt: skip
    for by, name in lines:
        board = nina.get(f"/journal/control/?by={by}&reach=year").content
        link = BeautifulSoup(board, "html.parser").find("a", string=name)
        assert link is not None, name
        page = BeautifulSoup(nina.get(str(link["href"])).content, "html.parser")  # type: ignore[index]
        assert page.h1 is not None
        assert page.h1.get_text(" ", strip=True) == f"Что не заполнено: {name}"


def test_homework_that_came_after_the_evening_is_told_on_the_board(
    cast: Cast, client_of: Any
) -> None:
    """It is due an hour after the class's last lesson, by 12:10."""
    lesson = cast.lesson("algebra", TODAY - timedelta(days=1))
    homework = Homework.objects.create(
        school=cast.school, year=YEAR, lesson=lesson, due_day=TODAY, text="№ 1", set_by=cast.users["maria"],
        set_at=NOW,
    )  # fmt: skip

    def told() -> str:
        page = BeautifulSoup(client_of("nina").get("/journal/control/").content, "html.parser")
        return " ".join(str(page.main.get_text(" ")).split())  # type: ignore[union-attr]

    assert "1 заданий позже срока за неделю" in told()
    assert (
        "Алгебра, 7А, 17 ноября Кузнецова М. П. записано 18 ноября в 12:30, срок 17 ноября в 12:10"
        in told()
    )
    Homework.objects.filter(pk=homework.pk).update(set_at=NOW - timedelta(days=1, hours=1))
    assert "0 заданий позже срока за неделю" in told()


def test_marks_of_a_control_work_are_owed_after_a_week(cast: Cast) -> None:
    nina = cast.user("nina")
    lessons = past(cast)
    old = next(one for one in lessons if one.day < TODAY - timedelta(days=7))
    fresh = [one for one in lessons if one.day > TODAY - timedelta(days=7)][-1]
    for lesson in lessons:
        fill(cast, lesson)
    before = line_of(nina, "Алгебра", "subject").counts.no_marks
    control_work(cast, fresh)
    assert line_of(nina, "Алгебра", "subject").counts.no_marks == before
    work = control_work(cast, old)
    assert line_of(nina, "Алгебра", "subject").counts.no_marks == before + 1
    Mark.objects.create(
        year=YEAR, school=cast.school, lesson=old, work=work, pupil=cast.pupils["olya"], value="5",
        score=Decimal(5), set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    assert line_of(nina, "Алгебра", "subject").counts.no_marks == before


def test_subjects_that_set_nothing_for_home_owe_nothing(cast: Cast) -> None:
    nina = cast.user("nina")
    lesson = past(cast)[0]
    fill(cast, lesson)
    Homework.objects.filter(lesson=lesson).delete()
    with_homework = line_of(nina, "Алгебра", "subject").counts.no_homework
    Subject.objects.filter(pk=cast.courses["algebra"].subject_id).update(sets_homework=False)
    assert with_homework > 0
    assert line_of(nina, "Алгебра", "subject").counts.no_homework == 0


def test_the_board_costs_two_statements_whatever_the_school(cast: Cast) -> None:
    nina = cast.user("nina")
    with CaptureQueriesContext(
        connection,
    ) as found:
        boards.board(nina, "class", since=SINCE, today=TODAY, overdue_days=7)
    assert len([q for q in found.captured_queries if "journal_" in q["sql"]]) == 2


def test_another_school_is_not_on_the_board(cast: Cast) -> None:
    found = boards.board(cast.user("nina"), "subject", since=SINCE, today=TODAY, overdue_days=7)
    other = boards.board(
        cast.user("other_head"), "subject", since=SINCE, today=TODAY, overdue_days=7
    )
    keys = {line.key for line in found.lines}
    assert keys
    assert keys.isdisjoint({line.key for line in other.lines})


def test_a_remark_reaches_the_teacher_who_answers_it(client_of: Any, cast: Cast) -> None:
    nina, maria = client_of("nina"), client_of("maria")
    lesson = past(cast)[0]
    lesson.topic = ""
    lesson.save()
    page = f"/journal/control/teacher/{cast.people['maria'].pk}/?reach=year"
    sent = {
        "kind": "found",
        "text": "Запишите тему",
        "due_day": "2026-11-25",
        "lesson": [str(lesson.pk)],
    }
    assert nina.post(page, sent).status_code == 302
    letter = OutboxMessage.objects.get(recipient=cast.people["maria"], template="staff")
    assert "Запишите тему" in letter.data["said"]
    shown = maria.get("/journal/remarks/").content.decode()
    assert "Запишите тему" in shown
    assert "25\xa0ноября" in shown or "25 ноября" in shown
    remark = Remark.objects.get(lesson=lesson)
    assert remark.kind == "not_recorded"
    answer = reverse("journal:answer_remark", args=[remark.pk])
    assert maria.post(answer, {"answer": "Исправлю завтра"}).status_code == 302
    assert "Исправлю завтра" in nina.get("/journal/control/remarks/").content.decode()
    assert client_of("svetlana").post(answer, {"answer": "Я"}).status_code == 404


def test_a_remark_without_lessons_or_with_a_past_term_is_handed_back(
    client_of: Any, cast: Cast
) -> None:
    nina = client_of("nina")
    past(cast)
    page = f"/journal/control/teacher/{cast.people['maria'].pk}/?reach=year"
    answer = nina.post(page, {"kind": "other", "text": "", "due_day": "2026-11-01"})
    assert answer.status_code == 422
    text = BeautifulSoup(answer.content, "html.parser").get_text(" ")
    assert "Отметьте хотя бы один урок" in text
    assert "Срок не может быть в прошлом" in text
    assert "Напишите, что исправить" in text
    assert not Remark.objects.exists()


def test_what_the_weekly_check_finds_closes_by_itself_when_corrected(cast: Cast) -> None:
    for lesson in past(cast):
        fill(cast, lesson)
    lesson = past(cast)[-1]
    lesson.topic = ""
    lesson.save()
    week = {"school_id": SCHOOL_ID, "today": TODAY, "now": NOW}
    raised = raise_found(since=lesson.day, overdue_days=7, **week)  # type: ignore[arg-type]
    assert raised >= 1
    own = Remark.objects.filter(lesson=lesson)
    assert [(one.kind, one.teacher_id, one.raised_by) for one in own] == [
        ("no_topic", cast.people["maria"].pk, None)
    ]
    assert raise_found(since=lesson.day, overdue_days=7, **week) == 0  # type: ignore[arg-type]
    close_corrected(**week)  # type: ignore[arg-type]
    assert own.get().closed_at is None
    fill(cast, lesson)
    assert close_corrected(**week) >= 1  # type: ignore[arg-type]
    assert own.get().closed_at == NOW
    assert own.get().closed_by is None


def test_a_remark_in_words_waits_for_the_deputy(cast: Cast) -> None:
    nina = cast.user("nina")
    lesson = past(cast)[0]
    fill(cast, lesson)
    (remark,) = actions.raise_remarks(
        by=nina, course=cast.courses["algebra"], lessons=[lesson], kind="other", text="Проверьте даты",
        due_day=TODAY, now=NOW,
    )  # fmt: skip
    close_corrected(school_id=SCHOOL_ID, today=TODAY, now=NOW)
    remark.refresh_from_db()
    assert remark.closed_at is None
    actions.close_remark(by=nina, remark_id=remark.pk, now=NOW)
    remark.refresh_from_db()
    assert remark.closed_by == nina


def test_who_does_not_control_raises_and_closes_nothing(cast: Cast) -> None:
    shared = {"kind": "other", "text": "х", "due_day": TODAY, "now": NOW, "lessons": []}
    with pytest.raises(Forbidden):
        actions.raise_remarks(by=cast.user("maria"), course=cast.courses["algebra"], **shared)  # type: ignore[arg-type]
    (remark,) = actions.raise_remarks(
        by=cast.user("nina"), course=cast.courses["algebra"], **shared
    )  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        actions.close_remark(by=cast.user("maria"), remark_id=remark.pk, now=NOW)
    with pytest.raises(Forbidden):
        actions.answer_remark(by=cast.user("ivan"), remark_id=remark.pk, answer="Да", now=NOW)
    with pytest.raises(Invalid):
        actions.answer_remark(by=cast.user("maria"), remark_id=remark.pk, answer=" ", now=NOW)


def test_a_pupil_with_low_marks_is_at_risk(cast: Cast) -> None:
    nina = cast.user("nina")
    kind = WorkKind.objects.filter(school=cast.school, is_control=False).first()
    assert kind is not None
    Mark.objects.filter(pupil=cast.pupils["olya"]).delete()
    for lesson in past(cast)[-3:]:
        work, _ = Work.objects.get_or_create(
            school=cast.school,
            lesson=lesson,
            number=1,
            defaults={"kind": kind, "weight": kind.weight},
        )
        Mark.objects.create(
            year=YEAR, school=cast.school, lesson=lesson, work=work, pupil=cast.pupils["olya"], value="2",
            score=Decimal(2), set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip
    found = {one.pupil_id: one for one in risk.pupils_at_risk(nina, since=SINCE, today=TODAY)}
    assert any("2,00" in word for word in found[cast.pupils["olya"].pk].low)
    Mark.objects.filter(pupil=cast.pupils["olya"]).update(value="5", score=Decimal(5))
    found = {one.pupil_id: one for one in risk.pupils_at_risk(nina, since=SINCE, today=TODAY)}
    assert not found.get(cast.pupils["olya"].pk) or not found[cast.pupils["olya"].pk].low


def test_missed_lessons_put_a_pupil_at_risk(cast: Cast) -> None:
    Absence.objects.filter(pupil=cast.pupils["olya"]).delete()
    lessons = Lesson.objects.filter(
        course__group__memberships__pupil=cast.pupils["olya"], day__lt=TODAY
    ).distinct()
    Absence.objects.bulk_create(
        Absence(year=YEAR, school=cast.school, lesson=lesson, pupil=cast.pupils["olya"], code="absent",
                set_by=cast.users["ivan"], set_at=NOW)
        for lesson in lessons
    )  # fmt: skip
    found = risk.pupils_at_risk(cast.user("nina"), since=SINCE, today=TODAY)
    olya = next(one for one in found if one.pupil_id == cast.pupils["olya"].pk)
    assert "уроков" in olya.missed
    assert "без причины" in olya.missed


def test_averages_stand_beside_results(cast: Cast) -> None:
    compared = comparison.averages_and_results(cast.user("nina"), today=TODAY)
    for name, number in (("7А", len(compared)), ("5Б", 0)):
        class_id = cast.classes[name].pk
        of_class = comparison.averages_and_results(
            cast.user("nina"), today=TODAY, class_id=class_id
        )
        assert len(of_class) == number
    assert all(one.pupils > 0 for one in compared)


def test_lessons_of_substitutes_are_listed(client_of: Any, cast: Cast) -> None:
    lesson = past(cast)[-1]
    LessonChange.objects.create(
        school=cast.school, lesson=lesson, kind="substituted", absent_teacher=cast.people["maria"],
        substitute=cast.people["svetlana"], reason="больничный лист",
    )  # fmt: skip
    page = client_of("nina").get("/journal/control/substitutions/?from=2026-09-01").content.decode()
    assert "больничный лист" in page
    assert "Кузнецова М. П." in page


def test_the_history_of_a_journal_names_who_changed_what(client_of: Any, cast: Cast) -> None:
    course = cast.courses["algebra"]
    lesson = past(cast)[-1]
    mark = Mark.objects.create(
        year=YEAR, school=cast.school, lesson=lesson, work=control_work(cast, lesson), value="5",
        score=Decimal(5), pupil=cast.pupils["olya"], set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    mark.value, mark.score = "3", Decimal(3)
    mark.save()
    page = client_of("nina").get(f"/journal/{course.pk}/history/?corrections=1")
    text = BeautifulSoup(page.content, "html.parser").get_text(" ", strip=True)
    assert "стало «3»" in text
    assert client_of("stranger").get(f"/journal/{course.pk}/history/").status_code == 404


def test_averages_and_results_begin_with_a_class(client_of: Any, cast: Cast) -> None:
    nina, address = client_of("nina"), "/journal/control/averages/"

    def chosen(query: str) -> str:
        page = BeautifulSoup(nina.get(address + query).content, "html.parser")
        found = page.select_one("#choose-class option[selected]")
        return found.text.split(",")[0] if found else "вся школа"

    assert chosen("") == "5Б"
    assert chosen(f"?class={cast.classes['7А'].pk}") == "7А"
    assert chosen("?class=") == "вся школа"
    assert chosen("?class=7А") == "вся школа"


@pytest.mark.parametrize("page", ["", "remarks/", "risk/", "averages/", "load/", "substitutions/"])
def test_pages_of_the_control_are_the_heads(client_of: Any, cast: Cast, page: str) -> None:
    assert client_of("nina").get(f"/journal/control/{page}").status_code == 200
    assert client_of("maria").get(f"/journal/control/{page}").status_code == 403
    assert client_of("olya_mother").get(f"/journal/control/{page}").status_code == 404
