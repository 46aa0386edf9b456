"""Scales, kinds of work, retakes, debts, reopened lessons, unusual edits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
