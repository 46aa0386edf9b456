"""The days of a month and the missed lessons as HTML: built from escaped strings, as diary/cards.py says why."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.safestring import SafeString

from common.templatetags.words import day_month, mark_tone, weekday
from diary.cards import escape, safe
from diary.pages import AbsenceDay, AbsenceMonth, AbsenceView
from diary.pages.absences import LETTERS

TODAY = '<span class="hidden"> (сегодня)</span>'
TOLD = '<span class="hidden">сообщили об отсутствии</span>'


def render_month(month: AbsenceMonth) -> SafeString:
    """Return the rows of the calendar."""
    return safe("".join([f"<tr>{''.join(map(_day, week))}</tr>\n" for week in month.weeks]))


def _day(day: AbsenceDay) -> str:
    if not day.in_month:
        return "<td></td>"
    classes = "is-today" * day.is_today + " is-told" * day.is_told
    today = TODAY if day.is_today else ""
    signs = "".join(map(_sign, day.letters)) + (TOLD if day.is_told else "")
    return f'<td class="{classes}"><span class="month-day">{day.day.day}{today}</span>{signs}</td>'


@lru_cache(maxsize=8)
def _sign(letter: str) -> str:
    """A letter to see, its words to hear."""
    return (
        f' <span class="mark" data-tone="{mark_tone(letter)}"><span aria-hidden="true">{letter}</span>'
        f'<span class="hidden">{LETTERS[letter]}</span></span>'
    )


def render_entries(entries: Iterable[AbsenceView]) -> SafeString:
    """Return the list of missed lessons."""
    return safe("".join(map(_entry, entries)))


def _entry(entry: AbsenceView) -> str:
    letter = entry.letter
    reason = f": {escape(entry.reason)}" if entry.reason else ""
    return (
        f'<li><span class="mark" data-tone="{mark_tone(letter)}" aria-hidden="true">{letter}</span>'
        f'<div class="lesson-body grow"><span class="lesson-subject">{escape(entry.subject)}</span>'
        f'<span class="lesson-meta">{day_month(entry.day)}, {weekday(entry.day)}, {entry.number}-й урок · '
        f"{entry.words}{reason}</span></div></li>\n"
    )
