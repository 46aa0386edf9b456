"""The addresses of the whole site; `contract.md` says which of them stay put."""

from django.urls import include, path

from ediary import health, views

urlpatterns = [
    path("diary/settings/", include("notifications.urls_settings")),
    path("diary/", include("diary.urls")),
    path("journal/", include("journal.urls")),
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/", include("access.urls_accounts")),
    path("entry/", include("access.urls_entry")),
    path("access/", include("access.urls")),
    path("class/", include("diary.urls_desk")),
    path("calendar/", include("diary.urls_calendar")),
    path("printouts/", include("printouts.urls")),
    path("verify/", include("printouts.urls_verify")),
    path("consent/", include("consent.urls")),
    path("contacts/", include("consent.urls_contacts")),
    path("control/", include("control.urls")),
    path("api/", include("exchange.urls")),
    path("help/", include("ediary.urls_help")),
    path("dev/outbox/", include("notifications.urls_dev")),
    path("dev/ui/", include("common.urls")),
]

handler400 = "ediary.views.bad_request"
handler403 = "ediary.views.permission_denied"
handler404 = "ediary.views.page_not_found"
handler500 = "ediary.views.server_error"
