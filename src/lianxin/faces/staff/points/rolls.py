"""Honour rolls: drawn, looked through, published, printed, and as text for groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.commands.honour_rolls import discard_roll, draw_roll, freeze_roll
from lianxin.domain.points.models import HonourRoll
from lianxin.domain.points.queries.honour_rolls import RollCard, RollPage, find_roll_for_staff, list_rolls_for_staff
from lianxin.domain.points.rules.honours import MOST_ON_A_ROLL
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, day_field
from .desk import Desk, desk_of
from .gate import keeping, reading
from .lists import Cell, Page, Row, answer_list, cells, leads, small_table
from .told import Section, story_of
from .words import ROLL_TONES

State = HonourRoll.State
COLUMNS = (
    Column(gettext_lazy("Title")),
    Column(gettext_lazy("From")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("Places on the roll"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Published")),
    Column(gettext_lazy("Code")),
)
PLACE_COLUMNS = (
    Column(gettext_lazy("Place"), numeric=True),
    Column(gettext_lazy("Shown as")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Name")),
)
MOST = 200


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the honour rolls of a community."""
    desk = desk_of(request, community)

    def fetch(_after: str) -> Page:
        return [_row(card) for card in list_rolls_for_staff(actor=desk.actor, community=community, limit=MOST)], ""

    new = desk.url("points_roll_new") if desk.keeps and desk.book else ""
    context = desk.context("points_rolls", _("Honour rolls"))
    context |= {
        "lead": _("The most active households of some days, by what they gave; spending points changes nothing."),
        "buttons": [(new, _("Draw a roll"))] if new else [],
        "empty_title": _("No roll was drawn yet."),
        "empty_text": _("Draw one for a quarter or a year; you look at it before anybody else does."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(card: RollCard) -> Row:
    return Row(
        cells(
            leads(card.title, "points_roll", roll=card.id),
            card.starts_on,
            card.ends_on,
            card.places,
            Cell(State(card.state).label, tone=ROLL_TONES[State(card.state)]),
            card.frozen_at,
            card.code,
        )
    )


class DrawForm(ActForm):
    """Which days, how many places, under which title."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    starts_on = day_field(gettext_lazy("From"))
    ends_on = day_field(gettext_lazy("Until"))
    size = forms.IntegerField(
        label=gettext_lazy("Places on the roll"),
        min_value=1,
        max_value=MOST_ON_A_ROLL,
        help_text=gettext_lazy("Households with equal points share a place."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


@keeping
def draw(request: HttpRequest, community: UUID) -> HttpResponse:
    """Draw a roll; it is a draft until it is published."""
    desk = desk_of(request, community)
    book = desk.opened
    first = date(desk.on.year, (desk.on.month - 1) // 3 * 3 + 1, 1)
    last = first - timedelta(days=1)
    begins = date(last.year, last.month - 2, 1)
    initial = {
        "title": _("Honour roll %(year)d, quarter %(quarter)d") % {"year": last.year, "quarter": last.month // 3},
        "starts_on": begins,
        "ends_on": last,
        "size": 20,
    }
    return answer_form(
        request,
        DrawForm(request.POST or None, initial=initial),
        do=lambda wanted: draw_roll(actor=desk.actor, book=book.pk, at=now(), **wanted),
        then=lambda row: _url(row.pk),
        said=_("The roll is drawn. Look through it before you publish it."),
        title=_("Draw an honour roll"),
        lead=_(
            "Names are shown only of those who agreed; the others are masked. Who wants to be on no roll is left out."
        ),
        button=_("Draw"),
        cancel_url=desk.url("points_rolls"),
        crumbs=desk.crumbs((_("Honour rolls"), desk.url("points_rolls")), (_("New"), "")),
    )


def _url(roll: UUID) -> str:
    return reverse("staff:points_roll", kwargs={"roll": roll})


def _open(request: HttpRequest, roll: UUID) -> tuple[Desk, RollPage]:
    page = find_roll_for_staff(actor=actor_of(request), roll=roll)
    return desk_of(request, page.community), page


def _crumbs(desk: Desk, page: RollPage, *more: str) -> list[tuple[Any, str]]:
    way = (_("Honour rolls"), desk.url("points_rolls"))
    if not more:
        return desk.crumbs(way, (page.card.title, ""))
    return desk.crumbs(way, (page.card.title, _url(page.card.id)), (more[0], ""))


@reading
def show(request: HttpRequest, roll: UUID) -> HttpResponse:
    """Show a roll as it is or would be published."""
    desk, page = _open(request, roll)
    card, named = page.card, {"roll": roll}
    state = State(card.state)
    drafting = state == State.DRAFT and desk.keeps
    rows = [
        Row(
            cells(
                one.position,
                one.name,
                one.household_number,
                one.points,
                Cell(_("by consent"), tone="done") if one.is_named else Cell(_("masked"), tone="quiet"),
            )
        )
        for one in page.places
    ]
    context = desk.context("points_rolls", card.title)
    context |= {
        "crumbs": _crumbs(desk, page),
        "subtitle": f"{spoken(card.starts_on)} – {spoken(card.ends_on)}",
        "state_label": state.label,
        "state_tone": ROLL_TONES[state],
        "next_url": reverse("staff:points_roll_freeze", kwargs=named) if drafting else "",
        "next_text": _("Publish"),
        "sections": [
            Section(
                _("Places on the roll"),
                table=small_table(PLACE_COLUMNS, rows),
                empty=_("No household was given points in these days."),
            ),
            Section(_("Text for groups"), copy=page.text),
        ],
        "facts": [
            (_("Places on the roll"), card.places),
            (_("Drawn"), spoken(card.drawn_at)),
            (_("Published"), spoken(card.frozen_at) if card.frozen_at else None),
            (_("Code to check it"), card.code or None),
        ],
        "acts": [
            (reverse("staff:points_roll_poster", kwargs=named), _("Print the poster")),
            *([(reverse("staff:points_roll_discard", kwargs=named), _("Discard the draft"))] if drafting else []),
        ],
        "entries": story_of(desk.actor, "points.honourroll", roll),
    }
    return render(request, "staff/points/record.html", context)


@keeping
def freeze(request: HttpRequest, roll: UUID) -> HttpResponse:
    """Publish a roll for good."""
    desk, page = _open(request, roll)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: freeze_roll(actor=desk.actor, roll=roll, at=now(), **wanted),
        then=lambda _row: _url(roll),
        said=_("The roll is published and signed."),
        title=_("Publish “%(title)s”") % {"title": page.card.title},
        lines=[
            _("It is drawn once more, so that corrections and consents taken back since count."),
            _("It is signed, gets a code by which anybody can check it, and hangs out in public."),
            _("After that it does not change; a name is masked when its consent is taken back."),
        ],
        button=_("Publish"),
        cancel_url=_url(roll),
        crumbs=_crumbs(desk, page, _("Publish")),
    )


@keeping
def discard(request: HttpRequest, roll: UUID) -> HttpResponse:
    """Throw a draft away."""
    desk, page = _open(request, roll)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: discard_roll(actor=desk.actor, roll=roll, at=now(), **wanted),
        then=lambda _none: desk.url("points_rolls"),
        said=_("The draft is discarded."),
        title=_("Discard “%(title)s”") % {"title": page.card.title},
        button=_("Discard"),
        cancel_url=_url(roll),
        crumbs=_crumbs(desk, page, _("Discard")),
    )


@reading
def poster(request: HttpRequest, roll: UUID) -> HttpResponse:
    """Draw a roll as a poster."""
    _desk, page = _open(request, roll)
    public = url_or_none("resident:points_roll", roll) or _url(roll)
    context = {
        "page": page,
        "card": page.card,
        "is_draft": page.card.state == State.DRAFT,
        "link": request.build_absolute_uri(public),
        "back_url": _url(roll),
    }
    return render(request, "staff/points/roll_poster.html", context)
