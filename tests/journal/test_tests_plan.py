"""The schedule of tests as teachers keep it, and as the school sees it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup

from audit.models import AuditEvent
from journal import queries
from journal.actions import move_test, plan_test, remove_test
from journal.errors import PlanRefused, WorkMarked
from journal.models import Criterion, CriterionPoints, Mark, SignOff, Work, WorkKind
from journal.queries import course_facts
from school.models import Period
from tests.cast import NOW, TODAY, YEAR, Cast, add_lesson
from tests.journal.world import settle

FRIDAY = date(2026, 11, 20)


def control(cast: Cast) -> WorkKind:
    return WorkKind.objects.get(school=cast.school, is_control=True)


def plan(cast: Cast, day: date, course: str = "physics", who: str = "ivan", **more: Any) -> Work:
    facts = course_facts(cast.user(who), cast.courses[course].pk, today=TODAY)
    wanted = {"title": "Законы Ньютона", "minutes": 40, "now": NOW, **more}
    return plan_test(
        course=facts, lesson_id=cast.lesson(course, day).pk, kind_id=control(cast).pk, **wanted
    )


def page(cast: Cast, course: str = "physics") -> str:
    return f"/journal/{cast.courses[course].pk}/tests/"


def sent(cast: Cast, day: date, course: str = "physics", **more: Any) -> dict[str, Any]:
    shape = {
        "lesson": cast.lesson(course, day).pk,
        "kind": control(cast).pk,
        "title": "Дроби",
        "minutes": "40",
    }
    return shape | more


def test_a_teacher_plans_moves_and_takes_away_a_work(client_of: Any, cast: Cast) -> None:
    ivan = client_of("ivan")
    assert ivan.post(page(cast), sent(cast, FRIDAY)).status_code == 302
    work = Work.objects.get()
    assert (work.title, work.minutes, work.weight, work.lesson.day) == (
        "Дроби",
        40,
        Decimal(2),
        FRIDAY,
    )
    assert "Дроби" in ivan.get(page(cast)).content.decode()
    moved = sent(cast, FRIDAY + timedelta(days=3), work=work.pk, title="Дроби и проценты")
    assert ivan.post(page(cast), moved).status_code == 302
    work = Work.objects.get()
    assert (work.title, work.lesson.day) == ("Дроби и проценты", date(2026, 11, 23))
    # The family sees it among its tasks.
    olya = client_of("olya_mother").get(f"/diary/{cast.pupils['olya'].pk}/tasks/").content.decode()
    assert "Дроби и проценты" in olya
    assert ivan.post(f"{page(cast)}{work.pk}/remove/").status_code == 302
    assert not Work.objects.exists()
    settle()


def test_the_first_and_the_last_lesson_are_refused(client_of: Any, cast: Cast) -> None:
    said = client_of("maria").post(page(cast, "algebra"), sent(cast, FRIDAY, "algebra"))
    assert said.status_code == 409
    soup = BeautifulSoup(said.content, "html.parser")
    assert "Это первый урок класса в этот день" in soup.select_one("main [role=alert]").text
    assert soup.select_one("#id_title")["value"] == "Дроби"
    assert soup.select_one("#id_reason") is None
    with pytest.raises(PlanRefused, match="последний урок"):
        plan(cast, FRIDAY, "russian", "svetlana")
    assert not Work.objects.exists()


def test_a_short_work_stands_anywhere(cast: Cast) -> None:
    assert plan(cast, FRIDAY, "algebra", "maria", minutes=20).lesson.day == FRIDAY


def test_a_class_has_one_work_a_day(client_of: Any, cast: Cast) -> None:
    second = add_lesson(cast.courses["algebra"], FRIDAY, 5, cast.people["maria"])
    add_lesson(cast.courses["russian"], FRIDAY, 6, cast.people["svetlana"])
    plan(cast, FRIDAY)
    maria = client_of("maria")
    refused = maria.post(page(cast, "algebra"), sent(cast, FRIDAY, "algebra", lesson=second.pk))
    assert refused.status_code == 409
    assert "В этот день у класса уже есть работа: физика, 7А." in refused.content.decode()
    options = BeautifulSoup(maria.get(page(cast, "algebra")).content, "html.parser").select(
        "#id_lesson option"
    )
    (busy,) = [one.text for one in options if one["value"] == str(second.pk)]
    assert "у класса уже есть работа" in busy
    shown = maria.get(page(cast, "algebra")).content.decode()
    assert "Законы Ньютона" in shown  # the class's other works stand beside the form
    settle()


def test_a_warning_asks_for_a_reason_that_the_history_keeps(client_of: Any, cast: Cast) -> None:
    plan(cast, FRIDAY)
    ivan, later = client_of("ivan"), date(2026, 11, 26)
    said = ivan.post(page(cast), sent(cast, later))
    assert said.status_code == 409
    assert "Всё равно запланировать" in said.content.decode()
    assert Work.objects.count() == 1
    assert ivan.post(page(cast), sent(cast, later, reason="карантин")).status_code == 302
    work = Work.objects.get(lesson__day=later)
    (event,) = AuditEvent.objects.filter(table_name="journal_work", row_id=work.pk)
    assert event.reason == "Запланировано с отступлением от правил: карантин"


def test_a_tenth_of_the_hours(cast: Cast) -> None:
    cast.courses["physics"].hours_per_week = Decimal("0.5")
    cast.courses["physics"].save(update_fields=["hours_per_week"])
    # 18 lessons are laid: a tenth is one work.
    plan(cast, TODAY)
    with pytest.raises(PlanRefused, match=r"10 % от 1[0-9] ч — это 1"):
        plan(cast, date(2026, 11, 26))


def test_a_work_of_the_parallel_in_another_week_is_near(cast: Cast) -> None:
    plan(cast, FRIDAY)
    with pytest.raises(PlanRefused, match="Чаще чем раз в 17 дней"):
        plan(cast, date(2026, 11, 25))


def test_what_was_marked_stays(cast: Cast) -> None:
    work = plan(cast, TODAY)
    Mark.objects.create(
        year=YEAR, school=cast.school, lesson=work.lesson, work=work, pupil=cast.pupils["olya"], value="5",
        score=5, set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip
    facts = course_facts(cast.user("ivan"), cast.courses["physics"].pk, today=TODAY)
    with pytest.raises(WorkMarked):
        remove_test(course=facts, work_id=work.pk)
    with pytest.raises(WorkMarked):
        move_test(
            course=facts, work_id=work.pk, lesson_id=cast.lesson("physics", FRIDAY).pk, title="", minutes=40, now=NOW
        )  # fmt: skip


def test_a_planned_work_takes_the_place_of_the_ordinary_one(cast: Cast) -> None:
    answer = WorkKind.objects.get(school=cast.school, code="answer")
    Work.objects.create(
        school=cast.school, lesson=cast.lesson("physics", FRIDAY), kind=answer, number=1, weight=1
    )
    work = plan(cast, FRIDAY)
    assert Work.objects.get() == work
    assert (work.kind.letter, work.weight) == ("К", 2)


def criterion_of(cast: Cast, work: Work) -> Criterion:
    return Criterion.objects.create(
        school=cast.school, work=work, number=1, name="Решение", maximum=5
    )


def test_points_by_criteria_keep_a_work_as_marks_do(client_of: Any, cast: Cast) -> None:
    work = plan(cast, FRIDAY)
    CriterionPoints.objects.create(
        school=cast.school, criterion=criterion_of(cast, work), pupil=cast.pupils["olya"], points=3,
        set_by=cast.user("ivan"), set_at=NOW,
    )  # fmt: skip
    said = client_of("ivan").post(f"{page(cast)}{work.pk}/remove/")
    assert said.status_code == 409
    moved = sent(cast, FRIDAY + timedelta(days=3), work=work.pk)
    assert client_of("ivan").post(page(cast), moved).status_code == 409
    assert CriterionPoints.objects.get().points == 3


def test_criteria_go_with_their_work_over_those_of_another(client_of: Any, cast: Cast) -> None:
    work, monday = plan(cast, FRIDAY), FRIDAY + timedelta(days=3)
    kept = criterion_of(cast, work)
    answer = WorkKind.objects.get(school=cast.school, letter="Р")
    other = Work.objects.create(
        school=cast.school, lesson=cast.lesson("physics", monday), kind=answer, number=1, weight=1
    )
    criterion_of(cast, other)
    moved = sent(cast, monday, work=work.pk)
    assert client_of("ivan").post(page(cast), moved).status_code == 302
    assert Work.objects.get().lesson.day == monday
    assert Criterion.objects.get().pk == kept.pk


def test_a_work_of_a_signed_period_is_not_taken_away(client_of: Any, cast: Cast) -> None:
    work = plan(cast, FRIDAY)
    SignOff.objects.create(
        school=cast.school, course=cast.courses["physics"], signed_by=cast.user("ivan"), signed_at=NOW,
        period=Period.objects.get(school=cast.school, starts__lte=FRIDAY, ends__gte=FRIDAY, grade_from__lte=7, grade_to__gte=7),
    )  # fmt: skip
    assert client_of("ivan").post(f"{page(cast)}{work.pk}/remove/").status_code == 409
    assert Work.objects.get() == work


def test_others_do_not_plan(client_of: Any, cast: Cast) -> None:
    for who, status in {"nina": 403, "maria": 404, "olya": 404}.items():
        assert client_of(who).post(page(cast), sent(cast, FRIDAY)).status_code == status, who
    assert not Work.objects.exists()


def test_the_school_sees_all_classes_by_week(client_of: Any, cast: Cast) -> None:
    plan(cast, FRIDAY)
    plan(cast, date(2026, 11, 26), reason="перенос")
    nina = client_of("nina").get("/journal/tests/")
    soup = BeautifulSoup(nina.content, "html.parser")
    heads = [
        head.text.replace("\N{NO-BREAK SPACE}", " ") for head in soup.select("main section h2")
    ]
    assert heads == [
        "16–21 ноября",
        "23–28 ноября",
    ]
    assert "Чаще чем раз в 17 дней" in soup.text
    fifth = client_of("nina").get("/journal/tests/", {"class": cast.classes["5Б"].pk})
    assert "Работ не запланировано" in fifth.content.decode()
    seventh = client_of("maria").get("/journal/tests/", {"class": cast.classes["7А"].pk})
    assert "Законы Ньютона" in seventh.content.decode()
    printed = client_of("nina").get("/journal/tests/", {"print": "1"}).content.decode()
    assert "20.11.2026" in printed
    assert "Орлов" not in printed
    assert client_of("olya_mother").get("/journal/tests/").status_code == 404
    theirs = client_of("stranger").get("/journal/tests/").content.decode()
    assert "Законы Ньютона" not in theirs


def test_the_schedule_costs_the_same_for_one_work_and_for_many(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    user, found = cast.user("nina"), []
    assert user.identities  # free of SQL inside a request
    for day in (FRIDAY, date(2026, 11, 23), date(2026, 11, 25)):
        plan(cast, day, reason="нужно")
        with django_assert_num_queries(5):
            found.append(
                queries.tests_schedule(user, class_id=None, period_id=None, today=TODAY).count
            )
    assert found == [1, 2, 3]
