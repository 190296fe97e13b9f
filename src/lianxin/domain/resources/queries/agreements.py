"""Agreements: the list, and one with what is agreed on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Agreement, Offer, OfferCategory
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import plain
from lianxin.platform.errors import Missing

MOST_SHOWN = 2_000
FROZEN = (
    *("kind", "title", "description", "conditions", "place", "seats", "least_people", "minutes", "times", "every"),
    *("quantity", "unit", "cost_fen", "reach", "reach_metres", "from_on", "until_on"),
)


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement on a list."""

    id: UUID
    community: UUID
    community_name: str
    organisation: UUID
    organisation_name: str
    number: int | None
    from_on: date
    until_on: date
    state: str
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """Everything that an agreement's page and paper show; signed, `offers` are those of that day."""

    agreement: Agreement
    row: AgreementRow
    offers: list[dict[str, Any]]
    offer_ids: list[UUID]
    timeline: list[audit.TimelineEntry]


def list_agreements(*, actor: Actor, communities: Iterable[UUID] | None = None, state: str = "") -> list[AgreementRow]:
    """List agreements: an office's communities', or a partner's own signed ones; one query."""
    with scope.within(actor.communities if policy.may_read_any(actor) else None):
        rows = Agreement.objects.select_related("organisation", "community")
        if not policy.may_read_any(actor):
            policy.require(policy.gives_any(actor))
            rows = rows.filter(organisation__in=actor.organisations).exclude(state=Agreement.State.DRAFT)
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        if state:
            rows = rows.filter(state=state)
        return [_row(row) for row in rows.order_by("-from_on", "organisation__name", "pk")[:MOST_SHOWN]]


def find_agreement(*, actor: Actor, agreement: UUID) -> AgreementPage:
    """Give one agreement to the office and, once signed, to the partner; raises Missing."""
    with scope.everything():
        row = Agreement.objects.filter(pk=agreement).select_related("organisation", "community").first()
        if row is None:
            raise Missing
        is_partner = policy.is_giver(actor, row.organisation_id, None) and row.state != Agreement.State.DRAFT
        if not is_partner and not policy.may_read(actor, row.community_id):
            raise Missing
        tied = Offer.objects.filter(agreement=row)
        offers = row.content.get("offers")
        if not offers:
            served = Prefetch("categories", OfferCategory.objects.select_related("category"))
            of_today = list(tied.order_by("kind", "title", "pk").prefetch_related(served))
            offers = [frozen(one) for one in of_today]
            ids = [one.pk for one in sorted(of_today, key=lambda one: (one.title, one.pk))]
        else:
            ids = list(tied.order_by("title", "pk").values_list("pk", flat=True))
        return AgreementPage(
            agreement=row,
            row=_row(row),
            offers=offers,
            offer_ids=ids,
            timeline=audit.entries_for("resources.agreement", row.pk, limit=30),
        )


def offers_to_agree_on(*, actor: Actor, community: UUID, organisation: UUID) -> list[tuple[UUID, str]]:
    """Give id and title of a partner's offers that no agreement in force holds; one query."""
    policy.require(policy.may_keep(actor, community))
    with scope.within(actor.communities):
        rows = Offer.objects.filter(community=community, organisation=organisation)
        rows = rows.exclude(state=Offer.State.ENDED).exclude(agreement__state=Agreement.State.SIGNED)
        return list(rows.order_by("title", "pk").values_list("pk", "title"))


def frozen(row: Offer) -> dict[str, Any]:
    """Write down what an offer says, as an agreement keeps it; its categories have been fetched with it."""
    kept: dict[str, Any] = plain({name: getattr(row, name) for name in FROZEN})
    return {
        "id": str(row.pk),
        "categories": sorted([one.category.code, one.category.name, one.level] for one in row.categories.all()),
        **kept,
    }


def _row(row: Agreement) -> AgreementRow:
    return AgreementRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        organisation=row.organisation_id,
        organisation_name=row.organisation.name,
        number=row.number,
        from_on=row.from_on,
        until_on=row.until_on,
        state=row.state,
        signed_on=row.signed_on,
    )
