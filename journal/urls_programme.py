"""Plans of courses and statistics of lessons held."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
