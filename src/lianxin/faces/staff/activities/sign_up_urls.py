"""Addresses of the pages of sign-ups."""

from django.urls import path

from . import chains, sign_up_desk, sign_up_pages, sign_ups

urlpatterns = [
    path("dates/<uuid:occurrence>/sign-ups/", sign_ups.show, name="sign_ups"),
    path("dates/<uuid:occurrence>/sign-ups/new/", sign_up_desk.new, name="sign_up_new"),
    path("dates/<uuid:occurrence>/sign-ups/names/", sign_ups.named, name="sign_ups_named"),
    path("dates/<uuid:occurrence>/sign-ups/call/", sign_ups.to_call, name="sign_ups_to_call"),
    path("dates/<uuid:occurrence>/sign-ups/text/", chains.text, name="sign_ups_text"),
    path("dates/<uuid:occurrence>/sign-ups/draw/", sign_ups.draw_now, name="sign_ups_draw"),
    path("dates/<uuid:occurrence>/sign-ups/move/", sign_ups.move_on, name="sign_ups_move"),
    path("dates/<uuid:occurrence>/chain/", chains.paste, name="chain_paste"),
    path("chains/<uuid:chain>/", chains.show, name="chain"),
    path("chains/<uuid:chain>/drop/", chains.drop, name="chain_drop"),
    path("sign-ups/<uuid:sign_up>/", sign_up_pages.show_one, name="sign_up"),
    path("sign-ups/<uuid:sign_up>/cancel/", sign_up_pages.cancel, name="sign_up_cancel"),
    path("sign-ups/<uuid:sign_up>/accept/", sign_up_pages.accept, name="sign_up_accept"),
    path("sign-ups/<uuid:sign_up>/decline/", sign_up_pages.decline, name="sign_up_decline"),
]
