"""Closing the period: proposals, deferrals, sign-off."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
