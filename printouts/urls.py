from django.urls import URLPattern, URLResolver

app_name = "printouts"
urlpatterns: list[URLPattern | URLResolver] = []
