"""One proposal of the matcher: what stands behind it, and what is decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianxin.domain.projects.commands import proposals as commands
from lianxin.domain.projects.models import Proposal
from lianxin.domain.projects.queries import runs
from lianxin.domain.resources.queries.candidates import names_of
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.kit.timelines import happenings
from lianxin.platform.clock import LOCAL, now

from ..acting import ClockInput, VersionedForm, answer_form, day_field
from ..points.lists import Press, Row, cells, leads, small_table
from ..points.told import Section
from .act_words import ACTS
from .desk import ProjectsDesk, desk_at
from .gate import planner_presses, planning, reading
from .project_page import page_of as project_page
from .words import FIELDS, PROPOSAL_TONES, legible, share, slot_words

State = Proposal.State
# Nearer than this is next door: the places are those of centres.
NEAR = 100
NEED_COLUMNS = (
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Served"), numeric=True),
)


def page_of(proposal: UUID) -> str:
    """Give the address of a proposal."""
    return reverse("staff:proposal", kwargs={"proposal": proposal})


@reading
def show(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Show one proposal: the needs behind it with two voices, why this giver, why then, what it does for whom."""
    row = runs.find_proposal(actor=actor_of(request), proposal=proposal)
    desk = desk_at(request, row.community)
    state = State(row.state)
    quotes = runs.quotes_for(row)
    behind = runs.behind(proposal)
    near = behind.neighbours
    run_page = reverse("staff:match_run", kwargs={"match_run": row.run_id})
    context = desk.context("matching", row.offer.title, (_("Proposals"), run_page), (row.offer.title, ""))
    context |= {
        "state_label": state.label,
        "state_tone": PROPOSAL_TONES[state],
        "subtitle": row.offer.conditions,
        "banners": [("warning", row.reason)] if row.reason else [],
        "sections": [
            Section(
                _("Who asks for it"),
                lines=[
                    ngettext("“%(words)s” (waiting for %(n)d day)", "“%(words)s” (waiting for %(n)d days)", one.days)
                    % {"words": one.words, "n": one.days}
                    for one in quotes
                ],
                table=small_table(
                    NEED_COLUMNS,
                    [Row(cells(_need_cell(one, desk), one.community_name, one.people)) for one in behind.needs],
                ),
            ),
            Section(_("Why this one"), lines=_why(row)),
            Section(pgettext("proposal", "What it does"), lines=_effects(row)),
        ],
        "facts": [
            (_("Community"), desk.name),
            (_("Category"), row.category.name),
            (
                pgettext("offer", "Who gives"),
                row.offer.organisation.name if row.offer.organisation else _("a volunteer"),
            ),
            (_("When"), spoken(row.starts_at) if row.starts_at else slot_words(row.explanation.get("slot", ""))),
            (pgettext("projects", "Place"), row.room.name if row.room else row.offer.place or "—"),
            (_("People"), row.people),
            *([(_("Together with"), "、".join(_beside(*one) for one in near))] if near else []),
            (_("Held fixed"), _("yes") if row.is_locked else _("no")),
        ],
        "acts": [],
        "entries": happenings(
            legible(runs.timeline_of(actor=desk.actor, kind="projects.proposal", record=proposal), State),
            titles=ACTS,
            labels=FIELDS,
        ),
    }
    if row.project_id:
        context["acts"].append((project_page(row.project_id), _("The project that came of it")))
    if desk.plans and state == State.PROPOSED:
        named = {"proposal": proposal}
        context["next_url"], context["next_text"] = reverse("staff:proposal_accept", kwargs=named), _("Accept")
        context["acts"].append((reverse("staff:proposal_refuse", kwargs=named), _("Refuse it")))
        pair = f"?offer={row.offer_id}&community={row.community_id}"
        context["acts"].append((reverse("staff:pair_new") + pair, _("Keep this offer away for good")))
        words = _("Let it go again") if row.is_locked else _("Hold it fixed")
        context["presses"] = [Press(reverse("staff:proposal_lock", kwargs=named), words)]
    return render(request, "staff/points/record.html", context)


def _need_cell(one: runs.NeedBehind, desk: ProjectsDesk) -> Any:
    return leads(one.title, "need", entry=one.need) if desk.actor.covers(one.community) else one.title


def _beside(name: str, people: int) -> str:
    return _("%(community)s (%(n)d people)") % {"community": name, "n": people}


