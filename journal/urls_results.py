"""Results of years: summary sheet, indicators, exams, debts, all years of a pupil."""

from django.urls import URLPattern, path

from journal.views import exams, indicators, results

urlpatterns: list[URLPattern] = [
    path("summary/", results.results, name="results"),
    path("summary/<uuid:class_id>/", results.summary, name="summary"),
    path("summary/<uuid:class_id>/report/", indicators.report, name="class_report"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("<uuid:course_id>/comparison/", indicators.comparison, name="course_comparison"),
    path("finals/<uuid:class_id>/", exams.finals, name="finals"),
    path("pupils/<uuid:pupil_id>/years/", results.pupil_years, name="pupil_years"),
    path("exams/", exams.exams_list, name="exams"),
    path("exams/entry/", exams.exam, name="exam"),
    path("academic-debts/", exams.academic_debts, name="academic_debts"),
    path("academic-debts/<uuid:debt_id>/", exams.debt_attempt, name="debt_attempt"),
]
