"""The schedule of tests."""

from django.urls import URLPattern, path

from journal.views import tests as views

urlpatterns: list[URLPattern] = [
    path("tests/", views.tests, name="tests"),
    path("<uuid:course_id>/tests/", views.course_tests, name="course_tests"),
    path("<uuid:course_id>/tests/<uuid:work_id>/remove/", views.test_remove, name="test_remove"),
]
