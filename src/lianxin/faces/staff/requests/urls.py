"""Addresses of what offices above ask of a community, and of what reached it another way."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    answering,
    demands,
    inbox,
) = late_pages(
    __package__,
    "answering",
    "demands",
    "inbox",
)

urlpatterns = [
    path("requests/", inbox.browse, name="requests"),
    path("requests/demands/", demands.browse, name="demands"),
    path("requests/demands/new/", demands.new, name="demand_new"),
    path("requests/demands/<uuid:demand>/", demands.show, name="demand"),
    path("requests/demands/<uuid:demand>/done/", demands.done, name="demand_done"),
    path("requests/demands/<uuid:demand>/take-back/", demands.take_back, name="demand_take_back"),
    path("requests/answers/<uuid:request_answer>/", answering.file, name="request_answer"),
    path("requests/<uuid:request_reach>/", answering.show, name="request_reach"),
]
