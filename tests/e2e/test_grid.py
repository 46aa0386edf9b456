"""The grid in Мария's browser: `ui.md` §Grid beside its keys, which are in `grid_cases.py`.

Her algebra in 7А has four pupils: Ёлкина, Петров, Сидоров, Тихонов. Today's column is the lesson
of 18 November; each test begins with an empty quarter.
"""

import json

import pytest
from playwright.sync_api import expect

from people.scope import scope
from tests.cast import ALL_SCHOOLS
from tests.e2e.grid import Grid
from tests.journal.world import big_course

pytestmark = pytest.mark.e2e

OLYA, PETYA, VITYA, TIMUR = range(4)
IN_SIGHT = """() => {
  const cell = document.activeElement, box = cell.getBoundingClientRect();
  return [[box.left + 4, box.top + 4], [box.right - 4, box.bottom - 4]]
    .every(([x, y]) => document.elementFromPoint(x, y) === cell);
}"""


@pytest.fixture
def algebra(committed_cast):
    return f"/journal/{committed_cast.courses['algebra'].pk}/"


@pytest.fixture
def grid(page_of, algebra):
    return Grid(page_of("maria"), algebra)


def test_the_grid_has_names_for_who_does_not_see_it(grid):
    page = grid.page
    assert page.get_by_role("grid", name="Алгебра").count() == 1
    assert (
        page.get_by_role("gridcell", name="Ёлкина Оля, 18 ноября, 1-й урок: нет записи").count()
        == 1
    )
    assert grid.at() == (OLYA, grid.today)
    assert page.locator("#grid [tabindex='0']").count() == 1


@pytest.mark.parametrize("leave", ["Escape", "ArrowDown", "F2", "4"])
def test_a_panel_that_comes_late_does_not_jump_at_who_has_gone_on(grid, leave):
    held = []

    def hold(route):
        held.append(route)

    grid.page.route("**/cell?*", hold)
    with grid.page.expect_request("**/cell?*"):
        grid.press("i")
    grid.press(leave)
    with grid.page.expect_response("**/cell?*"):
        held[0].continue_()
    grid.page.wait_for_timeout(50)
    expect(grid.dialog).to_have_count(0)


def test_two_people_in_one_cell_meet_a_conflict_and_lose_nothing(page_of, algebra):
    first, second = (Grid(page_of("maria"), algebra) for _ in range(2))
    first.press("4")
    first.wait_until_saved()
    second.press("2")
    expect(second.problems).to_have_text("Расхождений: 1")
    assert second.text(OLYA) == "4"
    second.problems.click()
    expect(second.dialog).to_contain_text(
        "Ёлкина Оля, 18 ноября, 1-й урок: записано «4» (Кузнецова М. П."
    )
    expect(second.dialog).to_contain_text("Ваше: «2».")
    second.dialog.get_by_role("button", name="Записать 2").click()
    expect(second.cell(OLYA)).to_have_text("2")
    second.wait_until_saved()
    expect(second.problems).to_be_hidden()
    first.press("5")
    first.problems.click()
    first.dialog.get_by_role("button", name="Оставить 2").click()
    expect(first.cell(OLYA)).to_have_text("2")
    second.press("Control+z")
    second.wait_until_saved()
    assert second.after_reload().text(OLYA) == "4"


def test_marks_made_without_network_wait_in_the_browser_and_are_sent_once(grid):
    page = grid.page
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.post_data or "") if request.url.endswith("/cells") else None
        ),
    )
    page.context.set_offline(True)
    grid.press("5", "Enter", "4", "Enter", "3", "Enter", "2")
    expect(grid.status).to_have_text("Нет связи. Не отправлено: 4")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "ed:outbox" in kept
    assert "Ёлкина" not in kept
    page.context.set_offline(False)
    grid.wait_until_saved()
    assert len({json.loads(body)["op"] for body in sent}) == 1
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ed:outbox'))")
        == []
    )
    page.route("**/cells", lambda route: route.fulfill(status=503))
    grid.go(VITYA)
    grid.press("4")
    expect(grid.status).to_contain_text("Сервер не отвечает. Не отправлено: 1. Повтор через")
    page.once("dialog", lambda dialog: dialog.accept())  # the browser asks before leaving
    again = grid.after_reload()
    assert again.texts() == ["5", "4", "4", "2"]
    page.unroute("**/cells")
    again.wait_until_saved()
    again.go(OLYA)
    again.press("3")
    page.goto("/journal/")  # at once: the request outlives the page
    page.go_back()
    assert Grid(page).after_reload().texts() == ["3", "4", "4", "2"]


