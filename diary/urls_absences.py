"""Absences of a child, and what the family tells ahead."""

from django.urls import URLPattern, URLResolver, path

from diary.views import absences

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/absences/", absences.absences, name="absences"),
    path("<uuid:pupil_id>/absences/report/", absences.report, name="absence_report"),
    path(
        "<uuid:pupil_id>/absences/<uuid:report_id>/withdraw/",
        absences.withdraw,
        name="absence_withdraw",
    ),
    path(
        "<uuid:pupil_id>/absences/<uuid:report_id>/file/", absences.report_file, name="absence_file"
    ),
]
