"""Results of years: summary sheet, indicators, exams, debts, all years of a pupil."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
