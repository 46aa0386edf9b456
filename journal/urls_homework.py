"""Homework: for named pupils, with answers and the norm."""

from django.urls import URLPattern, path

from journal.views import homework as views

LESSON = "<uuid:course_id>/lessons/<uuid:lesson_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{LESSON}homework/", views.homework, name="homework"),
    path(f"{LESSON}homework/load/", views.homework_load, name="homework_load"),
    path(
        f"{LESSON}homework/<uuid:homework_id>/remove/",
        views.homework_remove,
        name="homework_remove",
    ),
    path(f"{LESSON}form/", views.lesson_form, name="lesson_form"),
    path("<uuid:course_id>/homework/<uuid:homework_id>/", views.answers, name="answers"),
    path("individual/", views.individual, name="individual"),
    path("answers/<uuid:answer_id>/", views.answer_file, name="answer_file"),
]
