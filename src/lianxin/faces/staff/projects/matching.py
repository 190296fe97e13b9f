"""Runs of the matcher: asked for, read with their proof, decided proposal by proposal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.places.queries import divisions
from lianxin.domain.projects.commands import matching as commands
from lianxin.domain.projects.models import MatchRun
from lianxin.domain.projects.queries import runs
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from ..choices import community_choices
from ..points.lists import Cell, Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ProjectsDesk, desk_of, own_community
from .gate import asking, reading
from .words import PROPOSAL_TONES, RUN_TONES, share, slot_words, spoken_days

State = MatchRun.State
AT_ONCE = 50
MOST_SHOWN = 100
MOST_WANTED = 30
RUN_COLUMNS = (
    Column(gettext_lazy("For")),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Days")),
    Column(gettext_lazy("Proposals"), numeric=True),
    Column(gettext_lazy("Decided"), numeric=True),
    Column(gettext_lazy("State")),
)
PROPOSAL_COLUMNS = (
    Column(gettext_lazy("Proposal")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("offer", "Who gives")),
    Column(gettext_lazy("When")),
    Column(gettext_lazy("People"), numeric=True),
    Column(gettext_lazy("State")),
)
UNSERVED_COLUMNS = (
    Column(gettext_lazy("Why")),
    Column(gettext_lazy("Needs"), numeric=True),
    Column(gettext_lazy("People"), numeric=True),
)
RECRUIT_COLUMNS = (
    Column(gettext_lazy("One more of")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("When")),
    Column(gettext_lazy("Serves"), numeric=True),
)
REASONS = dict(Need.Reason.choices)


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the runs in scope."""
    desk = desk_of(request)
    found = runs.list_runs(actor=desk.actor)

    def fetch(after: str) -> Page:
        start = int(after) if after.isdecimal() else 0
        rows = list(found[start : start + AT_ONCE + 1])
        return [_run(row) for row in rows[:AT_ONCE]], str(start + AT_ONCE) if len(rows) > AT_ONCE else ""

    context = desk.context("matching", _("Matching"))
    context |= {
        "buttons": [(reverse("staff:match_new"), _("Match needs and offers"))],
        "lead": _("The program proposes which offer serves which needs, where and when. People decide."),
        "empty_title": _("Nothing has been matched yet."),
        "empty_text": _(
            "Each proposal says whose needs it serves and why it is this offer; each need left out says why."
        ),
        "empty_url": reverse("staff:match_new"),
        "empty_link": _("Match needs and offers"),
    }
    return answer_list(request, columns=RUN_COLUMNS, fetch=fetch, context=context, count=found.count())


def _run(row: Any) -> Row:
    return Row(
        cells(
            leads(row.community.short_name, "match_run", match_run=row.pk),
            row.get_kind_display(),
            spoken_days(row.from_on, row.until_on),
            row.found,
            row.decided,
            Cell(State(row.state).label, tone=RUN_TONES[State(row.state)]),
        ),
        pk=row.pk,
    )


