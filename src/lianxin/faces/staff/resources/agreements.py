"""Agreements with partners: the list, a new draft and its changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.resources.commands import agreements as commands
from lianxin.domain.resources.models import Agreement
from lianxin.domain.resources.queries.agreements import (
    AgreementPage,
    find_agreement,
    list_agreements,
    offers_to_agree_on,
)
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import VersionedForm, answer_form, day_field, long_text
from ..choices import ANY, CHOOSE
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import ResourcesDesk, desk_of
from .gate import keeping, reading
from .words import AGREEMENT_TONES

State = Agreement.State
COLUMNS = (
    Column(gettext_lazy("Number")),
    Column(gettext_lazy("Partner")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("From day")),
    Column(gettext_lazy("Until day")),
    Column(gettext_lazy("Signed on")),
    Column(gettext_lazy("State")),
)


def page_of(agreement: UUID) -> str:
    """Give the address of an agreement."""
    return reverse("staff:agreement", kwargs={"agreement": agreement})


def title_of(found: AgreementPage) -> str:
    """Give what an agreement is called: its number, or that it is a draft."""
    given = found.agreement.content.get("number") or found.row.number
    return _("Agreement no. %(number)d") % {"number": given} if given else _("Draft of an agreement")


class AgreementsFilter(forms.Form):
    """Which agreements to see."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", ANY), *State.choices])


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the agreements of the communities in scope."""
    desk = desk_of(request)
    form = AgreementsFilter(request.GET)
    found = list_agreements(actor=desk.actor, state=form.cleaned_data["state"] if form.is_valid() else "")

    def fetch(_after: str) -> Page:
        rows = [
            Row(
                cells(
                    leads(row.number or _("draft"), "agreement", agreement=row.id),
                    row.organisation_name,
                    *([row.community_name] if desk.has_many else []),
                    row.from_on,
                    row.until_on,
                    row.signed_on,
                    Cell(State(row.state).label, tone=AGREEMENT_TONES[State(row.state)]),
                ),
                pk=row.id,
            )
            for row in found
        ]
        return rows, ""

    new_url = reverse("staff:agreement_new")
    context = desk.context("agreements", _("Agreements"))
    context |= {
        "form": form,
        "buttons": [(new_url, _("Draft an agreement"))] if desk.keeps else [],
        "empty_title": _("No agreement yet."),
        "empty_text": _("An agreement holds what a partner offers on the day of signing, and is printed."),
        "empty_url": new_url if desk.keeps else "",
        "empty_link": _("Draft an agreement"),
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=len(found))


class WithWhomForm(forms.Form):
    """Which community and which partner."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    organisation = forms.ChoiceField(label=gettext_lazy("Partner"))

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        named = [(str(pk), name) for pk, name in desk.communities()]
        fields["community"].choices = named if len(named) == 1 else [("", CHOOSE), *named]
        fields["organisation"].choices = desk.firms()


class DraftForm(VersionedForm):
    """From when until when, on which terms, about which offers."""

    from_on = day_field(gettext_lazy("From day"))
    until_on = day_field(gettext_lazy("Until day"))
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("What is agreed on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    terms = long_text(gettext_lazy("Terms"), most=commands.TERMS_MOST, rows=8)

    def __init__(self, *args: Any, offers: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["offers"].choices = [(str(pk), title) for pk, title in offers]

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        return {
            **self.values("from_on", "until_on", "terms"),
            "offers": [UUID(pk) for pk in self.cleaned_data["offers"]],
        }


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement: first with whom, then about what."""
    desk = desk_of(request)
    who = WithWhomForm(request.GET if "organisation" in request.GET else None, desk=desk)
    crumbs = desk.crumbs((_("Agreements"), reverse("staff:agreements")), (_("New"), ""))
    if not who.is_valid():
        context = {
            "form": who,
            "title": _("Draft an agreement"),
            "lead": _("With whom?"),
            "button": _("Go on"),
            "cancel_url": reverse("staff:agreements"),
            "crumbs": crumbs,
            "form_method": "get",
        }
        return render(request, "staff/resources/with_whom.html", context)
    community, organisation = (UUID(who.cleaned_data[name]) for name in ("community", "organisation"))
    offers = offers_to_agree_on(actor=desk.actor, community=community, organisation=organisation)
    year = desk.on.replace(month=12, day=31)
    initial = {"from_on": desk.on, "until_on": year, "offers": [str(pk) for pk, _title in offers]}
    form = DraftForm(request.POST or None, offers=offers, initial=initial)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.draft(
            actor=desk.actor,
            community=community,
            organisation=organisation,
            at=now(),
            key=wanted["key"],
            **form.entries(),
        ),
        then=lambda row: page_of(row.pk),
        said=_("The draft is here. Print it, let both sides sign, and note the signatures."),
        title=_("Draft an agreement"),
        lead=dict(desk.firms()).get(str(organisation), ""),
        button=_("Draft it"),
        cancel_url=reverse("staff:agreements"),
        crumbs=crumbs,
    )


@keeping
def edit(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Change a draft."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    row = found.row
    offers = offers_to_agree_on(actor=desk.actor, community=row.community, organisation=row.organisation)
    form = DraftForm(request.POST or None, offers=offers, initial=_now(found))
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.edit(
            actor=desk.actor,
            agreement=agreement,
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
            **form.entries(),
        ),
        then=lambda _row: page_of(agreement),
        said=_("Changed."),
        fresh=lambda: _now(find_agreement(actor=desk.actor, agreement=agreement)),
        title=_("Change the draft"),
        lead=row.organisation_name,
        button=_("Save"),
        cancel_url=page_of(agreement),
        crumbs=desk.crumbs((title_of(found), page_of(agreement)), (_("Change"), "")),
    )


def _now(found: AgreementPage) -> dict[str, Any]:
    return {
        "from_on": found.row.from_on,
        "until_on": found.row.until_on,
        "terms": found.agreement.terms,
        "offers": [str(pk) for pk in found.offer_ids],
        "version": found.agreement.version,
    }
