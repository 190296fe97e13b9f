"""Addresses of briefings and of the templates they are made from."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

briefings, briefing_acts, briefing_templates = late_pages(
    "lianxin.faces.district.views", "briefings", "briefing_acts", "briefing_templates"
)
ONE, TEMPLATE = "briefings/<uuid:briefing>/", "briefings/templates/<uuid:briefing_template>/"

urlpatterns: list[URLPattern] = [
    path("briefings/", briefings.show, name="briefings"),
    path("briefings/export/", briefings.show, {"shown": WORKBOOK}, name="briefings_export"),
    path("briefings/print/", briefings.show, {"shown": SHEET}, name="briefings_print"),
    path("briefings/new/", briefing_acts.ask, name="briefing_new"),
    path("briefings/templates/", briefing_templates.show, name="briefing_templates"),
    path("briefings/templates/new/", briefing_templates.upload, name="briefing_template_new"),
    path("briefings/templates/names/", briefing_templates.names, name="briefing_names"),
    path("briefings/templates/own/<slug:kind>/", briefing_templates.shipped, name="briefing_shipped"),
    path(TEMPLATE, briefing_templates.template, name="briefing_template"),
    path(f"{TEMPLATE}file/", briefing_templates.download, name="briefing_template_file"),
    path(f"{TEMPLATE}use/", briefing_templates.use, name="briefing_template_use"),
    path(f"{TEMPLATE}retire/", briefing_templates.retire, name="briefing_template_retire"),
    path(ONE, briefings.briefing, name="briefing"),
    path(f"{ONE}progress/", briefings.progress, name="briefing_progress"),
    path(f"{ONE}file/", briefings.download, name="briefing_file"),
    path(f"{ONE}compared/", briefings.compared, name="briefing_compared"),
    path(f"{ONE}again/", briefing_acts.again, name="briefing_again"),
    path(f"{ONE}issue/", briefing_acts.issue, name="briefing_issue"),
    path(f"{ONE}withdraw/", briefing_acts.withdraw, name="briefing_withdraw"),
    path(f"{ONE}drop/", briefing_acts.drop, name="briefing_drop"),
]
