"""The class teacher's desk: who acknowledged the week, paper, printing."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import require
from diary import actions, policy, queries
from diary.forms import PaperForm, week_or
from diary.models import Channel, Section
from diary.pages import iso_week
from journal.queries.behaviour import scale_of
from people.http import Request, staff_only
from people.models import Person, Pupil
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
    return render(request, "diary/desks.html", {"classes": current})


@require_safe
def desk(request: Request, class_id: UUID) -> HttpResponse:
    school_class, monday = _class_and_week(request, class_id)
    page = queries.desk(school_class, monday, now=timezone.now())
    wanted = request.GET.get("show", "all")
    shown = wanted if wanted in dict(FILTERS) else "all"
    context = {
        "desk": page,
        "rows": page.rows_shown(shown),
        "shown": shown,
        "filters": FILTERS,
        "monday_now": _monday(school_class),
        "can_keep": policy.can_keep_desk(request.user, school_class),
        "behaviour": scale_of(school_class.school_id, school_class.grade_level, request.user.today),
    }
    with timezone.override(school_class.school.zone):
        return render(request, "diary/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_acknowledgement(request: Request, class_id: UUID) -> HttpResponse:
    """Enter a returned slip or a message, with its evidence (K4b)."""
    school_class, monday = _class_and_week(request, class_id)
    require(policy.can_keep_desk(request.user, school_class))
    page = queries.desk(school_class, monday, now=timezone.now())
    initial = {
        "guardian": request.GET.get("guardian", ""),
        "sections": Section.values,
        "channel": Channel.PAPER,
    }
    form = PaperForm(request.POST or None, desk=page, initial=initial)
    if request.method == "POST" and form.is_valid():
        _record(request, form, monday)
        return redirect(f"{reverse('desk:class', args=[class_id])}?week={iso_week(monday)}")
    context = {"desk": page, "form": form}
    return render(request, "diary/paper.html", context, status=422 if form.errors else 200)


def _record(request: Request, form: PaperForm, monday: date) -> None:
    pupil_id, guardian_id = form.cleaned_data["guardian"]
    pupils = Pupil.objects.visible_to(request.user).select_related("school")
    pupil = get_object_or_404(pupils, pk=pupil_id)
    guardian = get_object_or_404(Person.objects.visible_to(request.user), pk=guardian_id)
    for section in form.cleaned_data["sections"]:
        actions.acknowledge_on_paper(
            by=request.user,
            guardian=guardian,
            pupil=pupil,
            section=Section(section),
            week=monday,
            channel=Channel(form.cleaned_data["channel"]),
            evidence=form.cleaned_data["evidence"],
            now=timezone.now(),
        )
    messages.success(request, f"Ознакомление внесено: {guardian.short_name}.")


def _class_and_week(request: Request, class_id: UUID) -> tuple[SchoolClass, date]:
    """Return the class, and the week of the address: the current one without."""
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=class_id)
    return school_class, week_or(request.GET.get("week", ""), _monday(school_class))


def _monday(school_class: SchoolClass) -> date:
    today = school_class.school.local_date(timezone.now())
    return today - timedelta(days=today.weekday())
