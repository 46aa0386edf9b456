"""Plans of courses and statistics of lessons held."""

from django.urls import URLPattern, path

from journal.views import programme as views
from journal.views.statistics import statistics_export, statistics_page

PROGRAMME = "programmes/<uuid:programme_id>/"
urlpatterns: list[URLPattern] = [
    path("programmes/", views.programmes, name="programmes"),
    path("programmes/template/", views.programme_template, name="programme_template"),
    path("programmes/import/", views.programme_import, name="programme_import"),
    path(PROGRAMME, views.programme, name="programme"),
    path(f"{PROGRAMME}export/", views.programme_export, name="programme_export"),
    path("statistics/", statistics_page, name="statistics"),
    path("statistics/export/", statistics_export, name="statistics_export"),
    path("<uuid:course_id>/programme/", views.course_programme, name="course_programme"),
    path("<uuid:course_id>/topics/", views.course_topics, name="course_topics"),
    path("<uuid:course_id>/topics/copy/", views.copy_homework, name="copy_homework"),
]
