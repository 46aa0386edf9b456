"""The diary on a family's own phone without network; a shared computer keeps nothing (G2.10.1b)."""

import pytest
from playwright.sync_api import Page, expect

from people.scope import scope
from tests.cast import ALL_SCHOOLS, PASSWORD
from tests.e2e.conftest import PHONE, violations
from tests.e2e.play import until
from tests.e2e.test_diary import fill

pytestmark = pytest.mark.e2e
WEEK = "/diary/{}/week/2026-W47/"


@pytest.fixture
def week(committed_cast):
    fill(committed_cast)
    return WEEK.format(committed_cast.pupils["olya"].pk)


def sign_in(page: Page, login: str, *, own_phone: bool) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    if own_phone:
        page.get_by_label("Это мой телефон: не выходить 30 дней").check()
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("16–21 ноября")


def kept(page: Page) -> list[str]:
    """Paths of the pages that the browser has kept."""
    found: list[str] = page.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("ed-offline:"));
          const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return all.flat().map((request) => new URL(request.url).pathname).sort();
        }"""
    )
    return found


def on_her_phone(page_of, cast, week: str) -> Page:
    page = page_of(None, viewport=PHONE)
    sign_in(page, cast.users["olya_mother"].login, own_phone=True)
    until(lambda: "/diary/not-kept/" in kept(page), True)
    page.goto(week)
    until(lambda: week in kept(page), True)
    return page


@pytest.mark.clause("G2.10.1b")
def test_the_week_seen_last_is_read_without_network(page_of, week, committed_cast):
    page = on_her_phone(page_of, committed_cast, week)
    page.get_by_role("link", name="Задания").first.click()
    until(lambda: week.partition("week/")[0] + "tasks/" in kept(page), True)
    page.context.set_offline(True)
    page.goto(week)
    expect(page.get_by_text("Нет связи. Показано на")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Алгебра")
    tasks = week.partition("week/")[0] + "tasks/"
    page.goto(tasks)
    expect(page.locator("#main")).to_contain_text("Упр. 214")
    page.goto(week.partition("week/")[0] + "marks/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ещё не сохранена на телефоне")
    assert violations(page) == []
    page.goto("/diary/")  # where the program on the phone begins
    expect(page.get_by_text("Нет связи. Показано на")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("16–21 ноября")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("Нет связи. Показано на")).to_have_count(0)


@pytest.mark.clause("G2.10.1b")
def test_signing_out_and_an_ended_session_leave_nothing(page_of, week, committed_cast):
    page = on_her_phone(page_of, committed_cast, week)
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/accounts/login/**")
    until(lambda: page.evaluate("caches.keys()"), [])
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    sign_in(page, committed_cast.users["olya_mother"].login, own_phone=True)
    until(lambda: "/diary/not-kept/" in kept(page), True)
    page.goto(week)
    until(lambda: week in kept(page), True)
    page.context.clear_cookies()
    page.goto("/diary/")
    until(lambda: page.evaluate("caches.keys()"), [])


@pytest.mark.clause("G2.10.1b")
def test_a_shared_computer_keeps_nothing(page_of, week, committed_cast):
    page = page_of(None)
    sign_in(page, committed_cast.users["olya_mother"].login, own_phone=False)
    page.goto(week)
    page.wait_for_timeout(500)
    assert page.evaluate("caches.keys()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    assert page.evaluate("localStorage.length") == 0


def test_the_next_person_at_the_phone_is_not_shown_the_copies(page_of, week, committed_cast):
    page = on_her_phone(page_of, committed_cast, week)
    page.context.clear_cookies()
    with scope(ALL_SCHOOLS):
        petya = committed_cast.pupils["petya"].pk
    sign_in(page, committed_cast.users["petya_father"].login, own_phone=True)
    until(lambda: WEEK.format(petya) in kept(page), True)
    assert week not in kept(page)
    page.context.set_offline(True)
    page.goto(week)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ещё не сохранена на телефоне")


def test_the_phone_is_told_how_to_install_it(page_of, week):
    page = page_of("olya_mother", viewport=PHONE)
    page.goto(week)
    address = page.locator("link[rel=manifest]").get_attribute("href")
    told = page.request.get(str(address)).json()
    assert told["start_url"] == told["scope"] == "/diary/"
    assert told["display"] == "standalone"
    assert page.request.get(told["icons"][0]["src"]).ok


def test_a_page_that_is_still_true_is_not_sent_again(page_of, week, committed_cast):
    page = on_her_phone(page_of, committed_cast, week)
    statuses: list[int] = []
    page.context.on(
        "response", lambda told: statuses.append(told.status) if told.url.endswith(week) else None
    )
    page.reload()
    page.reload()
    expect(page.locator("#main")).to_contain_text("Алгебра")
    assert 304 in statuses
    with scope(ALL_SCHOOLS):
        lesson = committed_cast.lesson("algebra")
        lesson.topic = "Дроби и проценты"
        lesson.save(update_fields=["topic"])
    page.reload()
    expect(page.locator("#main")).to_contain_text("Дроби и проценты")
