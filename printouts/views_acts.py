"""The end of schooling on paper: the act of destruction, and the family's copy made by the school."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from access import policy
from access.actions.copies import note_copy
from access.models import DestructionAct, Removal
from common.errors import require
from diary import queries as diary
from people.http import Request, staff_only
from printouts import pdf
from printouts.takeouts import archive, takeout


@never_cache
@require_GET
@staff_only
def act(request: Request, act_id: UUID) -> HttpResponse:
    """The act, ready to be signed."""
    acts = DestructionAct.objects.visible_to(request.user).select_related("school")
    found = get_object_or_404(acts, pk=act_id)
    title = f"Акт об уничтожении персональных данных № {found.number}-{found.year}"
    with timezone.override(found.school.zone):
        made = pdf.render(
            "printouts/paper/act.html", {"act": found, "title": title}, style="act.css"
        )
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response


@never_cache
@require_POST
@staff_only
def family_copy(request: Request, removal_id: UUID) -> HttpResponse:
    """Make the archive for a family that cannot enter any more, and write down that it was made."""
    now = timezone.now()
    removal = get_object_or_404(Removal.objects.visible_to(request.user), pk=removal_id)
    require(policy.can_give_copy(request.user, removal))
    found = diary.opened(request.user, removal.pupil_id, now=now)
    if found is None:
        raise Http404
    with timezone.override(found.pupil.school.zone):
        told = takeout(found, user=request.user, now=now)
        content = archive(told)
    note_copy(by=request.user, removal=removal, now=now)
    response = HttpResponse(content, content_type="application/zip")
    name = content_disposition_header(as_attachment=True, filename=f"{told.title}.zip")
    response["Content-Disposition"] = name or "attachment"
    return response
