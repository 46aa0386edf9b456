from django.urls import URLPattern, URLResolver, path

from notifications import views

app_name = "outbox"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.outbox, name="list"),
]
