"""Who left: the term of the account, removal by hand, the acts and their log."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from access import policy, queries_removals
from access.actions import removal as removing
from access.actions import results
from access.forms_removals import ResultsForm
from access.models import DestructionAct, Removal
from common.errors import require
from common.workbooks import write_csv
from people.http import Request, staff_only

PAGE = 50


@require_safe
@staff_only
def removals(request: Request) -> HttpResponse:
    """Show whose account goes when, and what became of those that went."""
    require(policy.can_view_people(request.user))
    now, part = timezone.now(), request.GET.get("part", "")
    part = part if part in queries_removals.PARTS else ""
    found = queries_removals.removals(request.user, part, now=now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": queries_removals.tabs(request.user, part, now=now),
        "page": page,
        "rows": queries_removals.rows(page.object_list, now=now),
        "query": f"&part={part}" if part else "",
    }
    return render(request, "access/removals.html", context)


@require_safe
@staff_only
def removal(request: Request, removal_id: UUID) -> HttpResponse:
    """Show one removal."""
    return _page(request, removal_id, None)


@require_POST
@staff_only
def remove_now(request: Request, removal_id: UUID) -> HttpResponse:
    """Remove the account before its term."""
    found = get_object_or_404(Removal.objects.visible_to(request.user), pk=removal_id)
    gone = removing.remove_now(by=request.user, removal=found, now=timezone.now())
    said = "Учётная запись удалена, акт составлен." if gone else "Учётная запись нужна и сохранена."
    messages.success(request, said)
    return redirect("access:removal", found.pk)


@require_POST
@staff_only
def keep_for_results(request: Request, removal_id: UUID) -> HttpResponse:
    """Keep a contact until the results of examinations are told."""
    found = get_object_or_404(Removal.objects.visible_to(request.user), pk=removal_id)
    require(policy.can_keep_for_results(request.user, found))
    form = ResultsForm(request.POST, removal=found)
    if not form.is_valid():
        return _page(request, removal_id, form)
    results.keep_for_results(
        by=request.user, removal=found, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, "Контакт сохранится до этого дня, потом будет уничтожен по акту.")
    return redirect("access:removal", found.pk)


@never_cache
@require_safe
@staff_only
def act_log(request: Request, act_id: UUID) -> HttpResponse:
    """Give the export of the event log about an act."""
    acts = DestructionAct.objects.visible_to(request.user).select_related("school")
    act = get_object_or_404(acts, pk=act_id)
    content = write_csv(queries_removals.act_log(act))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"Журнал событий к акту {act.number}-{act.year}.csv"
    header = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = header or "attachment"
    return response


def _page(request: Request, removal_id: UUID, form: ResultsForm | None) -> HttpResponse:
    page = queries_removals.removal_page(removal_id, by=request.user, now=timezone.now())
    if page is None:
        raise Http404
    if form is None and page.can_keep:
        found = Removal.objects.visible_to(request.user).get(pk=removal_id)
        form = ResultsForm(removal=found)
    context = {"page": page, "form": form if page.can_keep else None}
    failed = form is not None and form.is_bound
    return render(request, "access/removal.html", context, status=422 if failed else 200)
