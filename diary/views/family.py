"""The family's pages: fetch through the scope, one query, one template."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from common.errors import Forbidden
from diary import actions, queries
from diary.cards import render_chips, render_days
from diary.cards_results import render_finals
from diary.errors import PageChanged
from diary.forms import AcknowledgeForm, week_or
from diary.models import Section
from diary.pages import Finals, Week
from diary.views.frame import monday_at, opened, show
from diary.views.held import held
from journal.models import HomeworkFile
from people.http import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """Lead to the week of the child looked at last; without an open diary, to the explanation."""
    found = queries.children(request.user)
    if not found:
        return redirect("diary:children")
    return redirect("diary:current_week", found[0].pupil_id)


@require_safe
def children(request: Request) -> HttpResponse:
    """Every child of the account, and why a diary is closed and what to bring."""
    found = queries.children(request.user)
    closed = queries.closed_children(
        request.user, [child.pupil_id for child in found], now=timezone.now()
    )
    return render(request, "diary/children.html", {"children": found, "closed": closed})


@require_safe
def current_week(request: Request, pupil_id: UUID) -> HttpResponse:
    found = opened(request, pupil_id)
    return redirect("diary:week", pupil_id, monday_at(found.pupil, timezone.now()))


@require_safe
def week(request: Request, pupil_id: UUID, monday: date) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    copy = held(request, found, now)
    if copy.is_true:
        return copy.not_modified(request, found, "timetable", now)
    page = queries.week(found.pupil, monday, user=request.user, now=now)
    drawn = {"days": render_days(page.days, pupil_id=pupil_id), "chips": render_chips(page.days)}
    context = _acknowledging(page) | {"monday_now": monday_at(found.pupil, now), "week": page}
    return copy.put_on(show(request, found, "timetable", now, **context, **drawn))


@require_safe
def finals(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    current = monday_at(found.pupil, now)
    monday = week_or(request.GET.get("week", ""), current)
    page = queries.finals(found.pupil, monday, user=request.user, now=now)
    if page.is_read_by_guardian and request.method == "GET":
        actions.record_first_views(by=request.user, pupil=found.pupil, results=page.unseen, now=now)
    context = _acknowledging(page) | {
        "page": page,
        "monday_now": current,
        "rows": render_finals(page),
    }
    return show(request, found, "finals", now, **context)


@require_POST
def acknowledge(request: Request, pupil_id: UUID) -> HttpResponse:
    """«С дневником ознакомлен»: a plain form, or a fragment for htmx."""
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        opened(request, pupil_id)
        messages.error(request, "Не удалось понять, что вы просмотрели. Обновите страницу.")
        return redirect("diary:current_week", pupil_id)
    section, monday = Section(form.cleaned_data["section"]), form.cleaned_data["week"]
    version, address = form.cleaned_data["version"], page_of(pupil_id, section, monday)
    try:
        page = actions.acknowledge(
            by=request.user, pupil_id=pupil_id, section=section, week=monday, version=version,
            now=timezone.now(),
        )  # fmt: skip
    except PageChanged as refusal:
        messages.warning(request, refusal.message)
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    except Forbidden:
        opened(request, pupil_id)  # 404 to whoever may not know of this diary
        raise
    if not request.htmx:
        return redirect(address + "#acknowledgement")
    context = _acknowledging(page) | {"page": page, "pupil_id": pupil_id, "is_fresh": True}
    with timezone.override(ZoneInfo(page.pupil.time_zone)):
        return render(request, "diary/acknowledgement.html", context)


def _acknowledging(page: Week | Finals) -> dict[str, object]:
    return {"state": page.acknowledgement, "is_fresh": False}


def page_of(pupil_id: UUID, section: Section, monday: date) -> str:
    if section == Section.FINALS:
        return f"{reverse('diary:finals', args=[pupil_id])}?week={monday:%G-W%V}"
    return reverse("diary:week", args=[pupil_id, monday])


@require_safe
def homework_file(request: Request, pupil_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Give a file of the child's homework: never from a guessable address."""
    opened(request, pupil_id)
    found = get_object_or_404(HomeworkFile.objects.visible_to(request.user), pk=file_id)
    return FileResponse(found.stored.open("rb"), as_attachment=True, filename=found.name)
