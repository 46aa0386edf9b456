"""Returned slips and messages (K4b): a list of the whole class, one of them, and what proves them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refusal, require
from common.templatetags.words import count_ru
from diary import actions, policy, queries
from diary.forms_desk import SlipForm
from diary.models import Acknowledgement, Channel
from diary.pages import Desk, DeskGuardian, DeskRow
from diary.views.desk_frame import at, class_and_week
from people.http import Request
from people.models import Person, Pupil


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A guardian of the list: what is recorded already, or the form."""

    row: DeskRow
    guardian: DeskGuardian
    form: SlipForm
    given: Acknowledgement | None
    lost_file: bool  # chosen, but browsers do not hand a file back

    @property
    def anchor(self) -> str:
        return f"slip-{self.row.pupil_id}"


@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: Request, class_id: UUID) -> HttpResponse:
    """A row for every guardian on paper: ticked ones are recorded, all at once or none."""
    school_class, monday = class_and_week(request, class_id)
    require(policy.can_keep_desk(request.user, school_class))
    page = queries.desk(school_class, monday, now=timezone.now())
    rows = list(_rows(request, page))
    status = 200
    if request.method == "POST":
        if _record(request, rows, monday):
            return redirect(at("class", class_id, monday))
        status = 422
    context = {
        "desk": page,
        "rows": rows,
        "everybody": request.GET.get("who") == "all",
        "errors": [row for row in rows if row.form.errors],
    }
    with timezone.override(school_class.school.zone):
        return render(request, "diary/slips.html", context, status=status)


def _rows(request: Request, page: Desk) -> Iterator[SlipRow]:
    """Return the guardians on paper, those of the pupil whose slip was read, or everybody."""
    wanted, everybody = request.GET.get("pupil", ""), request.GET.get("who") == "all"
    recorded = {
        (one.pupil_id, one.guardian_id): one
        for one in Acknowledgement.objects.visible_to(request.user)
        .filter(pupil__in=[row.pupil_id for row in page.rows], week=page.monday)
        .exclude(channel=Channel.WEB)
        .order_by("at", "pk")
    }
    for row in page.rows:
        for guardian in row.guardians:
            is_named = str(row.pupil_id) == wanted
            if not (everybody or is_named or guardian.on_paper):
                continue
            prefix = f"{row.pupil_id}:{guardian.guardian_id}"
            is_sent = request.method == "POST"
            first = is_named and not row.is_kept and guardian == row.guardians[0]
            form = SlipForm(
                request.POST if is_sent else None,
                request.FILES if is_sent else None,
                prefix=prefix,
                initial={"done": first},
            )
            given = recorded.get((row.pupil_id, guardian.guardian_id))
            yield SlipRow(row, guardian, form, given, lost_file=f"{prefix}-file" in request.FILES)


def _record(request: Request, rows: Sequence[SlipRow], monday: date) -> bool:
    """Record the ticked rows, or write into them what is wrong."""
    checked = [row for row in rows if not row.guardian.is_done]
    valid = [row.form.is_valid() for row in checked]  # every row tells what is wrong with it
    if not all(valid):
        return False
    ticked = [row for row in checked if row.form.cleaned_data["done"]]
    if not ticked:
        messages.error(request, "Ничего не отмечено: отметьте тех, кто ознакомился.")
        return False
    found = Pupil.objects.visible_to(request.user).select_related("school")
    pupils = found.in_bulk([row.row.pupil_id for row in ticked])
    persons = Person.objects.visible_to(request.user).in_bulk(
        [row.guardian.guardian_id for row in ticked]
    )
    made = [_slip(row, pupils, persons) for row in ticked]
    try:
        count = actions.record_slips(by=request.user, slips=made, week=monday, now=timezone.now())
    except Refusal as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        messages.error(request, refusal.message)
        return False
    words = count_ru(count, "ознакомление,ознакомления,ознакомлений")
    messages.success(request, f"Внесено: {words}.")
    return True


def _slip(
    row: SlipRow, pupils: Mapping[UUID, Pupil], persons: Mapping[UUID, Person]
) -> actions.Slip:
    pupil, person = pupils.get(row.row.pupil_id), persons.get(row.guardian.guardian_id)
    if pupil is None or person is None:
        raise Http404
    sent = row.form.cleaned_data
    return actions.Slip(
        guardian=person,
        pupil=pupil,
        channel=Channel(sent["channel"]),
        evidence=sent["evidence"],
        upload=sent["file"] or None,
    )


@require_safe
def evidence(request: Request, acknowledgement_id: UUID) -> FileResponse:
    """Give the slip's picture to the guardian herself, her class teacher and the heads."""
    kept = Acknowledgement.objects.visible_to(request.user).exclude(evidence_file="")
    found = get_object_or_404(kept.select_related("pupil"), pk=acknowledgement_id)
    if not policy.can_see_evidence(request.user, found):
        raise Http404
    response = FileResponse(
        found.evidence_file.open("rb"), as_attachment=True, filename=found.evidence_name
    )
    response["Cache-Control"] = "private, no-store"
    return response
