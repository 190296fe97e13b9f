"""Offers for pages and for the matcher."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer, OfferCategory, Promise
from lianxin.domain.resources.queries.candidates import Candidate, for_matching
from lianxin.domain.resources.queries.promises import giver_of, kept_counts, kept_of
from lianxin.domain.resources.queries.terms import terms_of
from lianxin.platform import audit, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = Offer.State
PAGE = 50
MOST_SHOWN = 500
__all__ = [
    "Candidate",
    "OfferFilter",
    "OfferPage",
    "OfferRow",
    "find_offer",
    "for_matching",
    "list_offers",
    "open_offer",
]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One line of a resources list; who gives it is named as far as the reader may know."""

    id: UUID
    community: UUID
    community_name: str
    title: str
    kind: str
    giver: str
    organisation: UUID | None
    person: UUID | None
    categories: tuple[tuple[str, str, int], ...]
    seats: int
    times: int
    every: str
    quantity: int | None
    unit: str
    reach: str
    reach_metres: int | None
    state: str
    from_on: date
    until_on: date | None
    assured_on: date | None
    assure_by: date | None
    kept: int
    noted: int


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """What a list of offers is narrowed by."""

    query: str = ""
    kind: str = ""
    category: str = ""
    state: str = ""
    organisation: UUID | None = None
    communities: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class OffersPage:
    """A page of offers; `after` fetches the next one."""

    rows: list[OfferRow]
    after: str
    total: int


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise beside its offer."""

    id: UUID
    community: UUID
    community_name: str
    on: date
    quantity: int
    state: str
    kept_quantity: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Everything that an offer's page shows."""

    offer: Offer
    row: OfferRow
    weekly: list[tuple[int, time, time]]
    exceptions: list[tuple[date, date, str]]
    only: list[str]
    never: list[str]
    venue_name: str
    agreement: UUID | None
    agreement_number: int | None
    promises: list[PromiseLine]
    timeline: list[audit.TimelineEntry] = field(default_factory=list)


def list_offers(*, actor: Actor, asked: OfferFilter, on: date, after: str = "", limit: int = PAGE) -> OffersPage:
    """List the offers that this actor may open: what has to be assured first, then by title."""
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = _narrowed(Offer.objects.filter(policy.visible_offers(actor)), asked, on)
        total = rows.order_by().count()
        if after:
            title, _sep, pk = after.rpartition("~")
            try:
                last = UUID(pk)
            except ValueError:
                raise Missing from None
            rows = rows.filter(Q(title__gt=title) | Q(title=title, pk__gt=last))
        found = list(_with_parts(rows.order_by("title", "pk"))[: size + 1])
        shown = found[:size]
        kept = kept_counts([row.pk for row in shown])
        names = _may_name(actor)
        listed = [_row(row, kept.get(row.pk, (0, 0)), names=names) for row in shown]
    more = found[size - 1] if len(found) > size else None
    return OffersPage(rows=listed, after="" if more is None else f"{more.title}~{more.pk}", total=total)


def open_offer(*, actor: Actor, offer: UUID) -> Offer:
    """Give one offer that this actor may open; raises Missing. One query."""
    with scope.within(actor.communities):
        row = Offer.objects.filter(policy.visible_offers(actor), pk=offer).first()
    if row is None:
        raise Missing
    return row


def find_offer(*, actor: Actor, offer: UUID) -> OfferPage:
    """Give what an offer's page shows; raises Missing."""
    with scope.within(actor.communities):
        seen = Offer.objects.filter(policy.visible_offers(actor), pk=offer)
        row = _with_parts(seen.select_related("venue", "agreement")).first()
        if row is None:
            raise Missing
    with scope.everything():
        # Promises to other communities belong to the offer's record: who keeps the offer sees what became of them.
        rows = Promise.objects.filter(offer=row).select_related("community").order_by("-on", "pk")
        promises = list(rows[: MOST_SHOWN + 1])
        whole = len(promises) <= MOST_SHOWN
        kept = kept_of(one.state for one in promises) if whole else kept_counts([row.pk]).get(row.pk, (0, 0))
        terms = terms_of(row)
        return OfferPage(
            offer=row,
            row=_row(row, kept, names=_may_name(actor)),
            weekly=terms.weekly,
            exceptions=terms.exceptions,
            only=[name for _pk, name in terms.only],
            never=[name for _pk, name in terms.never],
            venue_name=row.venue.name if row.venue else "",
            agreement=row.agreement_id,
            agreement_number=row.agreement.number if row.agreement else None,
            promises=[
                PromiseLine(
                    id=one.pk,
                    community=one.community_id,
                    community_name=one.community.short_name,
                    on=one.on,
                    quantity=one.quantity,
                    state=one.state,
                    kept_quantity=one.kept_quantity,
                    reason=one.reason,
                )
                for one in promises[:MOST_SHOWN]
            ],
            timeline=audit.entries_for("resources.offer", row.pk, limit=30),
        )


def _narrowed(rows: QuerySet[Offer], asked: OfferFilter, on: date) -> QuerySet[Offer]:
    if asked.communities is not None:
        rows = rows.filter(community__in=asked.communities)
    if asked.state == "to_assure":
        rows = rows.filter(to_be_assured(on))
    elif asked.state == "live" or not asked.state:
        rows = rows.exclude(state=State.ENDED)
    elif asked.state != "all":
        rows = rows.filter(state=asked.state)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.category:
        rows = rows.filter(categories__category__code=asked.category)
    if asked.organisation is not None:
        rows = rows.filter(organisation=asked.organisation)
    if asked.query.strip():
        hits = search.find(asked.query, kinds=["offer"], limit=200)
        rows = rows.filter(pk__in=[hit.record_id for hit in hits])
    return rows


def to_be_assured(on: date) -> Q:
    """Give the filter for offers that do not count in the plan until somebody has asked the giver."""
    return Q(state=State.OFFERED) | Q(state=State.ACTIVE, assure_by__lt=on)


def _with_parts(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    served = Prefetch("categories", OfferCategory.objects.select_related("category"))
    return rows.select_related("organisation", "person", "community").prefetch_related(served)


def _may_name(actor: Actor) -> bool:
    return policy.may_read_any(actor)


def _row(row: Offer, kept: tuple[int, int], *, names: bool) -> OfferRow:
    return OfferRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        title=row.title,
        kind=row.kind,
        giver=giver_of(row, names=names),
        organisation=row.organisation_id,
        person=row.person_id,
        categories=tuple(
            (one.category.code, one.category.name, one.level)
            for one in sorted(row.categories.all(), key=lambda one: (-one.level, one.category.code))
        ),
        seats=row.seats,
        times=row.times,
        every=row.every,
        quantity=row.quantity,
        unit=row.unit,
        reach=row.reach,
        reach_metres=row.reach_metres,
        state=row.state,
        from_on=row.from_on,
        until_on=row.until_on,
        assured_on=row.assured_on,
        assure_by=row.assure_by,
        kept=kept[0],
        noted=kept[1],
    )
