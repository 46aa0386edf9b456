"""Forecasts of results."""

from django.urls import path

from journal.views import forecast

urlpatterns = [
    path("<uuid:course_id>/forecast/", forecast.course_forecast, name="forecast"),
    path("forecast/<uuid:class_id>/", forecast.class_forecast, name="class_forecast"),
    path(
        "forecast/<uuid:class_id>/<uuid:pupil_id>/", forecast.pupil_forecast, name="pupil_forecast"
    ),
]
