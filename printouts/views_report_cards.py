"""The printed report card: the family takes its own, a file made at once."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from diary import queries as diary
from people.http import Request
from printouts import pdf
from printouts.report_cards import report_card


@never_cache
@require_GET
def report_card_file(request: Request, pupil_id: UUID) -> HttpResponse:
    """Give the card to whoever reads the pupil's «Итоговые оценки» on the screen."""
    now = timezone.now()
    found = diary.opened(request.user, pupil_id, now=now)
    if found is None:
        raise Http404
    card = report_card(found.pupil, now=now)
    made = pdf.render(
        "printouts/paper/report_card.html",
        {"card": card, "finals": card.finals, "title": card.title},
        style="report_card.css",
    )
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{card.title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response
