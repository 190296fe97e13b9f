"""Passbooks: the list of a community's households with theirs, and one household's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.people.queries.households import HouseholdBundle, find_household
from lianxin.domain.points import policy
from lianxin.domain.points.models import Account, Passbook
from lianxin.domain.points.queries.explanations import explain_balance
from lianxin.domain.points.queries.passbook_lines import PassbookLine
from lianxin.domain.points.queries.passbooks import MOST_SHOWN, PassbookRow, find_booklet, list_booklets, list_passbooks
from lianxin.domain.points.queries.statements import PassbookPage, passbook_page
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.platform.clock import local_day, now

from .desk import Desk, desk_of
from .gate import reading
from .lists import Cell, Page, Row, answer_list, cells, leads, small_table
from .told import Section, story_of
from .words import ACCOUNT_STATES, ACCOUNT_TONES, BOOKLET_TONES

COLUMNS = (
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Head")),
    Column(gettext_lazy("Passbook")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Kept aside"), numeric=True),
    Column(gettext_lazy("Debt"), numeric=True),
    Column(gettext_lazy("Lines to print"), numeric=True),
    Column(gettext_lazy("State")),
)
LINE_COLUMNS = (
    Column(gettext_lazy("Line"), numeric=True),
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("What it was for")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Balance"), numeric=True),
    Column(gettext_lazy("Rules"), numeric=True),
    Column(gettext_lazy("Entered by")),
    Column(gettext_lazy("Seal")),
)
BOOKLET_COLUMNS = (
    Column(gettext_lazy("Number")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Given out")),
    Column(gettext_lazy("Ended on")),
    Column(gettext_lazy("Reason")),
)


class PassbookFilter(forms.Form):
    """Which households the list shows."""

    number = forms.CharField(label=gettext_lazy("Number of the household or passbook"), required=False, max_length=32)
    holding = forms.ChoiceField(
        label=gettext_lazy("Printed passbook"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("with", gettext_lazy("with a passbook")),
            ("without", gettext_lazy("without a passbook")),
            ("waiting", gettext_lazy("points wait to be handed over")),
        ],
    )

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set; one that makes no sense is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("number", "holding")}


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the households of a community with their passbooks; ticked ones can be given points."""
    desk = desk_of(request, community)
    form = PassbookFilter(request.GET)
    wanted = form.wanted()
    limit = MOST_SHOWN if request.GET.get("as") else 50
    page = list_passbooks(
        actor=desk.actor, community=community, limit=limit, after=request.GET.get("after", ""), **wanted
    )

    def fetch(after: str) -> Page:
        part = page
        if after != request.GET.get("after", ""):
            part = list_passbooks(actor=desk.actor, community=community, limit=limit, after=after, **wanted)
        return [_row(row) for row in part.rows], part.after

    context = desk.context("points_passbooks", _("Passbooks"))
    context |= {
        "form": form,
        "bulk_url": desk.url("points_award_list") if policy.may_award_something(desk.actor) else "",
        "bulk_actions": [("points", _("Give points"))],
        "empty_title": _("No household is like this."),
        "empty_text": _("Households of this community are listed here with their passbooks and points."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=page.total, place=desk.name)


def _row(row: PassbookRow) -> Row:
    state = Cell("")
    if row.state:
        state = Cell(ACCOUNT_STATES[Account.State(row.state)], tone=ACCOUNT_TONES[Account.State(row.state)])
    return Row(
        cells(
            leads(row.household_number, "points_passbook", household=row.household),
            row.masked_head,
            row.passbook_number,
            row.balance,
            row.held,
            row.debt,
            row.unprinted,
            state,
        ),
        pk=row.household,
    )


@reading
def by_booklet(request: HttpRequest, passbook: UUID) -> HttpResponse:
    """Lead from a printed passbook to the household's page."""
    booklet = find_booklet(actor=actor_of(request), passbook=passbook)
    return redirect("staff:points_passbook", household=booklet.household)


def open_home(request: HttpRequest, household: UUID) -> tuple[Desk, HouseholdBundle]:
    """Find a household in scope and the book of its community."""
    bundle = find_household(actor=actor_of(request), household=household, on=local_day(now()))
    return desk_of(request, bundle.community), bundle


def passbook_crumbs(desk: Desk, home: HouseholdBundle, *more: str) -> list[tuple[Any, str]]:
    """Give the way from the book to a page of one household's passbook."""
    way = [(_("Passbooks"), desk.url("points_passbooks"))]
    if not more:
        return desk.crumbs(*way, (home.number, ""))
    return desk.crumbs(*way, (home.number, reverse("staff:points_passbook", args=[home.id])), (more[0], ""))


@reading
def show(request: HttpRequest, household: UUID) -> HttpResponse:
    """Show a household's passbook: lines, what expires when, why it stands where it stands, its booklets."""
    desk, home = open_home(request, household)
    after = request.GET.get("after", "")
    page = passbook_page(
        actor=desk.actor, household=household, on=desk.on, after=int(after) if after.isdecimal() else None
    )
    told = explain_balance(actor=desk.actor, household=household, on=desk.on)
    booklets = list_booklets(actor=desk.actor, household=household)
    valid = next((one for one in booklets if one.state == Passbook.State.VALID), None)
    lines = keyset_table(
        columns=LINE_COLUMNS, rows=[_line(line) for line in page.lines], count=len(page.lines), after=""
    )
    title = _("Passbook of household %(number)s") % {"number": home.number}
    context = desk.context("points_passbooks", title)
    context |= {
        "crumbs": passbook_crumbs(desk, home),
        "subtitle": " · ".join(filter(None, (desk.name, home.members[0].masked_name if home.members else ""))),
        "state_label": ACCOUNT_STATES[Account.State(page.state)] if page.state else "",
        "state_tone": ACCOUNT_TONES[Account.State(page.state)] if page.state else "",
        **_next_step(desk, home),
        "table": keyset_table(columns=(), rows=(), count=0, after=str(page.after or "")),
        "after": after,
        "sections": [
            Section(_("Lines"), table=lines, empty=_("There is no line in this passbook yet.")),
            Section(_("Why it stands where it stands"), lines=told.sentences),
            *([Section(_("Printed passbooks"), table=_booklets(booklets))] if booklets else []),
        ],
        "facts": _facts(page, valid, home),
        "acts": _acts(desk, home, page, valid),
        "entries": story_of(desk.actor, "points.passbook", valid.pk) if valid else None,
    }
    return render(request, "staff/points/record.html", context)


def _next_step(desk: Desk, home: HouseholdBundle) -> dict[str, Any]:
    if not policy.may_award_something(desk.actor) or home.state != Household.State.ACTIVE:
        return {}
    return {"next_url": f"{desk.url('points_award')}?household={home.id}", "next_text": _("Give points")}


def _line(line: PassbookLine) -> Row:
    return Row(
        cells(
            line.seq,
            line.on,
            line.what,
            line.delta,
            line.balance_after,
            "" if line.rules_number is None else line.rules_number,
            line.given_by,
            line.seal_code,
        )
    )


def _booklets(booklets: list[Passbook]) -> Any:
    return small_table(
        BOOKLET_COLUMNS,
        [
            Row(
                cells(
                    one.number,
                    Cell(Passbook.State(one.state).label, tone=BOOKLET_TONES[Passbook.State(one.state)]),
                    one.issued_on,
                    one.ended_on,
                    one.reason,
                )
            )
            for one in booklets
        ],
    )


def _facts(page: PassbookPage, valid: Passbook | None, home: HouseholdBundle) -> list[tuple[Any, ...]]:
    ending = [(_("Valid until %(day)s") % {"day": spoken(lot.expires_on)}, lot.points) for lot in page.expiring]
    return [
        (_("Points"), page.balance),
        (_("Kept aside"), page.held),
        (_("Can be used now"), page.free),
        *ending,
        (_("Given in all"), page.earned),
        (_("Used in all"), page.spent),
        (_("Passbook"), valid.number if valid else _("none printed")),
        (_("Household"), home.number, reverse("staff:household", args=[home.id])),
    ]


def _acts(desk: Desk, home: HouseholdBundle, page: PassbookPage, valid: Passbook | None) -> list[tuple[str, str]]:
    here = {"household": home.id}
    acts = [(reverse("staff:points_statement", kwargs=here), _("Statement from a day to a day"))]
    if valid is not None:
        acts.append(
            (reverse("staff:points_booklet", kwargs={"passbook": valid.pk}), _("Print lines into the passbook"))
        )
    if not desk.keeps:
        return acts
    alive = home.state == Household.State.ACTIVE
    if valid is not None:
        acts.append(
            (reverse("staff:points_reissue", kwargs={"passbook": valid.pk}), _("Give a new passbook for a lost one"))
        )
    elif alive and desk.book is not None and desk.book.state == "open":
        acts.append((reverse("staff:points_issue", kwargs=here), _("Give out a passbook")))
    if page.state == Account.State.FROZEN and not alive:
        acts.append((reverse("staff:points_hand_over", kwargs=here), _("Hand the points over")))
    elif page.state == Account.State.FROZEN:
        acts.append(
            (reverse("staff:points_carry_over", kwargs=here), _("Bring the points over from the former community"))
        )
    return acts
