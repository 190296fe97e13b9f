"""Templates of briefings: downloaded, edited in Word, uploaded after a trial, put in use; what they may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.commands import briefing_templates as commands
from lianxin.domain.reporting.models import BriefingKind, BriefingTemplate
from lianxin.domain.reporting.queries import briefings as queries
from lianxin.faces.district import briefing_desk as desk
from lianxin.faces.district.acting import answer_form
from lianxin.faces.district.forms.briefings import TemplateForm, VersionForm
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.briefing_acts import ACTS
from lianxin.faces.kit.timelines import happenings
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing

FORM, CONFIRM = "district/briefings/form.html", "district/briefings/confirm.html"
LIMIT_BYTES = 5 * 1024 * 1024
State = BriefingTemplate.State
LABELS = {"number": gettext_lazy("Number"), "state": gettext_lazy("State")}


@dataclass(frozen=True)
class KindOf:
    """A kind with its versions; where none is in use the program's own is."""

    label: Any
    shipped_url: str
    uses_shipped: bool
    versions: list[tuple[BriefingTemplate, str, Any, str]]


@desk.reading
def show(request: HttpRequest) -> HttpResponse:
    """List the templates of each kind with all their versions."""
    actor = actor_of(request)
    rows = list(queries.list_templates())
    kinds = []
    for kind, label in BriefingKind.choices:
        mine = [row for row in rows if row.kind == kind]
        kinds.append(
            KindOf(
                label=label,
                shipped_url=reverse("district:briefing_shipped", args=[kind]),
                uses_shipped=all(row.state != State.IN_USE for row in mine),
                versions=[
                    (row, desk.template_page(row), State(row.state).label, desk.TEMPLATE_TONES[State(row.state)])
                    for row in mine
                ],
            )
        )
    context = desk.framed(
        request,
        desk.list_crumb(),
        (_("Templates"), ""),
        title=_("Templates of briefings"),
        kinds=kinds,
        names_url=reverse("district:briefing_names"),
        new_url=reverse("district:briefing_template_new") if policy.may_keep_templates(actor) else "",
    )
    return render(request, "district/briefings/templates.html", context)


@desk.reading
def names(request: HttpRequest) -> HttpResponse:
    """List what a template may ask for."""
    from lianxin.insight.briefing_names import placeholder_groups

    context = desk.framed(
        request,
        desk.list_crumb(),
        desk.templates_crumb(),
        (_("Placeholders"), ""),
        title=_("Placeholders"),
        groups=placeholder_groups(),
    )
    return render(request, "district/briefings/names.html", context)


@desk.reading
def shipped(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out the template that comes with the program."""
    from lianxin.insight.briefing_word import shipped_template

    if kind not in BriefingKind.values:
        raise Missing
    return _handed_out(shipped_template(kind), _file_name(kind, _("from Lianxin")))


@desk.reading
def template(request: HttpRequest, briefing_template: UUID) -> HttpResponse:
    """Show a version: what it asks for, and what happened to it."""
    actor = actor_of(request)
    row = queries.find_template(actor=actor, template=briefing_template)
    title = _("%(kind)s template, version %(n)d") % {"kind": BriefingKind(row.kind).label, "n": row.number}
    buttons = []
    if policy.may_keep_templates(actor):
        if row.state == State.DRAFT:
            buttons.append((reverse("district:briefing_template_use", args=[row.pk]), _("Use it"), "primary"))
        if row.state != State.RETIRED:
            buttons.append((reverse("district:briefing_template_retire", args=[row.pk]), _("Retire it"), "quiet"))
    context = desk.framed(
        request,
        desk.list_crumb(),
        desk.templates_crumb(),
        (title, ""),
        title=title,
        subtitle=row.note,
        state_label=State(row.state).label,
        state_tone=desk.TEMPLATE_TONES[State(row.state)],
        download_url=reverse("district:briefing_template_file", args=[row.pk]),
        buttons=buttons,
        names=[f"{{{{ {name} }}}}" for name in row.asks_for.get("names", ())],
        entries=happenings(queries.timeline_of(actor=actor, row=row), titles=ACTS, labels=LABELS),
    )
    return render(request, "district/briefings/template.html", context)


@desk.reading
def download(request: HttpRequest, briefing_template: UUID) -> HttpResponse:
    """Hand a version out, to be edited."""
    row = queries.find_template(actor=actor_of(request), template=briefing_template)
    name = _file_name(row.kind, _("version %(n)d") % {"n": row.number})
    return desk.answer_document(queries.template_file(row), f"{name}.docx")


@desk.keeping
def upload(request: HttpRequest) -> HttpResponse:
    """Take a template in: read and tried out first, and refused with a sentence for each thing that is wrong."""
    form = TemplateForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    title = _("Upload a template")
    return answer_form(
        request,
        form,
        do=lambda entered: _take(request, entered),
        then=desk.template_page,
        said=_("The template was tried out and is kept. Put it in use when you want briefings to be made from it."),
        template=FORM,
        **desk.framed(
            request,
            desk.list_crumb(),
            desk.templates_crumb(),
            (title, ""),
            title=title,
            text=_("Download the template that is in use, change it in Word, and upload it here."),
            button_text=_("Try it out and keep it"),
            cancel_url=desk.templates_crumb()[1],
        ),
    )


def _take(request: HttpRequest, entered: dict[str, Any]) -> BriefingTemplate:
    from lianxin.insight.briefing_word import read_template

    at, sent = now(), entered["file"]
    stored = files.store(
        fileobj=sent,
        name=sent.name,
        purpose=commands.PURPOSE,
        limit_bytes=LIMIT_BYTES,
        at=at,
        accept=files.PAPERS,
    )
    kept = False
    try:
        found = read_template(files.path_of(file=stored))
        made = commands.upload_template(
            actor=actor_of(request),
            kind=entered["kind"],
            file=stored.pk,
            asks_for=found.as_json(),
            note=entered["note"],
            at=at,
            key=entered.get("key"),
        )
        kept = True
    finally:
        if not kept:
            files.forget(ids=[stored.pk])
    return made


@desk.keeping
def use(request: HttpRequest, briefing_template: UUID) -> HttpResponse:
    """Let a version be used from now on."""
    row = queries.find_template(actor=actor_of(request), template=briefing_template)
    return _step(
        request,
        row,
        do=commands.put_in_use,
        question=_("Make briefings from this version from now on?"),
        consequences=[_("The version that was in use is retired."), _("Briefings that were made stay as they are.")],
        words=_("Use it"),
        said=_("Briefings are made from this version now."),
    )


@desk.keeping
def retire(request: HttpRequest, briefing_template: UUID) -> HttpResponse:
    """Use a version no longer."""
    row = queries.find_template(actor=actor_of(request), template=briefing_template)
    return _step(
        request,
        row,
        do=commands.retire_template,
        question=_("Retire this version?"),
        consequences=[_("Until another version is put in use, the template that comes with Lianxin is used.")],
        words=_("Retire it"),
        said=_("The version is retired."),
    )


def _step(
    request: HttpRequest,
    row: BriefingTemplate,
    *,
    do: Any,
    question: str,
    consequences: list[str],
    words: str,
    said: str,
) -> HttpResponse:
    return answer_form(
        request,
        VersionForm(request.POST or None, initial={"version": row.version}),
        do=lambda entered: do(actor=actor_of(request), template=row.pk, at=now(), **entered),
        then=desk.template_page,
        said=said,
        template=CONFIRM,
        question=question,
        consequences=consequences,
        button_text=words,
        **desk.framed(
            request,
            desk.list_crumb(),
            desk.templates_crumb(),
            (words, ""),
            cancel_url=desk.template_page(row),
        ),
    )


def _file_name(kind: str, which: str) -> str:
    return pgettext("briefing", "%(kind)s briefing template %(which)s") % {
        "kind": BriefingKind(kind).label,
        "which": which,
    }


def _handed_out(path: Path, name: str) -> HttpResponse:
    from lianxin.platform.pictures import DOCX

    answer = FileResponse(path.open("rb"), content_type=DOCX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.docx')}"
    return answer  # type: ignore[return-value]
