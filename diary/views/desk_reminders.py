"""«Напомнить»: the names first, then the letters; and whom no letter reaches."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import require
from common.templatetags.words import count_ru
from diary import actions, policy, queries
from diary.forms_desk import InPersonForm, RemindForm
from diary.views.desk_frame import at, class_and_week
from people.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: Request, class_id: UUID) -> HttpResponse:
    """Show whom letters would reach; send them to those who stay ticked."""
    school_class, monday = class_and_week(request, class_id)
    require(policy.can_keep_desk(request.user, school_class))
    now = timezone.now()
    page = queries.reminding(school_class, monday, now=now)
    sent = request.POST if request.method == "POST" else None
    form = RemindForm(sent, page=page, only=request.GET.get("guardian", ""))
    if form.is_valid():
        made = actions.remind(
            by=request.user,
            school_class=school_class,
            week=monday,
            chosen=form.cleaned_data["who"],
            now=now,
        )
        letters = count_ru(len(made), "напоминание,напоминания,напоминаний")
        messages.success(request, f"Отправлено: {letters}. В тихие часы письмо ждёт утра.")
        return redirect(at("class", class_id, monday))
    context = {"page": page, "form": form, "school_class": school_class}
    with timezone.override(school_class.school.zone):
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "diary/remind.html", context, status=status)


@require_POST
def reminded_in_person(request: Request, class_id: UUID) -> HttpResponse:
    """Record a talk with a guardian whom no letter reaches."""
    school_class, monday = class_and_week(request, class_id)
    require(policy.can_keep_desk(request.user, school_class))
    form = InPersonForm(request.POST)
    if not form.is_valid():
        return redirect(at("remind", class_id, monday))
    actions.remind_in_person(
        by=request.user,
        school_class=school_class,
        week=monday,
        chosen=form.cleaned_data["guardian"],
        now=timezone.now(),
    )
    messages.success(request, "Записано: вы напомнили лично.")
    return redirect(at("remind", class_id, monday))
