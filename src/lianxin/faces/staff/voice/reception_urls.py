"""Addresses of the pages of reception days."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    reception_day,
    reception_day_acts,
    reception_list,
    reception_place,
    reception_plan,
) = late_pages(
    __package__,
    "reception_day",
    "reception_day_acts",
    "reception_list",
    "reception_place",
    "reception_plan",
)

SERIES = "receptions/series/<uuid:series>/"
DAY = "receptions/<uuid:reception>/"
PLACE = "receptions/places/<uuid:received>/"

urlpatterns = [
    path("receptions/", reception_list.browse, name="receptions"),
    path("receptions/series/", reception_list.plans, name="reception_plans"),
    path("receptions/series/new/", reception_plan.new, name="reception_new"),
    path(SERIES, reception_plan.show, name="reception_series"),
    path(SERIES + "edit/", reception_plan.edit, name="reception_edit"),
    path(SERIES + "end/", reception_plan.end, name="reception_end"),
    path(DAY, reception_day.show, name="reception"),
    path(DAY + "book/", reception_day_acts.book, name="reception_book"),
    path(DAY + "walk-in/", reception_day_acts.walk_in, name="reception_walk_in"),
    path(DAY + "close/", reception_day_acts.close, name="reception_close"),
    path(DAY + "move/", reception_day_acts.move, name="reception_move"),
    path(DAY + "leader/", reception_day_acts.leader, name="reception_leader"),
    path(DAY + "cancel/", reception_day_acts.cancel, name="reception_cancel"),
    path(DAY + "missed/", reception_day_acts.missed, name="reception_missed"),
    path(DAY + "room/", reception_day_acts.room, name="reception_room"),
    path(DAY + "sheet/", reception_day_acts.sheet, name="reception_sheet"),
    path(PLACE, reception_place.show, name="received"),
    path(PLACE + "receive/", reception_place.receive, name="reception_receive"),
    path(PLACE + "case/", reception_place.make_case, name="reception_case"),
    path(PLACE + "promise/", reception_place.promise, name="reception_promise"),
    path(PLACE + "absent/", reception_place.absent, name="reception_absent"),
    path(PLACE + "give-up/", reception_place.give_up, name="reception_give_up"),
    path(PLACE + "called/", reception_place.called, name="reception_called"),
    path(PLACE + "slip/", reception_place.slip, name="reception_slip"),
]
