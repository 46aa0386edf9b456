"""Results of years: summary sheet, indicators, exams, debts, all years of a pupil."""

from django.urls import URLPattern, path

from journal.views import results

urlpatterns: list[URLPattern] = [
    path("summary/", results.results, name="results"),
    path("summary/<uuid:class_id>/", results.summary, name="summary"),
    path("pupils/<uuid:pupil_id>/years/", results.pupil_years, name="pupil_years"),
]