class MatchForm(ActForm):
    """For whom, and for how long."""

    division = forms.ChoiceField(label=gettext_lazy("For"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=MatchRun.Kind.choices, widget=forms.RadioSelect, initial="monthly"
    )

    def __init__(self, *args: Any, desk: ProjectsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(desk.actor, alone=True)
        if desk.actor.communities is None or len(choices) > 1:
            choices = [
                *((str(row.pk), row.short_name) for row in divisions.list_divisions(level="district")),
                *choices,
            ]
        fields["division"].choices = choices


@asking
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a run."""
    desk = desk_of(request)
    mine = own_community(desk.actor)
    form = MatchForm(request.POST or None, desk=desk, initial={"division": str(mine or "")})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.ask_for_match(
            actor=desk.actor, division=UUID(wanted["division"]), kind=wanted["kind"], at=now(), key=wanted["key"]
        ),
        then=lambda row: reverse("staff:match_run", kwargs={"match_run": row.pk}),
        said=_("It is being computed. Reload this page in a moment."),
        title=_("Match needs and offers"),
        lead=_("Around what is arranged, held fixed or refused. Nothing is published by it."),
        button=_("Match"),
        cancel_url=reverse("staff:matching"),
        crumbs=desk.context("matching", "", (_("New"), ""))["crumbs"],
    )


@asking
def again(request: HttpRequest, match_run: UUID) -> HttpResponse:
    """Ask for the same days again, around what was decided."""
    row = runs.find_run(actor=actor_of(request), run=match_run)
    desk = desk_of(request)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: commands.ask_for_match(
            actor=desk.actor,
            division=row.community_id,
            kind=row.kind,
            follows=match_run,
            at=now(),
            key=wanted["key"],
        ),
        then=lambda made: reverse("staff:match_run", kwargs={"match_run": made.pk}),
        said=_("It is being computed. Reload this page in a moment."),
        title=_("Match again"),
        lead=_("What was accepted and held fixed stays; what was refused does not come back."),
        button=_("Match again"),
        cancel_url=reverse("staff:match_run", kwargs={"match_run": match_run}),
        crumbs=desk.context("matching", "", (_("Again"), ""))["crumbs"],
    )


@reading
def show(request: HttpRequest, match_run: UUID) -> HttpResponse:
    """Show a run: how good it is, its proposals, what it left out and why, whom to look for."""
    actor = actor_of(request)
    row = runs.find_run(actor=actor, run=match_run)
    desk = desk_of(request)
    state = State(row.state)
    found = list(runs.list_proposals(actor=actor, run=match_run)[: MOST_SHOWN + 1])
    left_out = runs.unserved_of(actor=actor, run=match_run)
    wanted = runs.recruitment_of(actor=actor, run=match_run)
    title = title_of(row)
    context = desk.context("matching", title, (title, ""))
    context |= {
        "state_label": state.label,
        "state_tone": RUN_TONES[state],
        "subtitle": row.get_kind_display(),
        "banners": _banners(row, len(found)),
        "sections": [
            Section(
                _("Proposals"),
                table=small_table(desk.columns(PROPOSAL_COLUMNS), [_proposal(one, desk) for one in found[:MOST_SHOWN]]),
                empty=_("Nothing could be proposed. See below why."),
            ),
            Section(
                _("Left out, and why"),
                table=small_table(
                    UNSERVED_COLUMNS,
                    [_left_out(match_run, *one) for one in left_out],
                ),
                empty=_("Every need is served."),
            ),
            Section(
                _("Whom to look for"),
                table=small_table(
                    desk.columns(RECRUIT_COLUMNS),
                    [_recruit(one, desk) for one in wanted[:MOST_WANTED]],
                ),
                empty=_("Nothing more would help in these days."),
            ),
        ],
        "facts": _facts(row),
        "acts": [(reverse("staff:match_again", kwargs={"match_run": match_run}), _("Match again"))]
        if state in (State.DONE, State.FAILED) and runs.may_match_again(actor=actor, run=row)
        else [],
    }
    return render(request, "staff/points/record.html", context)


def run_page(match_run: UUID) -> str:
    """Give the address of a run."""
    return reverse("staff:match_run", kwargs={"match_run": match_run})


def title_of(row: MatchRun) -> str:
    """Name a run by its place and days."""
    return f"{row.community.short_name} · {spoken_days(row.from_on, row.until_on)}"


def _left_out(run: UUID, reason: str, needs: int, people: int) -> Row:
    address = reverse("staff:match_left_out", kwargs={"match_run": run})
    return Row(cells(Cell(REASONS.get(reason, reason), url=f"{address}?reason={reason}"), needs, people))


def _recruit(one: Any, desk: ProjectsDesk) -> Row:
    where = [one.community.short_name] if desk.has_many else []
    return Row(cells(one.category.name, *where, slot_words(one.slot), one.serves))


def _banners(row: MatchRun, found: int) -> list[tuple[str, Any]]:
    if row.state == State.FAILED:
        return [("warning", row.failure)]
    if row.state in (State.WAITING, State.RUNNING):
        return [("info", _("It is being computed. Reload this page in a moment."))]
    if found > MOST_SHOWN:
        return [("info", _("The first %(n)d proposals of yours are shown.") % {"n": MOST_SHOWN})]
    return []


def _facts(row: MatchRun) -> list[tuple[Any, Any]]:
    after, before = row.metrics.get("after", {}), row.metrics.get("before", {})
    if not after:
        return [(_("Asked for"), row.asked_at)]
    gap = row.metrics.get("gap")
    return [
        (_("Served of asked"), f"{after['served']} / {after['asked']}"),
        (_("First come, first served"), f"{before.get('served', 0)} / {before.get('asked', 0)}"),
        (_("Least served community"), share(after["lowest"])),
        (_("Gini between communities"), f"{after['gini']:.3f}"),
        (_("Gini of what is reachable"), f"{after['gini_of_reachable']:.3f}"),
        (_("At most this far from the best"), share(gap)),
        (_("Seconds of computing"), f"{row.cpu_seconds:.1f}" if row.cpu_seconds is not None else "—"),
        (_("Check code of the input"), row.inputs_digest[:12]),
    ]


def _proposal(row: Any, desk: ProjectsDesk) -> Row:
    giver = row.offer.organisation.name if row.offer.organisation else _("a volunteer")
    return Row(
        cells(
            leads(f"{row.number} {row.offer.title}", "proposal", proposal=row.pk),
            row.category.name,
            *([row.community.short_name] if desk.has_many else []),
            giver,
            when_words(row),
            row.people,
            Cell(row.get_state_display(), tone=PROPOSAL_TONES[row.state]),
        ),
        pk=row.pk,
    )


def when_words(row: Any) -> Any:
    """Say when something is proposed: the moment, or the part of the week."""
    starts_at: datetime | None = row.starts_at
    return starts_at if starts_at is not None else slot_words(row.explanation.get("slot", ""))
