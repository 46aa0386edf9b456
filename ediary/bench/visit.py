"""What a family's first visit weighs: the sign-in page and the week in a Chromium that has seen neither.

Counted by the browser itself: every byte that came over the wire, headers included.
"""

import os
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from ediary.bench.site import Site
from ediary.bench.world import World
from ediary.launcher.places import CannotStart

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE: Any = {"width": 390, "height": 844}
# The server stands behind a proxy that ends TLS; only the page's own origin gets the header.
BEHIND_PROXY = {"X-Forwarded-Proto": "https"}


def first_visit(site: Site, world: World) -> Counter[str]:
    """Return the bytes of each address that the two pages fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            context = browser.new_context(
                base_url=f"http://127.0.0.1:{site.port}",
                locale="ru-RU",
                viewport=PHONE,
                extra_http_headers=BEHIND_PROXY,
            )
            return fetched(context, site, world)
        finally:
            browser.close()


def fetched(context: BrowserContext, site: Site, world: World) -> Counter[str]:
    """Open the sign-in page, then, signed in, the week."""
    page = context.new_page()
    weights = weigh(page)
    open_page(page, "/accounts/login/")
    context.add_cookies([
        {"name": "sessionid", "value": world.family.session, "url": f"http://127.0.0.1:{site.port}"}
    ])  # fmt: skip
    open_page(page, f"/diary/{world.family.pupil}/week/{world.week}/")
    if page.locator(".lesson").count() != world.family.lessons:
        raise CannotStart("The week does not show its lessons.")
    return weights


def open_page(page: Page, address: str) -> None:
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200 or urlsplit(page.url).path != address:
        raise CannotStart(f"The browser asked for {address} and stands at {page.url}.")


def weigh(page: Page) -> Counter[str]:
    """Return a counter that fills while the page loads."""
    weights: Counter[str] = Counter()
    addresses: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.on(
        "Network.requestWillBeSent",
        lambda told: addresses.update({told["requestId"]: told["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda told: weights.update({
            urlsplit(addresses.get(told["requestId"], "?")).path: int(told["encodedDataLength"])
        }),
    )  # fmt: skip
    session.send("Network.enable")
    return weights


def tell(weights: Mapping[str, int]) -> None:
    """Write what weighs what, the heaviest first."""
    lines = [
        f"{size:7} {path}" for path, size in sorted(weights.items(), key=lambda item: -item[1])
    ]
    sys.stderr.write("\n".join(["first visit, bytes:", *lines, ""]))
