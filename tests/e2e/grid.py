"""The grid as a test drives it: by keys and mouse, cells by row and column."""

from playwright.sync_api import Locator, Page, expect

GO = """([row, column]) => {
  const cell = document.querySelector("#grid").tBodies[0].rows[row].cells[column + 1];
  cell.dispatchEvent(new MouseEvent("mousedown", {bubbles: true, button: 0}));
  document.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
}"""
AT = """() => {
  const cell = document.activeElement;
  return [cell.parentNode.sectionRowIndex, cell.cellIndex - 1];
}"""
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""
COPY = """(name) => {
  const data = new DataTransfer();
  const event = new ClipboardEvent(name, {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
  return data.getData("text/plain");
}"""


class Grid:
    def __init__(self, page: Page, address: str = "") -> None:
        self.page = page
        if address:
            page.goto(address)
        page.wait_for_selector("[data-ed-ready]")
        self.today = page.evaluate(
            "[...document.querySelectorAll('th.head')].findIndex((head) => head.matches('.is-today'))"
        )

    def cell(self, row: int, column: int | None = None) -> Locator:
        place = self.today if column is None else column
        return self.page.locator(f"#grid tbody tr:nth-child({row + 1}) td.cell").nth(place)

    def text(self, row: int, column: int | None = None) -> str:
        return self.cell(row, column).inner_text().strip()

    def texts(self, rows: int = 4, column: int | None = None) -> list[str]:
        return [self.text(row, column) for row in range(rows)]

    def at(self) -> tuple[int, int]:
        row, column = self.page.evaluate(AT)
        return row, column

    def go(self, row: int, column: int | None = None) -> None:
        self.page.evaluate(GO, [row, self.today if column is None else column])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def paste(self, text: str) -> None:
        self.page.evaluate(PASTE, text)

    def copy(self, event: str = "copy") -> str:
        copied: str = self.page.evaluate(COPY, event)
        return copied

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-ed-status]")

    @property
    def problems(self) -> Locator:
        return self.page.locator("[data-ed-problems]")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    @property
    def report(self) -> Locator:
        return self.page.locator("[data-ed-report]")

    def selected(self) -> int:
        return self.page.locator("td[aria-selected=true]").count()

    def wait_until_saved(self) -> None:
        expect(self.page.locator(".is-pending")).to_have_count(0)
        expect(self.status).to_contain_text("Сохранено в ")

    def after_reload(self) -> "Grid":
        """The same grid, read anew from the server."""
        self.page.reload()
        return Grid(self.page)
