"""All years of the child, as her family sees them."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary.views.frame import opened, show_page
from journal.queries.years import pupil_years
from people.http import Request


@require_safe
def years(request: Request, pupil_id: UUID) -> HttpResponse:
    """Show every year with the results that are open to families."""
    found, now = opened(request, pupil_id), timezone.now()
    page = pupil_years(found.pupil, today=found.pupil.school.local_date(now), seen_at=now)
    return show_page(request, found, "finals", now, "diary/years.html", {"page": page})
