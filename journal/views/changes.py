"""What others do in an open journal."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from journal.queries.changes import changes as changes_since
from journal.views.asked import asked_uuid
from people.http import Request


@require_GET
def changes(request: Request, course_id: UUID) -> HttpResponse:
    """Tell an open grid what is new since its token, and who else has the journal open."""
    found = changes_since(
        request.user,
        course_id,
        asked_uuid(request.GET.get("period")),
        since=request.GET.get("since", ""),
        now=timezone.now(),
    )
    return JsonResponse(found.as_json())
