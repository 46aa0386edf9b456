"""The grid's rows and heads, built from escaped strings: a template written in Python (diary/cards.py is the other).

A page draws 1,200 cells, mostly alike. Pupil and lesson ids stand on the heads of rows and
columns only. A filled cell carries its revision as the distance from the least revision of its
column (data-b of the head): marks of one lesson are written together, so the distances are
small and the page stays light. Accessible names of the cells (pupil, date, value) are set by
static/js/grid/model.js: in the page they would weigh more than the marks.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from operator import itemgetter

from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see _safe

from common.escaping import escape
from common.templatetags.words import MONTHS
from journal.sheet import LOCKED, NOTE, OUTSIDE, TOLD, CellState, Column, MonthHead, Row, Sheet

ABSENCES = frozenset("нбуо")
LOW = frozenset("12")
OWED = "•"
ENDS = ("Средний", "Взвеш.", "Итог")
REVISION = itemgetter(1)
EMPTY = -1  # a cell without a revision has no distance


def render_table(sheet: Sheet) -> SafeString:
    """Return the inside of <table role="grid">."""
    bases = [_base(cells) for cells in zip(*(row.cells for row in sheet.rows), strict=True)]
    head = _head(sheet, bases or [0] * len(sheet.columns))
    rows = "".join([_row(row, bases) for row in sheet.rows])
    return _safe(f"{_tints(sheet.columns)}{head}<tbody>{rows}</tbody>")


def _safe(html: str) -> SafeString:
    # format_html for each of 1,200 cells costs more than the page's budget. Every text below
    # passes escape(); ids are UUIDs, numbers are ints, classes are literals.
    return mark_safe(html)  # noqa: S308


def _base(cells: Iterable[CellState]) -> int:
    return min(filter(None, map(REVISION, cells)), default=0)


def _tints(columns: Iterable[Column]) -> str:
    """Tint whole columns, so that cells need no class for it."""
    tints = "".join(f'<col class="{_tint(column)}">' for column in columns)
    return f'<colgroup><col>{tints}<col span="3"></colgroup>'


def _tint(column: Column) -> str:
    if column.is_today:
        return "tint-today"
    if column.is_cancelled or (column.locked and not column.is_future):
        return "tint-closed"
    return "tint-heavy" if column.weight != "1" else ""


def _head(sheet: Sheet, bases: list[int]) -> str:
    months = "".join(map(_month, sheet.months))
    days = "".join(map(_day, sheet.columns, bases))
    ends = "".join(
        f'<th class="sum sum-{place}" scope="col" rowspan="2">{name}</th>'
        for place, name in enumerate(ENDS, 1)
    )
    return (
        f'<thead><tr><td class="corner" rowspan="2">Ученик</td>{months}{ends}</tr>'
        f"<tr>{days}</tr></thead>"
    )


def _month(month: MonthHead) -> str:
    return (
        f'<th class="month" scope="colgroup" colspan="{month.span}">'
        f"<span>{escape(month.name)}</span></th>"
    )


def day_name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _day(column: Column, base: int) -> str:
    kind = escape(column.kind_name)
    title = f"{kind}, вес {escape(column.weight)}"
    if column.topic:
        title += f". {escape(column.topic)}"
    return (
        f'<th scope="col" class="head{_day_classes(column)}" data-kind="{escape(column.kind_code)}"'
        f' data-b="{base}"{_day_data(column)}><a href="lessons/{column.lesson_id}/" title="{title}">'
        f'{column.date.day:02}<span class="hidden"> {MONTHS[column.date.month - 1]},'
        f" {column.number}-й урок, {kind}:</span> <small>{escape(column.kind_letter)}</small></a></th>"
    )


def _day_classes(column: Column) -> str:
    return (
        (" is-today" if column.is_today else "")
        + (" is-future" if column.is_future else "")
        + (" is-cancelled" if column.is_cancelled else "")
        + (" is-heavy" if column.weight != "1" else "")
    )


def _day_data(column: Column) -> str:
    data = f' data-l="{column.lesson_id}" data-n="{day_name(column.date)}, {column.number}-й урок"'
    if column.locked:
        data += f' data-x="{escape(column.locked_reason)}"'
    if column.kind_colour:
        data += f' data-c="{escape(column.kind_colour)}"'
    if column.allowed is not None:
        data += f' data-a="{escape(" ".join(column.allowed))}"'
    return data + (' aria-current="date"' if column.is_today else "")


def _row(row: Row, bases: list[int]) -> str:
    left = f' <span class="name-left">{escape(row.left)}</span>' if row.left else ""
    pairs = zip(row.cells, bases, strict=True)
    cells = "".join(
        [_cell(text, rev - base if rev else EMPTY, flags) for (text, rev, flags), base in pairs]
    )
    return (
        f'<tr data-p="{row.pupil_id}"><th class="name" scope="row">{row.number}. '
        f'<span class="name-full">{escape(row.name)}</span>'
        f'<span class="name-short">{escape(row.short_name)}</span>{left}</th>{cells}'
        f'<td class="sum sum-1">{escape(row.average)}</td>'
        f'<td class="sum sum-2">{escape(row.weighted)}</td>'
        f'<td class="sum sum-3">{escape(row.period_mark)}</td></tr>'
    )


@lru_cache(maxsize=16384)
def _cell(text: str, distance: int, flags: int) -> str:
    """Return a cell's HTML: cells alike share it."""
    start = f'<td class="cell{_classes(flags)}"'
    if tone := tone_of(text):
        start += f' data-mark="{tone}"'
    if flags & (OUTSIDE | LOCKED):
        start += ' aria-readonly="true"'
    if distance >= 0:
        start += f' data-r="{distance}"'
    return f"{start}>{escape(text)}</td>"


def _classes(flags: int) -> str:
    return (
        (" has-comment" if flags & NOTE else "")
        + (" is-outside" if flags & OUTSIDE else "")
        + (" is-locked" if flags & LOCKED else "")
        + (" is-told" if flags & TOLD else "")
    )


def tone_of(text: str) -> str:
    """Name the look of a value: a low mark is bold, attendance is grey; colour is never alone."""
    if not LOW.isdisjoint(text.replace(" ", "/").split("/")):
        return "2"
    if text in ABSENCES:
        return "absence"
    return "owed" if text == OWED else ""
