"""Addresses of the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView

from exchange import views

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("schema/", login_not_required(SpectacularAPIView.as_view()), name="schema"),
    path("docs/", views.docs, name="docs"),
    path("v1/token/", views.token, name="token"),
    path("v1/children/", views.children, name="children"),
    path("v1/children/<uuid:pupil_id>/weeks/<iso_week:monday>/", views.week, name="week"),
    path(
        "v1/children/<uuid:pupil_id>/weeks/<iso_week:monday>/acknowledgements/",
        views.acknowledge,
        name="acknowledge",
    ),
    path(
        "v1/children/<uuid:pupil_id>/weeks/<iso_week:monday>/finals/", views.finals, name="finals"
    ),
    path("v1/children/<uuid:pupil_id>/marks/", views.marks, name="marks"),
    path("v1/lessons/", views.lessons, name="lessons"),
    path("v1/courses/<uuid:course_id>/", views.sheet, name="sheet"),
    path("v1/courses/<uuid:course_id>/cells/", views.cells, name="cells"),
]
