"""The printed register of a course, and the blank sheet of a teacher's day: files made at once."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common.errors import require
from journal import policy as journal_policy
from people.http import Request, staff_only
from printouts import pdf, queries_registers
from printouts.errors import NoLessonsThatDay


@never_cache
@require_GET
@staff_only
def register(request: Request, course_id: UUID) -> HttpResponse:
    """The pages of a course's register in a period, as the paper journal has them."""
    paper = queries_registers.register(
        request.user, course_id, _period(request), today=request.user.today
    )
    made = pdf.render(
        "printouts/paper/register.html",
        {"register": paper, "title": paper.title},
        style="register.css",
    )
    return _file(made, paper.title)


@never_cache
@require_GET
@staff_only
def day_sheet(request: Request) -> HttpResponse:
    """The day's lessons with their pupils and empty cells, for a day without network."""
    require(journal_policy.has_day(request.user))
    day = _day(request) or request.user.today
    paper = queries_registers.day_sheet(request.user, day, now=timezone.now())
    if not paper.lessons:
        raise NoLessonsThatDay
    made = pdf.render(
        "printouts/paper/day_sheet.html",
        {"sheet": paper, "title": paper.title},
        style="day_sheet.css",
    )
    return _file(made, paper.title)


def _file(made: pdf.Pdf, title: str) -> HttpResponse:
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response


def _period(request: Request) -> UUID | None:
    try:
        return UUID(request.GET.get("period", ""))
    except ValueError:
        return None


def _day(request: Request) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
