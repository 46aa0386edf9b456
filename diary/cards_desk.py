"""The rows of the class teacher's table, as HTML built from escaped strings.

Like diary/cards.py: thirty families have sixty guardians and seven hundred weeks, and the engine of templates
takes longer for them than the page may. static/css/desk.css has the looks.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - see render_families

from common.escaping import escape
from common.templatetags.words import count_ru, day_month, time_hm
from diary.pages.class_weeks import FamilyWeeks, GuardianWeeks, WeekCell


def render_families(rows: Iterable[FamilyWeeks], now: datetime) -> SafeString:
    """Return a <tbody> for each family; `now` is on the school's clock."""
    # Every text passes escape(); the cells come from a template.
    return mark_safe("".join([_family(row, now) for row in rows]))  # noqa: S308


def _family(row: FamilyWeeks, now: datetime) -> str:
    weeks = count_ru(row.owed, "недели,недель,недель")
    head = (
        f'<th scope="rowgroup" rowspan="{len(row.guardians)}">{row.number}. {escape(row.name)} '
        f'<span class="note">{row.kept} из {escape(weeks)}</span></th>'
    )
    lines = [_guardian(one, now) for one in row.guardians]
    first, *others = lines or [""]
    return f"<tbody><tr>{head}{first}</tr>{''.join(f'<tr>{line}</tr>' for line in others)}</tbody>"


def _guardian(one: GuardianWeeks, now: datetime) -> str:
    note = f' <span class="note">{escape(one.note)}</span>' if one.note else ""
    return (
        f'<td class="wide">{escape(one.name)}{note}</td>{"".join(map(_cell, one.cells))}'
        f'<td class="wide" data-label="Был(а) в дневнике">{escape(_seen(one, now))}</td>'
    )


@cache
def _cell(cell: WeekCell) -> str:
    """Render a cell once a process: there are twenty kinds of them, and hundreds on a page."""
    return render_to_string("diary/class_weeks_cell.html", {"cell": cell}).strip()


def _seen(one: GuardianWeeks, now: datetime) -> str:
    """Say when the guardian came last, on the school's clock."""
    if one.guardian_id is None:
        return ""
    if one.last_visit is None:
        return "не заходил(а)"
    seen = one.last_visit
    months = str(day_month(seen.date()))
    return f"{months}, {time_hm(seen.time())}" if seen.year == now.year else f"{months} {seen.year}"
