from django.urls import URLPattern, URLResolver, path

from diary import urls_desk_portfolio, urls_desk_reports, urls_desk_seen, urls_desk_words, views
from diary.views import desk_reminders, desk_slips, desk_weeks

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desks, name="home"),
    path("<uuid:class_id>/", views.desk, name="class"),
    path("school/", desk_weeks.school_board, name="school"),
    path("<uuid:class_id>/weeks/", desk_weeks.class_weeks, name="weeks"),
    path("<uuid:class_id>/visits/", desk_weeks.class_visits, name="visits"),
    path("<uuid:class_id>/remind/", desk_reminders.remind, name="remind"),
    path(
        "<uuid:class_id>/remind/in-person/",
        desk_reminders.reminded_in_person,
        name="reminded_in_person",
    ),
    path("evidence/<uuid:acknowledgement_id>/", desk_slips.evidence, name="evidence"),
    path("<uuid:class_id>/slips/", desk_slips.slips, name="slips"),
    path("<uuid:class_id>/paper/", views.paper_acknowledgement, name="paper_acknowledgement"),
    *urls_desk_reports.urlpatterns,
    *urls_desk_portfolio.urlpatterns,
    *urls_desk_seen.urlpatterns,
    *urls_desk_words.urlpatterns,
]
