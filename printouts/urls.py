from django.urls import URLPattern, URLResolver, path

from printouts import views, views_registers, views_summaries

app_name = "printouts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("extracts/", views.order_extracts, name="order_extracts"),
    path("register/<uuid:course_id>/", views_registers.register, name="register"),
    path("summary/<uuid:class_id>/", views_summaries.summary, name="summary"),
    path("day/", views_registers.day_sheet, name="day_sheet"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:job_id>/repeat/", views.repeat, name="repeat"),
    path("jobs/<uuid:job_id>/file/", views.download, name="download"),
]
