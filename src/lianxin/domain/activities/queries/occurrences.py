"""Dates of activities: lists of the offices with filters, a month at a glance, one date, and what everybody may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Activity, Occurrence, OccurrenceLimit
from lianxin.domain.places.models import Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.errors import Missing

State = Occurrence.State
PAGE = 50
MOST_WORDS = 5
SHOWN = (State.PUBLISHED, State.HELD, State.NOT_HELD, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dates a list shows; what is empty does not narrow it. Days [from_on, until_on)."""

    community: UUID | None = None
    venue: UUID | None = None
    activity: UUID | None = None
    category: str = ""
    states: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    text: str = ""
    volunteering: bool | None = None


@dataclass(frozen=True, slots=True)
class OccurrenceLine:
    """A date on a list, without names of people."""

    id: UUID
    activity: UUID
    community: UUID
    community_name: str
    title: str
    summary: str
    category: str
    category_name: str
    state: str
    number: int
    starts_at: datetime
    ends_at: datetime
    venue: UUID | None
    venue_name: str
    room_name: str
    place: str
    takes_sign_ups: bool
    size: int | None
    taken: int
    waiting: int
    is_drawn: bool
    sign_up_from: datetime | None
    sign_up_until: datetime | None
    picture_id: UUID | None
    cancel_reason: str
    is_edited: bool

    @property
    def free(self) -> int | None:
        """Give how many places are left; None when there is no end of them."""
        return None if self.size is None else max(0, self.size - self.taken)

    @property
    def where(self) -> str:
        """Give the place in words."""
        return " ".join(filter(None, (self.venue_name, self.room_name, self.place)))


@dataclass(frozen=True, slots=True)
class OccurrencesPage:
    """One page of a list; `after` fetches the next one, and is empty at the end."""

    rows: list[OccurrenceLine]
    after: str


def narrowed(rows: QuerySet[Occurrence], which: Filter) -> QuerySet[Occurrence]:
    """Narrow dates to what a filter says."""
    for name, value in (("venue", which.venue), ("activity", which.activity)):
        if value is not None:
            rows = rows.filter(**{name: value})
    if which.community is not None:
        rows = rows.filter(community=which.community)
    if which.category:
        rows = rows.filter(activity__category__code=which.category)
    if which.states:
        rows = rows.filter(state__in=which.states)
    if which.from_on is not None:
        rows = rows.filter(starts_at__gte=local_moment(which.from_on))
    if which.until_on is not None:
        rows = rows.filter(starts_at__lt=local_moment(which.until_on))
    if which.volunteering is not None:
        rows = rows.filter(activity__is_volunteering=which.volunteering)
    for word in which.text.split()[:MOST_WORDS]:
        # What has few rows is searched first: each date is then looked at by its keys, and nothing is joined for it.
        called = Activity.objects.filter(title__icontains=word).order_by().values("pk")
        with scope.everything():
            there = Venue.objects.filter(name__icontains=word).order_by().values("pk")
        rows = rows.filter(
            Q(activity__in=called) | Q(venue__in=there) | Q(title__icontains=word) | Q(place__icontains=word)
        )
    return rows


def list_occurrences(
    *, actor: Actor, which: Filter, latest_first: bool = False, after: str = "", limit: int = PAGE
) -> OccurrencesPage:
    """List dates that the actor works with, by start; one query however long the list is."""
    with scope.within(actor.communities):
        rows = narrowed(Occurrence.objects.filter(policy.visible_occurrences(actor)), which)
        return _page(rows, after=after, limit=limit, latest_first=latest_first)


def count_occurrences(*, actor: Actor, which: Filter) -> int:
    """Count the dates of a list."""
    with scope.within(actor.communities):
        return narrowed(Occurrence.objects.filter(policy.visible_occurrences(actor)), which).count()


def list_month(*, actor: Actor, which: Filter) -> dict[date, list[OccurrenceLine]]:
    """Give the dates of some days by day, as a calendar shows them; one query."""
    with scope.within(actor.communities):
        rows = narrowed(Occurrence.objects.filter(policy.visible_occurrences(actor)), which)
        days: dict[date, list[OccurrenceLine]] = {}
        for row in lines(rows.order_by("starts_at", "pk")[:2000]):
            days.setdefault(local_day(row.starts_at), []).append(row)
    return days


def find_occurrence(*, actor: Actor, occurrence: UUID) -> Occurrence:
    """Give a date that the actor works with, with its activity, place and limits; raises Missing."""
    with scope.within(actor.communities):
        row = (
            Occurrence.objects.filter(policy.visible_occurrences(actor), pk=occurrence)
            .select_related("activity__category", "venue", "room", "community")
            .prefetch_related("limits")
            .first()
        )
    if row is None:
        raise Missing
    return row


def list_of_activity(*, actor: Actor, activity: UUID) -> list[Occurrence]:
    """Give all dates of one activity in their order, with their places; one query."""
    with scope.within(actor.communities):
        rows = Occurrence.objects.filter(activity=activity).select_related("venue", "room")
        return list(rows.order_by("starts_at", "pk"))


