"""Partnerships: who is tied to a community how, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer, Partnership
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """One tie on a list, with how much the partner offers there."""

    id: UUID
    community: UUID
    community_name: str
    organisation: UUID
    organisation_name: str
    kind: str
    since_on: date
    until_on: date | None
    note: str
    offers: int


def list_partnerships(
    *,
    actor: Actor,
    communities: Iterable[UUID] | None = None,
    organisation: UUID | None = None,
    kind: str = "",
    ended_too: bool = False,
) -> list[PartnershipRow]:
    """List the ties of the communities in scope; two queries."""
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        rows = Partnership.objects.select_related("organisation", "community")
        rows = rows if communities is None else rows.filter(community__in=list(communities))
        rows = rows if organisation is None else rows.filter(organisation=organisation)
        rows = rows.filter(kind=kind) if kind else rows
        rows = rows if ended_too else rows.filter(until_on=None)
        found = list(rows.order_by("organisation__name", "kind", "since_on", "pk")[:MOST_SHOWN])
        counted = Offer.objects.filter(organisation__in={row.organisation_id for row in found})
        live = counted.exclude(state=Offer.State.ENDED).order_by().values("community", "organisation")
        offers = {(one["community"], one["organisation"]): one["n"] for one in live.annotate(n=Count("pk"))}
    return [_row(row, offers.get((row.community_id, row.organisation_id), 0)) for row in found]


def find_partnership(*, actor: Actor, partnership: UUID) -> PartnershipRow:
    """Give one tie, to the office; raises Missing."""
    with scope.within(actor.communities):
        row = Partnership.objects.filter(pk=partnership).select_related("organisation", "community").first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return _row(row, 0)


def kinds_of(*, organisations: Iterable[UUID], on: date) -> dict[UUID, list[str]]:
    """Give what kinds of partner organisations are on a day, anywhere in the district; one query."""
    found: dict[UUID, list[str]] = {}
    with scope.everything():
        rows = Partnership.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on), organisation__in=list(organisations), since_on__lte=on
        )
        for organisation, kind in rows.order_by("kind").values_list("organisation_id", "kind").distinct():
            found.setdefault(organisation, []).append(kind)
    return found


def _row(row: Partnership, offers: int) -> PartnershipRow:
    return PartnershipRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        organisation=row.organisation_id,
        organisation_name=row.organisation.name,
        kind=row.kind,
        since_on=row.since_on,
        until_on=row.until_on,
        note=row.note,
        offers=offers,
    )
