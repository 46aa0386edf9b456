from django.urls import URLPattern, URLResolver, path

from notifications import views_settings as views

app_name = "settings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="mine"),
    path("text/", views.text_size, name="text_size"),
]
