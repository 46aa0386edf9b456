from django.urls import URLPattern, URLResolver, path

from diary import urls_desk_words, views

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desks, name="home"),
    path("<uuid:class_id>/", views.desk, name="class"),
    path("<uuid:class_id>/paper/", views.paper_acknowledgement, name="paper_acknowledgement"),
    *urls_desk_words.urlpatterns,
]
