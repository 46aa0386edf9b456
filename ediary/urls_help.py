"""The handbook inside the program."""

from django.urls import path

from ediary import views_help

app_name = "help"
urlpatterns = [
    path("", views_help.index, name="index"),
    path("<slug:slug>/", views_help.chapter, name="chapter"),
]
