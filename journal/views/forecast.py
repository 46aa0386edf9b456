"""Forecasts of results: of a course, of a class, of a pupil of a class."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.queries import forecast_pages
from people.http import Request, staff_only


@require_GET
@staff_only
def course_forecast(request: Request, course_id: UUID) -> HttpResponse:
    page = forecast_pages.course_forecast(request.user, course_id, today=request.user.today)
    return render(request, "journal/forecast.html", {"page": page})


@require_GET
@staff_only
def class_forecast(request: Request, class_id: UUID) -> HttpResponse:
    page = forecast_pages.class_forecast(request.user, class_id, today=request.user.today)
    return render(request, "journal/forecast_class.html", {"page": page})


@require_GET
@staff_only
def pupil_forecast(request: Request, class_id: UUID, pupil_id: UUID) -> HttpResponse:
    page = forecast_pages.pupil_forecast(request.user, class_id, pupil_id, today=request.user.today)
    return render(request, "journal/forecast_pupil.html", {"page": page})
