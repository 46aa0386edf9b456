"""The texts of consents: purposes, versions, a new version."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Forbidden, Refusal, require
from consent import policy
from consent.actions import texts as actions
from consent.enums import PurposeCode
from consent.forms_texts import TextForm
from consent.models import ConsentText
from consent.queries import texts as queries
from people.http import Request, staff_only
from people.models import School


@require_safe
@staff_only
def texts(request: Request) -> HttpResponse:
    """Show every purpose with its version in force and the next."""
    schools = queries.texts_of_schools(request.user, day=request.user.today)
    require(bool(schools))
    return render(request, "consent/texts.html", {"schools": schools})


@require_safe
@staff_only
def text(request: Request, school_id: UUID, code: str) -> HttpResponse:
    """Show one purpose with all its versions."""
    school, purpose = _place(request, school_id, code)
    found = queries.texts_of_purpose(request.user, school, purpose, day=request.user.today)
    return render(request, "consent/texts_purpose.html", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def text_new(request: Request, school_id: UUID, code: str) -> HttpResponse:
    """Write a new version, beginning with the last one."""
    school, purpose = _place(request, school_id, code)
    require(policy.can_edit_texts(request.user, school.pk))
    today = request.user.today
    found = queries.texts_of_purpose(request.user, school, purpose, day=today)
    first = asdict(queries.first_words(school, purpose)) | {"since": found.next_day(today)}
    form = TextForm(request.POST or None, initial=first)
    if form.is_valid() and _added(request, school, purpose, form):
        return redirect("consent:text", school.pk, code)
    context = {"found": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "consent/texts_form.html", context, status=status)


@require_POST
@staff_only
def text_cancel(request: Request, text_id: UUID) -> HttpResponse:
    """Take back a version that has not begun."""
    texts = ConsentText.objects.visible_to(request.user).select_related("school", "purpose")
    found = get_object_or_404(texts, pk=text_id)
    actions.cancel_text(by=request.user, text=found, now=timezone.now())
    messages.success(request, f"Редакция {found.number} отменена.")
    return redirect("consent:text", found.school_id, found.purpose.code)


def _added(request: Request, school: School, purpose: PurposeCode, form: TextForm) -> bool:
    """Add the version, or say at the form what stands in the way."""
    try:
        made = actions.add_text(
            by=request.user,
            school=school,
            code=purpose,
            wording=form.wording,
            since=form.cleaned_data["since"],
            now=timezone.now(),
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        field = str(refusal.details.get("field", ""))
        form.add_error(field if field in form.fields else None, refusal.message)
        return False
    messages.success(request, f"Редакция {made.number} записана.")
    return True


def _place(request: Request, school_id: UUID, code: str) -> tuple[School, PurposeCode]:
    """Return the school and the purpose of the address; 403 to its staff who keep no register."""
    school = get_object_or_404(
        School.objects.visible_to(request.user).select_related("parent"), pk=school_id
    )
    require(policy.can_read_texts(request.user, school.pk))
    if code not in PurposeCode.values:
        raise Http404
    return school, PurposeCode(code)
