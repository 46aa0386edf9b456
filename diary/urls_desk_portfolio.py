"""Portfolios for the staff."""

from django.urls import URLPattern, URLResolver, path

from diary.views import desk_portfolio

urlpatterns: list[URLPattern | URLResolver] = [
    path("families/portfolio/", desk_portfolio.portfolios, name="portfolios"),
    path("<uuid:class_id>/portfolio/", desk_portfolio.portfolio, name="portfolio"),
    path(
        "families/achievements/<uuid:achievement_id>/",
        desk_portfolio.achievement,
        name="achievement",
    ),
    path(
        "families/achievements/<uuid:achievement_id>/file/",
        desk_portfolio.achievement_file,
        name="achievement_file",
    ),
]
