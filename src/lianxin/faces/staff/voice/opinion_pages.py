"""Opinion maps in the office: all of them, one with its statements and its result, and what waits to be looked at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import MapResult, OpinionMap, Statement
from lianxin.domain.voice.queries import opinion_maps as reading_maps
from lianxin.domain.voice.queries import opinion_votes
from lianxin.domain.voice.queries.opinion_told import told_of
from lianxin.domain.voice.rules import opinion_results
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.errors import Missing

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from ..sheets import paper
from .vote_acts import as_file
from .vote_desk import COMMUNITY, VoteDesk, WordFilter, desk_of, map_url, page_of
from .vote_gate import open_map, reading
from .vote_words import MAP_TONES, STATEMENT_TONES, story_of

State = OpinionMap.State
COLUMNS = (
    Column(pgettext_lazy("voice", "No.")),
    Column(gettext_lazy("Question")),
    Column(COMMUNITY),
    Column(gettext_lazy("Statements"), numeric=True),
    Column(gettext_lazy("To look at"), numeric=True),
    Column(gettext_lazy("People who answered"), numeric=True),
    Column(gettext_lazy("State")),
)
STATEMENT_COLUMNS = (
    Column(pgettext_lazy("voice", "No.")),
    Column(gettext_lazy("Statement")),
    Column(pgettext_lazy("statement", "From")),
    Column(gettext_lazy("People who answered"), numeric=True),
    Column(gettext_lazy("State")),
)
WAITING_COLUMNS = (
    Column(gettext_lazy("Statement")),
    Column(gettext_lazy("Question")),
    Column(COMMUNITY),
    Column(gettext_lazy("Sent on")),
)


class MapFilter(WordFilter):
    """Which maps to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices]
    )
    field_order = ("community", "state", "q")


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the maps that the filter leaves, newest first."""
    desk = desk_of(request)
    form = MapFilter(request.GET, desk=desk)
    state = request.GET.get("state", "")
    with scope.within(desk.actor.communities):
        rows = reading_maps.list_maps(
            actor=desk.actor,
            state=state if state in State.values else "",
            communities=form.communities,
            words=form.words,
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("opinion_maps", pgettext_lazy("voice", "Opinion maps"))
        context |= {
            "form": form,
            "buttons": [(reverse("staff:opinion_map_new"), _("New opinion map"))] if desk.keeps else [],
            "lead": _(
                "People say agree, disagree or pass of short statements; the map shows who sees it alike and what all "
                "have in common. Nobody's name is kept."
            ),
            "empty_title": _("There is no opinion map yet."),
            "empty_text": "",
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: Any, desk: VoteDesk) -> Row:
    return Row(
        cells(
            str(one.number),
            leads(one.question, "map", map=one.pk),
            *([one.community.short_name] if desk.has_many else []),
            one.n_shown,
            one.n_waiting,
            one.voters,
            Cell(one.get_state_display(), tone=MAP_TONES[State(one.state)]),
        ),
        pk=one.pk,
    )


@reading
def show(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002 - the address names it so
    """Show one map: its statements, who answered so far, the result as it was last worked out."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_map(desk.actor, map)
        statements = reading_maps.statements_of(row.pk)
        result = reading_maps.result_of(row.pk)
        context = desk.context("opinion_maps", row.question, (row.question, ""))
        context |= {
            "heading": False,
            "subtitle": " · ".join([row.community.short_name, _("No. %(number)d") % {"number": row.number}]),
            "state_label": row.get_state_display(),
            "state_tone": MAP_TONES[State(row.state)],
            "banners": _banners(row, result, statements),
            "presses": _presses(row, desk),
            "facts": _facts(row, result),
            "acts": _acts(row, desk, result),
            "sections": [
                *([Section(_("About it"), text=row.words)] if row.words else []),
                Section(
                    _("Statements"),
                    table=small_table(STATEMENT_COLUMNS, [_statement_row(one) for one in statements]),
                    empty=_("There is no statement yet."),
                ),
            ],
            "entries": story_of("voice.opinionmap", row.pk),
            **told_of(row, result, {one.number: one.words for one in statements}),
        }
        if desk.keeps and row.state == State.OPEN:
            context |= {
                "next_url": reverse("staff:opinion_map_cards", kwargs={"map": row.pk}),
                "next_text": _("Enter paper cards"),
            }
    return render(request, "staff/voice/votes/map.html", context)


def _statement_row(one: Any) -> Row:
    reason = f" · {one.get_reason_display()}" if one.reason else ""
    return Row(
        cells(
            str(one.number),
            leads(one.words, "statement", statement=one.pk),
            _("the office") if one.is_seed else _("somebody who answers"),
            one.n_voters,
            Cell(f"{one.get_state_display()}{reason}", tone=STATEMENT_TONES[one.state]),
        ),
        pk=one.pk,
    )


