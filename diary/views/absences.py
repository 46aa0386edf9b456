"""«Пропуски» and «Сообщить об отсутствии»: the family's pages."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Refusal, require
from diary import cards_absences, policy, queries
from diary.actions import absences as actions
from diary.forms_absences import ReportForm
from diary.models import AbsenceReport
from diary.views.frame import opened, show, show_page
from journal.views.asked import asked_uuid
from people.http import Request


@require_safe
def absences(request: Request, pupil_id: UUID) -> HttpResponse:
    """The absences of a period; what was told ahead is for the family."""
    found, now = opened(request, pupil_id), timezone.now()
    page = queries.absences(
        found.pupil,
        now=now,
        period=asked_uuid(request.GET.get("period")),
        month=_month(request.GET.get("month", "")),
        with_reports=found.is_own,
    )
    is_pupil = pupil_id in request.user.person_ids
    drawn = cards_absences.render(page, base=request.path)
    may = {"is_pupil": is_pupil, "may_report": found.is_own and not is_pupil}
    context = {"page": page, "drawn": drawn, **may}
    return show(request, found, "absences", now, **context)


def _month(text: str) -> date | None:
    """Return the first day of «2026-11», or nothing for nonsense."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pupil_id: UUID) -> HttpResponse:
    """«Сообщить об отсутствии»: a plain form that keeps what was typed."""
    found, now = opened(request, pupil_id), timezone.now()
    require(policy.can_report_absence(request.user, found.pupil))
    initial = {"since": found.pupil.school.local_date(now)}
    form, status = ReportForm(request.POST or None, request.FILES or None, initial=initial), 200
    if request.method == "POST":
        if form.is_valid() and _told(request, found, form):
            return redirect(reverse("diary:absences", args=[pupil_id]) + "#reports")
        status = 422
    template, context = "diary/absence_report.html", {"form": form}
    return show_page(request, found, "absences", now, template, context, status=status)


def _told(request: Request, found: queries.Opened, form: ReportForm) -> bool:
    """Send the report, or write into the form what is wrong with it."""
    try:
        actions.report_absence(
            by=request.user,
            pupil=found.pupil,
            wanted=form.wanted(),
            upload=form.cleaned_data["file"],
            now=timezone.now(),
        )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        form.add_error(str(refusal.details.get("field", "")) or None, refusal.message)
        return False
    messages.success(request, "Сообщение отправлено классному руководителю.")
    return True


@require_POST
def withdraw(request: Request, pupil_id: UUID, report_id: UUID) -> HttpResponse:
    """Take back what waits."""
    found, now = opened(request, pupil_id), timezone.now()
    reports = AbsenceReport.objects.visible_to(request.user).filter(pupil=found.pupil.pk)
    told = get_object_or_404(reports.select_related("pupil"), pk=report_id)
    try:
        actions.withdraw_report(by=request.user, report=told, now=now)
        messages.success(request, "Сообщение отозвано.")
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect(reverse("diary:absences", args=[pupil_id]) + "#reports")


@require_safe
def report_file(request: Request, pupil_id: UUID, report_id: UUID) -> HttpResponseBase:
    """Give the family its own file back."""
    opened(request, pupil_id)
    reports = AbsenceReport.objects.visible_to(request.user).filter(pupil=pupil_id)
    return file_of(get_object_or_404(reports.exclude(file=""), pk=report_id))


def file_of(told: AbsenceReport) -> HttpResponseBase:
    """Give a report's file: always as a download, kept by nobody on the way."""
    response = FileResponse(told.file.open("rb"), as_attachment=True, filename=told.file_name)
    response["Cache-Control"] = "private, no-store"
    return response
