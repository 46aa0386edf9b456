"""The desk over time: guardians × weeks, visits by section; and the whole school for its heads."""

from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import require
from common.weeks import monday_of
from diary import queries
from diary.cards_desk import render_families
from diary.forms import week_or
from diary.pages.class_weeks import SIGNS, WeekCell
from diary.views.desk_frame import class_and_week, desk_parts
from people.http import Request, staff_only
from people.models import School
from people.roles import Permission


@require_safe
def class_weeks(request: Request, class_id: UUID) -> HttpResponse:
    """Twelve weeks of every guardian of the class, to look at and to print."""
    school_class, monday = class_and_week(request, class_id)
    table = queries.class_weeks(school_class, monday, now=timezone.now())
    context = {
        "table": table,
        "rows": render_families(table.rows, table.now),
        "legend": [WeekCell(kind) for kind in SIGNS],
        "parts": desk_parts(class_id, monday, "weeks"),
    }
    with timezone.override(school_class.school.zone):
        return render(request, "diary/class_weeks.html", context)


@require_safe
def class_visits(request: Request, class_id: UUID) -> HttpResponse:
    """Who of the guardians came, to which section, when last and how often (G2.10.3)."""
    school_class, monday = class_and_week(request, class_id)
    found = queries.visits(school_class, now=timezone.now())
    context = {"visits": found, "parts": desk_parts(class_id, monday, "visits")}
    with timezone.override(school_class.school.zone):
        return render(request, "diary/class_visits.html", context)


@require_safe
@staff_only
def school_board(request: Request) -> HttpResponse:
    """Every class of the user's schools in a week, for the director: on the screen and on paper."""
    schools = request.user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    require(bool(schools))
    today, now = request.user.today, timezone.now()
    monday = week_or(request.GET.get("week", ""), monday_of(today))
    own_first = F("parent").asc(nulls_first=True)
    found = School.objects.visible_to(request.user).filter(pk__in=schools)
    boards = [queries.board(school, monday, now=now) for school in found.order_by(own_first, "pk")]
    context = {"boards": [one for one in boards if one.rows], "first": boards[0], "monday": monday}
    return render(request, "diary/school_board.html", context)
