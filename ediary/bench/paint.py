"""The largest paint of the family's week on a cheap phone: slow processor, slow and far network, nothing kept."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from ediary.bench.figures import Figure
from ediary.bench.pages import Stage
from ediary.bench.site import Site
from ediary.bench.visit import BEHIND_PROXY, CHROMIUM, PHONE, QUIET
from ediary.bench.world import World
from ediary.launcher.places import CannotStart

SLOWER, ROUND_TRIP, BITS = 4, 400, 400_000  # times, milliseconds, a second
TIMES = 5
SETTLED = 1500  # milliseconds after the last byte: a late picture or letter would be the largest paint then
WATCH = """
window.painted = {};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.painted.largest = entry.startTime;
    window.painted.what = `${entry.element?.tagName} ${entry.element?.className ?? ""}`;
  }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.painted[entry.name] = entry.startTime;
}).observe({type: "paint", buffered: true});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.painted.shift = (window.painted.shift ?? 0) + entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def first_paint(stage: Stage) -> Iterator[Figure]:
    """Yield the medians of several first visits; the session's cookie is there, nothing else."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            seen = [visited(browser, stage.site, stage.world) for _ in range(TIMES)]
        finally:
            browser.close()
    yield Figure(
        "first_paint.largest", median(one["largest"] for one in seen) / 1000, "s", budget=3.0
    )
    yield Figure(
        "first_paint.first", median(one["first-contentful-paint"] for one in seen) / 1000, "s"
    )
    yield Figure(
        "first_paint.shift", max(one.get("shift", 0.0) for one in seen), "layout shift", budget=0.1
    )


def visited(browser: Browser, site: Site, world: World) -> dict[str, float]:
    """Open the week in a browser that has seen nothing of us."""
    base = f"http://127.0.0.1:{site.port}"
    context = browser.new_context(
        base_url=base, locale="ru-RU", viewport=PHONE, device_scale_factor=2, is_mobile=True,
        has_touch=True, extra_http_headers=BEHIND_PROXY,
    )  # fmt: skip
    try:
        context.add_cookies([{"name": "sessionid", "value": world.family.session, "url": base}])
        context.add_init_script(WATCH)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": ROUND_TRIP, "downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8,
        })  # fmt: skip
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        address = f"/diary/{world.family.pupil}/week/{world.week}/"
        page.goto(address, wait_until="load", timeout=120_000)
        page.wait_for_timeout(SETTLED)
        if page.locator(".lesson").count() != world.family.lessons:
            raise CannotStart("The week does not show its lessons.")
        found: dict[str, float] = page.evaluate("window.painted")
        return found
    finally:
        context.close()
