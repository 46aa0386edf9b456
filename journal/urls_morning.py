"""The morning's absentees, notes, eaters, behaviour."""

from django.urls import URLPattern, path

from journal.views import behaviour, morning

urlpatterns: list[URLPattern] = [
    path("morning/", morning.overview, name="morning"),
    path("morning/<uuid:class_id>/", morning.class_day, name="class_day"),
    path("morning/<uuid:class_id>/notes/", morning.notes, name="absence_notes"),
    path("morning/notes/<uuid:note_id>/", morning.note, name="absence_note"),
    path("morning/notes/<uuid:note_id>/remove/", morning.remove_note, name="absence_note_remove"),
    path("behaviour/", behaviour.index, name="behaviours"),
    path("behaviour/<uuid:class_id>/", behaviour.register, name="behaviour"),
    path("behaviour/<uuid:class_id>/note/", behaviour.add_note, name="behaviour_note"),
    path(
        "behaviour/notes/<uuid:mark_id>/remove/",
        behaviour.remove_note,
        name="behaviour_note_remove",
    ),
]
