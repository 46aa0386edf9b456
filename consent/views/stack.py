"""A returned stack of papers of a class, and the scans of single ones."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import require
from common.templatetags.words import count_ru
from consent import actions, policy, queries
from consent.enums import PurposeCode
from consent.errors import StackRefused
from consent.forms_stack import StackForm, StackRowForm
from consent.models import Scan
from people.http import Request, staff_only
from people.models import Person
from school.models import SchoolClass

RECORDED = "решение,решения,решений"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def stack(request: Request, class_id: UUID) -> HttpResponse:
    """A row for every signer of the class: what is marked is registered, all at once or none."""
    school_class = queries.class_for(request.user, class_id)
    if school_class is None:
        raise Http404
    purpose = chosen_purpose(request)
    is_sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if is_sent else (None, None)
    head = StackForm(data, today=request.user.today)
    found = queries.stack_rows(school_class, purpose=purpose, day=request.user.today)
    rows = [StackRowForm(data, files, row=row) for row in found]
    if is_sent and _record(request, head, rows, purpose):
        return redirect(f"{request.path}?purpose={purpose}")
    context = {
        "back": _register_of(school_class, purpose),
        "school_class": school_class,
        "purpose": purpose,
        "purposes": PurposeCode,
        "form": head,
        "rows": rows,
        "has_errors": is_sent and any(row.errors for row in rows),
        "lost_files": is_sent and bool(request.FILES),
    }
    return render(request, "consent/stack.html", context, status=422 if is_sent else 200)


def _register_of(school_class: SchoolClass, purpose: PurposeCode) -> str:
    query = urlencode({"class": str(school_class.pk), "purpose": purpose.value})
    return f"{reverse('consent:register')}?{query}"


def chosen_purpose(request: Request) -> PurposeCode:
    """Return the purpose that the address names; the diary without one."""
    wanted = request.GET.get("purpose", "")
    return PurposeCode(wanted) if wanted in PurposeCode.values else PurposeCode.DIARY


def _record(
    request: Request, head: StackForm, rows: Sequence[StackRowForm], purpose: PurposeCode
) -> bool:
    """Register the marked rows, or write into them what is wrong."""
    valid = [head.is_valid(), *(row.is_valid() for row in rows)]  # every row tells what is wrong
    if not all(valid):
        return False
    filled = {row.row.key: row for row in rows if row.is_filled}
    if not filled:
        messages.error(request, "Ничего не отмечено: отметьте, чьи документы вернулись.")
        return False
    sheets = _sheets(request, list(filled.values()))
    try:
        recorded = actions.register_stack(
            by=request.user, sheets=sheets, purpose=purpose, now=timezone.now(), **head.cleaned_data
        )
    except StackRefused as refusal:
        for key, words in refusal.rows.items():
            filled[key].add_error(None, words)
        return False
    messages.success(request, _told(recorded))
    return True


def _told(recorded: actions.Recorded) -> str:
    said = f"Записано: {count_ru(len(recorded.made), RECORDED)}."
    days = sorted({decision.decided_on for decision in recorded.joined})
    if not days:
        return said
    listed = ", ".join(f"{day:%d.%m.%Y}" for day in days)
    if len(recorded.joined) == 1:
        return f"{said} Файл приложен к решению от {listed}."
    return f"{said} Файлы приложены к прежним решениям (от {listed})."


def _sheets(request: Request, rows: Sequence[StackRowForm]) -> list[actions.Sheet]:
    keys = {row.row.signer for row in rows} | {row.row.pupil for row in rows}
    visible = Person.objects.visible_to(request.user).select_related("pupil__school")
    persons = visible.in_bulk(list(keys))
    if keys - persons.keys():
        raise Http404
    return [
        actions.Sheet(
            key=row.row.key,
            signer=persons[row.row.signer],
            subject=persons[row.row.pupil].pupil,
            seen=row.seen,
            **row.cleaned_data,
        )
        for row in rows
    ]


@require_safe
@staff_only
def scan(request: Request, scan_id: UUID) -> FileResponse:
    """Give the scan of a paper to whoever may register it: always as a download."""
    found = get_object_or_404(Scan.objects.visible_to(request.user), pk=scan_id)
    require(policy.can_register(request.user, found.school_id, found.decision.subject_id))
    response = FileResponse(found.stored.open("rb"), as_attachment=True, filename=found.name)
    response["Cache-Control"] = "private, no-store"
    return response
