"""The table of final results, and the marks and topics of a subject, as HTML built from escaped strings.

Like diary/cards.py: a year has a hundred cells, and the engine of templates takes longer for them than the
page may. static/css/marks.css has the looks.
"""

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see _safe

from common.escaping import escape
from common.templatetags.words import day_month, mark_tone, weekday
from diary.pages import FinalCell, FinalRow, Finals, MarkLine, TopicLine


def _safe(html: str) -> SafeString:
    # Every text passes escape(); classes and tones are literals.
    return mark_safe(html)  # noqa: S308


def render_finals(page: Finals) -> SafeString:
    """Return the rows of the table, a subject each."""
    is_new = page.is_read_by_guardian
    return _safe("".join([_row(row, page, is_new=is_new) for row in page.rows]))


def _row(row: FinalRow, page: Finals, *, is_new: bool) -> str:
    shown = [*row.periods, row.year, *([row.exam] if page.has_exams else []), row.final]
    cells = "".join([_cell(cell, is_new=is_new) for cell in shown])
    return f'<tr><th scope="row">{escape(row.subject)}</th>{cells}</tr>\n'


def _cell(cell: FinalCell, *, is_new: bool) -> str:
    note = escape(cell.note)
    if not cell.text:
        told = f'<span class="hidden"> {note}</span>' if note else ""
        return f'<td class="center"><span class="muted">—{told}</span></td>'
    told = f", {note}" if note else ""
    classes = " is-changed" if cell.is_changed else ""
    if is_new and cell.unseen:
        classes, told = f"{classes} is-new", f"{told}, новое"
    text = '<abbr title="отсрочка">отс</abbr>' if cell.text == "отсрочка" else escape(cell.text)
    hidden = f'<span class="hidden">{told}</span>' if told else ""
    return (
        f'<td class="center"><span class="mark{classes}" data-tone="{mark_tone(cell.text)}">'
        f"{text}{hidden}</span></td>"
    )


def render_lines(lines: Iterable[MarkLine]) -> SafeString:
    """Return the marks of a subject with all that each was given for."""
    return _safe("".join([_line(line) for line in lines]))


def _line(line: MarkLine) -> str:
    mark = line.mark
    value = f"<s>{escape(mark.value)}</s>" if mark.is_replaced else escape(mark.value)
    said = [f"Тема урока: {mark.beside}"] if mark.beside else []
    if mark.is_replaced:
        said.append("Заменена пересдачей, в средний балл не входит.")
    if not mark.counts:
        said.append("В средний балл не входит.")
    told = "".join([f'<p class="small">{escape(text)}</p>' for text in (*said, *line.history)])
    comment = f'<p class="lesson-comment">{escape(mark.comment)}</p>' if mark.comment else ""
    return (
        f'<li id="{line.anchor}"><span class="mark" data-tone="{mark_tone(mark.value)}">{value}</span> '
        f"<p><b>{day_month(mark.day)}</b>, {weekday(mark.day)} · {escape(mark.given_for)}</p>"
        f"{told}{comment}{_criteria(line)}</li>\n"
    )


def _criteria(line: MarkLine) -> str:
    if not line.criteria:
        return ""
    points = f": {line.points}" if line.points else ""
    each = "".join([f"<li>{escape(one.words)}</li>" for one in line.criteria])
    return f'<p class="small">По критериям{points}</p><ul class="criteria">{each}</ul>'


def render_topics(topics: Iterable[TopicLine]) -> SafeString:
    """Return topics with their days; empty without any."""
    return _safe("".join([_topic(topic) for topic in topics]))


def _topic(topic: TopicLine) -> str:
    today = topic.state == "today"
    days = f"{topic.days_words}, сегодня" if today else topic.days_words
    work = f" — <b>{escape(topic.work)}</b>" if topic.work else ""
    current = ' class="is-today"' if today else ""
    return f'<li{current}><span class="small">{days}</span> <span>{escape(topic.title)}{work}</span></li>\n'
