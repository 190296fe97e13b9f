"""Acts on a mediation: its sides, its mediator, talks, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import (
    mediation_talks,
    mediations,
    mediators,
)
from lianxin.domain.voice.queries import mediations as queries
from lianxin.faces.kit.acting import key_of, press

from ..acting import ActForm, answer_form
from ..rooms.residents import add_resident_fields, resident_of
from .case_desk import CaseDesk, desk_of
from .matter_desk import uuid_or_none, worker_choices
from .mediation_forms import (
    AppointForm,
    ConsentForm,
    PartyForm,
    PlanTalkForm,
    TalkForm,
    TiesForm,
)
from .mediation_gate import open_mediation, open_own, open_party, open_talk, pressing, sending
from .mediation_list import crumbs, mediation_url
from .mediation_words import name_of, side_names

Bundle = queries.MediationBundle


def act_form(
    request: HttpRequest,
    bundle: Bundle,
    desk: CaseDesk,
    form: ActForm,
    do: Callable[[dict[str, Any]], Any],
    *,
    title: Any,
    button: Any,
    said: Any,
    lead: Any = "",
    **more: Any,
) -> HttpResponse:
    """Show and answer one form about a mediation."""
    row = bundle.row
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _done: mediation_url(row.pk),
        said=said,
        fresh=lambda: {"version": open_mediation(desk.actor, row.pk).row.version},
        title=title,
        lead=lead or name_of(row),
        button=button,
        cancel_url=mediation_url(row.pk),
        crumbs=crumbs((name_of(row), mediation_url(row.pk)), (title, "")),
        **more,
    )


def sides_of(bundle: Bundle) -> list[tuple[str, Any]]:
    """Give the sides to choose from, by number and not by name."""
    return [(str(pk), name) for pk, name in side_names(bundle.parties).items()]


def named(desk: CaseDesk, bundle: Bundle, entered: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give what every command of a mediation is told."""
    asked = {"actor": desk.actor, "mediation": bundle.row.pk, "at": desk.at}
    if entered is not None:
        asked["key"] = entered["key"]
        if "version" in entered:
            asked["version"] = entered["version"]
    return asked


