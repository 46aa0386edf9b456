"""Lists of the register: who has not decided in time, and what is to be destroyed."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import require
from consent import actions, policy, queries
from consent.forms import DestroyedForm
from consent.models import Destruction
from consent.register import ClassCount, Entry
from people.http import Request, staff_only


@require_safe
@staff_only
def overdue(request: Request) -> HttpResponse:
    """Show who has not decided about the diary, those who wait longest first, and how many a class."""
    require(policy.can_open_register(request.user))
    today = request.user.today
    classes = queries.classes_for(request.user)
    wanted = request.GET.get("class", "")
    shown = [each for each in classes if str(each.id) == wanted] or classes
    entries = queries.entries(queries.overdue_rows(shown, day=today), day=today)
    places = {each.id: place for place, each in enumerate(classes)}
    context = {
        "classes": classes,
        "wanted": wanted,
        "entries": entries,
        "counts": _counts(sorted(entries, key=lambda each: places[each.class_id])),
        "late": sum(each.is_overdue for each in entries),
        "today": today,
    }
    return render(request, "consent/overdue.html", context)


def _counts(entries: Iterable[Entry]) -> list[ClassCount]:
    """Count what is waited for, class by class."""
    found = (list(rows) for _, rows in groupby(entries, key=attrgetter("class_id")))
    return [
        ClassCount(
            name=rows[0].class_name,
            waiting=len(rows),
            overdue=sum(each.is_overdue for each in rows),
            longest=max(each.days for each in rows),
        )
        for rows in found
    ]


@require_safe
@staff_only
def destructions(request: Request) -> HttpResponse:
    """Show what is to be destroyed because a consent ended, and what was."""
    require(policy.can_open_register(request.user))
    return _destructions_page(request)


@require_POST
@staff_only
def destroyed(request: Request, destruction_id: UUID) -> HttpResponse:
    """Write down what was destroyed."""
    rows = Destruction.objects.visible_to(request.user).select_related("decision__purpose")
    found = get_object_or_404(rows, pk=destruction_id)
    form = DestroyedForm(request.POST)
    if not form.is_valid():
        return _destructions_page(request, form=form, refused=found.pk)
    actions.note_destroyed(
        by=request.user, destruction=found, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, "Уничтожение записано.")
    return redirect("consent:destructions")


def _destructions_page(
    request: Request, *, form: DestroyedForm | None = None, refused: UUID | None = None
) -> HttpResponse:
    rows = queries.destructions(request.user, day=request.user.today)
    context = {
        "standing": [row for row in rows if row.done_on is None],
        "done": [row for row in rows if row.done_on is not None],
        "form": form or DestroyedForm(),
        "refused": refused,
    }
    return render(request, "consent/destructions.html", context, status=422 if form else 200)
