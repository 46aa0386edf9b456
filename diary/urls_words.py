"""What the school says to the family."""

from django.urls import URLPattern, URLResolver, path

from diary.views import words

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/announcements/", words.announcements, name="announcements"),
    path(
        "<uuid:pupil_id>/announcements/<uuid:announcement_id>/",
        words.announcement,
        name="announcement",
    ),
    path("<uuid:pupil_id>/recommendations/", words.recommendations, name="recommendations"),
    path(
        "<uuid:pupil_id>/recommendations/<uuid:recommendation_id>/read/",
        words.read,
        name="recommendation_read",
    ),
]
