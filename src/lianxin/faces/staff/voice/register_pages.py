"""Registers of owners: which there are, one of them with its flats, and all its flats to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.commands.registers import RUN_KIND_NAME, WITHOUT_NAMES
from lianxin.domain.voice.models import AssentRegister, RegisterFlat
from lianxin.domain.voice.queries import registers as reading_registers
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .vote_desk import COMMUNITY, VoteDesk, WordFilter, desk_of, page_of, register_url
from .vote_gate import keeper_reads, open_register, reading
from .vote_words import REGISTER_TONES, VOTE_TONES, metres, story_of

State = AssentRegister.State
COLUMNS = (
    Column(pgettext_lazy("register", "Name")),
    Column(COMMUNITY),
    Column(pgettext_lazy("register", "Flats"), numeric=True),
    Column(gettext_lazy("Area")),
    Column(gettext_lazy("Begun on")),
    Column(gettext_lazy("State")),
)
FLAT_COLUMNS = (
    Column(gettext_lazy("Flat")),
    Column(gettext_lazy("Area")),
    Column(gettext_lazy("Owners")),
    Column(gettext_lazy("How many own it"), numeric=True),
    Column(gettext_lazy("Household number")),
)
VOTE_COLUMNS = (
    Column(gettext_lazy("What is voted on")),
    Column(gettext_lazy("Ballots"), numeric=True),
    Column(gettext_lazy("State")),
)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the registers that the filter leaves, newest first."""
    desk = desk_of(request)
    form = WordFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = reading_registers.list_registers(actor=desk.actor, communities=form.communities, words=form.words)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("registers", _("Registers of owners"))
        context |= {
            "form": form,
            "buttons": [(reverse("staff:register_new"), _("New register"))] if desk.keeps else [],
            "lead": _("Who has a say in a building, and with what area. A register is fixed before a vote opens."),
            "empty_title": _("There is no register yet."),
            "empty_text": _("Begin one, then send in the table of flats, areas and owners."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: AssentRegister, desk: VoteDesk) -> Row:
    return Row(
        cells(
            leads(one.name, "register", register=one.pk),
            *([one.community.short_name] if desk.has_many else []),
            one.flats,
            metres(one.area_dm2),
            spoken(one.made_at),
            Cell(one.get_state_display(), tone=REGISTER_TONES[State(one.state)]),
        ),
        pk=one.pk,
    )


@reading
def show(request: HttpRequest, register: UUID) -> HttpResponse:
    """Show one register: what it holds, which votes stand on it, what is done next."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_register(desk.actor, register)
        votes = reading_registers.votes_on(row.pk)
        context = desk.context("registers", row.name, (row.name, ""))
        table = small_table(
            VOTE_COLUMNS,
            [
                Row(
                    cells(
                        leads(one.question, "vote", vote=one.pk),
                        one.ballots_count,
                        Cell(one.get_state_display(), tone=VOTE_TONES[one.state]),  # type: ignore[index]
                    ),
                    pk=one.pk,
                )
                for one in votes
            ],
        )
        context |= {
            "heading": False,
            "subtitle": row.community.short_name,
            "state_label": row.get_state_display(),
            "state_tone": REGISTER_TONES[State(row.state)],
            "banners": _banners(row),
            "presses": _presses(row, desk),
            "facts": [
                (pgettext_lazy("register", "Flats"), row.flats),
                (_("Area"), metres(row.area_dm2)),
                *([(_("Where it comes from"), row.source_words)] if _says(row) else []),
                (_("Begun on"), spoken(row.made_at)),
                *([(_("Fixed on"), spoken(row.fixed_at))] if row.fixed_at else []),
            ],
            "acts": _acts(row) if desk.keeps else [],
            "sections": [Section(_("Votes that stand on it"), table=table, empty=_("No vote stands on it yet."))],
            "entries": story_of("voice.assentregister", row.pk),
        }
        if desk.keeps and row.state == State.DRAFT and not row.flats:
            context |= {"next_url": import_url(row.pk), "next_text": _("Send in the table of flats")}
    return render(request, "staff/points/record.html", context)


def import_url(register: UUID) -> str:
    """Give the page on which the table of flats of a register is sent in."""
    return f"{reverse('staff:import_new')}?kind={RUN_KIND_NAME}&register={register}"


def _says(row: AssentRegister) -> bool:
    return bool(row.source_words) and row.source_words != WITHOUT_NAMES


def _banners(row: AssentRegister) -> list[tuple[str, str]]:
    if row.source_words == WITHOUT_NAMES:
        return [("info", _("Numbers stand in the place of names: their time is over. The counts are as they were."))]
    if row.state == State.DRAFT and row.flats:
        return [("info", _("Look through the flats, then fix the register. After that nothing in it changes."))]
    return []


def _presses(row: AssentRegister, desk: VoteDesk) -> list[Press]:
    named = {"register": row.pk}
    if not desk.keeps:
        return []
    if row.state == State.DRAFT:
        return (
            [Press(reverse("staff:register_fix", kwargs=named), _("Fix the register"), "primary")] if row.flats else []
        )
    return [Press(reverse("staff:register_release", kwargs=named), _("Release it"))]


def _acts(row: AssentRegister) -> list[tuple[str, Any]]:
    named = {"register": row.pk}
    acts: list[tuple[str, Any]] = [(reverse("staff:register_flats", kwargs=named), _("All flats with their owners"))]
    if row.state == State.DRAFT:
        acts += [
            (import_url(row.pk), _("Send in a table of flats")),
            (reverse("staff:register_flat_new", kwargs=named), _("Add one flat")),
        ]
    else:
        acts.append((f"{reverse('staff:vote_new')}?method=assent&register={row.pk}", _("Begin a vote on it")))
    acts.append((reverse("staff:register_edit", kwargs=named), _("Change its name")))
    acts.append((reverse("staff:register_copy", kwargs=named), _("Copy it")))
    return acts


class FlatFilter(WordFilter):
    """Which flats to see."""

    community = None  # type: ignore[assignment]

    def __init__(self, *args: Any, desk: VoteDesk, **kwargs: Any) -> None:
        super(WordFilter, self).__init__(*args, **kwargs)


@keeper_reads
def flats(request: HttpRequest, register: UUID) -> HttpResponse:
    """List every flat with its owners, for who keeps the register: names are masked on what is printed too."""
    desk = desk_of(request)
    form = FlatFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        row = open_register(desk.actor, register)
        rows = reading_registers.flats_of(row.pk, words=form.words)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_flat_row(one, row) for one in part], following

        context = desk.context("registers", _("All flats"), (row.name, register_url(row.pk)), (_("All flats"), ""))
        context |= {
            "form": form,
            "empty_title": _("There is no flat in this register yet."),
            "empty_text": "",
        }
        return answer_list(request, columns=FLAT_COLUMNS, fetch=fetch, context=context, count=len(rows), place=row.name)


def _flat_row(one: RegisterFlat, register: AssentRegister) -> Row:
    page = "register_flat" if register.state == State.DRAFT else "register_flat_link"
    owners = "、".join(mask_name(who) for who in one.owners.reveal().split("、"))
    home = one.household.number if one.household else _("none")
    return Row(
        cells(leads(one.flat, page, flat=one.pk), metres(one.area_dm2), owners, one.owners_count, home), pk=one.pk
    )
