from django.urls import URLPattern, URLResolver, path

from diary.views import marks, results

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/marks/", marks.marks, name="marks"),
    path("<uuid:pupil_id>/marks/<uuid:subject_id>/", marks.subject, name="subject"),
    path("<uuid:pupil_id>/finals/years/", results.years, name="years"),
]
