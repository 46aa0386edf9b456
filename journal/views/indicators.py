"""Indicators, the comparison of averages with results, the class teacher's report; as pages and tables."""

from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common.errors import require
from common.workbooks import write_book
from journal import policy
from journal.queries import course_facts
from journal.queries import indicators as counting
from journal.queries.facts import own_pupils
from journal.queries.report import class_report
from journal.views.asked import asked_uuid
from people.http import Request, staff_only
from school.calendar import school_year
from school.models import Course, CourseKind, SchoolClass

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = (
    "Что", "Школа", "Учеников", "«5»", "«4»", "«3»", "«2»", "н/а", "Успеваемость, %", "Качество, %", "СОУ",
    "Средний балл", "Накопляемость", "Посещаемость, %",
)  # fmt: skip


@require_GET
@staff_only
def indicators(request: Request) -> HttpResponse:
    """Of all the courses that the user may open, by class, grade, subject or teacher."""
    require(policy.can_open_day(request.user))
    year = school_year(request.user.today)
    courses = Course.objects.visible_to(request.user).filter(year=year, kind=CourseKind.LESSON)
    page = counting.indicator_page(
        courses.exclude(scale_code="none").order_by("pk"),
        request.GET.get("by", ""),
        request.GET.get("period", ""),
        year=year,
        today=request.user.today,
    )
    if request.GET.get("as") == "xlsx":
        return _book(page)
    context = {"page": page, "ways": counting.WAYS.items()}
    return render(request, "journal/indicators.html", context)


def _book(page: counting.IndicatorPage) -> HttpResponse:
    rows = [_line(row) for row in (*page.rows, *([page.total] if page.total else []))]
    content = write_book("Показатели", [HEADS, *rows], widths=[30, 24, *[12] * 12])
    name = "pokazateli.xlsx"
    return HttpResponse(
        content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _line(row: counting.IndicatorRow) -> list[str | int | float | None]:
    found = row.found
    counts = [found.count(level) for level in ("five", "four", "three", "two", "not_assessed")]
    numbers = (
        found.success, found.quality, found.degree, found.average, row.saturation, row.attendance,
    )  # fmt: skip
    return [row.name, row.school, row.pupils, *counts, *(_number(one) for one in numbers)]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


@require_GET
@staff_only
def comparison(request: Request, course_id: UUID) -> HttpResponse:
    """«Сравнение среднего балла и итоговой отметки» of a course."""
    today = request.user.today
    facts = course_facts(request.user, course_id, today=today)
    if not facts.periods:
        raise Http404
    begun = [span for span in facts.periods if span.starts <= today] or [facts.periods[0]]
    asked = str(asked_uuid(request.GET.get("period")))
    shown = next((span for span in begun if span.period_id == asked), begun[-1])
    course = get_object_or_404(Course.objects.visible_to(request.user), pk=course_id)
    period, only = UUID(shown.period_id), own_pupils(request.user, facts)
    rows = counting.compared(course, period, shown.starts, shown.ends, only=only)
    context = {"course": facts, "periods": begun, "shown": shown, "rows": rows}
    return render(request, "journal/comparison.html", context)


@require_GET
@staff_only
def report(request: Request, class_id: UUID) -> HttpResponse:
    """The class teacher's report for a period."""
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=class_id)
    asked = request.GET.get("period", "")
    found = class_report(school_class, asked, today=request.user.today)
    context = {"report": found, "school_class": school_class}
    return render(request, "journal/class_report.html", context)
