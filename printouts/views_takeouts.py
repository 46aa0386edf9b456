"""«Скачать всё о ребёнке»: the family takes its own."""

from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from diary import queries as diary
from people.http import Request
from printouts.takeouts import archive, takeout

RESTS = (
    30  # seconds between two archives of a child for one account: each takes two of the processor
)


@never_cache
@require_GET
def takeout_file(request: Request, pupil_id: UUID) -> HttpResponse:
    """Give the archive to the pupil and her guardians; the school has registers of its own."""
    now = timezone.now()
    found = diary.opened(request.user, pupil_id, now=now)
    if found is None or not found.is_own:
        raise Http404
    if not _may_take(f"takeout:{request.user.pk}:{pupil_id}"):
        messages.error(
            request, "Архив только что скачали. Следующий можно скачать через полминуты."
        )
        return redirect("settings:mine")
    with timezone.override(found.pupil.school.zone):
        told = takeout(found, user=request.user, now=now)
        response = HttpResponse(archive(told), content_type="application/zip")
    name = content_disposition_header(as_attachment=True, filename=f"{told.title}.zip")
    response["Content-Disposition"] = name or "attachment"
    return response


def _may_take(key: str) -> bool:
    """Let one request through in half a minute; whoever comes beside it is not left to wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        (is_first,) = cursor.fetchone() or (False,)
    return is_first and cache.add(key, "", timeout=RESTS)