def _why(row: Proposal) -> list[str]:
    told = row.explanation
    if "level" not in told:
        return [_("It was held fixed by staff.")] if row.is_locked else []
    level = {3: _("It is their own trade."), 2: _("They do it well."), 1: _("They can help with it.")}
    metres = round(told["metres"])
    near = _("They are in this community.") if metres < NEAR else _("They are %(n)d metres away.") % {"n": metres}
    lines = [level.get(told["level"], ""), near]
    if told["promised"]:
        rate = told["kept"] / told["promised"]
        lines.append(_("They kept %(share)s of what they promised.") % {"share": share(rate)})
    lines.append(_("%(n)d people behind it can come at that time.") % {"n": told["could_come_then"]})
    return [line for line in lines if line]


def _effects(row: Proposal) -> list[str]:
    told = row.explanation
    if "community_rate" not in told:
        return []
    lines = [
        _("Served in this community: %(with)s with it, %(without)s without it.")
        % {"with": share(told["community_rate"]), "without": share(told["community_rate_without"])},
        _("In the least served community: %(with)s with it, %(without)s without it.")
        % {"with": share(told["lowest_rate"]), "without": share(told["lowest_rate_without"])},
    ]
    if told["next_best_offer"]:
        title, giver = names_of(offers=[UUID(told["next_best_offer"])]).get(UUID(told["next_best_offer"]), ("", ""))
        if title:
            lines.append(
                _("Without it, the next best would be %(title)s %(giver)s.") % {"title": title, "giver": giver}
            )
    return lines


class AcceptForm(VersionedForm):
    """When, and for how many."""

    day = day_field(gettext_lazy("Day"))
    starts = forms.TimeField(label=gettext_lazy("Begins"), widget=ClockInput)
    ends = forms.TimeField(label=gettext_lazy("Ends"), widget=ClockInput)
    people = forms.IntegerField(label=gettext_lazy("For how many people"), min_value=1)


@planning
def accept(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Accept a proposal as it is, or with another time or number."""
    row = runs.find_proposal(actor=actor_of(request), proposal=proposal)
    desk = desk_at(request, row.community)
    starts = row.starts_at.astimezone(LOCAL) if row.starts_at else None
    ends = row.ends_at.astimezone(LOCAL) if row.ends_at else None
    form = AcceptForm(
        request.POST or None,
        initial={
            "day": starts.date() if starts else None,
            "starts": starts.time() if starts else None,
            "ends": ends.time() if ends else None,
            "people": row.people,
            "version": row.version,
        },
    )

    def do(wanted: dict[str, Any]) -> Any:
        from ..volunteers.words import moment

        chosen = moment(wanted["day"], wanted["starts"]), moment(wanted["day"], wanted["ends"])
        same = (row.starts_at, row.ends_at) == chosen
        return commands.accept(
            actor=desk.actor,
            proposal=proposal,
            starts_at=None if same else chosen[0],
            ends_at=None if same else chosen[1],
            people=wanted["people"],
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda made: project_page(made.pk),
        said=_("Accepted. Here is the draft of the project; write what residents read, then have it approved."),
        title=_("Accept %(title)s") % {"title": row.offer.title},
        lead=_("Change the time or the number if need be. It becomes a draft of a project and a promise of the giver."),
        button=_("Accept"),
        cancel_url=page_of(proposal),
        crumbs=desk.context("matching", "", (row.offer.title, page_of(proposal)), (_("Accept"), ""))["crumbs"],
    )


class RefuseForm(VersionedForm):
    """Why."""

    refusal = forms.ChoiceField(label=gettext_lazy("Why"), choices=Proposal.Refusal.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=200)


@planning
def refuse(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Refuse a proposal; the next run keeps to it."""
    row = runs.find_proposal(actor=actor_of(request), proposal=proposal)
    desk = desk_at(request, row.community)
    return answer_form(
        request,
        RefuseForm(request.POST or None, initial={"version": row.version}),
        do=lambda wanted: commands.refuse(
            actor=desk.actor,
            proposal=proposal,
            refusal=wanted["refusal"],
            reason=wanted["reason"],
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: reverse("staff:match_run", kwargs={"match_run": row.run_id}),
        said=_("Refused. Match again to see what comes instead."),
        title=_("Refuse %(title)s") % {"title": row.offer.title},
        button=_("Refuse"),
        cancel_url=page_of(proposal),
        crumbs=desk.context("matching", "", (row.offer.title, page_of(proposal)), (_("Refuse"), ""))["crumbs"],
    )


@planner_presses
def lock(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Hold a proposal fixed, or let it go again."""
    row = runs.find_proposal(actor=actor_of(request), proposal=proposal)
    return press(
        request,
        do=lambda: commands.lock(actor=actor_of(request), proposal=proposal, holds=not row.is_locked, at=now()),
        back=page_of(proposal),
        said=_("Noted."),
    )
