"""Addresses of the OpenRosa server: with a name and password, and with the password in the address."""

from django.urls import path

from . import openrosa

app_name = "openrosa"
KEY = "key/<str:token>/"
WAYS = (
    ("formList", openrosa.form_list, "form_list"),
    ("submission", openrosa.submission, "submission"),
    ("forms/<uuid:version>.xml", openrosa.form, "form"),
    ("forms/<uuid:version>/manifest", openrosa.manifest, "manifest"),
    ("forms/<uuid:version>/<str:name>", openrosa.picture, "picture"),
)

urlpatterns = [
    *(path(way, view, name=name) for way, view, name in WAYS),
    *(path(KEY + way, view, name=f"key_{name}") for way, view, name in WAYS),
]
