"""Offers that staff keep away from a community: the list, a new pair with its reason, a pair taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.projects.commands import proposals as commands
from lianxin.domain.projects.queries import pairs
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from ..choices import CHOOSE, community_choices
from ..points.lists import Page, Press, Row, answer_list, cells, leads
from .desk import ProjectsDesk, desk_of
from .gate import planner_presses, planning, plans, reading

AT_ONCE = 50
COLUMNS = (
    Column(gettext_lazy("Offer")),
    Column(pgettext_lazy("offer", "Who gives")),
    Column(gettext_lazy("Does not go to")),
    Column(gettext_lazy("Why")),
    Column(pgettext_lazy("pair", "Since")),
    Column(pgettext_lazy("pair", "By")),
    Column(""),
)
ENDED_COLUMNS = (*COLUMNS[:-2], Column(gettext_lazy("Taken back on")), COLUMNS[-2])


class PairsFilter(forms.Form):
    """Those that hold, or those that were taken back."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", pgettext_lazy("pair", "hold now")), ("ended", pgettext_lazy("pair", "taken back"))],
    )


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List which offers do not go to which communities in scope."""
    desk = desk_of(request)
    form = PairsFilter(request.GET)
    ended = form.is_valid() and form.cleaned_data["state"] == "ended"

    def fetch(after: str) -> Page:
        start = int(after) if after.isdecimal() and len(after) < 8 else 0
        rows = pairs.list_pairs(actor=desk.actor, ended=ended, offset=start, limit=AT_ONCE + 1)
        following = str(start + AT_ONCE) if len(rows) > AT_ONCE else ""
        return [_row(row, desk) for row in rows[:AT_ONCE]], following

    new_url = reverse("staff:pair_new") if plans(desk.actor) else ""
    context = desk.context("pairs", _("Ruled out"))
    context |= {
        "form": form,
        "lead": _("An offer on this list is not proposed for the community beside it, until somebody takes it back."),
        "buttons": [(new_url, _("Rule an offer out"))] if new_url else [],
        "empty_title": _("No pair was taken back.") if ended else _("No offer is ruled out."),
        "empty_text": _("When an offer must not go to a community, say so here with the reason; matching keeps to it."),
        "empty_url": new_url,
        "empty_link": _("Rule an offer out") if new_url else "",
    }
    columns = ENDED_COLUMNS if ended else COLUMNS
    count = pairs.count_pairs(actor=desk.actor, ended=ended)
    return answer_list(request, columns=columns, fetch=fetch, context=context, count=count)


def _row(row: pairs.PairRow, desk: ProjectsDesk) -> Row:
    presses = []
    if row.ended_at is None and plans(desk.actor):
        presses = [Press(reverse("staff:pair_end", kwargs={"pair": row.id}), _("Let it go there again"))]
    last = [row.made_by] if row.ended_at is None else [spoken(row.ended_at), row.made_by]
    return Row(
        cells(
            leads(row.offer_title, "offer", offer=row.offer),
            row.giver or _("a volunteer"),
            row.community_name,
            row.reason,
            spoken(row.made_at),
            *last,
        ),
        pk=row.id,
        presses=presses,
    )


class PairForm(ActForm):
    """Which offer, which community, and why."""

    offer = forms.ChoiceField(label=gettext_lazy("Offer"))
    community = forms.ChoiceField(label=gettext_lazy("Does not go to"))
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=commands.LONGEST_REASON,
        help_text=gettext_lazy("Colleagues read it. Write what happened, not what you think of somebody."),
    )

    def __init__(self, *args: Any, desk: ProjectsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        groups = community_choices(desk.actor, subdistricts=False, alone=True)
        listed = [one for _group, some in groups for one in some]
        fields["community"].choices = listed if len(listed) == 1 else [("", CHOOSE), *groups]
        around = pairs.offers_around([UUID(pk) for pk, _name in listed])
        fields["offer"].choices = [("", CHOOSE), *((str(one.pk), _offer_words(one)) for one in around)]


def _offer_words(one: Any) -> str:
    giver = one.organisation.name if one.organisation else _("a volunteer")
    return " · ".join([one.title, giver, one.community.short_name])


@planning
def new(request: HttpRequest) -> HttpResponse:
    """Keep an offer away from a community, with the reason."""
    desk = desk_of(request)
    initial = {name: request.GET.get(name, "") for name in ("offer", "community")}
    return answer_form(
        request,
        PairForm(request.POST or None, desk=desk, initial=initial),
        do=lambda wanted: commands.forbid_pair(
            actor=desk.actor,
            offer=UUID(wanted["offer"]),
            community=UUID(wanted["community"]),
            reason=wanted["reason"],
            at=now(),
        ),
        then=lambda _row: reverse("staff:pairs"),
        said=_("Noted. The next matching keeps to it."),
        title=_("Rule an offer out"),
        lead=_("It is not proposed for this community any more. What is arranged already stays."),
        button=_("Rule it out"),
        cancel_url=reverse("staff:pairs"),
        crumbs=desk.context("pairs", "", (_("New"), ""))["crumbs"],
    )


@planner_presses
def end(request: HttpRequest, pair: UUID) -> HttpResponse:
    """Let an offer go to a community again."""
    row = pairs.find_pair(actor=actor_of(request), pair=pair)
    return press(
        request,
        do=lambda: commands.allow_pair(actor=actor_of(request), pair=pair, at=now()),
        back=reverse("staff:pairs"),
        said=_("%(offer)s may go to %(community)s again.")
        % {"offer": row.offer_title, "community": row.community_name},
    )
