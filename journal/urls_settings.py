"""The school's own rules of marking."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
