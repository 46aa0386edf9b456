from django.urls import path

from access import views_entry

app_name = "access_entry"
urlpatterns = [
    path("", views_entry.first_entry, name="first_entry"),
    path("password/", views_entry.choose_password, name="choose_password"),
]