def list_public(*, which: Filter, after: str = "", limit: int = PAGE) -> OccurrencesPage:
    """List public dates of the whole district, the next one first, for everybody."""
    with scope.everything():
        rows = Occurrence.objects.filter(state__in=which.states or [State.PUBLISHED])
        if which.community is not None:
            rows = rows.filter(Q(community=which.community) | Q(activity__partners__community=which.community))
            rows = rows.distinct()
        rows = narrowed(
            rows,
            Filter(
                venue=which.venue,
                category=which.category,
                activity=which.activity,
                from_on=which.from_on,
                until_on=which.until_on,
                text=which.text,
                volunteering=which.volunteering,
            ),
        )
        return _page(rows, after=after, limit=limit, latest_first=False)


def find_public(*, occurrence: UUID) -> Occurrence:
    """Give a public date with its activity, category, place and limits, for everybody; raises Missing."""
    with scope.everything():
        row = (
            Occurrence.objects.filter(pk=occurrence, state__in=SHOWN, published_at__isnull=False)
            .select_related("activity__category", "venue", "room", "community")
            .prefetch_related("limits")
            .first()
        )
    if row is None:
        raise Missing
    return row


def public_limits(*, occurrence: UUID) -> list[OccurrenceLimit]:
    """Give the kinds of places of a date, for everybody."""
    with scope.everything():
        return list(OccurrenceLimit.objects.filter(occurrence=occurrence))


def _page(rows: QuerySet[Occurrence], *, after: str, limit: int, latest_first: bool) -> OccurrencesPage:
    """Give one page by start and id, from the row named by `after` on."""
    if after:
        try:
            moment, pk = datetime.fromisoformat(after.rpartition("_")[0]), UUID(after.rpartition("_")[2])
        except ValueError:
            raise Missing from None
        later = "lt" if latest_first else "gt"
        # The first condition is one that the index can begin at.
        rows = rows.filter(**{f"starts_at__{later}e": moment}).filter(
            Q(**{f"starts_at__{later}": moment}) | Q(starts_at=moment, **{f"pk__{later}": pk})
        )
    order = ("-starts_at", "-pk") if latest_first else ("starts_at", "pk")
    found = lines(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return OccurrencesPage(found[:limit], f"{last.starts_at.isoformat()}_{last.id}" if last else "")


LINE_FIELDS = (
    *("pk", "activity_id", "community_id", "community__short_name", "title", "activity__title", "activity__summary"),
    *("activity__category__code", "activity__category__name", "state", "number", "starts_at", "ends_at", "venue_id"),
    *("venue__name", "room__name", "room__confidential", "place", "takes_sign_ups", "size", "taken", "waiting"),
    *("is_drawn", "sign_up_from", "sign_up_until", "activity__picture_id", "cancel_reason", "edited"),
)


def lines(rows: Iterable[Any]) -> list[OccurrenceLine]:
    """Make the lines of a list of a queryset of dates; one query."""
    return [_line(row) for row in rows.values(*LINE_FIELDS)]  # type: ignore[attr-defined]


def _line(row: dict[str, Any]) -> OccurrenceLine:
    return OccurrenceLine(
        id=row["pk"],
        activity=row["activity_id"],
        community=row["community_id"],
        community_name=row["community__short_name"],
        title=row["title"] or row["activity__title"],
        summary=row["activity__summary"],
        category=row["activity__category__code"],
        category_name=row["activity__category__name"],
        state=row["state"],
        number=row["number"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        venue=row["venue_id"],
        venue_name=row["venue__name"] or "",
        room_name="" if row["room__confidential"] else row["room__name"] or "",
        place=row["place"],
        takes_sign_ups=row["takes_sign_ups"],
        size=row["size"],
        taken=row["taken"],
        waiting=row["waiting"],
        is_drawn=row["is_drawn"],
        sign_up_from=row["sign_up_from"],
        sign_up_until=row["sign_up_until"],
        picture_id=row["activity__picture_id"],
        cancel_reason=row["cancel_reason"],
        is_edited=bool(row["edited"]),
    )


def count_by_community(*, actor: Actor, from_on: date, until_on: date) -> dict[UUID, dict[str, int]]:
    """Count the dates of each community in scope by state over days [from_on, until_on); one query."""
    counts: dict[UUID, dict[str, int]] = {}
    with scope.within(actor.communities):
        rows = narrowed(
            Occurrence.objects.filter(policy.visible_occurrences(actor)), Filter(from_on=from_on, until_on=until_on)
        )
        grouped = rows.order_by().values("community", "state").annotate(dates=Count("pk"), places=Sum("taken"))
        for row in grouped:
            one = counts.setdefault(row["community"], {})
            one[row["state"]] = row["dates"]
            one["places"] = one.get("places", 0) + (row["places"] or 0)
    return counts


def count_by_category(*, actor: Actor, from_on: date, until_on: date) -> dict[str, int]:
    """Count the held dates in scope by category over days [from_on, until_on); one query."""
    with scope.within(actor.communities):
        rows = narrowed(
            Occurrence.objects.filter(policy.visible_occurrences(actor)),
            Filter(from_on=from_on, until_on=until_on, states=(State.HELD,)),
        )
        grouped = rows.order_by().values("activity__category__code").annotate(dates=Count("pk"))
        return dict(grouped.values_list("activity__category__code", "dates"))
