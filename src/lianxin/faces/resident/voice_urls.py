"""Addresses of cases on the residents' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianxin.faces.resident.views import case_board, case_receipt, cases

urlpatterns: list[URLPattern] = [
    path("tell/case/", cases.new, name="case_new"),
    path("me/cases/", cases.own, name="my_cases"),
    path("c/<str:number>/<str:token>/", case_receipt.show, name="case_receipt"),
    path("c/<str:number>/<str:token>/act/", case_receipt.act, name="case_receipt_act"),
    path("c/<str:number>/<str:token>/voice/", case_receipt.voice, name="case_receipt_voice"),
    path("c/<str:number>/<str:token>/<uuid:picture>/", case_receipt.picture, name="case_receipt_picture"),
    path("communities/<uuid:community>/cases/", case_board.browse, name="cases"),
    path("communities/<uuid:community>/cases/<uuid:case>/", case_board.show, name="case"),
    path("communities/<uuid:community>/cases/<uuid:case>/<uuid:picture>/", case_board.picture, name="case_picture"),
]
