"""The deputy head: board, remarks, comparisons."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
