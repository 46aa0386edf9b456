"""Debts, criteria, reopened lessons, unusual edits, rollback."""

from django.urls import path

from journal.views import marking, oversight

urlpatterns = [
    path("debts/", marking.debts, name="debts"),
    path("reopenings/", oversight.reopenings, name="reopenings"),
    path("reopenings/<uuid:reopening_id>/", oversight.decide_reopening, name="decide_reopening"),
    path(
        "reopenings/<uuid:reopening_id>/close/", oversight.close_reopening, name="close_reopening"
    ),
    path("unusual/", oversight.unusual, name="unusual"),
    path("unusual/<uuid:unusual_id>/", oversight.answer_unusual, name="answer_unusual"),
    path("<uuid:course_id>/ask/", oversight.ask_reopening, name="ask_reopening"),
    path("<uuid:course_id>/open/", oversight.open_lesson, name="open_lesson"),
    path("<uuid:course_id>/operations/", oversight.operations, name="operations"),
    path("<uuid:course_id>/works/<uuid:work_id>/criteria/", marking.criteria, name="criteria"),
]
