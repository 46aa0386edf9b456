"""One lesson as a list, a teacher's day, and all pages of the journal through axe."""

import pytest
from playwright.sync_api import expect

from people.scope import scope
from tests.cast import ALL_SCHOOLS
from tests.e2e.conftest import DESKTOP, PHONE, scrolls_sideways, violations
from tests.e2e.grid import Grid
from tests.journal.world import big_course

pytestmark = pytest.mark.e2e


@pytest.fixture
def algebra(committed_cast):
    return f"/journal/{committed_cast.courses['algebra'].pk}/"


@pytest.fixture
def today(committed_cast, algebra):
    return f"{algebra}lessons/{committed_cast.lesson('algebra').pk}/"


def test_a_lesson_is_filled_in_without_javascript(page_of, algebra, today):
    page = page_of("maria", java_script_enabled=False)
    page.goto(today)
    page.get_by_label("1. Ёлкина Оля").fill("5")
    page.get_by_label("2. Петров Пётр").fill("7")
    page.get_by_label("3. Сидоров Виктор").fill("H")
    page.get_by_label("Тема урока").fill("Линейные уравнения")
    page.get_by_label("Домашнее задание").fill("§ 12, № 240")
    page.get_by_role("button", name="Записать").click()
    refused = page.get_by_label("2. Петров Пётр")
    expect(refused).to_have_value("7")
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("1. Ёлкина Оля")).to_have_value("5")
    expect(page.get_by_label("Тема урока")).to_have_value("Линейные уравнения")
    refused.fill("4/5")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("[data-tone=ok]")).to_be_visible()
    expect(page.get_by_label("3. Сидоров Виктор")).to_have_value("н")
    expect(page.get_by_label("Домашнее задание")).to_have_value("§ 12, № 240")
    page.goto(algebra)
    expect(page.locator("noscript")).to_be_attached()
    row = page.get_by_role("row", name="1. Ёлкина Оля")
    assert "5" in row.locator("td.cell").all_inner_texts()
    head = page.locator("th.head.is-today a")
    expect(head).to_have_attribute("title", "Ответ на уроке, вес 1. Линейные уравнения")
    head.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Алгебра")


def test_fingers_fill_the_list_and_unsaved_work_is_not_left_silently(page_of, today):
    page = page_of("maria", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(today)
    olya = page.get_by_label("1. Ёлкина Оля", exact=True)
    page.get_by_role("button", name="5: 1. Ёлкина Оля").tap()
    expect(olya).to_have_value("5")
    page.get_by_role("button", name="4: 1. Ёлкина Оля").tap()
    expect(olya).to_have_value("4")
    expect(page.get_by_role("button", name="4: 1. Ёлкина Оля")).to_have_attribute(
        "aria-pressed", "true"
    )
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Журнал").last.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Записать").click()
    expect(olya).to_have_value("4")
    expect(page.locator("[data-tone=ok]")).to_be_visible()


def test_the_day_leads_to_what_is_not_filled_in(page_of, algebra):
    page = page_of("maria")
    page.goto("/journal/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Среда, 18 ноября")
    lessons = page.get_by_role("region", name="Уроки сегодня").get_by_role("listitem")
    expect(lessons).to_have_count(2)
    expect(lessons.first).to_contain_text("Алгебра, 7А")
    expect(page.get_by_role("region", name="Не заполнено раньше")).to_be_visible()
    lessons.first.get_by_role("link", name="Журнал: Алгебра").click()
    Grid(page)
    assert page.url.endswith(algebra)


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_of_the_journal_is_open_to_everybody(page_of, committed_cast, screen):
    with scope(ALL_SCHOOLS):
        big_course(committed_cast, pupils=8, lessons=20)
    page = page_of("ivan", viewport=screen)
    page.goto("/journal/")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    grid = Grid(page, f"/journal/{committed_cast.courses['physics'].pk}/")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    for key in ("?", "i", "Shift+F10"):
        grid.press(key)
        expect(grid.dialog).to_be_visible()
        assert violations(page) == [], key
        grid.press("Escape")
        expect(grid.dialog).to_have_count(0)
        grid.go(0)
    grid.press("7")
    grid.paste("5\nх\n")
    assert violations(page) == []
    page.goto(page.locator("th.head.is-today a").get_attribute("href") or "")
    assert violations(page) == []
    assert not scrolls_sideways(page)
