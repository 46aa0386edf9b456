"""What every page of the diary shares: the child, the tabs, the visit, the school's clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from common.addresses import address_of
from common.weeks import monday_of
from diary import actions, queries
from people.http import Request
from people.models import Pupil

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the diary: a link of ui/nav.html."""

    label: str
    url: str
    icon: str
    current: bool
    short: str = ""


def opened(request: Request, pupil_id: UUID) -> queries.Opened:
    """Return the diary, or 404 to those who may not know that it exists."""
    found = queries.opened(request.user, pupil_id, now=timezone.now())
    if found is None:
        raise Http404
    return found


def monday_at(pupil: Pupil, now: datetime) -> date:
    """Return the Monday of the week that it is at the pupil's school."""
    today = pupil.school.local_date(now)
    return monday_of(today)


def _of(pupil_id: UUID, frame: str) -> SafeString:
    """Return a piece of nobody's frame as the pupil's: to draw one takes longer than the rows of a page."""
    return SafeString(frame.replace(str(NOBODY), str(pupil_id)))


# The parts under the names that the regulation gives them; the week's address names its Monday.
PARTS = (
    ("Расписание", "week", "timetable", "calendar-days", ""),
    ("Задания", "tasks", "tasks", "clipboard-list", ""),
    ("Отметки", "marks", "marks", "chart-line", ""),
    ("Пропуски", "absences", "absences", "user-x", ""),
    ("Итоговые оценки", "finals", "finals", "graduation-cap", "Итоги"),
)


@lru_cache(maxsize=500)
def _tabs_of_nobody(section: str, monday: date) -> str:
    """Draw the diary's parts."""
    items = [
        Tab(
            label,
            address_of(f"diary:{part}", NOBODY, more=(monday,) if part == "week" else ()),
            icon=icon,
            current=section == named,
            short=short,
        )
        for label, part, named, icon, short in PARTS
    ]
    return render_to_string("ui/nav.html", {"items": items, "label": "Дневник"})


@dataclass(frozen=True, slots=True)
class More:
    """A page that the menu «Ещё» leads to; `section` names it in show_page and in the visits."""

    label: str
    part: str
    icon: str
    section: str
    only_family: bool = False


# The bell stands beside the menu, and the handbook in the account's own.
MORE = (
    More("Объявления", "announcements", icon="bell", section="announcements"),
    More("Рекомендации", "recommendations", icon="message-square-text", section="recommendations"),
    More("Портфолио", "portfolio", icon="award", section="portfolio"),
    More("Школа", "school", icon="school", section="school"),
    More("Календарь", "calendar", icon="calendar-plus", section="calendar", only_family=True),
)


@lru_cache(maxsize=500)
def _more_of_nobody(section: str, unread: int, *, is_own: bool) -> str:
    """Draw the bell and the pages of the diary beside the tabs, the current one marked."""
    items = [
        Tab(
            one.label,
            address_of(f"diary:{one.part}", NOBODY),
            icon=one.icon,
            current=section == one.section,
        )
        for one in MORE
        if is_own or not one.only_family
    ]
    if is_own:
        items.append(Tab("Настройки", reverse("settings:mine"), icon="settings", current=False))
    context = {"items": items, "unread": unread, "bell": items[0].url}
    return render_to_string("diary/more.html", context)


# Addresses that another child has too: a page of hers, or her week.
SHARED = {"pupil_id", "monday"}


def switch(request: Request, found: queries.Opened) -> tuple[Tab, ...]:
    """Return the account's children, each at the section that is open now."""
    match, shown = request.resolver_match, str(found.pupil.pk)
    stays = match is not None and set(match.kwargs) <= SHARED
    address = request.path if stays else address_of("diary:current_week", found.pupil.pk)
    return tuple(
        Tab(
            ", ".join(filter(None, (child.name, child.class_name))),
            address.replace(shown, str(child.pupil_id)),
            icon="",
            current=child.is_shown,
        )
        for child in found.children
    )


def show(
    request: Request,
    found: queries.Opened,
    section: str,
    now: datetime,
    **context: Any,
) -> HttpResponse:
    """Render the section's own page."""
    return show_page(request, found, section, now, f"diary/{section}.html", context)


def show_page(
    request: Request,
    found: queries.Opened,
    section: str,
    now: datetime,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the section's page on the school's clock, and record that the family looked."""
    pupil = found.pupil
    looked(request, found, section, now)
    shared = {
        "opened": found,
        "switch": switch(request, found),
        "pupil_id": pupil.pk,
        "tabs": _of(pupil.pk, _tabs_of_nobody(section, monday_at(pupil, now))),
        "more": _of(pupil.pk, _more_of_nobody(section, found.unread, is_own=found.is_own)),
        "now": now,
        "is_phone": is_phone(request, found),
    }
    with timezone.override(pupil.school.zone):
        return render(request, template, {**shared, **context}, status=status)


def looked(request: Request, found: queries.Opened, section: str, now: datetime) -> None:
    """Record that the family looked; a look within a minute of the last one is the same look."""
    if found.is_own and request.method == "GET" and section not in found.just_seen:
        actions.record_visit(by=request.user, pupil=found.pupil, section=section, now=now)


def is_phone(request: Request, found: queries.Opened) -> bool:
    """«Это мой телефон»: the session outlives the browser, and the last pages may stay on it."""
    return found.is_own and not request.session.get_expire_at_browser_close()
