"""«Пропуски»: totals in lessons and days, the calendar of a month, the list (G2.1c)."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import AbsenceReport
from tests.cast import NOW, TODAY, YEAR, Cast

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def place(cast: Cast, pupil: str = "olya") -> str:
    return f"/diary/{cast.pupils[pupil].pk}/absences/"


def absent(cast: Cast, course: str, day: date, code: str, reason: str = "") -> None:
    cast.lesson(course, day).absences.create(
        year=YEAR, school=cast.school, pupil=cast.pupils["olya"], code=code, reason=reason,
        set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip


def soup_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).replace("\xa0", " ").split())


@pytest.fixture
def missed(cast: Cast) -> None:
    absent(cast, "algebra", MONDAY, "ill", "Справка № 215")
    absent(cast, "physics", MONDAY, "ill", "Справка № 215")
    absent(cast, "algebra", TUESDAY, "excused")
    absent(cast, "physics", TUESDAY, "late")
    absent(cast, "russian", TODAY, "absent")


@pytest.mark.clause("G2.1c")
@pytest.mark.usefixtures("missed")
def test_totals_are_in_lessons_and_days(client_of: Any, cast: Cast) -> None:
    page = soup_of(client_of("olya_mother").get(place(cast)))
    rows = [words(row) for row in page.select(".absence-totals tbody tr")]
    assert rows == ["Уважительные 1 1", "Болезнь 2 1", "Без причины 1 1", "Опоздания 1 1"]
    total = page.select_one(".absence-totals tfoot tr")
    assert total is not None
    assert words(total) == "Пропущено, без опозданий 4 из 36 3"


@pytest.mark.clause("G2.1c")
@pytest.mark.usefixtures("missed")
def test_the_list_names_subject_lesson_and_reason(client_of: Any, cast: Cast) -> None:
    page = soup_of(client_of("olya_mother").get(place(cast)))
    lines = [words(line) for line in page.select("section[aria-labelledby=lessons-title] li")]
    assert lines[0] == ("н Русский язык 18 ноября, среда, 3-й урок · пропуск без указания причины")
    assert lines[-1].endswith("1-й урок · пропуск по болезни: Справка № 215")


@pytest.mark.clause("G2.1c")
@pytest.mark.usefixtures("missed")
def test_the_calendar_says_its_letters_in_words(client_of: Any, cast: Cast) -> None:
    page = soup_of(client_of("olya_mother").get(place(cast)))
    days = {
        words(day).split()[0]: words(day) for day in page.select("table.month td") if words(day)
    }
    assert days["16"] == "16 б болезнь"
    assert days["17"] == "17 у уважительная причина о опоздание"
    assert days["18"] == "18 (сегодня) н без причины"
    assert days["19"] == "19"
    heads = [words(head) for head in page.select("table.month th[scope=col]")]
    assert heads[0] == "Пн понедельник"


def test_arrows_lead_through_the_months_of_the_period(client_of: Any, cast: Cast) -> None:
    browser = client_of("olya_mother")
    page = soup_of(browser.get(place(cast)))
    assert words(page.select_one("#month-title")) == "Ноябрь 2026"  # type: ignore[arg-type]
    (forward,) = page.select(".month-bar a")
    assert forward["aria-label"] == "Следующий месяц: Декабрь"
    page = soup_of(browser.get(f"{place(cast)}{str(forward['href']).partition('#')[0]}"))
    assert words(page.select_one("#month-title")) == "Декабрь 2026"  # type: ignore[arg-type]
    (back,) = page.select(".month-bar a")
    assert back["aria-label"] == "Предыдущий месяц: Ноябрь"
    for nonsense in ("?month=2026-13", "?month=1999-01", "?month=завтра"):
        page = soup_of(browser.get(f"{place(cast)}{nonsense}"))
        assert words(page.select_one("#month-title")) == "Ноябрь 2026"  # type: ignore[arg-type]
    first = cast.extras["Школа № 1:1"]
    page = soup_of(browser.get(f"{place(cast)}?period={first.pk}"))
    assert words(page.select_one("#month-title")) == "Октябрь 2026"  # type: ignore[arg-type]


def test_a_period_without_absences_says_so(client_of: Any, cast: Cast) -> None:
    page = words(soup_of(client_of("olya_mother").get(place(cast))))
    assert "Пропусков нет" in page
    assert "учителя не отметили ни пропусков, ни опозданий" in page


def test_days_that_the_family_told_of_stand_in_the_calendar(client_of: Any, cast: Cast) -> None:
    AbsenceReport.objects.create(
        school=cast.school, pupil=cast.pupils["olya"], since=TODAY, until="2026-11-19", reason="family",
        reported_by=cast.users["olya_mother"], reported_at=NOW,
    )  # fmt: skip
    for who, days in (("olya_mother", 2), ("olya", 2), ("head", 0), ("ivan", 0)):
        page = soup_of(client_of(who).get(place(cast)))
        assert len(page.select("td.is-told")) == days


@pytest.mark.parametrize("reports", [1, 6])
@pytest.mark.usefixtures("missed")
def test_absences_cost_the_same_whatever_was_told(client_of: Any, cast: Cast, reports: int) -> None:
    for number in range(reports):
        AbsenceReport.objects.create(
            school=cast.school, pupil=cast.pupils["olya"], since=date(2026, 12, 1 + number),
            until=date(2026, 12, 1 + number), reason="ill", reported_by=cast.users["olya_mother"],
            reported_at=NOW,
        )  # fmt: skip
    browser = client_of("olya_mother")
    with CaptureQueriesContext(connection) as counted:
        browser.get(place(cast))
    # The request's scope nests in the test's own: it reads and restores the outer settings.
    own = ("SAVEPOINT", "RELEASE", "SELECT current_setting", "SELECT set_config")
    every = [query["sql"] or "?" for query in counted.captured_queries]
    assert len([sql for sql in every if not sql.startswith(own)]) <= 8
