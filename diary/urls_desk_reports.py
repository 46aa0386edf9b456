"""What families told of absences, on the class teacher's desk."""

from django.urls import URLPattern, URLResolver, path

from diary.views import reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:class_id>/absences/", reports.absence_reports, name="absence_reports"),
    path(
        "<uuid:class_id>/absences/<uuid:report_id>/accept/", reports.accept, name="absence_accept"
    ),
    path(
        "<uuid:class_id>/absences/<uuid:report_id>/decline/",
        reports.decline,
        name="absence_decline",
    ),
    path(
        "<uuid:class_id>/absences/<uuid:report_id>/file/", reports.report_file, name="absence_file"
    ),
]
