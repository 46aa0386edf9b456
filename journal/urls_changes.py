"""What others changed in an open journal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
