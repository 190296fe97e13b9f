"""Addresses of the phone that goes along on visits: its page, and what the browser keeps of it."""

from django.urls import path

from . import phone_page, phone_photos

urlpatterns = [
    path("visits/phone/", phone_page.app, name="visits_phone"),
    path("visits/phone/worker.js", phone_page.worker, name="visits_phone_worker"),
    path("visits/phone/app.webmanifest", phone_page.manifest, name="visits_phone_manifest"),
    path("visits/phone/picture/", phone_photos.picture, name="visits_phone_picture"),
    path("visits/phone/photo/", phone_photos.take, name="visits_photo"),
]
