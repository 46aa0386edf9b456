import pytest

from tests.cast import PASSWORD
from tests.e2e.conftest import violations

pytestmark = pytest.mark.e2e


def test_axe_sees_what_is_wrong(visit):
    page = visit("/accounts/login/")
    page.evaluate("""() => {
        document.documentElement.removeAttribute('lang');
        document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>');
    }""")
    assert {found.partition(":")[0] for found in violations(page)} == {
        "html-has-lang",
        "button-name",
    }


def test_the_password_is_shown_on_request_and_never_sent_as_text(visit):
    page = visit("/accounts/login/")
    field = page.get_by_label("Пароль", exact=True)
    field.fill(PASSWORD)
    page.get_by_role("button", name="Показать пароль").click()
    assert field.get_attribute("type") == "text"
    page.get_by_label("Логин").fill("nobody")
    page.get_by_role("button", name="Войти", exact=True).click()
    page.get_by_text("Проверьте введённое").wait_for()
    assert page.get_by_label("Пароль", exact=True).get_attribute("type") == "password"


def test_the_menu_closes_on_escape_and_gives_the_focus_back(visit):
    page = visit("/accounts/sessions/", who="maria")
    page.locator("details.menu > summary").click()
    page.get_by_role("link", name="Сменить пароль").first.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('details.menu').open") is False
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_leaving_by_the_button_ends_the_session(visit):
    page = visit("/accounts/sessions/", who="maria")
    page.get_by_role("button", name="Выйти", exact=True).click()
    page.goto("/accounts/sessions/")
    assert "/accounts/login/" in page.url
