"""How long a key takes in the grid: from the press to the painted frame, on a slow computer."""

import re
from collections.abc import Iterator
from statistics import median, quantiles
from uuid import uuid4

from playwright.sync_api import Page, Route, sync_playwright

from ediary.bench.figures import Figure
from ediary.bench.site import Site
from ediary.bench.visit import BEHIND_PROXY, CHROMIUM, QUIET
from ediary.bench.world import GRID, World

ROWS, SLOWER, PRESSES = 35, 4, 60
ROW = re.compile(r"<tr data-p=\"[^\"]*\">.*?</tr>", re.DOTALL)
# The next frame begins with the callback; the message after it comes when the frame is drawn.
WATCH = """() => {
  window.taken = [];
  document.addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.taken.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), true);
}"""
SIZE = """() => [document.querySelectorAll("#grid tbody tr").length, document.querySelectorAll("th.head").length]"""


def grid_key_to_frame(site: Site, world: World) -> Iterator[Figure]:
    """Yield the median and the 95th percentile over digits and arrows in a full grid."""
    seat = world.seats[GRID]
    base = f"http://127.0.0.1:{site.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(
            base_url=base, locale="ru-RU", extra_http_headers=BEHIND_PROXY,
            viewport={"width": 1280, "height": 800},
        )  # fmt: skip
        context.add_cookies([{"name": "sessionid", "value": seat.session, "url": base}])
        page = context.new_page()
        page.route(re.compile(rf"/journal/{seat.course}/\?"), with_more_rows)
        page.goto(f"/journal/{seat.course}/?period={world.period}")
        page.wait_for_selector("[data-ed-ready]")
        rows, columns = page.evaluate(SIZE)
        taken = sorted(pressed(page))
        browser.close()
    yield Figure("grid_key_to_frame.cells", rows * columns, "cells", budget=35 * 40, least=True)
    yield Figure("grid_key_to_frame.median", median(taken), "ms", budget=50)
    yield Figure("grid_key_to_frame.p95", quantiles(taken, n=20)[-1], "ms")


def with_more_rows(route: Route) -> None:
    """Draw the class of thirty as one of thirty-five."""
    answer = route.fetch()
    body = answer.text()
    rows = ROW.findall(body)
    more = [re.sub('data-p="[^"]*"', f'data-p="{uuid4()}"', row, count=1) for row in rows]
    last = rows[-1]
    route.fulfill(
        response=answer, body=body.replace(last, last + "".join(more[: ROWS - len(rows)]))
    )


def pressed(page: Page) -> list[float]:
    """Press digits and arrows one after another, each after the frame of the one before."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.keyboard.press("Control+ArrowUp")
    page.evaluate(WATCH)
    for number in range(PRESSES):
        page.keyboard.press("ArrowDown" if number % 2 else "5432"[number // 2 % 4])
        page.wait_for_function("(count) => window.taken.length > count", arg=number)
    found: list[float] = page.evaluate("window.taken")
    return found
