from django.urls import path

from access import views, views_refusals, views_removals

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
    path("removals/", views_removals.removals, name="removals"),
    path("removals/<uuid:removal_id>/", views_removals.removal, name="removal"),
    path("removals/<uuid:removal_id>/remove/", views_removals.remove_now, name="remove_now"),
    path(
        "removals/<uuid:removal_id>/results/",
        views_removals.keep_for_results,
        name="keep_for_results",
    ),
    path("acts/<uuid:act_id>/log/", views_removals.act_log, name="act_log"),
    path("roles/<uuid:assignment_id>/take/", views.take_role, name="take_role"),
]
