"""«Отметки»: the period by subjects or by dates, and one subject with its «что если»."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary import queries
from diary.cards_results import render_lines, render_topics
from diary.charts import draw, render_marks
from diary.pages import PeriodTab, SubjectPage, Tried
from diary.queries.subject import Asked
from diary.views.frame import opened, show, show_page
from journal.what_if import MOST
from people.http import Request

ORDERS = (("", "По алфавиту"), ("lowest", "Сначала низкие"), ("dates", "По датам"))
ANCHOR = "#what-if"


@require_safe
def marks(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    page = queries.marks(
        found.pupil, now=now, period=uuid_or_none(request.GET.get("period", "")), with_forecast=True
    )
    wanted = request.GET.get("view", "")
    subjects = page.lowest_first if wanted == "lowest" else page.subjects
    by_date = wanted == "dates"
    context = {
        "page": page,
        "by_date": by_date,
        "orders": _orders(page.period, wanted),
        "cards": "" if by_date else render_marks(subjects, pupil_id, page.period),
    }
    return show(request, found, "marks", now, **context)


def _orders(period: PeriodTab | None, wanted: str) -> list[tuple[str, str, bool]]:
    """Return the address, the words and whether it is shown, of each order of the marks."""
    shown = wanted if wanted in dict(ORDERS) else ""
    base = {"period": period.period_id} if period else {}
    return [
        (f"?{urlencode(base | ({'view': code} if code else {}))}", words, code == shown)
        for code, words in ORDERS
    ]


@require_safe
def subject(request: Request, pupil_id: UUID, subject_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    page = queries.subject(
        found.pupil,
        subject_id,
        now=now,
        period=uuid_or_none(request.GET.get("period", "")),
        asked=asked_of(request.GET),
    )
    if page is None:
        raise Http404
    context = {
        "page": page,
        "lines": render_lines(page.lines),
        "past": render_topics(page.past),
        "coming": render_topics(page.coming),
        "chart": draw(page.subject.marks, page.subject.subject),
        "steppers": _steppers(page),
        "weights": [(f"{one.normalize():f}".replace(".", ","), one) for one in page.what_if.weights]
        if page.what_if
        else [],
    }
    return show_page(request, found, "marks", now, "diary/subject.html", context)


def asked_of(data: Mapping[str, str]) -> Asked:
    """Read «что если» from the address: `n5=2` is two marks «5»."""
    tried = {key[1:]: _number(text) for key, text in data.items() if key[:1] == "n" and key[1:]}
    try:
        weight = Decimal(data.get("weight", "1").replace(",", "."))
    except InvalidOperation:
        weight = Decimal(1)
    return Asked(tried, weight if weight.is_finite() else Decimal(1))


def _number(text: str) -> int:
    """Return the number that was typed; anything else is none at all."""
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _steppers(page: SubjectPage) -> list[tuple[Tried, str, str]]:
    """Return each value with the addresses that try one mark less and one more; empty: no further."""
    if page.what_if is None or page.period is None:
        return []
    counts = {one.value: one.count for one in page.what_if.tried}
    base = {"period": str(page.period.period_id), "weight": f"{page.what_if.weight.normalize():f}"}

    def address(value: str, count: int) -> str:
        if not 0 <= count <= MOST:
            return ""
        wanted = counts | {value: count}
        return f"?{urlencode(base | {f'n{key}': str(n) for key, n in wanted.items() if n})}{ANCHOR}"

    return [
        (one, address(one.value, one.count - 1), address(one.value, one.count + 1))
        for one in page.what_if.tried
    ]


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
