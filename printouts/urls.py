from django.urls import URLPattern, URLResolver, path

from printouts import views

app_name = "printouts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("extracts/", views.order_extracts, name="order_extracts"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:job_id>/repeat/", views.repeat, name="repeat"),
    path("jobs/<uuid:job_id>/file/", views.download, name="download"),
]
