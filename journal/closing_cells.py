"""The cells of a closing screen, built from escaped strings as those of the grid are (journal/cells.py).

A class in all subjects has more than three hundred: a template takes longer over them than the
queries that judge them.
"""

from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see render_rows

from common.escaping import escape
from journal.queries.closing import Cell, ClosingPage, Row

NOTHING = '<td class="is-none"></td>'


def render_rows(page: ClosingPage) -> SafeString:
    """Return the inside of <tbody>: every text below passes escape(), `options` is safe already."""
    rows = "\n".join([_row(row, shows_all=page.shows_all) for row in page.rows])
    return mark_safe(rows)  # noqa: S308


def _row(row: Row, *, shows_all: bool) -> str:
    cells = "\n".join([_cell(cell, shows_all=shows_all) for cell in row.cells])
    return f'<tr><th scope="row">{escape(row.name)}</th>\n{cells}</tr>'


def _cell(cell: Cell, *, shows_all: bool) -> str:
    if not cell.name:
        return NOTHING
    is_quiet = not cell.is_open
    if cell.options is None or (is_quiet and not shows_all):
        return _still(cell, " is-quiet" if is_quiet else "")
    return _choice(cell)


def _still(cell: Cell, quiet: str) -> str:
    """Write what is only read here."""
    word = f"<b>{escape(cell.word)}</b>" if cell.word else escape(cell.still)
    return (
        f'<td class="closing-cell is-still{quiet}"{_data(cell)}>'
        f'<a href="{escape(cell.url)}" aria-label="{escape(cell.label)}: {escape(cell.still)}">{word}</a>\n'
        f"<small>{escape(cell.note or cell.facts)}</small></td>"
    )


def _choice(cell: Cell) -> str:
    label, offer = escape(cell.label), escape(cell.offer or "подробно")
    fits = "" if cell.fits is None else f' data-ed-fits="{escape(cell.fits)}"'
    wrong = ' aria-invalid="true"' if cell.message else ""
    message = f'<p class="errorlist">{escape(cell.message)}</p>' if cell.message else ""
    return (
        f'<td class="closing-cell"{_data(cell)}>'
        f'<select class="input" name="{escape(cell.name)}" aria-label="{label}"{fits}{wrong}>{cell.options}</select>\n'
        f'<a class="closing-more" href="{escape(cell.url)}" aria-label="{label}: {offer}">{offer}</a>\n'
        f"<small>{escape(cell.note or cell.facts)}</small>{message}{_why(cell, label)}</td>"
    )


def _why(cell: Cell, label: str) -> str:
    """Write the field for the reason, which script shows when a value wants one."""
    if cell.fits is None:
        return ""
    off = "" if cell.message else " hidden disabled"
    return (
        f'<input class="input closing-why" name="{escape(cell.reason_name)}" value="{escape(cell.reason)}"'
        f' maxlength="300" placeholder="Почему" aria-label="Почему: {label}"{off}>'
    )


def _data(cell: Cell) -> str:
    return f' data-tone="{escape(cell.tone)}" data-label="{escape(cell.subject)}"'
