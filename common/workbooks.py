"""Tables of other programs: what stands in an .xlsx file, and our own .xlsx and .csv.

A file comes from outside, so it is measured before it is read: an archive that unpacks to much, a sheet with
a million columns, a file of another kind are refused in words. Nothing that we write starts as a formula.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from common.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 12 * 2**20
MOST_PARTS = 500
MOST_ROWS = 2000
MOST_COLUMNS = 40
MOST_SHEETS = 8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, RuntimeError, OverflowError, OSError,
)  # fmt: skip

Value = str | int | float | Decimal | date | None


class BrokenBook(Invalid):
    """The file is not a workbook that can be read safely."""

    code = "broken_book"
    message = "Файл не читается. Сохраните его в Excel или LibreOffice как .xlsx и загрузите снова."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it. `unknown`: letters of the columns whose formula has no value."""

    number: int
    texts: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookSheet:
    name: str
    rows: tuple[SheetRow, ...]


def read_book(file: IO[bytes]) -> tuple[BookSheet, ...]:
    """Read the sheets of an .xlsx as texts. Raises BrokenBook."""
    _measure(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about looks that we do not read
            return tuple(_read(file))
    except BROKEN as error:
        raise BrokenBook from error


def _measure(file: IO[bytes]) -> None:
    """Refuse what is not an .xlsx or unpacks to more than we read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > MOST_BYTES:
        raise BrokenBook("Файл больше 5 МБ.")
    if not zipfile.is_zipfile(file):
        raise BrokenBook("Это не .xlsx. Сохраните таблицу как «Книга Excel (.xlsx)».")
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise BrokenBook("Это не таблица Excel. Нужен файл .xlsx.")
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise BrokenBook("В файле слишком много данных. Оставьте в нём один лист с планом.")
            for part in parts:
                with archive.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(4096):
                        raise BrokenBook
    except BROKEN as error:
        raise BrokenBook from error
    file.seek(0)


def _read(file: IO[bytes]) -> Iterator[BookSheet]:
    values = load_workbook(file, read_only=True, data_only=True)
    formulas = load_workbook(file, read_only=True)
    for shown, written in list(zip(values.worksheets, formulas.worksheets, strict=True))[
        :MOST_SHEETS
    ]:
        yield BookSheet(str(shown.title), tuple(_rows(shown, written)))


def _rows(shown: Any, written: Any) -> Iterator[SheetRow]:
    bounds = {"max_row": MOST_ROWS + 1, "max_col": MOST_COLUMNS, "values_only": True}
    pairs = zip(shown.iter_rows(**bounds), written.iter_rows(**bounds), strict=True)
    for number, (row, formulas) in enumerate(pairs, start=1):
        unknown = tuple(
            get_column_letter(place)
            for place, (value, formula) in enumerate(zip(row, formulas, strict=True), start=1)
            if value is None and formula is not None
        )
        if unknown or any(value is not None for value in row):
            if number > MOST_ROWS:
                raise BrokenBook(f"На листе больше {MOST_ROWS} строк.")
            yield SheetRow(number, tuple(_text(value) for value in row), unknown)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y}"
    return " ".join(str(value).split())


def write_book(
    name: str, rows: Iterable[Sequence[Value]], *, widths: Sequence[int], heads: int = 1
) -> bytes:
    """Return an .xlsx of one sheet; its first `heads` rows are bold and stay in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = f"A{heads + 1}"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, is_head=number < heads) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, value: Value, *, is_head: bool) -> Any:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # a text that begins with «=» stays a text
    else:
        cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_head:
        cell.font = Font(bold=True)
    return cell


def write_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a .csv that Excel opens as it is: semicolons, a byte order mark, no formulas."""
    made = io.StringIO()
    csv.writer(made, delimiter=";", lineterminator="\r\n").writerows(
        [_plain(value) for value in row] for row in rows
    )
    return made.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else str(value).replace(".", ",")
