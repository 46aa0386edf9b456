from django.urls import URLPattern, URLResolver, path

from printouts import views

app_name = "verify"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.verify_form, name="form"),
    path("<str:code>", views.verify, name="extract"),
]
