"""A real Chromium on a real server: hashed static files, the content policy, committed rows."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import Cast

# Playwright's loop runs in this thread; Django would take it for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
RULES = {
    "resultTypes": ["violations"],  # thirteen times faster on the grid
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Only the rule and the first element that breaks it: the whole result is a hundred kilobytes a page.
FAULTS = """(options) => axe.run(options).then((found) =>
  found.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`))"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def _as_in_production(application: WSGIHandler) -> WSGIHandler:
    """Let WhiteNoise serve the hashed files; Django's own handler knows only the sources."""
    return application


@pytest.fixture
def site(committed_cast: Cast) -> Iterator[str]:
    """The address of a running server that sees the committed cast."""
    server = LiveServerThread("127.0.0.1", _as_in_production)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    connections.close_all()


@pytest.fixture
def page_of(browser: Browser, site: str, committed_cast: Cast) -> Iterator[Callable[..., Page]]:
    """`page_of("maria")` is a browser of her own, signed in; any script error fails the test."""
    contexts = []
    errors: list[str] = []

    def open_page(name: str | None, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site, locale="ru-RU", **{"viewport": DESKTOP, **options}
        )
        contexts.append(context)
        if name:
            context.add_cookies([session_of(committed_cast, name, site)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_ours(said) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def visit(page_of: Callable[..., Page]) -> Callable[..., Page]:
    """`visit("/journal/", who="maria", screen=PHONE)` opens one page."""

    def open_at(address: str, *, who: str | None = None, screen: dict[str, int] = DESKTOP) -> Page:
        page = page_of(who, viewport=screen)
        page.goto(address)
        return page

    return open_at


def session_of(cast: Cast, name: str, site: str) -> dict[str, str]:
    client = Client()
    client.force_login(cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}


def _is_ours(said: Any) -> bool:
    """Whether our scripts or the content policy failed, not a network cut or a status on purpose."""
    return said.type == "error" and "Failed to load resource" not in said.text


def violations(page: Page) -> list[str]:
    """Return what axe finds: the rule and the first element that breaks it."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FAULTS, RULES)
    return found


def with_axe(page: Page) -> Page:
    """Let each page that opens here bring axe along: faster than sending it to each, for many pages."""
    page.context.add_init_script(AXE_SCRIPT)
    return page


def scrolls_sideways(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide
