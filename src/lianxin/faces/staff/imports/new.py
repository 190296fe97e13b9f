"""Sending in a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.forms import add_problem
from lianxin.platform import clock, files, runs
from lianxin.platform.actors import Actor
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Missing, NotAllowed, Problem, TooLarge
from lianxin.platform.models import Run
from lianxin.platform.sheets import write_template

from ..acting import ActForm
from ..choices import CHOOSE, community_choices
from ..sheets import XLSX
from .gate import form_page, reading
from .words import kinds

KEEP_FILE = timedelta(days=7)


class NewImport(ActForm):
    """Which table, of what kind, for which community."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in the table"))
    community = forms.ChoiceField(
        label=gettext_lazy("Community"),
        required=False,
        help_text=gettext_lazy("For rows that name no community. Leave it empty when every row names its own."),
    )
    # What the table belongs to, where a page of it led here.
    occurrence = forms.UUIDField(widget=forms.HiddenInput, required=False)
    register = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)

    def __init__(self, *args: Any, actor: Actor, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        allowed = [(kind.name, kind.label) for kind in kinds() if kind.may(actor)]
        fields["kind"].choices = allowed
        if len(allowed) == 1:
            fields["kind"].initial = allowed[0][0]
            fields["kind"].widget = forms.HiddenInput()
        elif not self.is_bound and asked in dict(allowed):
            fields["kind"].initial = asked
        communities = community_choices(actor, subdistricts=False)
        if communities:
            fields["community"].choices = [("", CHOOSE), *communities]
        else:
            del fields["community"]
        limit = settings.UPLOAD_LIMIT_BYTES // 1_048_576
        fields["file"].help_text = _("XLSX or CSV, at most %(limit)d MB and 200,000 rows.") % {"limit": limit}
        fields["file"].widget.attrs["accept"] = ".xlsx,.csv"


def _only_community(actor: Actor) -> UUID | None:
    return next(iter(actor.communities)) if actor.communities and len(actor.communities) == 1 else None


def _start(actor: Actor, form: NewImport) -> Run:
    wanted = form.cleaned_data
    chosen = wanted.get("community")
    community = UUID(chosen) if chosen else _only_community(actor)
    if community is not None and not actor.covers(community):
        raise Missing
    at = clock.now()
    upload = wanted["file"]
    with transaction.atomic():
        stored = files.store(
            fileobj=upload,
            name=upload.name,
            purpose="runs.source",
            limit_bytes=settings.UPLOAD_LIMIT_BYTES,
            accept=files.TABLES,
            community_id=community,
            expires_on=clock.local_day(at) + KEEP_FILE,
            at=at,
        )
    return runs.start_run(
        actor=actor,
        kind=wanted["kind"],
        file_id=stored.pk,
        title=stored.name,
        options={
            name: str(value)
            for name, value in (
                ("community", community),
                ("occurrence", wanted["occurrence"]),
                ("register", wanted["register"]),
            )
            if value is not None
        },
        at=at,
        key=wanted["key"],
    )


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a table, keep it, and let the worker read and check it."""
    actor = actor_of(request)
    status = 200
    form = NewImport(
        request.POST or None,
        request.FILES or None,
        actor=actor,
        asked=request.GET.get("kind", ""),
        initial={name: request.GET.get(name, "")[:36] for name in ("occurrence", "register")},
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                run = _start(actor, form)
            except (Missing, NotAllowed):
                raise
            except KeyReused:
                # Pressed twice: the file of the second sending is another row, the import is there already.
                return redirect("staff:imports")
            except Problem as problem:
                status = problem.status if isinstance(problem, TooLarge) else 422
                form.add_error("file", str(problem.detail)) if not problem.fields else add_problem(form, problem)
            else:
                messages.info(request, _("The table is here and is being checked. Nothing is entered yet."))
                return redirect("staff:import", run=run.pk)
    context = {
        "form": form,
        "templates": [
            (kind.label, reverse("staff:import_template", kwargs={"kind": kind.name}))
            for kind in kinds()
            if kind.may(actor)
        ],
        "crumbs": [(_("Imports"), reverse("staff:imports")), (_("New import"), "")],
    }
    return render(request, "staff/imports/new.html", context, status=status)


@reading
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the empty workbook of a kind, with an example and a note on each column."""
    found = runs.kind_named(kind)
    if not found.may(actor_of(request)):
        raise Missing
    body = write_template(sheet=str(found.label), columns=found.columns)
    name = quote(_("Template %(kind)s") % {"kind": found.label} + ".xlsx")
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )
