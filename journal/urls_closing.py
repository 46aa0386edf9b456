"""Closing the period: proposals, deferrals, sign-off."""

from django.urls import URLPattern, path

from journal.views import closing

urlpatterns: list[URLPattern] = [
    path("closing/", closing.closing, name="closing"),
    path("closing/class/<uuid:class_id>/", closing.closing_class, name="closing_class"),
    path("closing/course/<uuid:course_id>/", closing.closing_course, name="closing_course"),
    path(
        "closing/course/<uuid:course_id>/<uuid:pupil_id>/",
        closing.closing_cell,
        name="closing_cell",
    ),
]
