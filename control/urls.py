from django.urls import path

from control import views

app_name = "control"
urlpatterns = [
    path("", views.clauses, name="clauses"),
    path("regulation/", views.regulation, name="regulation"),
    path("regulation/adopt/", views.adopt, name="adopt"),
    path("regulation/publish/", views.publish, name="publish"),
    path("regulation/acquaint/", views.acquaint, name="acquaint"),
    path("<str:clause_id>/", views.clause, name="clause"),
]
