"""Summary sheets of classes with the council's decisions, and all years of a pupil."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import Refusal, Stale, require
from common.templatetags.words import count_ru
from journal import policy
from journal.actions.councils import decide_council
from journal.forms_results import CouncilForm, over_the_new
from journal.queries import summary as sheets
from journal.queries import years
from people.http import Request, staff_only
from people.models import Pupil
from people.roles import Permission
from school.models import SchoolClass

VIEWS = (("marks", "Успеваемость"), ("attendance", "Посещаемость"), ("council", "Педсовет"))


@require_GET
@staff_only
def results(request: Request) -> HttpResponse:
    """The classes whose summary sheets the user may open."""
    require(policy.can_open_day(request.user))
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    found = sheets.classes_by_year(classes, today=request.user.today)
    return render(request, "journal/results.html", {"schools": found})


@require_http_methods(["GET", "POST"])
@staff_only
def summary(request: Request, class_id: UUID) -> HttpResponse:
    school_class = _class(request, class_id)
    if request.method == "POST":
        return _decide(request, school_class)
    view = request.GET.get("view", "marks")
    if view == "attendance":
        sheet = sheets.attendance_sheet(school_class, today=request.user.today)
        return _page(request, school_class, "attendance", {"sheet": sheet})
    if view == "council":
        return _council(request, school_class, None)
    shown = request.GET.get("show", "")
    found = sheets.summary_sheet(school_class, shown, today=request.user.today)
    return _page(request, school_class, "marks", {"sheet": found})


def _class(request: Request, class_id: UUID) -> SchoolClass:
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    return get_object_or_404(classes, pk=class_id)


def _page(
    request: Request,
    school_class: SchoolClass,
    view: str,
    more: dict[str, object],
    status: int = 200,
) -> HttpResponse:
    visible = SchoolClass.objects.visible_to(request.user)
    context = {
        "school_class": school_class,
        "view": view,
        "views": VIEWS,
        "years": sheets.years_of_class(visible, school_class),
        "may_control": request.user.may(Permission.JOURNAL_CONTROL, school_class.school_id),
    }
    return render(request, f"journal/summary_{view}.html", context | more, status=status)


def _council(
    request: Request,
    school_class: SchoolClass,
    form: CouncilForm | None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    people = sheets.members_today(school_class, today=request.user.today)
    form = form or CouncilForm(members=people, initial={"day": request.user.today})
    if isinstance(refusal, Stale):
        now = CouncilForm(members=people)
        form = CouncilForm(over_the_new(request.POST, now, "seen_"), members=people)
    error = refusal.message if refusal else ""
    more: dict[str, object] = {"form": form, "error": error, "people": people}
    status = 409 if isinstance(refusal, Stale) else 422 if error or form.errors else 200
    return _page(request, school_class, "council", more, status)


def _decide(request: Request, school_class: SchoolClass) -> HttpResponse:
    require(request.user.may(Permission.JOURNAL_CONTROL, school_class.school_id))
    people = sheets.members_today(school_class, today=request.user.today)
    form = CouncilForm(request.POST, members=people)
    if not form.is_valid():
        return _council(request, school_class, form)
    try:
        changed = decide_council(
            by=request.user,
            school_class=school_class,
            kinds=form.kinds(),
            number=form.cleaned_data["number"],
            day=form.cleaned_data["day"],
            now=timezone.now(),
            seen=form.seen(),
        )
    except Refusal as refusal:
        return _council(request, school_class, form, refusal)
    messages.success(request, f"Записано: {count_ru(changed, 'решение,решения,решений')}.")
    return redirect(f"{request.path}?view=council")


@require_GET
@staff_only
def pupil_years(request: Request, pupil_id: UUID) -> HttpResponse:
    """All years of a pupil on one page (T3)."""
    pupils = Pupil.objects.visible_to(request.user).select_related("person", "school")
    pupil = get_object_or_404(pupils, pk=pupil_id)
    found = years.pupil_years(pupil, today=request.user.today)
    return render(request, "journal/pupil_years.html", {"page": found})
