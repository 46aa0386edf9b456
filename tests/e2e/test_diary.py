"""The diary and the class teacher's desk in a real browser: both widths, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ediary.bench.visit import weigh
from people.scope import scope
from tests.cast import ALL_SCHOOLS, MONDAY, PASSWORD, TODAY, Cast
from tests.diary.test_week import give
from tests.e2e.conftest import PHONE
from tests.e2e.play import until

pytestmark = pytest.mark.e2e

Visit = Callable[..., Page]


def fill(cast: Cast) -> None:
    """A week with something of everything."""
    with scope(ALL_SCHOOLS):
        for day, value in ((9, "4"), (10, "5"), (11, "3"), (16, "4")):
            give(cast, "olya", cast.lesson("algebra", MONDAY.replace(day=day)), value)
        give(
            cast,
            "olya",
            cast.lesson("physics"),
            "2",
            kind="control",
            title="Трение",
            comment="Разберём",
        )
        lesson = cast.lesson("russian")
        lesson.absences.create(
            year=2026, school=cast.school, pupil=cast.pupils["olya"], code="late", set_by=cast.users["ivan"],
            set_at="2026-11-18T09:00:00Z",
        )  # fmt: skip
        lesson.homework.create(
            school=cast.school, year=2026, due_day=TODAY.replace(day=19), text="Упр. 214,\nсловарь", minutes=20,
            set_by=cast.users["maria"], set_at="2026-11-18T09:00:00Z",
        )  # fmt: skip


@pytest.mark.clause("K4a")
@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "plain"])
def test_guardian_acknowledges_with_and_without_scripts(
    page_of: Visit, committed_cast: Cast, scripts: bool
) -> None:
    fill(committed_cast)
    page = page_of("olya_mother", java_script_enabled=scripts, viewport=PHONE)
    page.goto(f"/diary/{committed_cast.pupils['olya'].pk}/week/2026-W47/")
    block = page.locator("#acknowledgement")
    expect(block).to_contain_text("2 отметки, 1 опоздание")
    button = page.get_by_role("button", name="С дневником ознакомлен")
    if scripts:
        assert page.evaluate("window.htmx") is None  # nothing on the page needs it yet
        button.hover()
        until(lambda: page.evaluate("Boolean(window.htmx)"), True)
        page.evaluate("window.sameDocument = true")
    button.click()
    expect(block).to_contain_text("Ознакомлены: Ёлкина О. В., 18 ноября в 12:3")
    if scripts:
        assert page.evaluate("window.sameDocument") is True
    expect(page.get_by_role("button", name="С дневником ознакомлен")).to_have_count(0)
    desk = page_of("ivan")
    desk.goto(f"/class/{committed_cast.classes['7А'].pk}/?week=2026-W47")
    expect(desk.get_by_role("row", name="Ёлкина О. В.")).to_contain_text("18 ноября в 12:3")


def test_a_first_visit_weighs_at_most_sixty_kilobytes(page_of: Visit, committed_cast: Cast) -> None:
    """Everything from the sign-in page to the week, in a browser that has seen neither."""
    fill(committed_cast)
    page = page_of(None, viewport=PHONE)
    weights = weigh(page)
    page.goto("/accounts/login/", wait_until="networkidle")
    page.get_by_label("Логин").fill("olya_mother")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/week/2026-W47/")
    page.wait_for_load_state("networkidle")
    assert any(path.endswith(".woff2") for path in weights)
    assert weights.total() <= 60_000, weights.most_common()


def test_phone_opens_at_the_first_day_and_tabs_stand_below(
    visit: Visit, committed_cast: Cast
) -> None:
    page = visit(
        f"/diary/{committed_cast.pupils['olya'].pk}/week/2026-W47/", who="olya_mother", screen=PHONE
    )
    first = page.locator("[data-ed-first]")
    expect(first).to_contain_text("к завтрашнему дню")
    expect(first).to_be_in_viewport()
    names = page.get_by_role("navigation", name="Дневник").get_by_role("link").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == [
        "Расписание", "Задания", "Отметки", "Пропуски", "Итоговые оценки",
    ]  # fmt: skip
