"""Statistics of lessons held: by curriculum and plan, by type of lesson, by results."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.errors import require
from common.workbooks import XLSX, Value, write_book, write_csv
from journal import policy
from journal.queries.programmes import LESSON_KINDS
from journal.queries.statistics import FIRST, LEVELS, Asked, Line, Statistics, statistics
from people.http import Request, staff_only

VIEWS = {
    "programme": "Выполнение программы",
    "kinds": "Типы уроков",
    "results": "Результаты и посещаемость",
}
HEADS: dict[str, tuple[str, ...]] = {
    "programme": (
        "Курс", "Учитель", "Часов по УП", "Часов по КТП", "По расписанию на дату", "Дано", "Отставание", "Причина",
        "Корректировка", "Контрольных по плану", "Контрольных проведено",
    ),
    "kinds": ("Курс", "Учитель", *(label.capitalize() for label in LESSON_KINDS.values()), "Всего"),
    "results": (
        "Курс", "Учитель", "Отметок", "Успеваемость", "Качество", "Средний балл", "Контрольные: успеваемость",
        "Контрольные: качество", "Посещаемость",
    ),
}  # fmt: skip
WIDTHS = {"programme": (34, 24, 10, 10, 12, 8, 12, 44, 30, 12, 12), "kinds": (34, 24, *[16] * 6), "results": (34, 24, *[14] * 7)}  # fmt: skip


def _asked(request: Request, *, begins: bool) -> Asked:
    sent = request.GET
    by = sent.get("by", "")
    by = by if by in LEVELS else "course"
    # A whole school by course is hundreds of rows: it begins with a class until another is chosen.
    begins = begins and by == "course" and policy.can_open_school(request.user)
    narrowed = {"class", "teacher", "subject"} & sent.keys()
    return Asked(
        by=by,
        period=sent.get("period", ""),
        school_class=FIRST if begins and not narrowed else sent.get("class", ""),
        teacher=sent.get("teacher", ""),
        subject=sent.get("subject", ""),
    )


def _view(request: Request) -> str:
    shown = request.GET.get("view", "")
    return shown if shown in VIEWS else "programme"


@require_GET
@staff_only
def statistics_page(request: Request) -> HttpResponse:
    require(policy.can_open_day(request.user))
    asked = _asked(request, begins=True)
    found = statistics(request.user, asked, today=request.user.today)
    query = request.GET.copy()
    query.pop("view", None)
    query["class"] = found.asked.school_class
    context = {
        "page": found,
        "view": _view(request),
        "views": VIEWS.items(),
        "kinds": [label.capitalize() for label in LESSON_KINDS.values()],
        "query": query.urlencode(),
    }
    return render(request, "journal/statistics.html", context)


@require_GET
@staff_only
def statistics_export(request: Request) -> HttpResponse:
    """Give the report as .xlsx, or as .csv."""
    require(policy.can_open_day(request.user))
    asked = _asked(request, begins=False)
    found = statistics(request.user, asked, today=request.user.today)
    view = _view(request)
    rows = [HEADS[view], *_rows(found, view)]
    if request.GET.get("format") == "csv":
        content, kind, name = write_csv(rows), "text/csv; charset=utf-8", "statistics.csv"
    else:
        content = write_book(VIEWS[view], rows, widths=WIDTHS[view])
        kind, name = XLSX, "statistics.xlsx"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _rows(found: Statistics, view: str) -> Iterator[tuple[Value, ...]]:
    for line in (*found.lines, found.total):
        yield (line.name, line.note, *CELLS[view](line))


def _programme(line: Line) -> tuple[Value, ...]:
    sums = line.sums
    return (
        sums.curriculum, sums.planned, sums.timetable, sums.held, sums.lag, line.reasons, line.correction,
        sums.tests_planned, sums.tests_held,
    )  # fmt: skip


def _kinds(line: Line) -> tuple[Value, ...]:
    return (*(count for _, count in line.by_kind), line.sums.held)


def _results(line: Line) -> tuple[Value, ...]:
    return (
        line.sums.marks, line.pass_rate, line.quality, line.mean, line.test_pass_rate, line.test_quality,
        line.attendance,
    )  # fmt: skip


CELLS = {"programme": _programme, "kinds": _kinds, "results": _results}
