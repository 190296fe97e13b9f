"""The resources list as HSDS, the common form of service directories: given out and taken in."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.resources.commands.hsds import start_import
from lianxin.domain.resources.queries.hsds import services
from lianxin.faces.kit.acting import tell
from lianxin.platform.errors import Missing, NotAllowed, Problem

from ..acting import ActForm
from ..choices import CHOOSE
from .desk import ResourcesDesk, desk_of
from .gate import keeping, reading


@reading
def give_out(request: HttpRequest) -> HttpResponse:
    """Give the organisations' offers in scope as one page of HSDS services."""
    desk = desk_of(request)
    body = json.dumps(services(actor=desk.actor), ensure_ascii=False, indent=1)
    name = quote(f"hsds-services-{desk.on.isoformat()}.json")
    disposition = f"attachment; filename*=UTF-8''{name}"
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": disposition})


class FileForm(ActForm):
    """Which file, for which community."""

    community = forms.ChoiceField(
        label=gettext_lazy("Community"),
        help_text=gettext_lazy("For services that do not say for which community they are"),
    )
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        named = [(str(pk), name) for pk, name in desk.communities()]
        fields["community"].choices = named if len(named) == 1 else [("", CHOOSE), *named]
        fields["file"].widget.attrs["accept"] = ".json"


@keeping
def take_in(request: HttpRequest) -> HttpResponse:
    """Check an HSDS file and start an import with its services as rows; nothing is entered before it was looked at."""
    desk = desk_of(request)
    form = FileForm(request.POST or None, request.FILES or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            run = start_import(
                actor=desk.actor,
                file=wanted["file"],
                name=wanted["file"].name,
                community=UUID(wanted["community"]),
                at=desk.at,
                key=wanted["key"],
            )
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            tell(form, problem)
        else:
            return redirect("staff:import", run=run.pk)
    back = reverse("staff:offers")
    context = {
        "form": form,
        "title": _("Take in an HSDS file"),
        "lead": _(
            "A JSON file of services as HSDS 3.0 or 3.1 writes them. You see each row before anything is entered."
        ),
        "button": _("Check it"),
        "cancel_url": back,
        "multipart": True,
        "crumbs": desk.crumbs((_("Take in an HSDS file"), "")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "staff/form.html", context, status=status)
