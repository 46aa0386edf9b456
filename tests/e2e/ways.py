"""Pages that one address does not open: what a person does to come to them."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import Page, Response

from access import queries
from tests.cast import PASSWORD
from tests.e2e.grid import Grid

Answer = Response | None
PERIOD = 30  # seconds that a code of the second step lives


def submit(page: Page, button: str) -> Answer:
    """Press the button and return what the server answered to it."""
    with page.expect_navigation() as moved:
        page.get_by_role("button", name=button, exact=True).click()
    return moved.value


def fails_to_sign_in(page: Page) -> Answer:
    page.goto(reverse("account_login"))
    page.get_by_label("Логин").fill("nobody")
    page.get_by_label("Пароль", exact=True).fill("nothing")
    return submit(page, "Войти")


def forgets_the_token(page: Page) -> Answer:
    """Send a form without its token: the page of CSRF."""
    page.goto(reverse("access_entry:first_entry"))
    page.get_by_label("Логин").fill("nobody")
    page.get_by_label("Код с листка").fill("1")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').remove()")
    return submit(page, "Дальше")


def breaks_the_server(page: Page) -> Answer:
    """A fault of ours: the page of 500, with the number to name."""

    def fail(*_given: Any) -> None:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "classes", fail)
        return page.goto(reverse("access:people"))


def opens_the_panel_of_a_cell(page: Page) -> Answer:
    """The grid's cell with its comment and history, in a dialog over the grid."""
    grid = Grid(page)
    grid.go(0)
    grid.press("5")
    grid.wait_until_saved()
    grid.press("Alt+Enter")
    with page.expect_response(re.compile("/cell")):
        grid.dialog.get_by_label("Комментарий для семьи").fill("Молодец")
        grid.dialog.get_by_role("button", name="Записать комментарий").click()
    grid.dialog.get_by_text("Комментарий записан").wait_for()
    return None


def issues_a_code(page: Page) -> Answer:
    """The slip, which is an answer to a form and has no address of its own."""
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation() as moved:
        page.get_by_role("button", name=re.compile("^Выдать")).click()
    return moved.value


def comes_with_the_slip(page: Page, slip: Page) -> Answer:
    """The newcomer types what the slip says."""
    facts = slip.get_by_role("region", name="Листок").locator("dd")
    page.goto(reverse("access_entry:first_entry"))
    page.get_by_label("Логин").fill(facts.nth(1).inner_text().strip())
    page.get_by_label("Код с листка").fill(facts.nth(2).inner_text().strip())
    return submit(page, "Дальше")


def orders_a_week_ahead(page: Page) -> Answer:
    """The form says what is wrong."""
    page.get_by_label("всему классу").check()
    return submit(page, "Напечатать выписки")


def orders_forms_for_no_class(page: Page) -> Answer:
    """The form says what is missing."""
    page.evaluate(
        "document.querySelector('select[name=school_class]').selectedOptions[0].value = ''"
    )
    return submit(page, "Напечатать бланки")


def forgets_the_evidence(page: Page) -> Answer:
    """Nothing is saved, each row says what it lacks."""
    page.get_by_label("Ознакомлен(а)").first.check()
    return submit(page, "Внести отмеченных")


def cancels_what_is_over(page: Page) -> Answer:
    """A refusal in words: another window had been faster."""
    with page.expect_navigation() as moved:
        page.evaluate("document.getElementById('cancel').submit()")
    return moved.value


def confirms_the_password(page: Page) -> Answer:
    page.goto(reverse("account_reauthenticate"))
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    submit(page, "Продолжить")
    return page.goto(reverse("mfa_activate_totp"))


def switches_the_second_step_on(page: Page) -> Answer:
    """Type the code that the application of a telephone would show."""
    secret = page.locator("p.code").inner_text().strip()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
    page.get_by_label("Код из приложения").fill(code)
    submit(page, "Включить")
    return page.goto(reverse("mfa_index"))


def signs_in_by_password(page: Page) -> Answer:
    """After the password the second step is asked for."""
    page.goto(reverse("account_login"))
    page.get_by_label("Логин").fill("svetlana")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    return submit(page, "Войти")
