"""Work without network, and the blank sheet of a day."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
