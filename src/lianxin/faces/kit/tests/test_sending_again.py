"""What a form that met bad luck says of its files, and what a page keeps of any form that was sent."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import RequestFactory

from lianxin.faces.kit.acting import carry_out
from lianxin.faces.kit.sending_again import again

KEY = "018f0000-0000-7000-8000-000000000001"


class PictureForm(forms.Form):
    """A form with a file."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField()
    picture = forms.FileField()


def locked(_values: dict[str, Any]) -> None:
    """Wait in vain, as SQLite does."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("database is locked") from cause


@pytest.mark.django_db
def test_form_that_met_bad_luck_keeps_what_was_typed_and_names_the_file_to_choose_again() -> None:
    picture = SimpleUploadedFile("门口.jpg", b"x")
    request = RequestFactory().post("/x/", {"key": KEY, "title": "扶手", "picture": picture})
    form = PictureForm(request.POST, request.FILES)

    done = carry_out(request, form, do=locked, then=lambda _done: "/")

    assert done is None
    assert (form["title"].value(), str(form["key"].value())) == ("扶手", KEY)
    assert "门口.jpg" in str(form.non_field_errors())
    assert request.bad_luck.status == 503  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_fault_of_ours_is_never_told_as_bad_luck() -> None:
    request = RequestFactory().post("/x/", {"key": KEY, "title": "扶手", "picture": SimpleUploadedFile("a", b"x")})
    form = PictureForm(request.POST, request.FILES)

    def broken(_values: dict[str, Any]) -> None:
        raise OperationalError("no such table")

    with pytest.raises(OperationalError):
        carry_out(request, form, do=broken, then=lambda _done: "/")


def test_page_keeps_every_value_in_its_order_and_writes_no_password() -> None:
    files = [SimpleUploadedFile("a.jpg", b"x"), SimpleUploadedFile("b.jpg", b"y")]
    typed = {"needs": ["3", "1", "2"], "note": "一行\n两行 <b>", "new_password1": "s", "step-key": KEY, "photos": files}

    kept = again(RequestFactory().post("/x/?a=1", typed))

    assert kept is not None
    assert kept.fields == (
        *(("needs", value) for value in ("3", "1", "2")),
        ("note", "一行\n两行 <b>"),
        ("step-key", KEY),
    )
    assert kept.secrets == ("new_password1",)
    assert [(one.name, one.files, one.are_several) for one in kept.files] == [("photos", ("a.jpg", "b.jpg"), True)]
    assert (kept.action, kept.has_key) == ("/x/?a=1", True)


def test_reading_and_what_programs_send_have_no_form_to_send_again() -> None:
    make = RequestFactory()

    assert again(make.get("/x/")) is None
    assert again(make.post("/x/", "{}", content_type="application/json")) is None
