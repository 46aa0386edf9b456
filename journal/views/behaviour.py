"""The register of behaviour of a class; 404 for everybody while the school has it off."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Forbidden, Refusal, require
from journal.actions import behaviour as actions
from journal.forms_morning import BehaviourNoteForm
from journal.models import BehaviourMark
from journal.queries import behaviour as queries
from journal.queries import class_day
from journal.views.asked import asked_number, asked_uuid
from people.http import Request, staff_only


@require_GET
@staff_only
def index(request: Request) -> HttpResponse:
    """The classes to choose from."""
    found = queries.registers(request.user)
    if not found:
        raise Http404
    return render(request, "journal/behaviours.html", {"registers": found})


@require_http_methods(["GET", "POST"])
@staff_only
def register(request: Request, class_id: UUID) -> HttpResponse:
    """Pupils × the period's mark and dated notes; a POST writes the period's marks."""
    page = queries.behaviour(request.user, class_id, asked_uuid(request.GET.get("period")))
    error = ""
    if request.method == "POST":
        try:
            count = actions.set_behaviour(
                by=request.user, page=page, entries=_entries(request, page), now=timezone.now()
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            error = refusal.message
        else:
            messages.success(request, f"Записано. Изменено отметок: {count}.")
            return redirect(f"{request.path}?period={page.period.pk}")
    return _page(request, page, error=error)


def _entries(request: Request, page: queries.Behaviour) -> list[actions.PeriodEntry]:
    found = []
    for row in page.rows:
        value, rev = (
            request.POST.get(f"mark-{row.pupil_id}"),
            request.POST.get(f"rev-{row.pupil_id}", ""),
        )
        if value is not None:
            found.append(actions.PeriodEntry(row.pupil_id, value, asked_number(rev)))
    return found


def _page(
    request: Request,
    page: queries.Behaviour,
    form: BehaviourNoteForm | None = None,
    error: str = "",
) -> HttpResponse:
    """Show the register; what was chosen stays chosen when it is refused."""
    note_form = form or _note_form(request, page)
    rows = tuple(
        replace(row, value=request.POST.get(f"mark-{row.pupil_id}", row.value)) for row in page.rows
    )
    context = {
        "page": replace(page, rows=rows),
        "error": error,
        "form": note_form if page.who.notes else None,
    }
    status = 422 if error or form else 200
    return render(request, "journal/behaviour.html", context, status=status)


def _note_form(
    request: Request, page: queries.Behaviour, *, sent: bool = False
) -> BehaviourNoteForm:
    return BehaviourNoteForm(
        request.POST if sent else None, values=page.values, initial={"day": request.user.today},
        pupils=[(str(row.pupil_id), row.name) for row in page.rows],
    )  # fmt: skip


@require_POST
@staff_only
def add_note(request: Request, class_id: UUID) -> HttpResponse:
    """Note what happened on a day."""
    page = queries.behaviour(request.user, class_id, asked_uuid(request.GET.get("period")))
    require(page.who.notes)
    form = _note_form(request, page, sent=True)
    if not form.is_valid():
        return _page(request, page, form)
    sent = form.cleaned_data
    try:
        actions.note_behaviour(
            by=request.user, page=page, pupil_id=UUID(sent["pupil"]), day=sent["day"], value=sent["value"],
            comment=sent["comment"], now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(str(refusal.details.get("field", "")) or None, refusal.message)
        return _page(request, page, form)
    messages.success(request, "Записано.")
    return redirect("journal:behaviour", class_id)


@require_POST
@staff_only
def remove_note(request: Request, mark_id: UUID) -> HttpResponse:
    """Take a dated note away."""
    mark = get_object_or_404(BehaviourMark.objects.visible_to(request.user), pk=mark_id)
    school_class = class_day.class_of(mark.pupil_id, today=request.user.today)
    if school_class is None:
        raise Http404
    leads = class_day.leads_class(request.user, school_class)
    actions.remove_behaviour_note(by=request.user, leads=leads, mark=mark)
    messages.success(request, "Запись удалена.")
    return redirect("journal:behaviour", school_class.pk)
