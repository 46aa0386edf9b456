from django.urls import URLPattern, URLResolver, path

from diary.views import feeds

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/calendar/", feeds.calendar, name="calendar"),
    path("<uuid:pupil_id>/calendar/new/", feeds.make_calendar, name="make_calendar"),
    path("<uuid:pupil_id>/calendar/revoke/", feeds.revoke_calendar, name="revoke_calendar"),
]
