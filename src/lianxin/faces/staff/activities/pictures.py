"""Pictures of a date: sent in with who agreed, shown to everybody or not, removed when somebody asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.commands.pictures import add_picture, remove_picture, show_picture
from lianxin.domain.activities.queries.feedback import find_picture, list_pictures
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import files
from lianxin.platform.clock import now

from ..acting import REASON, ActForm, answer_form
from .desk import occurrence_desk
from .door_gate import runner_presses, running
from .gate import reading


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show the pictures of a date."""
    desk = occurrence_desk(request, occurrence)
    rows = list_pictures(occurrence=occurrence, public_only=False)
    context = desk.context("pictures", (pgettext("activity", "Pictures"), "")) | {
        "rows": [
            {
                "row": row,
                "url": reverse("staff:picture", kwargs={"picture": row.id}),
                "show_url": reverse("staff:picture_show", kwargs={"picture": row.id}),
                "remove_url": reverse("staff:picture_remove", kwargs={"picture": row.id}),
            }
            for row in rows
        ],
        "runs": desk.runs,
        "new_url": desk.url("picture_new"),
    }
    return render(request, "staff/activities/pictures.html", context)


class PictureForm(ActForm):
    """A picture, and who agreed to it."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG or PNG, at most 10 MB. Where and with what it was taken is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    caption = forms.CharField(label=gettext_lazy("What is on it"), max_length=100, required=False)
    consent_note = forms.CharField(
        label=gettext_lazy("Who agreed"),
        max_length=200,
        help_text=gettext_lazy("Whoever can be recognised agreed, or nobody can be. Of children: the parents."),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Everybody may see it, since all on it agreed to that"), required=False
    )


@running
def new(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Send a picture in; none is ever required."""
    desk = occurrence_desk(request, occurrence)

    def do(wanted: dict[str, Any]) -> Any:
        sent = wanted["picture"]
        return add_picture(
            actor=desk.actor,
            occurrence=occurrence,
            fileobj=sent,
            name=sent.name,
            consent_note=wanted["consent_note"],
            caption=wanted["caption"],
            is_public=wanted["is_public"],
            at=now(),
        )

    return answer_form(
        request,
        PictureForm(request.POST or None, request.FILES or None),
        do=do,
        then=lambda _row: desk.url("pictures"),
        said=_("The picture is kept."),
        title=_("Add a picture"),
        lead=_("Pictures are welcome and never required. Faces are not searched for."),
        button=_("Add"),
        cancel_url=desk.url("pictures"),
        crumbs=desk.crumbs((pgettext("activity", "Pictures"), desk.url("pictures")), (_("Add"), "")),
    )


@reading
def give(request: HttpRequest, picture: UUID) -> HttpResponse:
    """Give the picture itself."""
    return answer_file(files.find_file(find_picture(actor=actor_of(request), picture=picture).file_id))


@runner_presses
def turn(request: HttpRequest, picture: UUID) -> HttpResponse:
    """Show a picture to everybody, or to the office alone again."""
    row = find_picture(actor=actor_of(request), picture=picture)
    desk = occurrence_desk(request, row.occurrence_id)
    return press(
        request,
        do=lambda: show_picture(actor=desk.actor, picture=picture, is_public=not row.is_public, at=now()),
        back=desk.url("pictures"),
        said=_("The office alone sees it now.") if row.is_public else _("Everybody can see it now."),
    )


class RemoveForm(ActForm):
    """Why a picture is removed."""

    reason = forms.CharField(
        label=REASON, max_length=200, initial=gettext_lazy("Somebody on it does not want to be seen")
    )


@running
def remove(request: HttpRequest, picture: UUID) -> HttpResponse:
    """Remove a picture and its file."""
    row = find_picture(actor=actor_of(request), picture=picture)
    desk = occurrence_desk(request, row.occurrence_id)
    return answer_form(
        request,
        RemoveForm(request.POST or None),
        do=lambda wanted: remove_picture(actor=desk.actor, picture=picture, reason=wanted["reason"], at=now()),
        then=lambda _row: desk.url("pictures"),
        said=_("The picture is removed."),
        title=_("Remove the picture"),
        button=_("Remove"),
        cancel_url=desk.url("pictures"),
        crumbs=desk.crumbs((pgettext("activity", "Pictures"), desk.url("pictures")), (_("Remove"), "")),
    )
