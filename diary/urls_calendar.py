from django.urls import URLPattern, URLResolver, path

from diary.views import feeds

app_name = "calendar"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:secret>.ics", feeds.feed, name="feed"),
]