def _banners(row: OpinionMap, result: MapResult | None, statements: list[Statement]) -> list[tuple[str, str]]:
    found = []
    waiting = sum(one.state == Statement.State.WAITING for one in statements)
    if waiting:
        found.append(("due", _("%(n)d statements wait until somebody has looked at them.") % {"n": waiting}))
    if row.state == State.CLOSED and result is None and row.voters:
        found.append(("info", _("The result is being worked out. Look again in a minute.")))
    if result is not None and reading_maps.shown_of(row, result) is None:
        words = _("Too few answered alike: groups under %(n)d people are not shown.")
        found.append(("info", words % {"n": row.min_group}))
    return found


def _presses(row: OpinionMap, desk: VoteDesk) -> list[Press]:
    named = {"map": row.pk}
    if not desk.keeps:
        return []
    if row.state != State.OPEN:
        words = _("Open it for answers") if row.state == State.DRAFT else _("Open it again")
        kind = "primary" if row.state == State.DRAFT else "quiet"
        return [Press(reverse("staff:opinion_map_open", kwargs=named), words, kind)]
    return [
        Press(reverse("staff:opinion_map_draw", kwargs=named), _("Work the map out now")),
        Press(reverse("staff:opinion_map_close", kwargs=named), pgettext("opinion", "End it")),
    ]


def _facts(row: OpinionMap, result: MapResult | None) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("People who answered"), row.voters),
        (_("Smallest group that is shown"), row.min_group),
        (_("People may add statements"), _("yes") if row.may_add else _("no")),
        (_("Public"), _("yes") if row.is_public else _("no")),
    ]
    if row.closes_at:
        facts.append((_("Ends"), spoken(row.closes_at)))
    if result is not None:
        facts.append((_("Worked out"), spoken(result.made_at)))
        facts.append((_("From"), _("%(votes)d answers of %(n)d people") % {"votes": result.votes, "n": result.voters}))
    return facts


def _acts(row: OpinionMap, desk: VoteDesk, result: MapResult | None) -> list[tuple[str, Any]]:
    named = {"map": row.pk}

    def to(name: str) -> str:
        return reverse(f"staff:{name}", kwargs=named)

    acts: list[tuple[str, Any]] = []
    if desk.keeps:
        acts.append((to("opinion_map_edit"), _("Change it")))
        if row.state != State.CLOSED:
            acts.append((to("statement_new"), _("Add a statement")))
    acts.append((to("opinion_map_paper"), _("Print a paper card")))
    if row.is_public and row.state != State.DRAFT:
        acts.append((reverse("resident:opinions", args=[row.pk]), _("The page that everybody sees")))
    if result is not None:
        acts.append((to("opinion_map_file"), _("Votes without names, to work it out again")))
    return acts


@reading
def file(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Give the votes from which the map can be worked out again."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_map(desk.actor, map)
        if row.voters < row.min_group:
            raise Missing(_("Too few people answered: their votes are not given out."))
        body = opinion_results.votes_as_csv(opinion_votes.latest_of(row.pk))
    return as_file(body, _("Opinion map %(number)d") % {"number": row.number} + ".csv")


@reading
def paper_card(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Give a paper card: the statements in their order, with three boxes each."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_map(desk.actor, map)
        words = sorted(reading_maps.words_of(row.pk).items())
    return paper(
        request,
        title=row.question,
        place=" · ".join([row.community.short_name, _("Card No.") + " ________"]),
        headings=["", _("Statement"), _("Agree +"), _("Disagree −"), _("Pass 0")],
        rows=[[number, text, "□", "□", "□"] for number, text in words],
        back_url=map_url(row.pk),
    )


@reading
def waiting(request: HttpRequest) -> HttpResponse:
    """List the statements that residents sent in and nobody has looked at, oldest first."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        rows = reading_maps.list_waiting(actor=desk.actor)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [
                Row(
                    cells(
                        leads(one.words, "statement", statement=one.pk),
                        one.map.question,
                        *([one.community.short_name] if desk.has_many else []),
                        spoken(one.sent_at),
                    ),
                    pk=one.pk,
                )
                for one in part
            ], following

        context = desk.context("waiting", _("Statements to look at"))
        context |= {
            "lead": _(
                "Others see a statement only after somebody has looked at it. Its words are kept as they were sent."
            ),
            "empty_title": _("Nothing waits."),
            "empty_text": "",
        }
        return answer_list(
            request, columns=desk.columns(WAITING_COLUMNS), fetch=fetch, context=context, count=rows.count()
        )
