"""What others changed in an open journal."""

from django.urls import path

from journal.views.changes import changes

urlpatterns = [path("<uuid:course_id>/changes", changes, name="changes")]