def test_a_session_that_ended_loses_no_mark(grid):
    page = grid.page
    cookies = page.context.cookies()
    page.context.clear_cookies()
    grid.press("5")
    expect(grid.dialog).to_contain_text("записи не пропадут")
    expect(grid.status).to_have_text("Вход закончился. Не отправлено: 1")
    page.context.add_cookies(cookies)
    page.evaluate("document.dispatchEvent(new Event('ed:session-back'))")
    grid.wait_until_saved()
    page.keyboard.press("Escape")
    assert grid.after_reload().text(OLYA) == "5"


def test_the_panel_the_menu_and_the_list_of_keys(grid):
    grid.press("4")
    grid.wait_until_saved()
    grid.press("i")
    expect(grid.dialog.get_by_role("heading", name="Ёлкина Оля: 4")).to_be_visible()
    grid.dialog.get_by_label("Комментарий для семьи").fill("Решила сама")
    grid.dialog.get_by_role("button", name="Записать комментарий").click()
    expect(grid.dialog).to_contain_text("Кузнецова М. П.")
    expect(grid.dialog.get_by_role("status")).to_be_visible()
    grid.press("Escape")
    assert grid.at() == (OLYA, grid.today)
    expect(grid.cell(OLYA)).to_have_class("cell has-comment")
    grid.press("5")
    grid.wait_until_saved()
    expect(grid.problems).to_be_hidden()
    grid.press("Shift+F10")
    grid.dialog.get_by_role("button", name="Заполнить пустые…").click()
    grid.page.get_by_label("Значение").select_option("4")
    grid.dialog.get_by_role("button", name="Далее").click()
    expect(grid.dialog).to_contain_text("Записать «4» 3 ученикам?")
    expect(grid.dialog).to_contain_text("1 клетка занята и не изменится")
    grid.dialog.get_by_role("button", name="Записать", exact=True).click()
    expect(grid.cell(TIMUR)).to_have_text("4")
    grid.press("Control+z")
    assert grid.texts() == ["5", "", "", ""]
    grid.press("?")
    grid.page.get_by_label("Переходить вниз после отметки").check()
    grid.press("Escape")
    grid.go(OLYA)
    grid.press("3", "2")
    assert (grid.texts(), grid.at()) == (["3", "2", "", ""], (VITYA, grid.today))
    grid.wait_until_saved()
    assert "has-comment" in (grid.after_reload().cell(OLYA).get_attribute("class") or "")


def test_a_finger_marks_a_class_on_the_pad(page_of, algebra):
    phone = page_of("maria", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    grid = Grid(phone, algebra)
    grid.cell(OLYA).tap()
    pad = phone.get_by_role("group", name="Отметка для выбранной клетки")
    expect(pad).to_contain_text("Ёлкина Оля")
    for key in ("5", "4"):
        pad.get_by_role("button", name=key, exact=True).tap()
    expect(pad).to_contain_text("Сидоров Виктор")
    pad.get_by_role("button", name="Предыдущий ученик").tap()
    pad.get_by_role("button", name="Вторая отметка в клетке").tap()
    pad.get_by_role("button", name="5", exact=True).tap()
    assert grid.texts() == ["5", "4/5", "", ""]
    assert all(
        box["height"] >= 48
        for box in (key.bounding_box() for key in pad.get_by_role("button").all())
    )
    grid.wait_until_saved()


def test_no_cell_hides_under_the_sticky_names_heads_and_sums(page_of, committed_cast):
    with scope(ALL_SCHOOLS):
        big_course(committed_cast, pupils=30, lessons=40)
    grid = Grid(page_of("ivan"), f"/journal/{committed_cast.courses['physics'].pk}/")
    last = grid.page.locator("th.head").count() - 1
    grid.press("Control+Home")
    for key in ["ArrowRight"] * last + ["ArrowDown"] * 29 + ["ArrowLeft"] * last + ["ArrowUp"] * 29:
        grid.press(key)
        assert grid.page.evaluate(IN_SIGHT), (key, grid.at())
    grid.press("End", "Control+a", "Control+a")
    assert grid.selected() == 30 * (last + 1)
