"""Addresses of visits."""

from django.urls import path

from . import board, conflicts, devices, phone, planning, promises, recording, rounds, visit_acts, visit_page

VISIT = "visits/<uuid:visit>/"
PROMISE = "visits/promises/<uuid:visit_promise>/"
CONFLICT = "visits/compare/<uuid:visit_conflict>/"

urlpatterns = [
    path("visits/", board.browse, name="visits"),
    path("visits/chosen/", board.chosen, name="visits_chosen"),
    path("visits/due/", planning.due, name="visits_due"),
    path("visits/plan/", planning.plan, name="visits_plan"),
    path("visits/assign/", planning.assign, name="visits_assign"),
    path("visits/sheet/", rounds.sheet, name="visits_sheet"),
    path("visits/promises/", promises.browse, name="visit_promises"),
    path(PROMISE, promises.show, name="visit_promise"),
    path(PROMISE + "end/", promises.end, name="visit_promise_end"),
    path(PROMISE + "reopen/", promises.reopen, name="visit_promise_reopen"),
    path("visits/compare/", conflicts.browse, name="visit_conflicts"),
    path(CONFLICT, conflicts.show, name="visit_conflict"),
    path(CONFLICT + "take/", conflicts.take, name="visit_conflict_take"),
    path(CONFLICT + "leave/", conflicts.leave, name="visit_conflict_leave"),
    path("visits/phones/", devices.browse, name="visit_devices"),
    path("visits/phones/<uuid:visit_device>/end/", devices.end, name="visit_device_end"),
    path(VISIT, visit_page.show, name="visit"),
    path(VISIT + "record/", recording.record, name="visit_record"),
    path(VISIT + "change/", visit_acts.change, name="visit_change"),
    path(VISIT + "call-off/", visit_acts.call_off, name="visit_call_off"),
    path(VISIT + "promise/", promises.new, name="visit_promise_new"),
    path("visits/phone/take/", phone.take, name="visits_take"),
    path("visits/phone/recover/", phone.recover, name="visits_recover"),
    path("visits/phone/send/", phone.send, name="visits_send"),
]
