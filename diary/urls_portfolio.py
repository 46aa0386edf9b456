"""The portfolio of a child."""

from django.urls import URLPattern, URLResolver, path

from diary.views import portfolio

_ONE = "<uuid:pupil_id>/portfolio/<uuid:achievement_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/portfolio/", portfolio.portfolio, name="portfolio"),
    path("<uuid:pupil_id>/portfolio/new/", portfolio.add, name="achievement_new"),
    path(_ONE, portfolio.achievement, name="achievement"),
    path(f"{_ONE}remove/", portfolio.remove, name="achievement_remove"),
    path(f"{_ONE}audience/", portfolio.audience, name="achievement_audience"),
    path(f"{_ONE}file/", portfolio.achievement_file, name="achievement_file"),
]
