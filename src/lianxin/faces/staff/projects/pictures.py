"""The picture of a project: the form that sends it in, the button that takes it out, the picture itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.projects.commands.pictures import put_picture, remove_picture
from lianxin.domain.projects.queries.projects import find_project
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import files
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .desk import desk_at
from .gate import planner_presses, planning, reading
from .project_page import page_of


class PictureForm(ActForm):
    """A picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 5 MB. It stands on the public page and on posters."),
    )


@planning
def change(request: HttpRequest, project: UUID) -> HttpResponse:
    """Send a picture in; none is ever required."""
    row = find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)

    def do(wanted: dict[str, Any]) -> Any:
        sent = wanted["picture"]
        return put_picture(actor=desk.actor, project=project, fileobj=sent, name=sent.name, at=now())

    return answer_form(
        request,
        PictureForm(request.POST or None, request.FILES or None),
        do=do,
        then=lambda _row: page_of(project),
        said=_("The picture is kept."),
        title=_("Picture of “%(title)s”") % {"title": row.title},
        lead=_("Show what happens or the place. Whoever can be recognised must have agreed."),
        button=_("Send it in"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Picture"), ""))["crumbs"],
    )


@planner_presses
def remove(request: HttpRequest, project: UUID) -> HttpResponse:
    """Take the picture out."""
    find_project(actor=actor_of(request), project=project)
    return press(
        request,
        do=lambda: remove_picture(actor=actor_of(request), project=project, at=now(), key=key_of(request)),
        back=page_of(project),
        said=_("No picture is shown any more."),
    )


@reading
def show(request: HttpRequest, project: UUID) -> HttpResponse:
    """Give the picture."""
    return answer_file(files.find_file(find_project(actor=actor_of(request), project=project).picture_id))
