"""Years of a book: opened one by one, and closed with a signed record that all balances agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import policy
from lianxin.domain.points.commands.books import close_period, open_period
from lianxin.domain.points.models import Account, Period, Txn
from lianxin.domain.points.queries.books import find_period, list_periods
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .desk import Desk, desk_of
from .gate import form_for, keeping, reading
from .lists import Cell, Page, Row, answer_list, cells, leads, small_table
from .told import Section
from .words import PERIOD_TONES

COLUMNS = (
    Column(gettext_lazy("Year"), numeric=True),
    Column(gettext_lazy("First day")),
    Column(gettext_lazy("Last day")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Closed")),
)
MOVED_COLUMNS = (
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Entries"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
)
STOOD_COLUMNS = (
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Accounts"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Kept aside"), numeric=True),
)


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the years of a community's book."""
    desk = desk_of(request, community)

    def fetch(_after: str) -> Page:
        periods = list_periods(actor=desk.actor, book=desk.book.pk) if desk.book else []
        return [_row(period) for period in periods], ""

    may_open = desk.book is not None and desk.keeps
    context = desk.context("points_periods", _("Years"))
    context |= {
        "lead": _("A year is closed after its last day. Then nothing can be entered for its days any more."),
        "buttons": [(desk.url("points_period_open"), _("Open a year"))] if may_open else [],
        "empty_title": _("No year is open yet."),
        "empty_text": _("The first year opens with the book."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(period: Period) -> Row:
    state = Period.State(period.state)
    return Row(
        cells(
            leads(period.starts_on.year, "points_period", period=period.pk),
            period.starts_on,
            period.ends_on,
            Cell(state.label, tone=PERIOD_TONES[state]),
            period.closed_at,
        )
    )


class YearForm(ActForm):
    """Which year."""

    year = forms.IntegerField(label=gettext_lazy("Year"), widget=forms.NumberInput(attrs={"inputmode": "numeric"}))


@keeping
def open_one(request: HttpRequest, community: UUID) -> HttpResponse:
    """Open a year of a community's book."""
    desk = desk_of(request, community)
    book = desk.opened
    return answer_form(
        request,
        YearForm(request.POST or None, initial={"year": desk.on.year + 1}),
        do=lambda wanted: open_period(actor=desk.actor, book=book.pk, at=now(), **wanted),
        then=lambda _row: desk.url("points_periods"),
        said=lambda row: _("The year %(year)d is open.") % {"year": row.starts_on.year},
        title=_("Open a year"),
        lead=_("The running year and the next one open by themselves; an earlier one is opened for a take-over."),
        button=_("Open the year"),
        cancel_url=desk.url("points_periods"),
        crumbs=desk.crumbs((_("Years"), desk.url("points_periods")), (_("Open a year"), "")),
    )


def _open(request: HttpRequest, period: UUID) -> tuple[Desk, Period]:
    row = find_period(actor=actor_of(request), period=period)
    return desk_of(request, row.book.community_id), row


@reading
def show(request: HttpRequest, period: UUID) -> HttpResponse:
    """Show a year, and the signed record with which it was closed."""
    desk, row = _open(request, period)
    state = Period.State(row.state)
    title = _("The year %(year)d") % {"year": row.starts_on.year}
    may_close = policy.may_close(desk.actor) and state == Period.State.OPEN and desk.on > row.ends_on
    context = desk.context("points_periods", title)
    sections = _record(row) if state == Period.State.CLOSED else []
    context |= {
        "crumbs": desk.crumbs((_("Years"), desk.url("points_periods")), (title, "")),
        "state_label": state.label,
        "state_tone": PERIOD_TONES[state],
        "next_url": reverse("staff:points_period_close", kwargs={"period": period}) if may_close else "",
        "next_text": _("Close the year"),
        "banners": [("info", _("This year can be closed after its last day."))]
        if state == Period.State.OPEN and desk.on <= row.ends_on
        else [],
        "sections": sections,
        "facts": [
            (_("First day"), spoken(row.starts_on)),
            (_("Last day"), spoken(row.ends_on)),
            *([(_("Closed"), spoken(row.closed_at))] if row.closed_at else []),
            *([(_("Signed with"), f"{row.algorithm} {row.key_id}")] if row.signature else []),
        ],
    }
    return render(request, "staff/points/record.html", context)


def _record(row: Period) -> list[Section]:
    """Give the signed record: what moved in the year by kind, and what the accounts stood at."""
    record = row.record
    moved = [Row(cells(_label(Txn.Kind, kind), *figures)) for kind, figures in record.get("by_kind", {}).items()]
    stood = [Row(cells(_label(Account.Kind, kind), *figures)) for kind, figures in record.get("all_equal", {}).items()]
    return [
        Section(
            _("Closing record"),
            lines=[
                _("All balances, lines and transfers agreed when this year was closed."),
                _("The record is signed."),
            ],
            copy=row.signature,
        ),
        Section(_("What moved in this year"), table=small_table(MOVED_COLUMNS, moved), empty=_("Nothing moved.")),
        Section(_("What the accounts stood at"), table=small_table(STOOD_COLUMNS, stood), empty=_("No account.")),
    ]


def _label(kinds: Any, kind: str) -> str:
    return str(kinds(kind).label) if kind in kinds.values else kind


@form_for(policy.may_close)
def close(request: HttpRequest, period: UUID) -> HttpResponse:
    """Close a year once all balances agree."""
    desk, row = _open(request, period)
    here = reverse("staff:points_period", kwargs={"period": period})
    title = _("Close the year %(year)d") % {"year": row.starts_on.year}
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: close_period(actor=desk.actor, period=period, at=now(), **wanted),
        then=lambda _row: here,
        said=_("The year is closed and the record is signed."),
        title=title,
        lines=[
            _("Every balance is added up again from every line and transfer; one difference, and nothing is closed."),
            _("After that, nothing can be entered for days of this year. Corrections are entered in the next one."),
        ],
        button=_("Close the year"),
        cancel_url=here,
        crumbs=desk.crumbs((_("Years"), desk.url("points_periods")), (title, "")),
    )
