"""A month, missed lessons and reports of absence as HTML: of escaped strings, as diary/cards.py says why."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString

from common.escaping import escape
from common.templatetags.ui import icon
from common.templatetags.words import day_month, mark_tone, weekday
from diary.cards import safe
from diary.pages import AbsenceDay, AbsenceMonth, Absences, AbsenceTotal, AbsenceView, ReportView
from diary.pages.absences import LETTERS

TODAY = '<span class="hidden"> (сегодня)</span>'
TOLD = '<span class="hidden">сообщили об отсутствии</span>'


def render(page: Absences, *, base: str) -> dict[str, Any]:
    """Return the parts of the page; `base` is its address."""
    return {
        "month": render_month(page.month),
        "entries": render_entries(page.entries),
        "totals": safe("".join(map(_total, page.totals))),
        "reports": [
            (
                safe(_report(one, base)),
                f"{base}{one.report_id}/withdraw/" if one.is_waiting else "",
                f"Отозвать: {one.term}",
            )
            for one in page.reports
        ],
    }


def _total(total: AbsenceTotal) -> str:
    return (
        f'<tr><th scope="row">{total.words.capitalize()}</th><td class="num">{total.lessons}</td>'
        f'<td class="num">{total.days}</td></tr>\n'
    )


def _report(report: ReportView, base: str) -> str:
    comment = f": {escape(report.comment)}" if report.comment else ""
    answer = f"<p>Ответ школы: {escape(report.answer)}</p>" if report.answer else ""
    file = (
        f'<a class="lesson-file" href="{base}{report.report_id}/file/">{icon("paperclip", "s")}'
        f"<span>{escape(report.file_name)}</span></a>"
        if report.file_name
        else ""
    )
    answered = f"; ответ {escape(report.answered_words)}" if report.answered_words else ""
    return (
        f'<div class="stack-s grow"><p class="row"><span class="bold">{report.term}</span> '
        f'<span class="badge" data-tone="{report.tone}">{report.state_words}</span></p>'
        f"<p>{report.reason.capitalize()}{comment}</p>{answer}{file}"
        f'<p class="small muted">Отправлено {escape(report.sent_words)}{answered}</p></div>'
    )


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
