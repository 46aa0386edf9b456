"""Two people in one journal: what one writes the other sees, and nobody's mark is lost."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.grid import Grid

pytestmark = pytest.mark.e2e

OLYA, PETYA, VITYA, TIMUR = range(4)
SEES_WITHIN = 30  # seconds, by the issue


@pytest.fixture
def algebra(committed_cast):
    return f"/journal/{committed_cast.courses['algebra'].pk}/"


def hurry(page: Page, seconds: float) -> Page:
    """Let the page poll more often than it does by itself."""

    def answer(route):
        whole = route.fetch()
        body = whole.text().replace('data-ed-poll="25"', f'data-ed-poll="{seconds}"')
        route.fulfill(response=whole, body=body)

    page.route(re.compile(r"/journal/[^/]+/(\?.*)?$"), answer)
    return page


@pytest.fixture
def grid_of(page_of, algebra):
    """`grid_of("ivan")` is his grid, polling five times a second."""
    return lambda name: Grid(hurry(page_of(name), 0.2), algebra)


def test_what_another_writes_comes_in_with_a_name_and_tints(grid_of):
    maria, ivan = grid_of("maria"), grid_of("ivan")
    expect(maria.page.locator("[data-ed-present]")).to_have_text("Журнал открыт также: Орлов И. С.")
    expect(ivan.page.locator("[data-ed-present]")).to_contain_text("Кузнецова М. П.")
    maria.press("5", "Enter", "4", "Enter", "3", "Enter", "2")
    expect(ivan.cell(TIMUR)).to_have_text("2")
    assert ivan.texts() == ["5", "4", "3", "2"]
    cell = ivan.cell(OLYA)
    expect(cell).to_have_attribute("title", re.compile(r"^Изменено: Кузнецова М\. П\., "))
    expect(ivan.page.locator("[data-ed-polite]")).to_contain_text("Другие изменили")
    assert ivan.page.locator("#grid tbody td.sum-1").first.inner_text() == "5,00"
    assert ivan.page.locator("tfoot td").nth(ivan.today).inner_text() == "3,50"
    maria.go(OLYA)
    maria.press("Delete")
    expect(cell).to_have_text("")
    maria.press("i")  # of an empty cell: no comment; of Петя's: one
    expect(maria.dialog).to_be_visible()
    maria.press("Escape", "ArrowDown", "i")
    maria.dialog.get_by_label("Комментарий для семьи").fill("Решил сам")
    maria.dialog.get_by_role("button", name="Записать комментарий").click()
    expect(ivan.cell(PETYA)).to_have_class(re.compile("has-comment"))


def test_a_cell_that_waits_is_not_overwritten_by_news(grid_of):
    one, two = grid_of("maria"), grid_of("maria")
    two.page.route("**/cells", lambda route: route.abort())
    two.press("2")
    one.press("4", "Enter", "3")
    expect(two.cell(PETYA)).to_have_text("3")
    assert two.text(OLYA) == "2"
    two.go(VITYA)
    two.press("F2")
    two.type("4")
    one.press("Enter", "5")
    one.wait_until_saved()
    two.page.wait_for_timeout(600)
    assert two.page.locator(".cell-input").input_value() == "4"
    two.press("Escape")
    expect(two.cell(VITYA)).to_have_text("5")
    two.page.unroute("**/cells")
    two.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(two.problems).to_have_text("Расхождений: 1")
    assert two.text(OLYA) == "4"


def test_an_answer_that_set_out_before_a_save_brings_nothing_old_back(grid_of):
    grid = grid_of("maria")
    page = grid.page
    held = []
    page.route("**/changes?*", lambda route: held.append(route) if not held else route.continue_())
    grid.press("4")
    grid.wait_until_saved()
    while not held:
        page.wait_for_timeout(20)
    old = held[0].fetch()
    grid.press("5")
    grid.wait_until_saved()
    with page.expect_response("**/changes?*"):
        held[0].fulfill(response=old)
    page.wait_for_timeout(50)
    assert grid.text(OLYA) == "5"
    assert grid.page.locator("#grid [title^=Изменено]").count() == 0


def test_a_lesson_that_is_new_asks_to_open_the_page_anew(page_of, algebra):
    page = hurry(page_of("maria"), 0.2)

    def shorten(route):
        answer = route.fetch()
        told = answer.json()
        if "lessons" in told:
            told["lessons"] = told["lessons"][:-1]
        route.fulfill(response=answer, json=told)

    page.route("**/changes?*", shorten)
    Grid(page, algebra)
    expect(page.get_by_role("link", name="Обновить страницу")).to_be_visible()
    page.unroute("**/changes?*")
    expect(page.get_by_role("link", name="Обновить страницу")).to_be_hidden()


def test_nobody_asks_while_nobody_looks(grid_of):
    grid = grid_of("maria")
    page = grid.page
    asked = []
    page.on("request", lambda request: asked.append(1) if "/changes?" in request.url else None)
    page.wait_for_timeout(500)
    assert asked
    page.evaluate("""() => {
      Object.defineProperty(document, "hidden", {value: true, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.wait_for_timeout(300)
    asked.clear()
    page.wait_for_timeout(600)
    assert asked == []
    with page.expect_request("**/changes?*", timeout=1000):
        page.evaluate("""() => {
          Object.defineProperty(document, "hidden", {value: false, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }""")


@pytest.mark.slow
def test_two_browsers_see_the_truth_within_thirty_seconds(page_of, algebra):
    """The real interval: both type into one column, one cell they both have."""
    one, two = (Grid(page_of("maria"), algebra) for _ in range(2))
    started = time.monotonic()
    one.press("5", "Enter", "4")
    two.go(VITYA)
    two.press("3", "Enter", "2")
    for grid in (one, two):
        expect(grid.page.locator(".is-pending")).to_have_count(0)
    two.go(OLYA)
    two.press("2")
    expect(two.problems).to_have_text("Расхождений: 1")
    assert two.text(OLYA) == "5"
    for grid in (one, two):
        left = 1000 * (SEES_WITHIN - (time.monotonic() - started))
        expect(grid.cell(TIMUR)).to_have_text("2", timeout=left)
        expect(grid.cell(PETYA)).to_have_text("4", timeout=left)
        assert grid.texts() == ["5", "4", "3", "2"]
    two.problems.click()
    expect(two.dialog).to_contain_text("Ваше: «2».")
