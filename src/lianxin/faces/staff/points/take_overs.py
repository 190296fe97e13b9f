"""Paper passbooks taken over: sent in as a table, signed by two, shown in public, then entered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.commands.opening import post_take_over
from lianxin.domain.points.commands.take_overs import RUN_KIND_NAME, sign_take_over, withdraw_take_over
from lianxin.domain.points.models import TakeOver
from lianxin.domain.points.queries.take_overs import (
    TakeOverBundle,
    find_take_over,
    list_take_over_lines,
    list_take_overs,
)
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .desk import Desk, desk_of
from .gate import keeping, pressing, reading
from .lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from .told import Section, story_of
from .words import TAKE_OVER_TONES

State = TakeOver.State
COLUMNS = (
    Column(gettext_lazy("List")),
    Column(gettext_lazy("Sent in")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Public notice until")),
    Column(gettext_lazy("Entered in the passbooks")),
)
LINE_COLUMNS = (
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Head")),
    Column(gettext_lazy("Paper passbook")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Valid until")),
)
DAY_COLUMNS = (
    Column(gettext_lazy("Valid until")),
    Column(gettext_lazy("Households"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
)


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the take-overs of a community."""
    desk = desk_of(request, community)

    def fetch(_after: str) -> Page:
        return [_row(one) for one in list_take_overs(actor=desk.actor, community=community)], ""

    new = f"{reverse('staff:import_new')}?kind={RUN_KIND_NAME}" if desk.keeps and desk.book else ""
    context = desk.context("points_take_overs", _("Paper passbooks"))
    context |= {
        "lead": _(
            "Points that were kept on paper: a table is sent in, two people count and sign, it hangs out in public, "
            "and then the points are in the passbooks."
        ),
        "buttons": [(new, _("Send in a table"))] if new else [],
        "empty_title": _("No paper passbooks were taken over."),
        "empty_text": _("Only a community that kept points on paper before needs this."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(one: TakeOver) -> Row:
    return Row(
        cells(
            leads(one.title, "points_take_over", take_over=one.pk),
            one.entered_at,
            Cell(State(one.state).label, tone=TAKE_OVER_TONES[State(one.state)]),
            one.notice.shown_until if one.notice else "",
            one.posted_at,
        )
    )


def _open(request: HttpRequest, take_over: UUID) -> tuple[Desk, TakeOverBundle]:
    told = find_take_over(actor=actor_of(request), take_over=take_over)
    return desk_of(request, told.row.community_id), told


def _crumbs(desk: Desk, row: TakeOver, *more: str) -> list[tuple[Any, str]]:
    way = (_("Paper passbooks"), desk.url("points_take_overs"))
    if not more:
        return desk.crumbs(way, (row.title, ""))
    return desk.crumbs(way, (row.title, _url(row.pk)), (more[0], ""))


def _url(take_over: UUID) -> str:
    return reverse("staff:points_take_over", kwargs={"take_over": take_over})


@reading
def show(request: HttpRequest, take_over: UUID) -> HttpResponse:
    """Show a take-over: what it comes to, who signed, what is next, and its lines."""
    desk, told = _open(request, take_over)
    row, named = told.row, {"take_over": take_over}
    state = State(row.state)
    after = request.GET.get("after", "")
    page = list_take_over_lines(actor=desk.actor, take_over=take_over, after=after)
    lines = [
        Row(cells(one.household_number, one.masked_head, one.paper_number, one.points, one.expires_on))
        for one in page.rows
    ]
    by_day = [Row(cells(day, homes, points)) for day, homes, points in told.totals.by_day]
    may_sign = state in (State.ENTERED, State.SIGNED) and desk.keeps and row.first_signed_by != desk.actor.account
    ready = state == State.SHOWN and told.shown_until is not None and told.shown_until < desk.on
    context = desk.context("points_take_overs", row.title)
    context |= {
        "crumbs": _crumbs(desk, row),
        "state_label": state.label,
        "state_tone": TAKE_OVER_TONES[state],
        "next_url": reverse("staff:points_take_over_sign", kwargs=named) if may_sign else "",
        "next_text": _("Count and sign"),
        "banners": _banners(desk, told),
        "presses": [Press(reverse("staff:points_take_over_post", kwargs=named), _("Enter the points now"), "primary")]
        if ready and desk.keeps and not told.open_objections
        else [],
        "table": keyset_table(columns=(), rows=(), count=0, after=page.after),
        "after": after,
        "sections": [
            Section(_("What it comes to"), table=small_table(DAY_COLUMNS, by_day), empty=_("This list is empty.")),
            Section(
                _("Households"),
                table=keyset_table(columns=LINE_COLUMNS, rows=lines, count=len(lines), after=""),
                empty=_("This list is empty."),
            ),
        ],
        "facts": _facts(told),
        "acts": _acts(desk, told),
        "entries": story_of(desk.actor, "points.takeover", take_over),
    }
    return render(request, "staff/points/record.html", context)


def _banners(desk: Desk, told: TakeOverBundle) -> list[tuple[str, str]]:
    row = told.row
    if row.state == State.SIGNED and row.first_signed_by == desk.actor.account:
        return [("info", _("You have signed. Another person has to count the paper passbooks and sign."))]
    if row.state == State.SHOWN and told.open_objections:
        return [("due", _("Somebody objects to this list. Answer the objection first."))]
    if row.state == State.SHOWN and told.shown_until:
        return [
            ("info", _("It hangs out until %(day)s. Then the points are entered.") % {"day": spoken(told.shown_until)})
        ]
    return []


def _facts(told: TakeOverBundle) -> list[tuple[Any, ...]]:
    row = told.row
    return [
        (_("Households"), told.totals.households),
        (_("Paper passbooks"), told.totals.papers),
        (_("Points"), told.totals.points),
        (_("Sent in"), spoken(row.entered_at)),
        (_("Signatures"), f"{sum(one is not None for one in (row.first_signed_by, row.second_signed_by))} / 2"),
        (_("Pages counted"), row.paper_pages or None),
        *([(_("Open objections"), told.open_objections)] if row.notice_id else []),
        *([(_("Entered"), spoken(row.posted_at))] if row.posted_at else []),
    ]


def _acts(desk: Desk, told: TakeOverBundle) -> list[tuple[str, str]]:
    row, acts = told.row, []
    if row.notice_id:
        acts.append((reverse("staff:points_notice", kwargs={"notice": row.notice_id}), _("Its public notice")))
    if row.run:
        acts.append((reverse("staff:import", kwargs={"run": row.run}), _("The table it came in")))
    if desk.keeps and row.state not in (State.POSTED, State.WITHDRAWN):
        acts.append((reverse("staff:points_take_over_withdraw", kwargs={"take_over": row.pk}), _("Withdraw the list")))
    return acts


class SignForm(ActForm):
    """What somebody counted on paper."""

    points = forms.IntegerField(
        label=gettext_lazy("Points that you counted"),
        help_text=gettext_lazy("Add up the paper passbooks yourself; do not copy the number from the screen."),
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )
    pages = forms.IntegerField(
        label=gettext_lazy("Pages that you counted"),
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )


@keeping
def sign(request: HttpRequest, take_over: UUID) -> HttpResponse:
    """Sign that the paper passbooks come to what was entered."""
    desk, told = _open(request, take_over)
    return answer_form(
        request,
        SignForm(request.POST or None),
        do=lambda wanted: sign_take_over(actor=desk.actor, take_over=take_over, at=now(), **wanted),
        then=lambda _row: _url(take_over),
        said=lambda row: (
            _("Signed. It hangs out in public now.")
            if row.state == State.SHOWN
            else _("Signed. Now a second person counts and signs.")
        ),
        title=_("Count and sign “%(title)s”") % {"title": told.row.title},
        lead=_(
            "Two people count the paper passbooks, each alone. Only when both come to what was entered it is shown."
        ),
        button=_("Sign"),
        cancel_url=_url(take_over),
        crumbs=_crumbs(desk, told.row, _("Sign")),
    )


class WithdrawForm(ActForm):
    """Why the list is given up."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@keeping
def withdraw(request: HttpRequest, take_over: UUID) -> HttpResponse:
    """Give a list up before it is entered."""
    desk, told = _open(request, take_over)
    return answer_form(
        request,
        WithdrawForm(request.POST or None),
        do=lambda wanted: withdraw_take_over(actor=desk.actor, take_over=take_over, at=now(), **wanted),
        then=lambda _row: _url(take_over),
        said=_("The list is withdrawn. A mended one can be sent in."),
        title=_("Withdraw “%(title)s”") % {"title": told.row.title},
        lead=_("Its public notice is taken down. Nothing of it is entered."),
        button=_("Withdraw"),
        cancel_url=_url(take_over),
        crumbs=_crumbs(desk, told.row, _("Withdraw")),
    )


@pressing
def post(request: HttpRequest, take_over: UUID) -> HttpResponse:
    """Enter the points at once, without waiting for the night."""
    actor = actor_of(request)
    find_take_over(actor=actor, take_over=take_over)
    return press(
        request,
        do=lambda: post_take_over(actor=actor, take_over=take_over, at=now(), key=key_of(request)),
        back=_url(take_over),
        said=_("The points are in the passbooks."),
    )
