"""Claims as rows, the list of them, and the desk of the second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.queries.households import find_household_by_number
from lianxin.domain.points import policy
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.claims import MOST_SHOWN, ClaimRow, list_claims, list_waiting
from lianxin.domain.points.queries.rules import list_versions
from lianxin.faces.kit.tables import Column

from ..acting import DayInput
from .desk import Desk, desk_of
from .gate import looking_on, reading
from .lists import Cell, Page, Press, Row, answer_list, cells, leads
from .words import CLAIM_TONES, amount

COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("What was done")),
    Column(gettext_lazy("How much")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Why not more")),
    Column(gettext_lazy("Entered by")),
)
WAITING_COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("What was done")),
    Column(gettext_lazy("How much")),
    Column(gettext_lazy("Points asked for"), numeric=True),
    Column(gettext_lazy("Evidence")),
    Column(gettext_lazy("Entered by")),
    Column(""),
)


def rows_of(claims: Sequence[ClaimRow]) -> list[Row]:
    """Write claims as rows of a list."""
    return [
        Row(
            cells(
                leads(claim.done_on, "points_claim", claim=claim.id),
                claim.household_number,
                claim.masked_name,
                claim.title or claim.evidence or claim.act_kind,
                amount(claim.quantity, claim.minutes, claim.unit),
                claim.points,
                Cell(claim.state_label, tone=CLAIM_TONES[Claim.State(claim.state)]),
                claim.reason_label if claim.reason else "",
                claim.awarded_by_name,
            ),
            pk=claim.id,
        )
        for claim in claims
    ]


class ClaimFilter(forms.Form):
    """Which acts the list shows."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Why not more"), required=False)
    item = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    household = forms.CharField(label=gettext_lazy("Household number"), required=False, max_length=32)
    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DayInput)

    def __init__(self, data: Any, *, desk: Desk) -> None:
        super().__init__(data)
        self.desk = desk
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("", _("All")), *Claim.State.choices]
        reasons = [choice for choice in Claim.Reason.choices if choice[0]]
        fields["reason"].choices = [("", _("All")), *reasons]
        versions = list_versions(actor=desk.actor, book=desk.book.pk) if desk.book else []
        titles = {item.code: item.title for version in reversed(versions) for item in version.items.all()}
        fields["item"].choices = [("", _("All")), *titles.items()]
        if not policy.may_see_points(desk.actor):
            del fields["household"]

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set; one that makes no sense is left out, an unknown household finds nothing."""
        self.is_valid()
        cleaned = self.cleaned_data
        number = cleaned.get("household", "").strip()
        home = (
            find_household_by_number(actor=self.desk.actor, community=self.desk.community, number=number)
            if number
            else None
        )
        return {
            "state": cleaned.get("state", ""),
            "reason": cleaned.get("reason", ""),
            "code": cleaned.get("item", ""),
            "from_on": cleaned.get("from_on"),
            "until_on": cleaned.get("until_on"),
            "household": (home.pk if home else UUID(int=0)) if number else None,
        }


@looking_on
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what was offered for points in a community, newest first."""
    desk = desk_of(request, community)
    form = ClaimFilter(request.GET, desk=desk)
    wanted = form.wanted()
    limit = MOST_SHOWN if request.GET.get("as") else 50

    def fetch(after: str) -> Page:
        page = list_claims(actor=desk.actor, on=desk.on, community=community, after=after, limit=limit, **wanted)
        return rows_of(page.rows), page.after

    context = desk.context("points_claims", _("Acts and points"))
    context |= {
        "form": form,
        "empty_title": _("No act is like this."),
        "empty_text": _("Every act that was offered for points is kept here, also when it earned nothing."),
        "empty_url": desk.url("points_award") if policy.may_award_something(desk.actor) else "",
        "empty_link": _("Give points"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


@reading
def approvals(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the awards for which I could be the second person, oldest first."""
    desk = desk_of(request, community)
    limit = MOST_SHOWN if request.GET.get("as") else 50

    def fetch(after: str) -> Page:
        page = list_waiting(actor=desk.actor, community=community, after=after, limit=limit)
        return [_waiting_row(claim) for claim in page.rows], page.after

    context = desk.context("points_approvals", _("Awards that wait for a second person"))
    context |= {
        "lead": _("Large awards, and those to the household or relatives of who entered them, need a second person."),
        "empty_title": _("Nothing waits for you."),
        "empty_text": _("What you entered yourself waits for a colleague; you find it among the acts."),
    }
    return answer_list(request, columns=WAITING_COLUMNS, fetch=fetch, context=context, place=desk.name)


def _waiting_row(claim: ClaimRow) -> Row:
    return Row(
        cells(
            leads(claim.done_on, "points_claim", claim=claim.id),
            claim.household_number,
            claim.masked_name,
            claim.title or claim.act_kind,
            amount(claim.quantity, claim.minutes, claim.unit),
            claim.asked,
            claim.evidence,
            claim.awarded_by_name,
        ),
        pk=claim.id,
        presses=(Press(reverse("staff:points_approve", kwargs={"claim": claim.id}), _("Agree")),),
    )
