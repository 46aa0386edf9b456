"""The staff write to families."""

from django.urls import URLPattern, URLResolver, path

from diary.views import desk_advice, desk_words, families, hours

urlpatterns: list[URLPattern | URLResolver] = [
    path("families/", families.families, name="families"),
    path("families/announcements/", desk_words.announcements, name="announcements"),
    path("families/announcements/new/", desk_words.announce, name="announce"),
    path(
        "families/announcements/<uuid:announcement_id>/",
        desk_words.announcement,
        name="announcement",
    ),
    path(
        "families/announcements/<uuid:announcement_id>/withdraw/",
        desk_words.withdraw,
        name="announcement_withdraw",
    ),
    path("families/recommendations/", desk_advice.recommendations, name="recommendations"),
    path("families/recommendations/new/<uuid:course_id>/", desk_advice.recommend, name="recommend"),
    path(
        "families/recommendations/<uuid:batch>/", desk_advice.recommendation, name="recommendation"
    ),
    path(
        "families/recommendations/<uuid:batch>/take-back/",
        desk_advice.take_back,
        name="recommendation_take_back",
    ),
    path("families/hours/", hours.hours, name="hours"),
    path("families/hours/<uuid:hours_id>/remove/", hours.remove_hours, name="hours_remove"),
]
