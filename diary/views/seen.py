"""Who of a class's families saw the final results: for its class teacher and the administration."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary.queries.seen import personal_list, results_seen
from people.http import Request
from school.models import SchoolClass

FILTERS = (("all", "Все"), ("waiting", "Ещё не видели"))


@require_safe
def results(request: Request, class_id: UUID) -> HttpResponse:
    school_class, now = _class(request, class_id), timezone.now()
    page = results_seen(school_class, now=now, place=request.GET.get("place", ""))
    wanted = request.GET.get("show", "all")
    shown = wanted if wanted in dict(FILTERS) else "all"
    context = {
        "page": page,
        "rows": page.rows_shown(shown),
        "shown": shown,
        "filters": FILTERS,
    }
    with timezone.override(school_class.school.zone):
        return render(request, "diary/results_seen.html", context)


@require_safe
def personal(request: Request, class_id: UUID, pupil_id: UUID) -> HttpResponse:
    school_class = _class(request, class_id)
    page = personal_list(school_class, pupil_id, now=timezone.now())
    if page is None:
        raise Http404
    with timezone.override(school_class.school.zone):
        return render(request, "diary/results_seen_pupil.html", {"page": page})


def _class(request: Request, class_id: UUID) -> SchoolClass:
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    return get_object_or_404(classes, pk=class_id)
