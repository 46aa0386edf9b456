"""The printed portfolio: a file made at once."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from diary import queries as diary
from people.http import Request
from printouts import pdf
from printouts.portfolios import printed_portfolio


@never_cache
@require_GET
def portfolio_file(request: Request, pupil_id: UUID) -> HttpResponse:
    """Give the portfolio to whoever reads it on the screen."""
    now = timezone.now()
    found = diary.opened(request.user, pupil_id, now=now)
    if found is None:
        raise Http404
    printed = printed_portfolio(found, user=request.user, now=now)
    made = pdf.render(
        "printouts/paper/portfolio.html",
        {"printed": printed, "page": printed.page, "title": printed.title},
        style="portfolio.css",
    )
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{printed.title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response
