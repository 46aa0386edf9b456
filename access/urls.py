from django.urls import path

from access import views, views_refusals

app_name = "access"
urlpatterns = [
    path("", views.people, name="people"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/roles/", views.give_role, name="give_role"),
    path("<uuid:person_id>/code/", views.issue_code, name="issue_code"),
    path("<uuid:person_id>/block/", views.block, name="block"),
    path("<uuid:person_id>/unblock/", views.unblock, name="unblock"),
    path("refusals/", views_refusals.refusals, name="refusals"),
    path("refusals/<uuid:refusal_id>/answered/", views_refusals.answered, name="refusal_answered"),
    path("roles/<uuid:assignment_id>/take/", views.take_role, name="take_role"),
]
