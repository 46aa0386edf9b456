"""A session that ended with unsent work: signing in anew, in a tab of its own, loses nothing."""

import pytest
from playwright.sync_api import Page, expect

from journal.models import Mark
from people.scope import scope
from tests.cast import ALL_SCHOOLS, PASSWORD
from tests.e2e.conftest import DESKTOP, PHONE, scrolls_sideways, violations
from tests.e2e.grid import Grid

pytestmark = pytest.mark.e2e


@pytest.fixture
def lesson(committed_cast):
    course, lesson = committed_cast.courses["algebra"], committed_cast.lesson("algebra")
    return f"/journal/{course.pk}/lessons/{lesson.pk}/"


def end_session(page: Page) -> None:
    """As the server ends it: the browser keeps its other cookies."""
    page.context.clear_cookies(name="sessionid")


def sign_in(page: Page) -> None:
    page.get_by_label("Логин").fill("maria")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/journal/**")


def marks() -> list[str]:
    with scope(ALL_SCHOOLS):
        return list(Mark.objects.order_by("pk").values_list("value", flat=True))


@pytest.mark.parametrize(
    ("javascript", "presses"), [(True, 1), (False, 2)], ids=["javascript", "plain"]
)
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_list_sent_after_the_session_is_handed_back_and_sent_again(
    page_of, lesson, javascript, presses, screen
):
    page = page_of("maria", java_script_enabled=javascript, viewport=screen)
    page.goto(lesson)
    page.get_by_label("1. Ёлкина Оля", exact=True).fill("5")
    page.get_by_label("Тема урока").fill("Линейные уравнения")
    end_session(page)
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Сеанс закончился")
    assert marks() == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Войти").click()
    sign_in(opened.value)
    # The new session has a new token; without scripts the second page has it.
    for _ in range(presses):
        page.get_by_role("button", name="Отправить снова").click()
    expect(page.locator("[data-tone=ok]")).to_be_visible()
    expect(page.get_by_label("Тема урока")).to_have_value("Линейные уравнения")
    assert marks() == ["5"]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_that_hands_back_is_open_to_everybody(page_of, lesson, screen):
    page = page_of("maria", viewport=screen)
    page.goto(lesson)
    page.get_by_label("1. Ёлкина Оля", exact=True).fill("5")
    end_session(page)
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_role("button", name="Отправить снова")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_marks_of_the_grid_are_sent_by_the_new_session(page_of, committed_cast):
    page = page_of("maria")
    grid = Grid(page, f"/journal/{committed_cast.courses['algebra'].pk}/")
    grid.cell(0).click()
    end_session(page)
    page.keyboard.press("5")
    expect(page.locator("#session-ended")).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator("#session-ended").get_by_role("link", name="Войти").click()
    sign_in(opened.value)
    expect(page.locator("#session-ended")).to_be_hidden()
    grid.wait_until_saved()
    assert marks() == ["5"]
