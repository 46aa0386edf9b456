"""«Школа»: what a family wants to know of the school around the child."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary.queries.school import school as read
from diary.views.frame import opened, show_page
from people.http import Request


@require_safe
def school(request: Request, pupil_id: UUID) -> HttpResponse:
    found, now = opened(request, pupil_id), timezone.now()
    page = read(found.pupil, now=now)
    return show_page(request, found, "school", now, "diary/school.html", {"page": page})
