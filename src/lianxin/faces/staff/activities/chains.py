"""A group's chain sign-up on the desk: pasted, looked through line by line, taken in, and given back to the group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.activities.commands.chains import ChosenLine, drop_chain, read_chain, take_chain
from lianxin.domain.activities.models import ChainPaste, SignUp
from lianxin.domain.activities.queries.sign_ups import ChainView, chain_names, find_chain
from lianxin.domain.activities.rules.chain import print_chain
from lianxin.domain.activities.rules.eligibility import NAME_LONGEST
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem

from ..acting import ActForm, answer_form, long_text
from ..points.told import Section
from .desk import OccurrenceDesk, occurrence_desk
from .gate import planner_presses, planning, reading
from .words import when_words

OUTCOMES = {
    "refused": ("stop", gettext_lazy("not taken in")),
    SignUp.State.CONFIRMED: ("done", gettext_lazy("has a place")),
    SignUp.State.WAITING: ("due", gettext_lazy("waits")),
    SignUp.State.IN_DRAW: ("info", gettext_lazy("in the draw")),
}
SHORT: dict[str, Any] = {
    SignUp.State.WAITING: gettext_lazy("(waiting)"),
    SignUp.State.IN_DRAW: gettext_lazy("(draw)"),
    SignUp.State.OFFERED: gettext_lazy("(asked)"),
}


class PasteForm(ActForm):
    """What was copied from the group."""

    text = long_text(
        gettext_lazy("The chain as it stands in the group"),
        most=20_000,
        rows=14,
        required=True,
        help_text=gettext_lazy("Press long on the chain in the group, copy it, and paste all of it here."),
    )


class LineForm(forms.Form):
    """What was decided about one line."""

    take = forms.BooleanField(label=gettext_lazy("Take in"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Resident"), required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LONGEST, required=False)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=10, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


@planning
def paste(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Take a chain that was copied from a group, and read it."""
    desk = occurrence_desk(request, occurrence)
    return answer_form(
        request,
        PasteForm(request.POST or None),
        do=lambda data: read_chain(
            actor=desk.actor, occurrence=occurrence, text=data["text"], at=desk.at, key=data["key"]
        ),
        then=lambda row: reverse("staff:chain", kwargs={"chain": row.pk}),
        title=_("Paste a group's list"),
        lead=f"{desk.title} · {desk.when}",
        lines=[_("Nobody is signed up yet: you look through the lines first.")],
        button=_("Read it"),
        cancel_url=desk.url("sign_ups"),
        crumbs=desk.crumbs((_("Sign-ups"), desk.url("sign_ups")), (_("Paste a group's list"), "")),
    )


@planning
def show(request: HttpRequest, chain: UUID) -> HttpResponse:
    """Look through the lines of a chain, and take the chosen ones in; afterwards tell what became of each."""
    found = find_chain(actor=actor_of(request), chain=chain)
    desk = occurrence_desk(request, found.occurrence)
    if found.state != ChainPaste.State.READ:
        return render(request, "staff/activities/chain_taken.html", _taken_context(desk, found))
    lines = [(line, _line_form(request, found, line)) for line in found.lines]
    problem = ""
    if request.method == "POST" and all(form.is_valid() for _line, form in lines):
        chosen = [_chosen(line, form) for line, form in lines if form.cleaned_data["take"]]
        if not chosen:
            problem = _("Choose at least one line.")
        else:
            try:
                take_chain(actor=desk.actor, chain=chain, lines=chosen, at=desk.at, key=key_of(request))
            except (Missing, NotAllowed):
                raise
            except Problem as refused:
                problem = str(refused.detail)
            else:
                messages.success(request, _("Taken in. What became of each line stands below."))
                return redirect("staff:chain", chain=chain)
    context = _context(desk, found) | {
        "lines": lines,
        "problem": problem,
        "heading_text": found.heading,
        "doubtful": sum(bool(line["doubts"]) for line in found.lines),
    }
    wrong = request.method == "POST"
    return render(request, "staff/activities/chain.html", context, status=422 if wrong else 200)


@planner_presses
def drop(request: HttpRequest, chain: UUID) -> HttpResponse:
    """Put a chain away."""
    found = find_chain(actor=actor_of(request), chain=chain)
    return press(
        request,
        do=lambda: drop_chain(actor=actor_of(request), chain=chain, at=now()),
        back=reverse("staff:sign_ups", kwargs={"occurrence": found.occurrence}),
        said=_("The list was put away. Nobody was signed up."),
    )


@reading
def text(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the list as a chain to be pasted into a group, names masked."""
    desk = occurrence_desk(request, occurrence)
    names = chain_names(actor=desk.actor, occurrence=occurrence)
    context = desk.context("sign_ups", (_("Sign-ups"), desk.url("sign_ups")), (_("List for the group"), "")) | {
        "sections": [_to_copy(desk, names)],
    }
    return render(request, "staff/points/record.html", context)


def _to_copy(desk: OccurrenceDesk, names: list[tuple[str, str]], heading: str = "") -> Section:
    shown = [(name, str(SHORT.get(state, ""))) for name, state in names]
    above = heading or f"#接龙\n{desk.title} {when_words(desk.row.starts_at, desk.row.ends_at)}"
    return Section(
        _("To be pasted into the group"),
        lines=[
            ngettext("%(count)d person on the list.", "%(count)d people on the list.", len(shown))
            % {"count": len(shown)},
            _("Names are masked, but for those that stood in the group's own chain."),
        ],
        copy=print_chain(above, shown),
    )


def _context(desk: OccurrenceDesk, found: ChainView) -> dict[str, Any]:
    return desk.context("sign_ups", (_("Sign-ups"), desk.url("sign_ups")), (_("A group's list"), "")) | {
        "chain": found,
        "drop_url": reverse("staff:chain_drop", kwargs={"chain": found.id}),
    }


def _taken_context(desk: OccurrenceDesk, found: ChainView) -> dict[str, Any]:
    written = [str(line.get("chosen") or line["name"]) for line in found.lines]
    names = chain_names(actor=desk.actor, occurrence=found.occurrence, written=written)
    return _context(desk, found) | {
        "is_taken": found.state == ChainPaste.State.TAKEN,
        "outcomes": [(line, *OUTCOMES.get(line.get("outcome", ""), ("quiet", _("left out")))) for line in found.lines],
        "section": _to_copy(desk, names, found.heading),
    }


def _line_form(request: HttpRequest, found: ChainView, line: dict[str, Any]) -> LineForm:
    form = LineForm(
        request.POST if request.method == "POST" else None,
        prefix=f"line-{line['index']}",
        initial={
            "take": not line["is_left_out"],
            "person": line["person"] or "",
            "name": line["name"],
            "count": line["count"],
            "phone": line["phone"],
        },
    )
    likely = [pk for pk in [line["person"], *line["near"]] if pk]
    form.fields["person"].choices = [  # type: ignore[attr-defined]
        ("", _("not on the register")),
        *((pk, found.names.get(pk, pk)) for pk in likely),
    ]
    return form


def _chosen(line: dict[str, Any], form: LineForm) -> ChosenLine:
    data = form.cleaned_data
    return ChosenLine(
        index=line["index"],
        name=data["name"] or line["name"],
        count=data["count"] or 1,
        phone=data["phone"],
        person=UUID(data["person"]) if data["person"] else None,
        note=line["note"],
    )
