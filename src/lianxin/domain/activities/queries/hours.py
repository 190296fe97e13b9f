"""The ledger of voluntary hours: a person's, a community's, and the proofs that it adds up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import HoursEntry, ShiftPlace
from lianxin.domain.people.models import Account
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing

PAGE = 50
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One row of the ledger."""

    id: UUID
    person: UUID
    masked_name: str
    kind: str
    on: date
    minutes: int
    what: str
    reason: str
    entered_at: datetime
    by_name: str
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class HoursPage:
    """Rows of the ledger, newest first; `after` fetches the next ones, `minutes` is the sum of all of them."""

    rows: list[HoursLine]
    after: str
    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class YearOfHours:
    """What somebody did in a year."""

    year: int
    minutes: int
    times: int


@dataclass(frozen=True, slots=True)
class HoursOfSomebody:
    """A person's hours in a stretch of days."""

    person: UUID
    masked_name: str
    minutes: int
    times: int


def my_hours(*, actor: Actor, person: UUID, after: str = "", limit: int = PAGE) -> HoursPage:
    """List a person's hours in all communities: their own, or by an office that has the person in scope."""
    if not policy.is_self(actor, person):
        with scope.within(actor.communities):
            there = HoursEntry.objects.filter(person=person).values_list("community_id", flat=True)[:1]
            policy.require(all(policy.may_read_volunteers(actor, community) for community in there))
            return _page(HoursEntry.objects.filter(person=person), after, limit)
    with scope.everything():
        return _page(HoursEntry.objects.filter(person=person), after, limit)


def years_of(*, actor: Actor, person: UUID) -> list[YearOfHours]:
    """Sum a person's hours by year, the last year first; one query."""
    reach = None if policy.is_self(actor, person) else actor.communities
    with scope.within(reach):
        rows = HoursEntry.objects.filter(person=person).order_by()
        sums = rows.values("on__year").annotate(
            minutes=Sum("minutes"),
            shifts=Count("shift_place", distinct=True),
            alone=Count("pk", filter=Q(shift_place=None, corrects=None)),
        )
        found = [YearOfHours(row["on__year"], row["minutes"], row["shifts"] + row["alone"]) for row in sums]
    return sorted(found, key=lambda row: -row.year)


def list_hours(
    *,
    actor: Actor,
    community: UUID,
    from_on: date,
    until_on: date,
    kind: str = "",
    after: str = "",
    limit: int = PAGE,
) -> HoursPage:
    """List the hours of a community in days [from_on, until_on), to its office; four queries."""
    policy.require(policy.may_read_volunteers(actor, community))
    with scope.within(actor.communities):
        rows = HoursEntry.objects.filter(community=community, on__gte=from_on, on__lt=until_on)
        return _page(rows.filter(kind=kind) if kind else rows, after, limit)


def find_entry(*, actor: Actor, entry: UUID) -> HoursEntry:
    """Give one row of the ledger, to the office; raises Missing."""
    with scope.within(actor.communities):
        row = HoursEntry.objects.filter(pk=entry).select_related("person", "shift_place__shift").first()
    if row is None or not policy.may_read_volunteers(actor, row.community_id):
        raise Missing
    return row


def counted_now(*, actor: Actor, entry: UUID) -> int:
    """Give what an entry counts with all its corrections, to the office; raises Missing."""
    row = find_entry(actor=actor, entry=entry)
    with scope.within(actor.communities):
        return minutes_of_chain(row)


def minutes_of_chain(row: HoursEntry) -> int:
    """Give what an entry counts with all its corrections, within an active scope."""
    if row.shift_place_id is not None:
        rows = HoursEntry.objects.filter(shift_place=row.shift_place_id)
        return rows.aggregate(sum=Coalesce(Sum("minutes"), 0))["sum"]
    first: HoursEntry | None = row
    while first is not None and first.corrects_id is not None:
        first = first.corrects
    total = 0
    while first is not None:
        total += first.minutes
        first = HoursEntry.objects.filter(corrects=first).first()
    return total


def sum_by_person(*, communities: Iterable[UUID] | None, people: Iterable[UUID], from_on: date) -> dict[UUID, int]:
    """Sum minutes by person from a day on, within an active scope; one query."""
    rows = HoursEntry.objects.filter(person__in=list(people), on__gte=from_on).order_by()
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    return dict(rows.values("person").annotate(sum=Sum("minutes")).values_list("person", "sum"))


def volunteer_minutes(window: Window) -> int:
    """Define the measure: minutes in the ledger, by the day of the work."""
    rows = HoursEntry.objects.filter(on__gte=window.from_on, on__lt=window.until_on)
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id is not None:
        rows = rows.filter(shift_place__shift__venue=window.venue_id)
    if window.category is not None:
        rows = rows.filter(shift_place__shift__occurrence__activity__category__code=window.category)
    return rows.aggregate(sum=Coalesce(Sum("minutes"), 0))["sum"]


def hours_equal_places() -> Iterable[str]:
    """Prove that the ledger of each place on a shift sums up to its minutes; yields each difference."""
    with scope.everything():
        places = ShiftPlace.objects.filter(person__isnull=False).order_by()
        differing = places.annotate(ledger=Coalesce(Sum("hours__minutes"), 0)).exclude(minutes=F("ledger"))
        for pk, minutes, ledger in differing.values_list("pk", "minutes", "ledger"):
            yield f"place {pk}: {minutes} minutes noted, {ledger} in the ledger"


def _page(rows, after: str, limit: int) -> HoursPage:  # type: ignore[no-untyped-def]
    size = min(max(limit, 1), MOST_SHOWN)
    whole = rows.order_by().aggregate(count=Count("pk"), minutes=Coalesce(Sum("minutes"), 0))
    if after:
        day, _sep, pk = after.partition("~")
        try:
            rows = rows.filter(Q(on__lt=date.fromisoformat(day)) | Q(on=date.fromisoformat(day), pk__lt=UUID(pk)))
        except ValueError:
            raise Missing from None
    named = rows.select_related("person", "shift_place__shift__occurrence__activity", "corrected_by")
    found = list(named.order_by("-on", "-pk")[: size + 1])
    names = dict(
        Account.objects.filter(pk__in={row.entered_by for row in found if row.entered_by}).values_list(
            "pk", "display_name"
        )
    )
    shown = found[:size]
    return HoursPage(
        rows=[
            HoursLine(
                id=row.pk,
                person=row.person_id,
                masked_name=mask_name(row.person.name),
                kind=row.kind,
                on=row.on,
                minutes=row.minutes,
                what=_what(row),
                reason=row.reason,
                entered_at=row.entered_at,
                by_name=names.get(row.entered_by, ""),
                is_corrected=hasattr(row, "corrected_by"),
            )
            for row in shown
        ],
        after=f"{shown[-1].on}~{shown[-1].pk}" if len(found) > size else "",
        count=whole["count"],
        minutes=whole["minutes"],
    )


def _what(row: HoursEntry) -> str:
    if row.shift_place is None:
        return ""
    shift = row.shift_place.shift
    if shift.occurrence is None:
        return shift.role
    return f"{shift.occurrence.title or shift.occurrence.activity.title} · {shift.role}"
