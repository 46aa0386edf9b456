"""Addresses of the journal; `contract.md` says which of them stay put."""

from django.urls import include, path

from journal import views

app_name = "journal"
urlpatterns = [
    path("", views.day, name="day"),
    # Each pattern before a page's own is tried first: those that a lesson asks again and again stand at the top.
    path("<uuid:course_id>/", views.sheet, name="sheet"),
    path("<uuid:course_id>/cells", views.cells, name="cells"),
    path("<uuid:course_id>/cell", views.cell, name="cell"),
    path("<uuid:course_id>/lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("school/", views.school, name="school"),
    path("", include("journal.urls_changes")),
    path("", include("journal.urls_closing")),
    path("", include("journal.urls_control")),
    path("", include("journal.urls_forecast")),
    path("", include("journal.urls_homework")),
    path("", include("journal.urls_marking")),
    path("", include("journal.urls_morning")),
    path("", include("journal.urls_offline")),
    path("", include("journal.urls_programme")),
    path("", include("journal.urls_results")),
    path("", include("journal.urls_settings")),
    path("", include("journal.urls_tests")),
    path("files/<uuid:file_id>/", views.homework_file, name="homework_file"),
]
