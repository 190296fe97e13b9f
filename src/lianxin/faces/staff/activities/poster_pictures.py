"""The picture of an activity: the form that sends it in, the button that takes it out, the picture itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.commands.poster_pictures import put_poster_picture, remove_poster_picture
from lianxin.domain.activities.queries.publicity import find_picture
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.stored import answer_file
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .desk import activity_desk
from .gate import planner_presses, planning, reading


class PictureForm(ActForm):
    """A picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 5 MB. It is printed on the poster."),
    )


@planning
def change(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Send a picture in."""
    desk = activity_desk(request, activity)

    def do(wanted: dict[str, Any]) -> Any:
        sent = wanted["picture"]
        return put_poster_picture(actor=desk.actor, activity=activity, fileobj=sent, name=sent.name, at=now())

    return answer_form(
        request,
        PictureForm(request.POST or None, request.FILES or None),
        do=do,
        then=lambda _row: desk.url("activity"),
        said=_("The picture is kept."),
        title=_("Picture of “%(title)s”") % {"title": desk.row.title},
        button=_("Send it in"),
        cancel_url=desk.url("activity"),
        crumbs=desk.crumbs((desk.row.title, desk.url("activity")), (_("Picture"), "")),
    )


@planner_presses
def remove(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Take the picture out."""
    desk = activity_desk(request, activity)
    return press(
        request,
        do=lambda: remove_poster_picture(actor=desk.actor, activity=activity, at=now(), key=key_of(request)),
        back=desk.url("activity"),
        said=_("No picture is shown any more."),
    )


@reading
def show(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Give the picture."""
    stored = find_picture(actor=actor_of(request), activity=activity)
    return answer_file(stored)
