"""Addresses of what offices above ask, and of the burden that it is."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

requests, requests_drafts, requests_acts, burden = late_pages(
    "lianxin.faces.district.views", "requests", "requests_drafts", "requests_acts", "burden"
)
ONE = "requests/<uuid:upper_request>/"
FIELD = "requests/fields/<uuid:request_field>/"

urlpatterns: list[URLPattern] = [
    path("requests/", requests.show, name="requests"),
    path("requests/export/", requests.show, {"shown": WORKBOOK}, name="requests_export"),
    path("requests/print/", requests.show, {"shown": SHEET}, name="requests_print"),
    path("requests/new/", requests_drafts.new, name="request_new"),
    path("requests/answers/<uuid:request_answer>/", requests.file, name="request_answer"),
    path(FIELD, requests_drafts.field, name="request_field"),
    path(FIELD + "drop/", requests_drafts.drop_field, name="request_field_drop"),
    path(ONE, requests.upper_request, name="upper_request"),
    path(ONE + "export/", requests.export, name="request_export"),
    path(ONE + "edit/", requests_drafts.edit, name="request_edit"),
    path(ONE + "fields/", requests_drafts.new_field, name="request_field_new"),
    path(ONE + "gate/", requests_drafts.gate, name="request_gate"),
    path(ONE + "send/", requests_acts.send, name="request_send"),
    path(ONE + "close/", requests_acts.close, name="request_close"),
    path(ONE + "withdraw/", requests_acts.withdraw, name="request_withdraw"),
    path(ONE + "discard/", requests_acts.discard, name="request_discard"),
    path(ONE + "renew/", requests_acts.renew, name="request_renew"),
    path("burden/", burden.show, name="burden"),
    path("burden/export/", burden.show, {"shown": WORKBOOK}, name="burden_export"),
    path("burden/print/", burden.show, {"shown": SHEET}, name="burden_print"),
]