@sending
def party_new(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Add a side."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    form = PartyForm(request.POST or None, initial={"version": bundle.row.version})
    add_resident_fields(form, desk.actor)

    def do(entered: dict[str, Any]) -> Any:
        person = resident_of(desk, bundle.row.community_id, entered)  # type: ignore[arg-type]
        party = mediations.NewParty(entered["side"], entered["name"], entered["phone"], person=person)
        return mediations.add_party(party=party, **named(desk, bundle, entered))

    return act_form(
        request, bundle, desk, form, do, title=_("Add a side"), button=_("Add"), said=_("Added. The name is sealed.")
    )


@pressing
def party_remove(request: HttpRequest, mediation_party: UUID) -> HttpResponse:
    """Take a side out that was written down by mistake."""
    desk = desk_of(request)
    row = open_party(desk.actor, mediation_party)
    return press(
        request,
        do=lambda: mediations.remove_party(actor=desk.actor, party=mediation_party, at=desk.at, key=key_of(request)),
        back=mediation_url(row.mediation_id),
        said=_("Taken out."),
    )


@sending
def consent(request: HttpRequest, mediation_party: UUID) -> HttpResponse:
    """Write down whether a side agrees to be mediated by this mediator."""
    desk = desk_of(request)
    row = open_party(desk.actor, mediation_party)
    bundle = open_mediation(desk.actor, row.mediation_id)

    def do(entered: dict[str, Any]) -> Any:
        return mediations.consent(
            actor=desk.actor,
            party=mediation_party,
            agrees=entered["agrees"],
            words=entered["words"],
            at=desk.at,
            key=entered["key"],
        )

    return act_form(
        request,
        bundle,
        desk,
        ConsentForm(request.POST or None),
        do,
        title=side_names(bundle.parties)[row.pk],
        lead=_("Nobody is mediated who does not want it. Mediator: %(name)s.")
        % {"name": bundle.row.mediator_name or _("nobody yet")},
        button=_("Write down"),
        said=_("Written down."),
    )


@sending
def appoint(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Appoint the mediator, or another one."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    workers = [one for one in worker_choices(desk, bundle.row.community_id) if one[0]]
    # Who opens the form mediates most often; who mediates already is offered nobody.
    mine = "" if bundle.row.mediator else str(desk.actor.account)
    initial = {"version": bundle.row.version, "mediator": mine}
    form = AppointForm(request.POST or None, workers=workers, initial=initial)
    if bundle.row.state != "agreed":
        del form.fields["words"]
    return act_form(
        request,
        bundle,
        desk,
        form,
        lambda entered: mediators.appoint(
            mediator=UUID(entered["mediator"]), words=entered.get("words", ""), **named(desk, bundle, entered)
        ),
        title=_("Appoint the mediator"),
        lead=_("Who is near to a side is refused. With another mediator all sides are asked anew."),
        button=_("Appoint"),
        said=_("Appointed. The mediator now looks for ties and asks the sides."),
    )


@sending
def step_down(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Give a mediation back."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        ActForm(request.POST or None),
        lambda entered: mediators.step_down(**named(desk, bundle, entered)),
        title=_("Step down as mediator"),
        lead=_("Somebody else is appointed, and all sides are asked anew. You open nothing of it any more."),
        button=_("Step down"),
        said=_("You stepped down. Somebody else is to be appointed."),
    )


@sending
def ties(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Say what ties the mediator to the sides, if anything."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        TiesForm(request.POST or None),
        lambda entered: mediators.declare(ties=entered["ties"], words=entered["words"], **named(desk, bundle, entered)),
        title=_("Look for ties"),
        lead=_("The register is looked through too: one household, acting for a side, one phone number."),
        button=_("Say so"),
        said=_("Written down: no tie to a side."),
    )


@sending
def accept(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Accept a mediation."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        ActForm(request.POST or None),
        lambda entered: mediators.accept(**named(desk, bundle, entered)),
        title=_("Accept the mediation"),
        lead=_("Both sides are named, all agreed to it, and you are near to none of them."),
        button=_("Accept"),
        said=_("Accepted. Now the talks can begin."),
    )


@sending
def talk(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Write down a talk."""
    desk = desk_of(request)
    return _talk(request, desk, open_own(desk.actor, mediation), None)


@sending
def hold(request: HttpRequest, mediation_talk: UUID) -> HttpResponse:
    """Write down a talk or visit that was planned."""
    from .mediation_agreement import visit_form

    desk = desk_of(request)
    row = open_talk(desk.actor, mediation_talk)
    bundle = open_own(desk.actor, row.mediation_id)
    if row.kind == "visit":
        return visit_form(request, desk, bundle, row)
    return _talk(request, desk, bundle, row)


def _talk(request: HttpRequest, desk: CaseDesk, bundle: Bundle, row: Any) -> HttpResponse:
    initial = {"kind": row.kind, "party": str(row.party_id or "")} if row is not None else {}
    return act_form(
        request,
        bundle,
        desk,
        TalkForm(request.POST or None, sides=sides_of(bundle), initial=initial),
        lambda entered: mediation_talks.record(
            kind=entered["kind"],
            party=uuid_or_none(entered["party"]),
            talk=row.pk if row is not None else None,
            held_on=entered["held_on"],
            words=entered["words"],
            **named(desk, bundle, entered),
        ),
        title=_("Write down a talk"),
        button=_("Seal and keep"),
        said=_("Kept. Only you can open it."),
    )


@sending
def talk_plan(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Set the day of a talk."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        PlanTalkForm(request.POST or None, sides=sides_of(bundle)),
        lambda entered: mediation_talks.plan(
            kind=entered["kind"],
            party=uuid_or_none(entered["party"]),
            planned_on=entered["planned_on"],
            **named(desk, bundle, entered),
        ),
        title=_("Plan a talk"),
        button=_("Save"),
        said=_("Planned. You are reminded."),
    )


@pressing
def talk_drop(request: HttpRequest, mediation_talk: UUID) -> HttpResponse:
    """Take a planned talk or visit off."""
    desk = desk_of(request)
    row = open_talk(desk.actor, mediation_talk)
    open_own(desk.actor, row.mediation_id)
    return press(
        request,
        do=lambda: mediation_talks.drop(actor=desk.actor, talk=mediation_talk, at=desk.at, key=key_of(request)),
        back=mediation_url(row.mediation_id),
        said=_("Taken off."),
    )
