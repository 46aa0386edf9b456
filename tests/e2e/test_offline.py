"""Poor network: today's lists open from the last visit, and what is typed there reaches the journal."""

import pytest
from playwright.sync_api import Page, expect

from journal.actions import save_cells
from journal.models import Mark
from journal.queries import course_facts
from journal.sheet import CellEntry
from people.scope import scope, scope_of_user
from tests.cast import ALL_SCHOOLS, NOW, TODAY, known
from tests.e2e.conftest import DESKTOP, PHONE, scrolls_sideways, violations
from tests.e2e.play import until

pytestmark = pytest.mark.e2e


@pytest.fixture
def lesson(committed_cast):
    course = committed_cast.courses["algebra"]
    return f"/journal/{course.pk}/lessons/{committed_cast.lesson('algebra').pk}/"


def switch_on(page: Page) -> None:
    page.goto("/journal/", timeout=30_000)
    page.get_by_role("button", name="Работать без сети на этом устройстве").click()
    expect(page.locator("[data-ed-offline-status]")).to_contain_text("сохранены")


def marks() -> list[tuple[str, str]]:
    with scope(ALL_SCHOOLS):
        found = Mark.objects.order_by("pupil__person__sort_key")
        return list(found.values_list("pupil__person__first_name", "value"))


def kept(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return names


def olya(page: Page):
    return page.get_by_label("1. Ёлкина Оля", exact=True)


def test_marks_typed_without_network_reach_the_journal_when_it_is_back(page_of, lesson):
    page = page_of("maria")
    switch_on(page)
    page.context.set_offline(True)
    # The lesson was never opened before: the day's page brought it.
    page.goto(lesson)
    expect(page.get_by_text("Нет связи. Показано на")).to_be_visible()
    olya(page).fill("5")
    page.get_by_label("Тема урока").fill("Линейные уравнения")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("[data-ed-list-status]")).to_contain_text("Записано на этом устройстве")
    assert marks() == []
    # The tab is closed and opened anew, still without network.
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/journal/")
    expect(page.get_by_text("Нет связи. Показано на")).to_be_visible()
    expect(page.locator("[data-ed-offline-list]")).to_contain_text("ждёт связи")
    page.locator("[data-ed-offline-list] a").click()
    expect(olya(page)).to_have_value("5")
    expect(page.get_by_label("Тема урока")).to_have_value("Линейные уравнения")
    context.set_offline(False)
    expect(page.locator("[data-tone=ok]")).to_contain_text("Записано", timeout=30_000)
    expect(olya(page)).to_have_value("5")
    assert marks() == [("Оля", "5")]
    page.goto("/journal/")
    expect(page.locator("[data-ed-offline-list] li")).to_have_count(0)


def test_the_days_page_sends_what_waits_and_a_second_sending_writes_nothing_twice(page_of, lesson):
    page = page_of("maria")
    switch_on(page)
    page.goto(lesson)
    page.context.set_offline(True)
    olya(page).fill("4")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("[data-ed-list-status]")).to_contain_text("Записано на этом устройстве")
    key = page.evaluate("Object.keys(localStorage).find((key) => key.startsWith('ed:list:'))")
    entry = page.evaluate("(key) => localStorage.getItem(key)", key)
    assert "Ёлкина" not in entry  # ids and values only
    page.goto("/journal/")
    page.context.set_offline(False)
    expect(page.locator("[data-ed-offline-list] li")).to_have_count(0, timeout=30_000)
    assert marks() == [("Оля", "4")]
    # The answer was lost on its way: the same entry is sent again.
    page.evaluate("([key, entry]) => localStorage.setItem(key, entry)", [key, entry])
    page.reload()
    expect(page.locator("[data-ed-offline-list] li")).to_have_count(0)
    assert page.evaluate("(key) => localStorage.getItem(key)", key) is None
    assert marks() == [("Оля", "4")]


def test_what_is_typed_and_not_written_is_still_there(page_of, lesson):
    page = page_of("maria")
    switch_on(page)
    page.context.set_offline(True)
    page.goto(lesson)
    olya(page).fill("3")
    context = page.context
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(lesson)
    expect(olya(page)).to_have_value("3")
    context.set_offline(False)
    page.reload()
    expect(olya(page)).to_have_value("3")
    assert marks() == []  # only «Записать» writes


def test_a_conflict_is_shown_and_nothing_is_lost(page_of, lesson, committed_cast):
    page = page_of("maria")
    switch_on(page)
    page.context.set_offline(True)
    page.goto(lesson)
    olya(page).fill("2")
    page.get_by_role("button", name="Записать").click()
    maria = committed_cast.user("maria")
    with scope_of_user(maria):
        facts = course_facts(maria, committed_cast.courses["algebra"].pk, today=TODAY)
        pupil, held = committed_cast.pupils["olya"].pk, committed_cast.lesson("algebra").pk
        save_cells(
            by=maria, course=facts, op=known("op"), entries=[CellEntry(pupil, held, "4", rev=0)], now=NOW
        )  # fmt: skip
    page.context.set_offline(False)
    expect(page.get_by_text("Теперь записано «4»")).to_be_visible(timeout=30_000)
    expect(olya(page)).to_have_value("2")
    page.goto("/journal/")
    expect(page.locator("[data-ed-offline-list]")).to_contain_text("не принято")
    page.goto(lesson)
    expect(olya(page)).to_have_value("2")
    assert marks() == [("Оля", "4")]


def test_signing_out_deletes_the_copies(page_of, lesson):
    page = page_of("maria")
    switch_on(page)
    assert any(name.startswith("ed-offline:") for name in kept(page))
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/accounts/login/**")
    assert kept(page) == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    assert page.evaluate("localStorage.length") == 0


def test_another_user_is_never_shown_the_copy(page_of, lesson):
    page = page_of("maria")
    switch_on(page)
    ivan = page_of("ivan")
    session = next(one for one in ivan.context.cookies() if one["name"] == "sessionid")
    page.context.add_cookies([session])
    page.goto("/journal/")
    expect(page.get_by_role("button", name="Работать без сети")).to_be_visible()
    until(lambda: kept(page), [])


def test_a_page_that_was_not_kept_is_not_shown(page_of, lesson, committed_cast):
    page = page_of("maria")
    switch_on(page)
    page.goto("/journal/?day=2026-11-17")
    page.context.set_offline(True)
    page.goto("/journal/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Среда, 18 ноября")
    with pytest.raises(Exception, match="ERR_"):
        page.goto("/journal/?day=2026-11-17")
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"/journal/{committed_cast.courses['algebra'].pk}/")


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_copy_is_open_to_everybody(page_of, lesson, screen):
    page = page_of("maria", viewport=screen)
    switch_on(page)
    page.context.set_offline(True)
    page.goto(lesson)
    assert violations(page) == []
    assert not scrolls_sideways(page)
