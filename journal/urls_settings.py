"""The school's own rules of marking."""

from django.urls import URLPattern, path

from journal.views import settings

urlpatterns: list[URLPattern] = [
    path("settings/", settings.index, name="settings"),
    path("settings/kinds/", settings.kinds, name="kinds"),
    path("settings/kinds/new/", settings.new_kind, name="kind_new"),
    path("settings/kinds/<uuid:kind_id>/", settings.kind, name="kind"),
    path("settings/kinds/<uuid:kind_id>/end/", settings.end_kind, name="kind_end"),
    path("settings/scales/", settings.scales, name="scales"),
    path("settings/scales/new/", settings.new_scale, name="scale_new"),
    path("settings/scales/<uuid:scale_id>/", settings.scale, name="scale"),
    path("settings/finals/", settings.final_rules, name="final_rules"),
    path("settings/finals/new/", settings.new_final_rule, name="final_rule_new"),
    path("settings/finals/<uuid:rule_id>/", settings.final_rule, name="final_rule"),
    path("settings/finals/<uuid:rule_id>/end/", settings.end_final_rule, name="final_rule_end"),
    path("settings/rules/", settings.norms, name="norms"),
    path("settings/rules/<slug:code>/", settings.norm_group, name="norm_group"),
]
