from django.urls import URLPattern, URLResolver, path

from diary.views import marks

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/marks/", marks.marks, name="marks"),
    path("<uuid:pupil_id>/marks/<uuid:subject_id>/", marks.subject, name="subject"),
]
