"""The school around the child."""

from django.urls import URLPattern, URLResolver, path

from diary.views import school

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/school/", school.school, name="school"),
]
