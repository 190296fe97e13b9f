"""The list of mediations: number, tier, state, mediator, days. Nothing of a quarrel stands here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.commands import mediations
from lianxin.domain.voice.models import Mediation, MediationParty, Tier
from lianxin.domain.voice.queries import mediations as queries
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..acting import Crumbs, answer_form
from ..choices import community_choices
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .case_desk import COMMUNITY, CaseDesk, PlaceFilter, desk_of, home_crumb, page_of
from .mediation_forms import AskForm
from .mediation_gate import reading, sending
from .mediation_words import TONES, name_of

COLUMNS = (
    Column(pgettext_lazy("mediation", "Mediation")),
    Column(COMMUNITY),
    Column(pgettext_lazy("mediation", "Tier")),
    Column(pgettext_lazy("mediation", "Mediator")),
    Column(pgettext_lazy("mediation", "Asked for")),
    Column(pgettext_lazy("mediation", "Agreed on")),
    Column(gettext_lazy("State")),
)


class MediationFilter(PlaceFilter):
    """Which state and tier, and whether only one's own."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("live", gettext_lazy("Going on")), ("all", gettext_lazy("All")), *Mediation.State.choices],
    )
    tier = forms.ChoiceField(
        label=pgettext_lazy("mediation", "Tier"), required=False, choices=[("", gettext_lazy("All")), *Tier.choices]
    )
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)


def mediation_url(mediation: UUID) -> str:
    """Give the page of a mediation."""
    return reverse("staff:mediation", kwargs={"mediation": mediation})


def crumbs(*way: tuple[Any, str]) -> Crumbs:
    """Give the way to a page about a mediation."""
    return [home_crumb(), (pgettext("voice", "Mediation"), reverse("staff:mediations")), *way]


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List mediations without anything of what they are about."""
    desk = desk_of(request)
    form = MediationFilter(request.GET, desk=desk)
    state = request.GET.get("state", "") or "live"
    with scope.within(desk.actor.communities):
        rows = queries.list_mediations(
            desk.actor,
            state="" if state == "all" else state if state in (*Mediation.State.values, "live") else "live",
            tier=request.GET.get("tier", "") if request.GET.get("tier", "") in Tier.values else "",
            mine=request.GET.get("mine") == "on",
            communities=form.communities,
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(row, desk) for row in part], following

        context = desk.context("mediations", pgettext("voice", "Mediation")) | {
            "form": form,
            "buttons": [(reverse("staff:mediation_new"), _("Ask for mediation"))],
            "lead": _outcomes(desk),
            "empty_title": _("No mediation here."),
            "empty_text": _("A quarrel goes to a mediator from its case, or from here."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context)


def _outcomes(desk: CaseDesk) -> str:
    found = queries.outcomes(
        from_on=desk.on - timedelta(days=365), until_on=desk.on + timedelta(days=1), communities=desk.actor.communities
    )
    asked = sum(one.live + one.agreed + one.performed + one.failed + one.broken + one.withdrawn for one in found)
    reached = sum(one.agreed + one.performed + one.broken for one in found)
    if not asked:
        return ""
    said = {"asked": asked, "agreed": reached, "performed": sum(one.performed for one in found)}
    return (
        _("In the last year %(asked)d were asked for, %(agreed)d came to an agreement, %(performed)d are performed.")
        % said
    )


def _row(row: Mediation, desk: CaseDesk) -> Row:
    found = [
        leads(name_of(row), "mediation", mediation=row.pk),
        *([row.community.short_name] if desk.has_many else []),
        row.get_tier_display(),
        row.mediator_name or _("nobody yet"),
        spoken(row.asked_at),
        spoken(row.agreed_on) if row.agreed_on else "",
        Cell(row.get_state_display(), tone=TONES[row.state]),
    ]
    return Row(cells(*found), pk=row.pk)


@sending
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a mediation of a quarrel that is no case."""
    desk = desk_of(request)
    communities = community_choices(desk.actor, subdistricts=False, alone=True)

    def do(entered: dict[str, Any]) -> Mediation:
        sides = [
            (MediationParty.Side.ASKING, entered["asking_name"], entered["asking_phone"]),
            (MediationParty.Side.OTHER, entered["other_name"], entered["other_phone"]),
        ]
        return mediations.ask(
            actor=desk.actor,
            community=UUID(entered["community"]),
            subject_words=entered["subject_words"],
            tier=entered["tier"],
            parties=[mediations.NewParty(side, name, phone) for side, name, phone in sides if name.strip()],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        AskForm(request.POST or None, communities=communities),
        do=do,
        then=lambda row: mediation_url(row.pk),
        said=_("The mediation is asked for. Nothing of it is shown to others."),
        title=_("Ask for mediation"),
        lead=_("What you write is sealed at once. Sides who are on record can be named on the next page."),
        button=_("Ask for mediation"),
        cancel_url=reverse("staff:mediations"),
        crumbs=crumbs((_("Ask for mediation"), "")),
    )
