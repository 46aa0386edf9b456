"""Cards of subjects with their line of marks, as HTML built from escaped strings.

Like diary/cards.py: a term draws two hundred marks, and the engine of templates takes longer for them
than the page may. static/css/marks.css has the looks.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see _safe

from common.addresses import address_of
from common.escaping import escape
from common.templatetags.words import day_month, decimal_comma, mark_tone
from diary.pages import ForecastView, MarkView, PeriodTab, SubjectMarks
from diary.pages.marks import anchor

WIDTH, HEIGHT, EDGE = 240, 48, 6
FEWEST = 3  # a line through two dots tells nothing
NOBODY = UUID(int=0)


def render_marks(
    subjects: Iterable[SubjectMarks], pupil_id: UUID, period: PeriodTab | None
) -> SafeString:
    """Return a card for each subject."""
    pattern = address_of("diary:subject", pupil_id, NOBODY)
    query = f"?period={period.period_id}" if period else ""
    return _safe(
        "".join(
            [
                _card(number, one, pattern.replace(str(NOBODY), str(one.subject_id)) + query)
                for number, one in enumerate(subjects, start=1)
            ]
        )
    )


def _safe(html: str) -> SafeString:
    # Every text passes escape(); numbers are ints, classes and tones are literals.
    return mark_safe(html)  # noqa: S308


def _card(number: int, one: SubjectMarks, address: str) -> str:
    chips = "".join([_chip(mark, address) for mark in one.marks])
    shown = (
        f'<ul class="marks" aria-label="Отметки по порядку">{chips}</ul>'
        if chips
        else '<p class="muted">Отметок в этом периоде ещё нет.</p>'
    )
    return (
        f'<section class="card subject" aria-labelledby="subject-{number}"><div class="subject-head">'
        f'<h2 id="subject-{number}"><a href="{address}">{escape(one.subject)}</a></h2>{_averages(one)}</div>'
        f'{shown}<div class="subject-foot">{draw(one.marks, one.subject)}{_outcome(one, address)}</div>'
        "</section>\n"
    )


def _averages(one: SubjectMarks) -> str:
    if one.average is None:
        return ""
    weighed = ""
    if one.has_weights and one.weighted is not None:
        weighed = f' <span class="small">с весом работ <b>{decimal_comma(one.weighted)}</b></span>'
    return (
        f'<p class="averages"><span class="hidden">Средний балл </span><b>{decimal_comma(one.average)}</b>'
        f"{weighed}</p>"
    )


def _chip(mark: MarkView, address: str) -> str:
    value = f"<s>{escape(mark.value)}</s>" if mark.is_replaced else escape(mark.value)
    told = f", {day_month(mark.day)}, {mark.given_for}"
    if mark.is_replaced:
        told += ", заменена пересдачей"
    if mark.correction:
        told += f", {mark.correction}"
    changed = " is-changed" if mark.correction else ""
    return (
        f'<li><a class="mark{changed}" data-tone="{mark_tone(mark.value)}" href="{address}#{anchor(mark)}"'
        f' title="{escape(told[2:])}">{value}<span class="hidden">{escape(told)}</span></a></li>'
    )


def _outcome(one: SubjectMarks, address: str) -> str:
    if one.period_mark:
        return f'<p class="forecast-line">За период: <b>{escape(one.period_mark)}</b></p>'
    return _forecast(one.forecast, address) if one.forecast else ""


def _forecast(said: ForecastView, address: str) -> str:
    told = (
        f"<b>{escape(said.value)}</b>, {escape(said.chance)}" if said.value else escape(said.note)
    )
    lines = [
        f'<p class="forecast-line">Прогноз: {told} <a href="{address}#forecast">почему</a></p>'
    ]
    lines += [f'<p class="small">{escape(text)}</p>' for text in (said.same, said.needed) if text]
    return "".join(lines)


def draw(marks: Sequence[MarkView], name: str) -> SafeString:
    """Return the line through the marks that are numbers; nothing for fewer than three.

    It is an image with its numbers in words; its colour is the text's, so that forced colours keep it.
    """
    numbers = [mark for mark in marks if mark.score is not None]
    if len(numbers) < FEWEST:
        return _safe("")
    dots = dots_of([mark.score for mark in numbers if mark.score is not None])
    said = ", ".join(mark.value for mark in numbers)
    line = " ".join(f"{x},{y}" for x, y in dots)
    circles = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in dots)
    return _safe(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(f"{name}, отметки по порядку: {said}")}">'
        f'<polyline points="{line}"/>{circles}</svg>'
    )


def dots_of(scores: Sequence[Decimal]) -> list[tuple[str, str]]:
    """Return where marks stand on the drawing: 2 at the foot, 5 at the top; finer scales fill it too."""
    best, worst = max((*scores, Decimal(5))), min((*scores, Decimal(2)))
    step = (WIDTH - 2 * EDGE) / max(len(scores) - 1, 1)
    tall = HEIGHT - 2 * EDGE
    return [
        (
            f"{EDGE + place * step:.1f}",
            f"{HEIGHT - EDGE - tall * float((score - worst) / (best - worst)):.1f}",
        )
        for place, score in enumerate(scores)
    ]
