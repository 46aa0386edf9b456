"""Work without network."""

from django.urls import URLPattern, path

from journal.views import offline as views

urlpatterns: list[URLPattern] = [path("sw.js", views.worker, name="worker")]
