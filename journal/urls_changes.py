"""What others changed in an open journal."""

from django.urls import path

from journal.views.changes import changes, work_kind

urlpatterns = [
    path("<uuid:course_id>/changes", changes, name="changes"),
    path("<uuid:course_id>/lessons/<uuid:lesson_id>/kind", work_kind, name="work_kind"),
]
