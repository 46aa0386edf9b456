"""Forms of consents: blank, for one representative, and for a class."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from common.errors import require
from consent import policy as consent_policy
from consent.models import ConsentText
from consent.queries import texts
from consent.wording import PAST
from people.http import Request, staff_only
from people.models import Guardianship
from printouts import actions, pdf, queries, queries_consents, tasks
from printouts.consents import ConsentForm
from printouts.documents import CONSENT_FORM
from printouts.enums import CONSENT_FORMS
from printouts.errors import SignsNothing, WordingOver
from printouts.forms_consents import ConsentsForm


@require_safe
@staff_only
def index(request: Request) -> HttpResponse:
    """Offer the forms for a class; `class` and `text` of the address are chosen already."""
    require(consent_policy.can_open_register(request.user))
    wanted = {"school_class": request.GET.get("class", ""), "text": request.GET.get("text", "")}
    return _page(request, _form(request, initial=wanted), HTTPStatus.OK)


@require_POST
@staff_only
def order(request: Request) -> HttpResponse:
    require(consent_policy.can_open_register(request.user))
    form = _form(request, data=request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    school_class = form.classes.get(asked["school_class"])
    if school_class is None:
        raise Http404
    job = actions.order_consents(
        by=request.user,
        school_class=school_class,
        text=_text(request, asked["text"]),
        who=asked["who"],
        now=timezone.now(),
    )
    tasks.start(job)
    return redirect("printouts:job", job.pk)


@never_cache
@require_GET
@staff_only
def blank(request: Request, text_id: UUID) -> HttpResponse:
    """Give the form with lines for a pen, also of a version past or planned: it is how the text looks."""
    text = _text(request, text_id)
    require(consent_policy.can_read_texts(request.user, text.school_id))
    return _file(queries_consents.blank(text, day=request.user.today))


@require_safe
@staff_only
def of_family(request: Request, guardianship_id: UUID) -> HttpResponse:
    """Offer the forms of one representative of one pupil."""
    tie = _tie(request, guardianship_id)
    today = request.user.today
    context = {
        "tie": tie,
        "versions": texts.texts_in_use([tie.school_id], day=today),
        "signs": queries_consents.may_sign(tie, day=today),
    }
    return render(request, "printouts/consents_family.html", context)


@never_cache
@require_GET
@staff_only
def filled(request: Request, text_id: UUID, guardianship_id: UUID) -> HttpResponse:
    """Give the form of one representative of one pupil."""
    today = request.user.today
    tie, text = _tie(request, guardianship_id), _text(request, text_id)
    if tie.school_id != text.school_id:
        raise Http404
    if not queries_consents.may_sign(tie, day=today):
        raise SignsNothing
    made = queries_consents.filled(text, tie, day=today)
    if made.text.state == PAST:
        raise WordingOver
    return _file(made)


def _tie(request: Request, guardianship_id: UUID) -> Guardianship:
    ties = Guardianship.objects.visible_to(request.user).select_related("guardian", "pupil__person")
    tie = get_object_or_404(ties, pk=guardianship_id)
    require(consent_policy.can_register(request.user, tie.school_id, tie.pupil_id))
    return tie


def _text(request: Request, text_id: UUID) -> ConsentText:
    found = ConsentText.objects.visible_to(request.user).select_related("school", "purpose")
    return get_object_or_404(found, pk=text_id)


def _file(paper: ConsentForm) -> HttpResponse:
    whom = f", {paper.signer.name}" if paper.signer else ""
    title = f"Согласие. {paper.text.purpose}{whom}"
    kind = CONSENT_FORM
    made = pdf.render(kind.template, {kind.name: paper, "title": title}, style=kind.style)
    response = HttpResponse(made.content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"{title}.pdf")
    response["Content-Disposition"] = name or "inline"
    return response


def _form(request: Request, **given: Any) -> ConsentsForm:
    classes = queries_consents.classes_to_give(request.user)
    schools = {each.school_id for each in classes}
    versions = texts.texts_in_use(schools, day=request.user.today)
    return ConsentsForm(
        given.get("data"), initial=given.get("initial"), classes=classes, versions=versions
    )


def _page(request: Request, form: ConsentsForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "jobs": queries.recent_jobs(request.user, now=timezone.now(), kind=CONSENT_FORMS),
    }
    return render(request, "printouts/consents.html", context, status=status)
