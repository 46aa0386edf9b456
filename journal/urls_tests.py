"""The schedule of tests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
