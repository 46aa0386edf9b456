"""The family's pages of the portfolio."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from diary import policy_portfolio as policy
from diary import queries as diary
from diary.actions import portfolio as actions
from diary.errors_portfolio import BrokenAchievement
from diary.forms_portfolio import AchievementForm, AudienceForm
from diary.models import Achievement, Audience
from diary.pages.portfolio import AUDIENCES
from diary.policy import can_acknowledge
from diary.queries import portfolio as queries
from diary.views.desk_words import tell
from diary.views.frame import opened, show_page
from people.http import Request


@require_safe
def portfolio(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    seen = Achievement.objects.visible_to(request.user)
    context = {
        "page": queries.portfolio(found.pupil, found.class_name, seen),
        "may_fill": policy.can_fill(request.user, found.pupil),
    }
    return show_page(request, found, "portfolio", now, "diary/portfolio.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    require(policy.can_fill(request.user, found.pupil))
    form = AchievementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_achievement(
                by=request.user, pupil=found.pupil, entry=form.entry(), upload=form.cleaned_data["file"],
                now=now,
            )  # fmt: skip
        except BrokenAchievement as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "Достижение добавлено: его проверит классный руководитель.")
            return redirect("diary:portfolio", pupil_id)
    status = 422 if form.errors else 200
    template, context = "diary/achievement_new.html", {"form": form}
    return show_page(request, found, "portfolio", now, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def achievement(request: Request, pupil_id: UUID, achievement_id: UUID) -> HttpResponse:
    """One achievement: its form while nobody has confirmed it, and who sees it."""
    found, now = opened(request, pupil_id), timezone.now()
    row = _row(request, found, achievement_id)
    form = AchievementForm(
        request.POST or None, request.FILES or None, initial=AchievementForm.of(row)
    )
    if request.method == "POST":
        require(policy.can_fill(request.user, found.pupil))
        if form.is_valid() and _edit(request, row, form):
            return redirect(request.path)
    may_fill = policy.can_fill(request.user, found.pupil)
    won = queries.won(row)
    context = {
        "won": won,
        "form": form if may_fill and not won.is_confirmed else None,
        "audience": AudienceForm(initial={"audience": row.audience}) if may_fill else None,
        "is_guardian": can_acknowledge(request.user, found.pupil),
    }
    status = 422 if form.errors else 200
    return show_page(
        request, found, "portfolio", now, "diary/achievement.html", context, status=status
    )


def _edit(request: Request, row: Achievement, form: AchievementForm) -> bool:
    try:
        actions.edit_achievement(
            by=request.user, achievement=row, entry=form.entry(), upload=form.cleaned_data["file"],
            now=timezone.now(),
        )  # fmt: skip
    except BrokenAchievement as refusal:
        tell(form, refusal)
        return False
    messages.success(request, "Сохранено: достижение ждёт подтверждения.")
    return True


@require_POST
def remove(request: Request, pupil_id: UUID, achievement_id: UUID) -> HttpResponse:
    row = _row(request, opened(request, pupil_id), achievement_id)
    actions.remove_achievement(by=request.user, achievement=row)
    messages.success(request, "Достижение убрано.")
    return redirect("diary:portfolio", pupil_id)


@require_POST
def audience(request: Request, pupil_id: UUID, achievement_id: UUID) -> HttpResponse:
    """Set who sees the achievement besides the family and the class teacher."""
    row = _row(request, opened(request, pupil_id), achievement_id)
    form = AudienceForm(request.POST)
    if form.is_valid():
        chosen = Audience(form.cleaned_data["audience"])
        actions.show_achievement(by=request.user, achievement=row, audience=chosen)
        messages.success(request, f"Теперь видят: {AUDIENCES[chosen]}.")
    return redirect("diary:achievement", pupil_id, achievement_id)


@require_safe
def achievement_file(request: Request, pupil_id: UUID, achievement_id: UUID) -> HttpResponseBase:
    row = _row(request, opened(request, pupil_id), achievement_id)
    return file_of(row)


def file_of(row: Achievement) -> HttpResponseBase:
    """Give the document back under the name that the family gave it."""
    if not row.file:
        raise Http404
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.file_name)


def _row(request: Request, found: diary.Opened, achievement_id: UUID) -> Achievement:
    seen = Achievement.objects.visible_to(request.user).select_related("pupil__person")
    return get_object_or_404(seen, pk=achievement_id, pupil=found.pupil.pk)
