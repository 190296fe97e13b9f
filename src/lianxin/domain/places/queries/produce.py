"""Produce as residents and staff see it: what is in season, and whose phone may be shown today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.platform import scope
from lianxin.platform.errors import Missing
from lianxin.platform.search import Entry

from ..models import Produce


@dataclass(frozen=True)
class ShownProduce:
    """One entry as anybody may see it, by the grower's consent of the day."""

    id: UUID
    community: UUID
    community_name: str
    name: str
    description: str
    price_note: str
    season_months: tuple[int, ...]
    in_season: bool
    grower_name: str
    grower_phone: str
    picture: UUID | None


def _shown_on(on: date) -> Q:
    # The day's own look at the consent: an entry whose consent ran out is gone before the nightly task hides it.
    return Q(state=Produce.State.SHOWN, consent_on__lte=on, consent_until__gte=on)


def _as_shown(row: Produce, on: date) -> ShownProduce:
    return ShownProduce(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        name=row.name,
        description=row.description,
        price_note=row.price_note,
        season_months=tuple(row.season_months),
        in_season=not row.season_months or on.month in row.season_months,
        grower_name=row.grower_name,
        grower_phone=row.grower_phone.reveal() if row.grower_phone else "",
        picture=row.picture,
    )


def list_shown_produce(*, on: date, community: UUID | None = None, in_season_only: bool = False) -> list[ShownProduce]:
    """Give what may be shown to anybody on a day, in season first; it crosses communities, for shown rows only."""
    with scope.everything():
        rows = Produce.objects.filter(_shown_on(on)).select_related("community")
        if community:
            rows = rows.filter(community=community)
        shown = [_as_shown(row, on) for row in rows.order_by("community__code", "name", "pk")]
    if in_season_only:
        shown = [one for one in shown if one.in_season]
    return sorted(shown, key=lambda one: not one.in_season)


def find_shown_produce(*, produce: UUID, on: date) -> ShownProduce:
    """Give one entry as anybody may see it; raises Missing when it is hidden."""
    with scope.everything():
        row = Produce.objects.filter(_shown_on(on), pk=produce).select_related("community").first()
    if row is None:
        raise Missing
    return _as_shown(row, on)


def list_produce(*, community: UUID | None = None, state: str = "") -> QuerySet[Produce]:
    """Give the entries in scope for their office, hidden ones too; the phone stays sealed."""
    rows = Produce.objects.select_related("community")
    if community:
        rows = rows.filter(community=community)
    return rows.filter(state=state) if state else rows


def list_expiring(*, until_on: date) -> QuerySet[Produce]:
    """Give shown entries in scope whose consent ends by a day, soonest first."""
    rows = Produce.objects.filter(state=Produce.State.SHOWN, consent_until__lte=until_on)
    return rows.select_related("community").order_by("consent_until", "pk")


def entry_of(produce: Produce) -> Entry:
    """Give what search holds about an entry: hidden ones are found by staff only, without the grower's name."""
    shown = produce.state == Produce.State.SHOWN
    community = produce.community.short_name
    return Entry(
        kind="produce",
        record_id=produce.pk,
        community_id=produce.community_id,
        title=produce.name,
        detail=community,
        words=[produce.name, community, *([produce.grower_name] if shown else [])],
        public=shown,
        url_name="produce",
    )


def list_produce_entries() -> Iterator[Entry]:
    """Give the search entries of all produce, for building the search table anew."""
    with scope.everything():
        for one in Produce.objects.select_related("community").order_by("pk"):
            yield entry_of(one)
