"""Programmes on any day: batches with their communities, pilots beside the others, and what the measures count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from lianxin.platform import scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing
from lianxin.platform.search import Entry

from ..models import BatchMember, Division, Level, Programme, ProgrammeBatch
from ..rules import programmes as rules


@dataclass(frozen=True)
class MemberRow:
    """A community's membership, and whether it holds on the day asked for."""

    member: BatchMember
    active: bool


@dataclass(frozen=True)
class BatchRow:
    """A batch with its communities, past ones included."""

    batch: ProgrammeBatch
    members: tuple[MemberRow, ...]

    @property
    def active(self) -> int:
        """Count the communities that belong to it on the day asked for."""
        return sum(row.active for row in self.members)


@dataclass(frozen=True)
class ProgrammePage:
    """Everything that the page of one programme shows for a day."""

    programme: Programme
    on: date
    batches: tuple[BatchRow, ...]
    in_programme: int
    communities: int


@dataclass(frozen=True)
class ComparisonGroups:
    """Communities of a programme on a day: by batch number, all pilots, and all that are not in it."""

    on: date
    by_batch: dict[int, frozenset[UUID]]
    pilots: frozenset[UUID]
    others: frozenset[UUID]


def active_on(on: date, prefix: str = "") -> Q:
    """Give the filter for memberships that hold on a day."""
    left = f"{prefix}left_on"
    return Q(**{f"{prefix}joined_on__lte": on}) & (Q(**{left: None}) | Q(**{f"{left}__gt": on}))


def _living_on(on: date) -> QuerySet[Division]:
    rows = Division.objects.filter(level=Level.COMMUNITY, created_on__lte=on)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=on))


def list_programmes(*, state: str = "") -> QuerySet[Programme]:
    """Give the programmes, newest first."""
    rows = Programme.objects.prefetch_related("batches")
    return rows.filter(state=state) if state else rows


def find_programme(programme: UUID) -> Programme:
    """Give one programme; raises Missing."""
    found = Programme.objects.filter(pk=programme).first()
    if found is None:
        raise Missing
    return found


def count_members(*, on: date) -> dict[UUID, int]:
    """Give how many communities in scope belong to each programme on a day."""
    rows = BatchMember.objects.filter(active_on(on)).order_by().values("programme").annotate(n=Count("community"))
    return dict(rows.values_list("programme", "n"))


def find_programme_page(*, programme: UUID, on: date) -> ProgrammePage:
    """Give a programme with its batches and the communities in scope; four queries, raises Missing."""
    found = find_programme(programme)
    members: dict[UUID, list[MemberRow]] = {}
    rows = BatchMember.objects.filter(programme=found).select_related("community__parent", "inherited_from__community")
    for member in rows.order_by("community__code", "joined_on", "pk"):
        active = rules.is_member_on(member.joined_on, member.left_on, on)
        members.setdefault(member.batch_id, []).append(MemberRow(member, active))
    batches = tuple(BatchRow(batch, tuple(members.get(batch.pk, ()))) for batch in found.batches.order_by("number"))
    allowed = scope.ids()
    living = _living_on(on) if allowed is None else _living_on(on).filter(pk__in=allowed)
    return ProgrammePage(
        programme=found,
        on=on,
        batches=batches,
        in_programme=sum(row.active for row in batches),
        communities=living.count(),
    )


def list_memberships(*, community: UUID, on: date) -> QuerySet[BatchMember]:
    """Give the batches a community belongs to on a day."""
    return BatchMember.objects.filter(active_on(on), community=community).select_related("programme", "batch")


def list_batch_members(*, on: date) -> QuerySet[BatchMember]:
    """Give the batches of all communities in scope on a day."""
    return BatchMember.objects.filter(active_on(on)).select_related("programme", "batch").order_by("joined_on", "pk")


def find_comparison_groups(*, programme: UUID, on: date) -> ComparisonGroups:
    """Give who was a pilot and who was not on a day, over the whole district: only ids, no rows of communities."""
    by_batch: dict[int, set[UUID]] = {}
    pilots = set()
    with scope.everything():
        rows = BatchMember.objects.filter(active_on(on), programme=programme).order_by()
        for community, number, is_pilot in rows.values_list("community", "batch__number", "batch__is_pilot"):
            by_batch.setdefault(number, set()).add(community)
            if is_pilot:
                pilots.add(community)
    if not by_batch:
        find_programme(programme)
    inside = set().union(*by_batch.values()) if by_batch else set()
    living = set(_living_on(on).values_list("pk", flat=True))
    return ComparisonGroups(
        on=on,
        by_batch={number: frozenset(ids) for number, ids in sorted(by_batch.items())},
        pilots=frozenset(pilots),
        others=frozenset(living - inside),
    )


def _members(window: Window) -> QuerySet[BatchMember]:
    rows = BatchMember.objects.filter(batch__is_pilot=True).order_by()
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.none() if window.category or window.venue_id else rows


def pilot_communities(window: Window) -> int:
    """Count the communities that are pilots of some programme on the last day of a window."""
    return pilot_rows(window).values("community").distinct().count()


def pilot_rows(window: Window) -> QuerySet[BatchMember]:
    """Give the memberships of pilots on the last day of a window."""
    return _members(window).filter(active_on(window.until_on - timedelta(days=1)))


def pilots_on(on: date) -> frozenset[UUID]:
    """Give the communities of the whole district that are pilots of some programme on a day."""
    rows = BatchMember.objects.filter(active_on(on), batch__is_pilot=True).order_by()
    return frozenset(rows.values_list("community", flat=True))


def pilot_batches(window: Window) -> int:
    """Count the pilot batches that had a community on some day of a window."""
    return batch_rows(window).values("batch").distinct().count()


def batch_rows(window: Window) -> QuerySet[BatchMember]:
    """Give the memberships in pilot batches that held on some day of a window."""
    rows = _members(window).filter(joined_on__lt=window.until_on)
    return rows.filter(Q(left_on=None) | Q(left_on__gt=window.from_on)).exclude(left_on=F("joined_on"))


def check_memberships() -> Iterator[str]:
    """Prove that memberships of one community in one programme share no day, and each batch is its programme's."""
    with scope.everything():
        last: dict[tuple[UUID, UUID], Any] = {}
        rows = BatchMember.objects.select_related("batch").order_by("programme", "community", "joined_on", "pk")
        for member in rows:
            if member.batch.programme_id != member.programme_id:
                yield f"member {member.pk}: its batch belongs to another programme"
            before = last.get((member.programme_id, member.community_id))
            if before and rules.overlaps(before.joined_on, before.left_on, member.joined_on, member.left_on):
                yield f"member {member.pk}: shares a day with member {before.pk} of the same programme"
            last[member.programme_id, member.community_id] = member


def entry_of(programme: Programme) -> Entry:
    """Give what search holds about a programme."""
    return Entry(
        kind="programme",
        record_id=programme.pk,
        community_id=None,
        title=programme.name,
        detail=programme.purpose[:100],
        words=[programme.name],
        public=False,
        url_name="district:programme",
    )


def list_programme_entries() -> Iterator[Entry]:
    """Give the search entries of all programmes, for building the search table anew."""
    for programme in Programme.objects.order_by("pk"):
        yield entry_of(programme)
