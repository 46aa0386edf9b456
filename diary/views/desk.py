"""The class teacher's desk: who acknowledged the week, paper, printing."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refusal, require
from diary import actions, policy, queries
from diary.forms import PaperForm
from diary.models import Channel, Section
from diary.pages import iso_week
from diary.queries.reports import waiting_reports
from diary.views.desk_frame import class_and_week, desk_links, desk_parts, keeps, monday_now
from journal.queries.behaviour import scale_of
from people.http import Request, staff_only
from people.models import Person, Pupil
from people.roles import Permission
from school.calendar import school_year
from school.models import SchoolClass

FILTERS = (("all", "Все"), ("waiting", "Не ознакомились"), ("paper", "На бумаге"))


@require_safe
@staff_only
def desks(request: Request) -> HttpResponse:
    """Lead to the user's own class; heads choose among all."""
    require(policy.can_open_desks(request.user))
    classes = SchoolClass.objects.visible_to(request.user).select_related("school").in_order()
    current = list(classes.filter(year=school_year(request.user.today)))
    current.sort(key=lambda one: (one.school.parent_id is not None, one.school.short_name))
    if len(current) == 1:
        return redirect("desk:class", current[0].pk)
    is_head = bool(request.user.schools_with(Permission.DIARY_VIEW_SCHOOL))
    return render(request, "diary/desks.html", {"classes": current, "is_head": is_head})


@require_safe
def desk(request: Request, class_id: UUID) -> HttpResponse:
    school_class, monday = class_and_week(request, class_id)
    page = queries.desk(school_class, monday, now=timezone.now())
    wanted = request.GET.get("show", "all")
    shown = wanted if wanted in dict(FILTERS) else "all"
    can_keep = keeps(request, school_class)
    waiting = waiting_reports([class_id], today=request.user.today) if can_keep else None
    scale = scale_of(school_class.school_id, school_class.grade_level, request.user.today)
    context = {
        "desk": page,
        "rows": page.rows_shown(shown),
        "shown": shown,
        "filters": FILTERS,
        "monday_now": monday_now(school_class),
        "can_keep": can_keep,
        "parts": desk_parts(class_id, monday, "class"),
        "links": desk_links(class_id, has_behaviour=bool(scale), reports=waiting),
    }
    with timezone.override(school_class.school.zone):
        return render(request, "diary/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_acknowledgement(request: Request, class_id: UUID) -> HttpResponse:
    """Enter a returned slip or a message, with its evidence (K4b)."""
    school_class, monday = class_and_week(request, class_id)
    require(policy.can_keep_desk(request.user, school_class))
    page = queries.desk(school_class, monday, now=timezone.now())
    initial = {
        "guardian": request.GET.get("guardian", ""),
        "sections": Section.values,
        "channel": Channel.PAPER,
    }
    form = PaperForm(request.POST or None, request.FILES or None, desk=page, initial=initial)
    if request.method == "POST" and form.is_valid() and _record(request, form, monday):
        return redirect(f"{reverse('desk:class', args=[class_id])}?week={iso_week(monday)}")
    context = {"desk": page, "form": form}
    return render(request, "diary/paper.html", context, status=422 if form.errors else 200)


def _record(request: Request, form: PaperForm, monday: date) -> bool:
    """Record the slip, or write into the form why it is refused."""
    pupil_id, guardian_id = form.cleaned_data["guardian"]
    pupils = Pupil.objects.visible_to(request.user).select_related("school")
    slip = actions.Slip(
        pupil=get_object_or_404(pupils, pk=pupil_id),
        guardian=get_object_or_404(Person.objects.visible_to(request.user), pk=guardian_id),
        channel=Channel(form.cleaned_data["channel"]),
        evidence=form.cleaned_data["evidence"],
        upload=form.cleaned_data["file"] or None,
        sections=[Section(section) for section in form.cleaned_data["sections"]],
    )
    try:
        actions.record_slip(by=request.user, slip=slip, week=monday, now=timezone.now())
    except Refusal as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        form.add_error(None, refusal.message)
        return False
    messages.success(request, f"Ознакомление внесено: {slip.guardian.short_name}.")
    return True
