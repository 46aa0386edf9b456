from django.urls import URLPattern, URLResolver, path, register_converter

from diary import (
    urls_absences,
    urls_feeds,
    urls_marks,
    urls_phone,
    urls_portfolio,
    urls_school,
    urls_tasks,
    urls_words,
    views,
)
from diary.addresses import IsoWeekConverter

register_converter(IsoWeekConverter, "iso_week")

app_name = "diary"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("children/", views.children, name="children"),
    path("<uuid:pupil_id>/", views.current_week, name="current_week"),
    path("<uuid:pupil_id>/week/<iso_week:monday>/", views.week, name="week"),
    path("<uuid:pupil_id>/tasks/<uuid:homework_id>/", views.answer, name="answer"),
    path("<uuid:pupil_id>/finals/", views.finals, name="finals"),
    path("<uuid:pupil_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<uuid:pupil_id>/answers/<uuid:answer_id>/", views.answer_file, name="answer_file"),
    path("<uuid:pupil_id>/files/<uuid:file_id>/", views.homework_file, name="file"),
    *urls_absences.urlpatterns,
    *urls_feeds.urlpatterns,
    *urls_phone.urlpatterns,
    *urls_marks.urlpatterns,
    *urls_tasks.urlpatterns,
    *urls_portfolio.urlpatterns,
    *urls_school.urlpatterns,
    *urls_words.urlpatterns,
]
