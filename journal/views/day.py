"""A teacher's day, and the journals of a school."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.errors import require
from journal import policy, queries
from journal.queries.closing_lists import due_deferrals
from journal.queries.oversight import day_marking
from journal.views import sections
from journal.views.asked import asked_date, asked_uuid
from people.http import Request, staff_only


@require_GET
@staff_only
def day(request: Request) -> HttpResponse:
    require(policy.can_open_day(request.user))
    if not policy.has_day(request.user):
        return redirect("journal:school")
    shown = asked_date(request.GET.get("day")) or request.user.today
    now = timezone.now()
    found = queries.teacher_day(request.user, shown, now=now)
    context = {
        "day": found,
        "sections": sections.of_teacher(request.user),
        "deferrals": due_deferrals(request.user, today=request.user.today),
        "marking": day_marking(request.user, today=request.user.today, now=now),
    }
    return render(request, "journal/day.html", context)


@require_GET
@staff_only
def school(request: Request) -> HttpResponse:
    """The journals of the school, class by class."""
    require(policy.can_open_school(request.user))
    chosen = asked_uuid(request.GET.get("class"))
    found = queries.school_journals(request.user, chosen, today=request.user.today)
    context = {"journals": found, "sections": sections.of_school(request.user)}
    return render(request, "journal/school.html", context)
