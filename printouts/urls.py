from django.urls import URLPattern, URLResolver, path

from printouts import (
    views,
    views_acts,
    views_consents,
    views_portfolios,
    views_registers,
    views_report_cards,
    views_summaries,
    views_takeouts,
)

app_name = "printouts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("extracts/", views.order_extracts, name="order_extracts"),
    path("consents/", views_consents.index, name="consents"),
    path("consents/order/", views_consents.order, name="order_consents"),
    path(
        "consents/family/<uuid:guardianship_id>/",
        views_consents.of_family,
        name="consents_of_family",
    ),
    path("consents/<uuid:text_id>/", views_consents.blank, name="consent_blank"),
    path(
        "consents/<uuid:text_id>/<uuid:guardianship_id>/",
        views_consents.filled,
        name="consent_filled",
    ),
    path("register/<uuid:course_id>/", views_registers.register, name="register"),
    path("summary/<uuid:class_id>/", views_summaries.summary, name="summary"),
    path("report-card/<uuid:pupil_id>/", views_report_cards.report_card_file, name="report_card"),
    path("takeout/<uuid:pupil_id>/", views_takeouts.takeout_file, name="takeout"),
    path("portfolio/<uuid:pupil_id>/", views_portfolios.portfolio_file, name="portfolio"),
    path("acts/<uuid:act_id>/", views_acts.act, name="act"),
    path("removals/<uuid:removal_id>/copy/", views_acts.family_copy, name="family_copy"),
    path("day/", views_registers.day_sheet, name="day_sheet"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:job_id>/repeat/", views.repeat, name="repeat"),
    path("jobs/<uuid:job_id>/file/", views.download, name="download"),
]
