"""Addresses of the journal; `contract.md` says which of them stay put."""

from django.urls import path

from journal import views

app_name = "journal"
urlpatterns = [
    path("", views.day, name="day"),
    path("school/", views.school, name="school"),
    path("files/<uuid:file_id>/", views.homework_file, name="homework_file"),
    path("<uuid:course_id>/", views.sheet, name="sheet"),
    path("<uuid:course_id>/cells", views.cells, name="cells"),
    path("<uuid:course_id>/cell", views.cell, name="cell"),
    path("<uuid:course_id>/lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
]
