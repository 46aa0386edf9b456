"""The gallery of components: /dev/ui/."""

from django.urls import path

from common.ui import views

app_name = "ui"
urlpatterns = [path("", views.gallery, name="gallery")]
