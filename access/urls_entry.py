from django.urls import URLPattern, URLResolver

app_name = "access_entry"
urlpatterns: list[URLPattern | URLResolver] = []
