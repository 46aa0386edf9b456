"""Forecasts read from a journal: what counts, who sees them, what a page says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.forecast import Needed
from journal.models import (
    CourseProgramme,
    FinalRule,
    LessonTopic,
    Mark,
    PeriodMark,
    Programme,
    Scale,
    Topic,
    Unit,
    Work,
    WorkKind,
)
from journal.queries.forecast_facts import PupilForecast
from journal.queries.forecast_sanity import sanity
from journal.queries.forecasts import forecasts
from journal.queries.pupil_forecasts import pupil_forecasts
from people.models import Setting
from school.models import Lesson, Period
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_sheet import statements
from tests.journal.world import settle

FIRST = date(2026, 11, 9)


def work_on(cast: Cast, day: date, letter: str = "Р", **more: Any) -> Work:
    kind = WorkKind.objects.get(school=cast.school, letter=letter)
    return Work.objects.create(
        school=cast.school,
        lesson=cast.lesson("algebra", day),
        kind=kind,
        number=more.pop("number", 1),
        weight=kind.weight,
        **more,
    )


def put(cast: Cast, work: Work, value: str, pupil: str = "olya", **more: Any) -> None:
    Mark.objects.create(
        year=YEAR, school=cast.school, lesson=work.lesson, work=work, pupil=cast.pupils[pupil], value=value,
        score=Decimal(value) if value.isdigit() else None, set_by=cast.users["maria"], set_at=NOW, **more,
    )  # fmt: skip


def result(
    cast: Cast, period: Period, value: str, status: str = "mark", pupil: str = "olya"
) -> None:
    PeriodMark.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils[pupil], course=cast.courses["algebra"], period=period,
        status=status, value=value, score=Decimal(value) if value.isdigit() else None, obtained_at=NOW,
        visible_at=NOW, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def read(cast: Cast, pupil: str = "olya", *, today: date = TODAY) -> PupilForecast:
    """What the school's pages say; the family's, read by one statement, says the very same."""
    [course] = forecasts([cast.courses["algebra"].pk], today=today)
    found = course.pupils[cast.pupils[pupil].pk]
    own = pupil_forecasts(cast.pupils[pupil].pk, today=today, now=NOW)
    assert own[cast.courses["algebra"].subject_id] == found
    return found


def test_marks_works_and_lessons_of_the_period_speak(cast: Cast) -> None:
    """By hand: 4 and 5 of weight 1 and a control 3 of weight 2 make (4 + 5 + 6) / 4 = 3,75."""
    put(cast, work_on(cast, FIRST), "4")
    put(cast, work_on(cast, date(2026, 11, 10)), "5")
    put(cast, work_on(cast, date(2026, 11, 11), "К"), "3")
    uncounted = work_on(cast, date(2026, 11, 12), counts=False)
    put(cast, uncounted, "2")
    put(cast, work_on(cast, date(2026, 11, 13)), "зач")
    coming = cast.courses["algebra"].lessons.filter(day__gte=TODAY, day__lte=cast.quarter.ends)
    work_on(cast, max(coming.values_list("day", flat=True)), "К")
    found = read(cast).period
    assert found is not None
    why = found.why
    assert (why.average, why.count, why.now) == (375, 3, ("4",))
    assert why.lessons_left == coming.count()
    assert why.works_left == 1
    assert not why.by_school_rule
    assert found.needed == Needed("5", "5", 6, fits=why.lessons_left >= 6)


def test_a_lesson_of_today_counts_as_left_until_it_is_recorded(cast: Cast) -> None:
    put(cast, work_on(cast, FIRST), "4")
    before = read(cast).period
    Lesson.objects.filter(pk=cast.lesson("algebra").pk).update(
        recorded_at=NOW, recorded_by=cast.users["maria"]
    )
    after = read(cast).period
    assert before is not None
    assert after is not None
    assert before.why.lessons_left - after.why.lessons_left == 1
    cast.courses["algebra"].lessons.filter(day__gt=TODAY).update(status="cancelled")
    over = read(cast).period
    assert over is not None
    assert over.is_settled
    settle()


def test_a_control_work_that_is_being_read_is_still_to_come(cast: Cast) -> None:
    put(cast, work_on(cast, FIRST), "4")
    control = work_on(cast, date(2026, 11, 13), "К")
    waiting = read(cast).period
    put(cast, control, "5")
    marked = read(cast).period
    assert waiting is not None
    assert marked is not None
    assert (waiting.why.works_left, marked.why.works_left) == (1, 0)
    assert marked.why.average == 467  # (4 + 2 · 5) / 3


def test_control_works_of_the_programme_are_to_come_unless_they_have_their_day(cast: Cast) -> None:
    """Topics of 2, 1 and 90 hours with a control work each: the last does not fit into the period."""
    put(cast, work_on(cast, FIRST), "4")
    algebra, maria = cast.courses["algebra"], cast.users["maria"]
    plan = Programme.objects.create(
        school=cast.school, year=YEAR, subject=algebra.subject, grade_level=7, name="КТП",
        made_by=maria, made_at=NOW,
    )  # fmt: skip
    CourseProgramme.objects.create(
        school=cast.school, course=algebra, programme=plan, set_by=maria, set_at=NOW
    )
    unit = Unit.objects.create(school=cast.school, programme=plan, number=1, title="Раздел")
    control = WorkKind.objects.get(school=cast.school, letter="К")
    topics = [
        Topic.objects.create(
            school=cast.school, programme=plan, unit=unit, number=number, title="Тема", hours=hours,
            work_kind=control,
        )
        for number, hours in enumerate((2, 1, 90), start=1)
    ]  # fmt: skip

    def works() -> int:
        found = read(cast).period
        assert found is not None
        return found.why.works_left

    assert works() == 2
    for day in (FIRST, date(2026, 11, 10)):
        given = LessonTopic.objects.filter(topic=topics[0]).count()
        LessonTopic.objects.create(
            school=cast.school, lesson=cast.lesson("algebra", day), topic=topics[0], hour=given + 1
        )
        assert works() == 1 + (day == FIRST)
    work_on(cast, date(2026, 11, 20), "К")  # the teacher has set the day of the second
    assert works() == 1


def test_a_mark_that_is_owed_is_to_come_and_no_mark_yet(cast: Cast) -> None:
    put(cast, work_on(cast, FIRST), "4")
    put(cast, work_on(cast, date(2026, 11, 10)), ".", due_day=TODAY)
    found = read(cast).period
    assert found is not None
    assert (found.why.count, found.why.owed) == (1, 1)


def test_earlier_periods_speak_in_the_period_and_count_in_the_year(cast: Cast) -> None:
    september = cast.extras["Школа № 1:1"]
    put(cast, work_on(cast, FIRST), "4")
    result(cast, september, "5")
    found = read(cast)
    assert found.year is not None
    assert (found.year.why.average, found.year.why.periods_left) == (500, 3)
    assert found.settled == ""
    result(cast, cast.quarter, "4")
    settled = read(cast)
    assert settled.settled == "4"
    assert settled.year is not None
    assert (settled.year.why.average, settled.year.why.periods_left) == (450, 2)


def test_a_period_put_off_is_to_come_and_an_exempt_one_is_left_out(cast: Cast) -> None:
    september = cast.extras["Школа № 1:1"]
    put(cast, work_on(cast, FIRST), "4")
    result(cast, september, "", "deferred")
    put_off = read(cast).year
    PeriodMark.objects.all().delete()
    result(cast, september, "", "exempt")
    exempt = read(cast).year
    assert put_off is not None
    assert exempt is not None
    assert (put_off.why.periods_left, exempt.why.periods_left) == (4, 3)
    PeriodMark.objects.all().delete()
    result(cast, cast.quarter, "", "exempt")
    found = read(cast)
    assert (found.period, found.year, found.settled) == (None, None, "осв")


def test_the_schools_table_holds_once_its_act_is_entered(cast: Cast) -> None:
    for day in (9, 10, 11, 12):
        put(cast, work_on(cast, date(2026, 11, day)), "5" if day < 11 else "4")
    table = FinalRule.objects.create(
        school=cast.school, name="Шкала", bounds={"5": "4.65", "4": "3.65", "3": "2.65"},
        disputed=Decimal("0.15"), minimum=[[2, 3], [40, 7]], since=date(2026, 9, 1),
    )  # fmt: skip
    without = read(cast).period
    assert without is not None
    assert (without.why.by_school_rule, without.why.now) == (False, ("5",))
    FinalRule.objects.filter(pk=table.pk).update(act="Приказ № 5")
    by_table = read(cast).period
    assert by_table is not None
    assert (by_table.why.by_school_rule, by_table.why.now) == (True, ("5", "4"))
    assert by_table.why.marks_missing == 3


def test_the_year_is_judged_by_the_table_where_the_school_says_so(cast: Cast) -> None:
    FinalRule.objects.create(
        school=cast.school, name="Шкала", bounds={"5": "4.65", "4": "3.65", "3": "2.65"}, act="Приказ № 5",
        since=date(2026, 9, 1),
    )  # fmt: skip
    put(cast, work_on(cast, FIRST), "4")
    result(cast, cast.extras["Школа № 1:1"], "5")
    result(cast, cast.quarter, "4")
    rounded = read(cast).year
    Setting.objects.create(
        school=cast.school, key="year_by_table", value=True, since=date(2026, 9, 1)
    )
    by_table = read(cast).year
    assert rounded is not None
    assert by_table is not None
    assert (rounded.why.now, by_table.why.now) == (("5",), ("4",))  # 4,50


def test_a_scale_without_numbers_and_a_year_not_begun_have_no_forecast(cast: Cast) -> None:
    algebra = cast.courses["algebra"]
    assert forecasts([algebra.pk], today=date(2026, 8, 1)) == ()
    Scale.objects.filter(school=cast.school, code="five").update(values={"зач": None, "нзч": None})
    assert forecasts([algebra.pk], today=TODAY) == ()
    assert forecasts([], today=TODAY) == ()


def test_in_a_vacation_the_last_period_is_forecast(cast: Cast) -> None:
    [found] = forecasts([cast.courses["algebra"].pk], today=date(2026, 10, 28))
    assert found.term.name == "I четверть"


@pytest.mark.parametrize("courses", [1, 3])
def test_seven_statements_whatever_the_courses(cast: Cast, courses: int) -> None:
    put(cast, work_on(cast, FIRST), "4")
    ids = [cast.courses[name].pk for name in ("algebra", "physics", "russian")[:courses]]
    with CaptureQueriesContext(connection) as seen:
        found = forecasts(ids, today=TODAY)
    assert len(found) == courses
    assert len(seen) == 7


def test_some_pupils_are_forecast_as_all_are(cast: Cast) -> None:
    put(cast, work_on(cast, FIRST), "4")
    put(cast, work_on(cast, FIRST, number=2), "2", "petya")
    ids = [cast.courses["algebra"].pk]
    olya = cast.pupils["olya"].pk
    [everybody] = forecasts(ids, today=TODAY)
    [alone] = forecasts(ids, today=TODAY, pupils=[olya])
    assert set(alone.pupils) == {olya}
    assert alone.pupils[olya] == everybody.pupils[olya]


def test_the_check_of_sense_compares_with_what_the_journal_says(cast: Cast) -> None:
    assert list(sanity()) == []
    four_marks(cast, "4", "4", "4", "4")
    result(cast, cast.quarter, "4")
    [found] = sanity()
    assert (found.school_name, found.period_name) == ("Школа № 1", "II четверть")
    assert (found.score.pupils, found.score.right) == (1, 1.0)


# --- pages ---


def opened(client: Any, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ", strip=True).replace("\u00a0", " ").split())


def four_marks(cast: Cast, *values: str, pupil: str = "olya") -> None:
    days = [date(2026, 11, 9) + timedelta(days=n) for n in (0, 1, 2, 3)]
    for day, value in zip(days, values, strict=False):
        work = cast.lesson("algebra", day).works.first() or work_on(cast, day)
        put(cast, work, value, pupil)


def test_the_teacher_sees_the_mark_its_chance_and_why(client_of: Any, cast: Cast) -> None:
    four_marks(cast, "4", "4", "4", "5")
    page = opened(client_of("maria"), f"/journal/{cast.courses['algebra'].pk}/forecast/")
    row = next(one for one in page.select("tbody tr") if "Ёлкина" in one.th.text)
    assert row.select_one(".mark").get_text(strip=True) == "4"
    said = words(page)
    assert "около" in said
    assert "Если ничего не изменится — «4»; решает учитель." in said
    assert "Средний балл сейчас 4,25: 4 отметки, с весом работ." in said
    assert "до «5» — ещё 2 пятёрки подряд" in said  # (17 + 10) / 6 = 4,50
    assert "мало отметок" in said or "отметок нет" in said  # the others have none


def test_under_three_marks_no_mark_is_named(client_of: Any, cast: Cast) -> None:
    four_marks(cast, "5", "5")
    page = opened(client_of("maria"), f"/journal/{cast.courses['algebra'].pk}/forecast/")
    row = next(one for one in page.select("tbody tr") if "Ёлкина" in one.th.text)
    assert "мало отметок" in row.select("td")[0].get_text(" ", strip=True)
    assert row.select("td")[0].select_one(".mark") is None


def test_the_class_teacher_sees_whom_to_talk_with(client_of: Any, cast: Cast) -> None:
    four_marks(cast, "5", "5", "5", "5")
    four_marks(cast, "2", "2", "2", "3", pupil="petya")
    address = f"/journal/forecast/{cast.classes['7А'].pk}/"
    client = client_of("ivan")
    page = opened(client, address)
    warned = page.select_one("section[aria-labelledby=warned]").get_text(" ", strip=True)
    assert "Алгебра: «2» —" in warned
    assert "Ёлкина" not in warned
    row = next(one for one in page.select("tbody tr") if "Ёлкина" in one.th.text)
    assert "5" in [one.get_text(strip=True) for one in row.select(".mark")]
    child = opened(client, row.a["href"])
    assert "Ёлкина" in child.h1.text
    assert "Алгебра" in [one.get_text(strip=True) for one in child.select("tbody th")]


def test_a_pupil_of_another_class_is_not_in_this_one(client_of: Any, cast: Cast) -> None:
    here, kolya = cast.classes["7А"].pk, cast.pupils["kolya"].pk
    assert client_of("ivan").get(f"/journal/forecast/{here}/{kolya}/").status_code == 404
    other = cast.classes["5Б"].pk
    assert client_of("ivan").get(f"/journal/forecast/{other}/").status_code == 404


def test_a_page_costs_the_same_whatever_the_pupils(client_of: Any, cast: Cast) -> None:
    client, address = client_of("ivan"), f"/journal/forecast/{cast.classes['7А'].pk}/"
    client.get(address)
    counted = []
    for pupil in ("olya", "petya", "vitya"):
        four_marks(cast, "5", "4", "3", "4", pupil=pupil)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counted.append(len(statements(seen)))
    assert counted == [counted[0]] * 3
    assert counted[0] <= 15
