"""A teacher's recommendations to pupils of her groups (T2c)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from diary import policy_words as policy
from diary.actions import advice as actions
from diary.errors_words import BrokenWords
from diary.forms_words import AdviceForm
from diary.models import Recommendation
from diary.pages.desk_words import Given
from diary.queries import desk_words as queries
from diary.views.desk_words import tell
from diary.views.families import family_parts
from people.http import Request, staff_only
from people.roles import Permission, Role
from school.models import Course

SHOWN = {"own": "Мои", "class": "Моему классу", "all": "Все"}


@require_safe
@staff_only
def recommendations(request: Request) -> HttpResponse:
    """What was written and who has read it, and the groups that the user may write to."""
    user = request.user
    require(policy.can_open_recommendations(user))
    offered = ["own"]
    offered += ["class"] if user.has_role(Role.CLASS_TEACHER) else []
    offered += ["all"] if user.schools_with(Permission.DIARY_VIEW_SCHOOL) else []
    asked = request.GET.get("show", "")
    show = asked if asked in offered else ("own" if queries.courses_to_write(user) else offered[-1])
    context = {
        "rows": queries.given(user, show=show),
        "courses": queries.courses_to_write(user),
        "show": show,
        "filters": [(code, SHOWN[code]) for code in offered],
        "parts": family_parts(user, "recommendations"),
    }
    return render(request, "diary/desk_recommendations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def recommend(request: Request, course_id: UUID) -> HttpResponse:
    """Write to one pupil or several of the course's group."""
    courses = Course.objects.visible_to(request.user).select_related("subject", "group", "school")
    course = get_object_or_404(courses, pk=course_id)
    if request.method != "POST" and not policy.can_recommend(request.user, course):
        return redirect("desk:recommendations")  # who reads the journal only reads here too
    roster = queries.roster(course, today=request.user.today)
    initial = {"pupils": request.GET.getlist("pupil")}
    form = AdviceForm(request.POST or None, roster=roster, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.recommend(
                by=request.user, course=course, pupils=form.chosen(), text=form.cleaned_data["text"],
                now=timezone.now(),
            )  # fmt: skip
        except BrokenWords as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "Рекомендация отправлена.")
            return redirect("desk:recommendation", batch)
    context = {"form": form, "course": course}
    status = 422 if form.errors else 200
    return render(request, "diary/desk_recommend.html", context, status=status)


@require_safe
@staff_only
def recommendation(request: Request, batch: UUID) -> HttpResponse:
    """Whom it was written to, and who at home has read it."""
    given = _given(request, batch)
    context = {"given": given, "may_take_back": not given.is_withdrawn and _is_ours(request, batch)}
    return render(request, "diary/desk_recommendation.html", context)


@require_POST
@staff_only
def take_back(request: Request, batch: UUID) -> HttpResponse:
    _given(request, batch)
    actions.take_back(by=request.user, batch=batch, now=timezone.now())
    messages.success(request, "Рекомендация отозвана: в дневниках её больше нет.")
    return redirect("desk:recommendation", batch)


def _given(request: Request, batch: UUID) -> Given:
    found = queries.batch_of(request.user, batch)
    if found is None:
        raise Http404
    return found


def _is_ours(request: Request, batch: UUID) -> bool:
    rows = Recommendation.objects.visible_to(request.user).filter(batch=batch)
    return all(policy.can_take_back(request.user, row) for row in rows)
