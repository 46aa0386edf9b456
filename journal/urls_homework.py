"""Homework: for named pupils, with answers and the norm."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
