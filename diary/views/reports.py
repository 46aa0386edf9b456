"""The class teacher answers what families told of absences. To everybody else these pages are not there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refusal
from common.templatetags.words import count_ru
from diary import policy
from diary.actions import absences as actions
from diary.forms_absences import DeclineForm
from diary.models import AbsenceReport
from diary.queries.reports import pupils_of, reports_of_class
from diary.views.absences import file_of
from people.http import Request, staff_only
from school.models import SchoolClass

NOTHING_YET = "Пропусков пока нет: причина встанет, когда учителя их запишут."


@require_safe
@staff_only
def absence_reports(request: Request, class_id: UUID) -> HttpResponse:
    """What waits for an answer, and what was answered in the last month."""
    return _list(request, _own_class(request, class_id))


@require_POST
@staff_only
def accept(request: Request, class_id: UUID, report_id: UUID) -> HttpResponse:
    """«Принять»: the journal takes the reason."""
    school_class = _own_class(request, class_id)
    told = _report(request, school_class, report_id)
    try:
        done = actions.accept_report(by=request.user, report=told, now=timezone.now())
        taken = count_ru(done.taken, "пропуск,пропуска,пропусков")
        known = f"Причину в журнале получили: {taken}." if done.taken else NOTHING_YET
        messages.success(request, f"Сообщение принято. {known}")
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect("desk:absence_reports", class_id)


@require_POST
@staff_only
def decline(request: Request, class_id: UUID, report_id: UUID) -> HttpResponse:
    """«Не принимать»: with a reason that the family reads."""
    school_class = _own_class(request, class_id)
    told = _report(request, school_class, report_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _list(request, school_class, form, report_id)
    try:
        actions.decline_report(
            by=request.user, report=told, answer=form.cleaned_data["answer"], now=timezone.now()
        )
        messages.success(request, "Ответ отправлен семье: сообщение не принято.")
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect("desk:absence_reports", class_id)


@require_safe
@staff_only
def report_file(request: Request, class_id: UUID, report_id: UUID) -> HttpResponseBase:
    told = _report(request, _own_class(request, class_id), report_id)
    if not told.file:
        raise Http404
    return file_of(told)


def _own_class(request: Request, class_id: UUID) -> SchoolClass:
    """Return the class that the user leads: reasons are health, heads do not see them here."""
    classes = SchoolClass.objects.visible_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=class_id)
    if not policy.can_keep_desk(request.user, school_class):
        raise Http404
    return school_class


def _report(request: Request, school_class: SchoolClass, report_id: UUID) -> AbsenceReport:
    pupils = pupils_of(school_class, today=request.user.today)
    reports = AbsenceReport.objects.visible_to(request.user).filter(pupil__in=pupils)
    return get_object_or_404(reports, pk=report_id)


def _list(
    request: Request,
    school_class: SchoolClass,
    form: DeclineForm | None = None,
    declined: UUID | None = None,
) -> HttpResponse:
    zone = school_class.school.zone
    page = reports_of_class(school_class, today=request.user.today, zone=zone)
    context = {
        "school_class": school_class, "page": page, "declined": declined,
        "forms": [(one, form if one.report_id == declined else DeclineForm(auto_id=f"id_{one.report_id}_%s"))
                  for one in page.waiting],
    }  # fmt: skip
    status = 422 if form is not None else 200
    with timezone.override(zone):
        return render(request, "diary/absence_reports.html", context, status=status)
