"""The morning's absentees, notes, eaters, behaviour."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
