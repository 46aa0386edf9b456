"""Plays the steps of `grid_cases.py` in one tab: each step does something or waits for what it expects."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.e2e.browsers import Tab

PATIENCE = 10.0
OLD = 10  # days that a mark has stood
Step = tuple[Any, ...]

# How a page tells its grid to us; the same script in both browsers.
READY = "() => Boolean(document.querySelector('[data-ed-ready]'))"
SIZE = """() => {
  const heads = [...document.querySelectorAll("th.head")];
  return [heads.findIndex((head) => head.matches(".is-today")), heads.length - 1];
}"""
AT = """() => {
  const cell = document.activeElement;
  return cell && cell.matches("td.cell") ? [cell.parentNode.sectionRowIndex, cell.cellIndex - 1] : null;
}"""
TEXTS = """([column, rows]) => [...document.querySelector("#grid").tBodies[0].rows]
  .slice(0, rows).map((row) => row.cells[column + 1].textContent)"""
BOX = """([row, column]) => {
  const box = document.querySelector("#grid").tBodies[0].rows[row].cells[column + 1].getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
KEY = """([row, column]) => {
  const line = document.querySelector("#grid").tBodies[0].rows[row];
  return [line.dataset.p, document.querySelectorAll("th.head")[column].dataset.l];
}"""
ATTRIBUTE = """([row, column, name]) =>
  document.querySelector("#grid").tBodies[0].rows[row].cells[column + 1].getAttribute(name)"""
SHOWN = """(selector) => [...document.querySelectorAll(selector)]
  .filter((found) => !found.closest("[hidden]")).map((found) => found.textContent.replace(/\\s+/g, " ").trim())"""
COUNT = "(selector) => document.querySelectorAll(selector).length"
PRESS_BUTTON = """(name) => {
  const found = [...document.querySelectorAll("dialog[open] button, [data-ed-tools] button, [data-ed-problems]")]
    .find((button) => button.textContent.trim() === name);
  if (!found) return false;
  found.click();
  return true;
}"""
CHOOSE = """([selector, value]) => {
  const found = document.querySelector(selector);
  if (!found) return false;
  if (found.type === "checkbox") found.click();
  else {
    found.value = value;
    found.dispatchEvent(new Event("change", {bubbles: true}));
  }
  return true;
}"""
CLICK_HEAD = "(column) => document.querySelectorAll('th.head')[column].querySelector('a').click()"
PICK = """([selector, label]) => {
  const found = document.querySelector(selector);
  const option = found && [...found.options].find((one) => one.textContent.startsWith(label));
  if (!option) return false;
  found.value = option.value;
  return true;
}"""
FILL_CLIPBOARD = "(text) => navigator.clipboard.writeText(text)"
READ_CLIPBOARD = "() => navigator.clipboard.readText()"
OUTBOX = "() => Object.keys(localStorage).filter((key) => key.startsWith('ed:outbox')).length"


class Play:
    """One tab with the grid open."""

    def __init__(self, tab: Tab, elsewhere: Callable[..., None]) -> None:
        self.tab = tab
        self.elsewhere = elsewhere  # writes a cell as another browser would: pupil, lesson, value
        self.wait_for_grid()

    def wait_for_grid(self) -> None:
        until(lambda: self.tab.evaluate(READY), True)
        self.today, self.last = self.tab.evaluate(SIZE)

    def play(self, steps: Sequence[Step]) -> None:
        for number, (verb, *given) in enumerate(steps, start=1):
            try:
                getattr(self, verb)(*given)
            except AssertionError as error:
                raise AssertionError(f"step {number}, {verb} {given}: {error}") from None

    def column(self, offset: int) -> int:
        """Today's column, so many to the right; far offsets are the edges."""
        return min(max(self.today + offset, 0), self.last)

    # what a person does

    def press(self, *keys: str) -> None:
        self.tab.press(*keys)

    def go(self, row: int, offset: int = 0) -> None:
        self.tab.mouse([("move", *self.box(row, offset)), ("down",), ("up",)])

    def click(self, row: int, offset: int, *held: str) -> None:
        self.tab.mouse([("move", *self.box(row, offset)), ("down",), ("up",)], held)

    def double(self, row: int, offset: int = 0) -> None:
        self.tab.double_click(*self.box(row, offset))

    def drag(self, row: int, offset: int, to_row: int, to_offset: int) -> None:
        start, end = self.box(row, offset), self.box(to_row, to_offset)
        self.tab.mouse([("move", *start), ("down",), ("move", *end), ("up",)])

    def paste(self, text: str) -> None:
        self.tab.evaluate(FILL_CLIPBOARD, text)
        self.tab.press("Control+v")

    def copied(self, text: str) -> None:
        self.tab.press("Control+c")
        until(lambda: self.tab.evaluate(READ_CLIPBOARD), text)

    def cut(self, text: str) -> None:
        self.tab.press("Control+x")
        until(lambda: self.tab.evaluate(READ_CLIPBOARD), text)

    def button(self, name: str) -> None:
        until(lambda: self.tab.evaluate(PRESS_BUTTON, name), True)

    def choose(self, selector: str, value: str = "") -> None:
        until(lambda: self.tab.evaluate(CHOOSE, [selector, value]), True)

    def head(self, offset: int) -> None:
        """Click the date of a lesson: its menu opens."""
        until(lambda: self.tab.evaluate(READY), True)
        self.tab.evaluate(CLICK_HEAD, self.column(offset))

    def pick(self, selector: str, label: str) -> None:
        """Choose the option that begins with the label."""
        until(lambda: self.tab.evaluate(PICK, [selector, label]), True)

    def offline(self) -> None:
        self.tab.offline(True)

    def online(self) -> None:
        self.tab.offline(False)

    def reload(self) -> None:
        self.tab.reload()
        self.wait_for_grid()

    def other(self, row: int, offset: int, value: str) -> None:
        self.elsewhere(*self.tab.evaluate(KEY, [row, self.column(offset)]), value)

    def old(self, row: int, offset: int, value: str) -> None:
        self.elsewhere(*self.tab.evaluate(KEY, [row, self.column(offset)]), value, OLD)

    # what the page must show then

    def at(self, row: int, offset: int = 0) -> None:
        until(lambda: self.tab.evaluate(AT), [row, self.column(offset)])

    def left(self) -> None:
        until(lambda: self.tab.evaluate(AT), None)

    def texts(self, *wanted: str, offset: int = 0) -> None:
        column = self.column(offset)
        until(lambda: self.tab.evaluate(TEXTS, [column, len(wanted)]), list(wanted))

    def texts_at(self, offset: int, *wanted: str) -> None:
        self.texts(*wanted, offset=offset)

    def attribute(self, row: int, offset: int, name: str, wanted: str | None) -> None:
        place = [row, self.column(offset), name]
        until(lambda: self.tab.evaluate(ATTRIBUTE, place), wanted)

    def shown(self, selector: str, wanted: str) -> None:
        contains(lambda: " | ".join(self.tab.evaluate(SHOWN, selector)), wanted)

    def count(self, selector: str, wanted: int) -> None:
        until(lambda: self.tab.evaluate(COUNT, selector), wanted)

    def saved(self) -> None:
        self.count("#grid .is-pending", 0)
        self.shown("[data-ed-status]", "Сохранено в ")
        until(lambda: self.tab.evaluate(OUTBOX), 0)

    def kept(self, entries: int) -> None:
        until(lambda: self.tab.evaluate(OUTBOX), entries)

    def box(self, row: int, offset: int) -> list[float]:
        found: list[float] = self.tab.evaluate(BOX, [row, self.column(offset)])
        return found


def same(found: Any, wanted: Any) -> None:
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def until(look: Callable[[], Any], wanted: Any) -> None:
    """Look again and again until it is as wanted."""
    deadline = time.monotonic() + PATIENCE
    found = look()
    while found != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
        found = look()
    same(found, wanted)


def contains(look: Callable[[], str], wanted: str) -> None:
    deadline = time.monotonic() + PATIENCE
    found = look()
    while wanted not in found and time.monotonic() < deadline:
        time.sleep(0.02)
        found = look()
    assert wanted in found, f"{found!r} has no {wanted!r}"
