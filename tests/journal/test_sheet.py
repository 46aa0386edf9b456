"""The grid: what it shows, to whom it is open, and what it costs."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from common.errors import Forbidden
from journal import queries
from journal.models import Homework, Mark, PeriodMark, SignOff, Work, WorkKind
from journal.sheet import NOTE, OUTSIDE, Column, Row, Sheet
from people.models import Person, User
from people.naming import told_apart
from school.models import Course, LessonStatus, Membership, StudyGroup
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_saving import one, save
from tests.journal.world import big_course, settle

WHO = ["maria", "ivan", "svetlana", "nina", "head", "admin", "secretary", "branch_head", "stranger",
       "other_head", "olya_mother", "olya"]  # fmt: skip


def read(cast: Cast, who: str = "maria", course: str = "algebra", period: Any = None) -> Sheet:
    return queries.sheet(cast.user(who), cast.courses[course].pk, period, today=TODAY)


def row(sheet: Sheet, name: str) -> Row:
    return next(r for r in sheet.rows if r.name.startswith(name))


def column(sheet: Sheet, day: date = TODAY) -> Column:
    return next(c for c in sheet.columns if c.date == day)


def at(sheet: Sheet, name: str, day: date = TODAY) -> tuple[str, int, int]:
    return row(sheet, name).cells[sheet.columns.index(column(sheet, day))]


def test_the_raw_condition_opens_the_same_courses_as_the_rules(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["svetlana"]
    lesson.sitting.save()
    for who in WHO:
        user = cast.user(who)
        by_rules = set(Course.objects.visible_to(user).values_list("pk", flat=True))
        opened = {course.pk for course in cast.courses.values() if _opens(user, course.pk)}
        assert opened == by_rules & {course.pk for course in cast.courses.values()}, who


def _opens(user: User, course_id: Any) -> bool:
    try:
        queries.course_facts(user, course_id, today=TODAY)
    except Http404:
        return False
    return True


def test_pupils_stand_in_russian_order(cast: Cast) -> None:
    sheet = read(cast)
    assert [(r.number, r.name, r.short_name) for r in sheet.rows] == [
        (1, "Ёлкина Оля", "Ёлкина О."), (2, "Петров Пётр", "Петров П."),
        (3, "Сидоров Виктор", "Сидоров В."), (4, "Тихонов Тимур", "Тихонов Т."),
    ]  # fmt: skip
    assert (sheet.title, sheet.teacher_name, sheet.period.name) == (
        "Алгебра, 7А", "Кузнецова М. П.", "II четверть",
    )  # fmt: skip


def test_cells_show_marks_absences_comments_and_averages(cast: Cast) -> None:
    save(cast, "maria", [("olya", "о 4/5", 0), ("petya", "н", 0)])
    kind = WorkKind.objects.get(school=cast.school, letter="К")
    before = TODAY - timedelta(days=1)
    Work.objects.create(
        school=cast.school, lesson=cast.lesson("algebra", before), kind=kind, weight=2
    )
    save(cast, "maria", [("olya", "3", 0)], day=before)
    Mark.objects.filter(value="5").update(comment="Хорошо")
    sheet = read(cast)
    text, rev, flags = at(sheet, "Ёлкина")
    assert (text, flags) == ("о 4/5", NOTE)
    assert rev > 0
    assert at(sheet, "Петров")[0] == "н"
    olya = row(sheet, "Ёлкина")
    assert (olya.average, olya.weighted) == ("4,00", "3,75")  # (4+5+3)/3; (4+5+3·2)/4
    assert row(sheet, "Петров").average == ""
    control = column(sheet, before)
    assert (control.kind_letter, control.kind_code, control.weight) == ("К", "k", "2")


def test_works_that_do_not_count_stay_out_of_the_averages(cast: Cast) -> None:
    one(cast, "maria", "2")
    Work.objects.update(counts=False)
    assert row(read(cast), "Ёлкина").average == ""


def test_columns_say_topic_homework_today_future_and_why_they_are_closed(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    type(lesson).objects.filter(pk=lesson.pk).update(topic="Дроби")
    Homework.objects.create(
        school=cast.school,
        year=YEAR,
        lesson=lesson,
        due_day=TODAY,
        text="№ 12",
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    before = cast.lesson("algebra", TODAY - timedelta(days=1))
    type(lesson).objects.filter(pk=before.pk).update(status=LessonStatus.CANCELLED)
    settle()
    sheet = read(cast)
    today = column(sheet)
    assert (today.topic, today.homework, today.is_today, today.locked) == (
        "Дроби",
        "№ 12",
        True,
        False,
    )
    reasons = {c.date: c.locked_reason for c in sheet.columns}
    assert reasons[before.day] == "урок отменён"
    assert reasons[TODAY + timedelta(days=1)] == "урок ещё не прошёл"
    assert reasons[date(2026, 11, 3)] == "прошло больше 14 дней"
    assert [(m.name, m.span) for m in sheet.months] == [("Ноябрь", len(sheet.columns))]


def test_who_came_late_or_left_has_cells_outside(cast: Cast) -> None:
    mid = TODAY - timedelta(days=2)
    Membership.objects.filter(pupil=cast.pupils["petya"]).update(until=mid - timedelta(days=1))
    Membership.objects.filter(pupil=cast.pupils["timur"]).update(since=mid)
    sheet = read(cast)
    flags = {
        name: [bool(f & OUTSIDE) for _, _, f in row(sheet, name).cells]
        for name in ("Петров", "Тихонов")
    }
    after = [c.date >= mid for c in sheet.columns]
    assert flags == {"Петров": after, "Тихонов": [not later for later in after]}
    assert row(sheet, "Петров").left == "выбыл 15.11.2026"
    assert row(sheet, "Тихонов").left == ""


def test_what_each_may_type(cast: Cast) -> None:
    marks = ("5", "4", "3", "2", "1", "зач", "нзч", "осв", "•")
    assert read(cast, "maria").allowed == (*marks, "н", "о")
    assert read(cast, "ivan").allowed == ("н", "о", "б", "у")
    assert read(cast, "ivan", "physics").allowed == (*marks, "н", "о", "б", "у")
    for who in ("nina", "head"):
        sheet = read(cast, who)
        assert (sheet.can_edit, sheet.allowed) == (False, ())


def test_a_substitute_sees_the_journal_and_only_the_given_column_open(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["svetlana"]
    lesson.sitting.save()
    sheet = read(cast, "svetlana")
    assert [c.date for c in sheet.columns if not c.locked] == [TODAY]
    assert column(sheet, TODAY - timedelta(days=1)).locked_reason == "урок ведёт другой учитель"


def merged(cast: Cast) -> None:
    """Algebra is taught to a stream of Оля of 7А, which ivan leads, and Коля of 5Б."""
    stream = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="stream", name="Поток", grade_level=7
    )
    for name in ("kolya", "olya"):
        pupil = cast.pupils[name]
        Membership.objects.create(school=cast.school, group=stream, pupil=pupil, since=TODAY)
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(group=stream)


def test_the_class_teacher_of_some_pupils_sees_only_theirs(cast: Cast, client_of: Any) -> None:
    merged(cast)
    assert one(cast, "maria", "5", pupil="kolya").state == "ok"
    assert [row.name for row in read(cast, "ivan").rows] == ["Ёлкина Оля"]
    course, lesson = cast.courses["algebra"].pk, cast.lesson("algebra").pk
    listed = client_of("ivan").get(f"/journal/{course}/lessons/{lesson}/").content.decode()
    assert "Ёлкина" in listed
    assert "Николай" not in listed
    panel = f"/journal/{course}/cell?lesson={lesson}&pupil={cast.pupils['kolya'].pk}"
    assert client_of("ivan").get(panel).status_code == 404
    assert client_of("maria").get(panel).status_code == 200
    with pytest.raises(Forbidden):
        one(cast, "ivan", "н", pupil="kolya")
    both = save(cast, "ivan", [("kolya", "б", 0), ("olya", "б", 0)]).cells
    assert [(cell.state, cell.value) for cell in both] == [("gone", ""), ("ok", "б")]


@pytest.mark.parametrize("name", ["maria", "nina", "head"])
def test_who_teaches_or_oversees_sees_the_whole_stream(cast: Cast, name: str) -> None:
    merged(cast)
    assert len(read(cast, name).rows) == 2


def test_a_substitute_sees_the_whole_stream(cast: Cast) -> None:
    merged(cast)
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["ivan"]
    lesson.sitting.save()
    assert len(read(cast, "ivan").rows) == 2


def test_periods_are_offered_and_a_signed_one_says_so(cast: Cast) -> None:
    first = cast.extras["Школа № 1:1"]
    SignOff.objects.create(
        school=cast.school,
        course=cast.courses["algebra"],
        period=first,
        signed_by=cast.users["maria"],
        signed_at=NOW,
    )
    sheet = read(cast, period=first.pk)
    assert (sheet.period.name, sheet.columns, bool(sheet.closed_note)) == ("I четверть", (), True)
    assert [p.is_shown for p in sheet.periods] == [True, False, False, False]
    assert read(cast, period=uuid4()).period.name == "II четверть"


def test_the_result_of_the_period_stands_at_the_end_of_the_row(cast: Cast) -> None:
    for pupil, status, value in [
        ("olya", "mark", "4"),
        ("petya", "not_assessed", ""),
        ("timur", "exempt", ""),
    ]:
        PeriodMark.objects.create(
            school=cast.school, year=YEAR, pupil=cast.pupils[pupil], course=cast.courses["algebra"], period=cast.quarter,
            status=status, value=value, obtained_at=NOW, set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip
    assert [r.period_mark for r in read(cast).rows] == ["4", "н/а", "", "осв"]


def statements(seen: CaptureQueriesContext) -> list[str]:
    """What the request asked of the database: savepoints are not counted, nor the nesting of test scopes."""
    texts = [q["sql"] or "(prepared)" for q in seen]
    nesting = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
    return [
        t
        for t in texts
        if not t.startswith(nesting)
        and "current_setting('app." not in t
        and "set_config('app." not in t
    ]


@pytest.mark.parametrize("pupils", [5, 30])
def test_the_page_costs_seven_statements_whatever_the_class(
    client_of: Any, cast: Cast, pupils: int
) -> None:
    big_course(cast, pupils=pupils, lessons=40)
    client = client_of("ivan")
    address = f"/journal/{cast.courses['physics'].pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200
    ours = statements(seen)
    assert len(ours) == 7, "\n".join(ours)


@pytest.mark.parametrize("cells", [1, 4])
def test_the_first_save_costs_nine_statements_whatever_the_number_of_cells(
    client_of: Any, cast: Cast, cells: int
) -> None:
    client = client_of("maria")
    lesson = cast.lesson("algebra").pk
    names = ["olya", "petya", "vitya", "timur"][:cells]
    body = {
        "op": str(uuid4()),
        "cells": [
            {"pupil": str(cast.pupils[n].pk), "lesson": str(lesson), "value": "5", "rev": 0}
            for n in names
        ],
    }
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(
            f"/journal/{cast.courses['algebra'].pk}/cells", body, content_type="application/json"
        )
    assert {cell["state"] for cell in answer.json()["cells"]} == {"ok"}
    ours = statements(seen)
    assert len(ours) == 9, "\n".join(ours)


def test_namesakes_are_told_apart() -> None:
    people = [
        ("Вокуева", "Галина", "Ивановна"),
        ("Вокуева", "Галина", "Петровна"),
        ("Вокуева", "Глафира", ""),
        ("Ёлкина", "Оля", "Викторовна"),
        ("Иванов", "Пётр", "Ильич"),
        ("Иванов", "Пётр", "Игоревич"),
    ]
    assert told_apart(people) == [
        ("Вокуева Галина Ивановна", "Вокуева Г. И."),
        ("Вокуева Галина Петровна", "Вокуева Г. П."),
        ("Вокуева Глафира", "Вокуева Глафира"),
        ("Ёлкина Оля", "Ёлкина О."),
        ("Иванов Пётр Ильич", "Иванов П. Ильич"),
        ("Иванов Пётр Игоревич", "Иванов П. Игоревич"),
    ]


def test_two_pupils_of_one_name_stand_in_the_grid_and_the_list_with_patronymics(
    cast: Cast, client_of: Any
) -> None:
    Person.objects.filter(pk=cast.pupils["timur"].pk).update(last_name="Ёлкина", first_name="Оля")
    names = [row.name for row in read(cast).rows]
    assert {"Ёлкина Оля Викторовна", "Ёлкина Оля Олегович"} <= set(names)
    lesson = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('algebra').pk}/"
    assert "Ёлкина Оля Викторовна" in client_of("maria").get(lesson).content.decode()
    forecast = f"/journal/{cast.courses['algebra'].pk}/forecast/"
    assert "Ёлкина Оля Викторовна" in client_of("maria").get(forecast).content.decode()


def test_the_journal_of_a_course_without_marks_leads_to_no_results(
    cast: Cast, client_of: Any
) -> None:
    journal = f"/journal/{cast.courses['algebra'].pk}/"
    assert "Итоги периода" in client_of("maria").get(journal).content.decode()
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(scale_code="none")
    assert "Итоги периода" not in client_of("maria").get(journal).content.decode()
