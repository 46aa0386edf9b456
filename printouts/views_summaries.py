"""The printed summary sheet of a class: results, attendance, the council's decision; a file made at once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.http import Request, staff_only
from printouts import pdf
from printouts.summaries import summary_paper
from school.models import SchoolClass


@never_cache
@require_GET
@staff_only
def summary(request: Request, class_id: UUID) -> HttpResponse:
    """Give the sheet at the end of the class journal (T5d) to whoever sees it on the screen."""
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=class_id)
    paper = summary_paper(school_class, today=request.user.today)
    made = pdf.render(
        "printouts/paper/summary.html", {"paper": paper, "title": paper.title}, style="summary.css"
    )
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{paper.title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response
