"""Portfolios for the staff: what the audience lets them see; the class teacher confirms (G3.1b)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import require
from diary import policy_portfolio as policy
from diary.actions import portfolio as actions
from diary.errors_portfolio import BrokenAchievement
from diary.forms_portfolio import CheckForm
from diary.models import Achievement
from diary.queries import portfolio as queries
from diary.views.desk_words import tell
from diary.views.families import family_parts
from diary.views.portfolio import file_of
from people.http import Request, staff_only
from school.models import SchoolClass

LATEST = 30  # achievements under the table of classes


@require_safe
@staff_only
def portfolios(request: Request) -> HttpResponse:
    """The control by class, and the achievements that the user may see."""
    user, now = request.user, timezone.now()
    require(policy.can_open_portfolios(user))
    context = {
        "rows": queries.classes(user, now=now, today=user.today),
        "seen": queries.seen(user)[:LATEST],
        "parts": family_parts(user, "portfolios"),
    }
    return render(request, "diary/desk_portfolios.html", context)


@require_safe
@staff_only
def portfolio(request: Request, class_id: UUID) -> HttpResponse:
    """A class: who waits for the class teacher's word, and how many each pupil has."""
    seen = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(seen, pk=class_id)
    today = request.user.today
    context = {
        "school_class": school_class,
        "waiting": queries.seen(request.user, classes=[school_class.pk], waiting=True),
        "pupils": queries.of_class(request.user, school_class, today=today),
        "seen": queries.seen(request.user, classes=[school_class.pk]),
    }
    return render(request, "diary/desk_portfolio.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def achievement(request: Request, achievement_id: UUID) -> HttpResponse:
    """One achievement; the class teacher confirms it or says what is lacking."""
    row = _row(request, achievement_id)
    form = CheckForm(request.POST or None, initial={"seen": row.stamp})
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, row, form)
        except BrokenAchievement as refusal:
            tell(form, refusal)
        else:
            return redirect("desk:achievement", row.pk)
    won = queries.won(row)
    may_check = won.is_waiting and policy.can_check(request.user, row)
    context = {"won": won, "form": form if may_check else None}
    status = 422 if form.errors else 200
    return render(request, "diary/desk_achievement.html", context, status=status)


def _check(request: Request, row: Achievement, form: CheckForm) -> None:
    given = form.cleaned_data
    is_confirmed = given["do"] == "confirm"
    actions.check_achievement(
        by=request.user, achievement=row, seen=given["seen"], is_confirmed=is_confirmed,
        remark=given["remark"], now=timezone.now(),
    )  # fmt: skip
    messages.success(request, "Подтверждено." if is_confirmed else "Семья увидит ваше замечание.")


@require_safe
@staff_only
def achievement_file(request: Request, achievement_id: UUID) -> HttpResponseBase:
    return file_of(_row(request, achievement_id))


def _row(request: Request, achievement_id: UUID) -> Achievement:
    seen = Achievement.objects.visible_to(request.user).select_related("pupil__person")
    return get_object_or_404(seen, pk=achievement_id)
