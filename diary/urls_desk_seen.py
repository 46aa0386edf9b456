from django.urls import URLPattern, URLResolver, path

from diary.views import seen

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:class_id>/results-seen/", seen.results, name="results_seen"),
    path("<uuid:class_id>/results-seen/<uuid:pupil_id>/", seen.personal, name="results_seen_pupil"),
]
