"""Facts: each countable act, noted inside its command; a figure is the tallies plus what is pending."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions, leases, scope, tallies
from lianxin.platform.commands import act
from lianxin.platform.errors import Refused
from lianxin.platform.models import NO_VENUE, Fact, FactPending, kind_of

FOLD_AT_MOST = 5_000
_AT_ONCE = 900


class NothingToCorrect(Refused):
    """There is no fact for this record, or it was corrected already."""

    title = _("This was already taken back.")


def record(
    *,
    measure: str,
    record: models.Model,
    quantity: int,
    community_id: UUID,
    on: date,
    venue_id: UUID | None = None,
    category: str = "",
) -> None:
    """Note a fact that the record proves; it is written when the outermost command ends."""
    contributions.measure(measure)
    running = act()
    running.facts.append(
        (
            on,
            running.at,
            community_id,
            venue_id or NO_VENUE,
            measure,
            category,
            quantity,
            kind_of(record),
            record.pk,
            None,
        )
    )


def correct(*, measure: str, record: models.Model) -> None:
    """Take a record's fact back by its negative, on the original's day; raises NothingToCorrect."""
    if not _noted_just_now(measure, record):
        chain = _chain(measure, record)
        if len(chain) % 2 == 0:
            raise NothingToCorrect
        _turn_over(chain)


def count_again(*, measure: str, record: models.Model) -> None:
    """Let a record whose fact was taken back count again, by the negative of the correction."""
    if not _noted_just_now(measure, record):
        chain = _chain(measure, record)
        if not chain or len(chain) % 2:
            raise NothingToCorrect
        _turn_over(chain)


def was_recorded(*, measure: str, record: models.Model) -> bool:
    """Tell whether a record has a fact of this measure, be it taken back or not."""
    noted = any(f[4] == measure and f[7] == kind_of(record) and f[8] == record.pk for f in act().facts)
    return noted or bool(_chain(measure, record))


def _noted_just_now(measure: str, record: models.Model) -> bool:
    """Forget what this act itself noted of a record and has not written yet; False when it noted nothing."""
    running = act()
    kind = kind_of(record)
    noted = [f for f in running.facts if f[4] == measure and f[7] == kind and f[8] == record.pk]
    running.facts = [f for f in running.facts if f not in noted]
    return bool(noted)


def _chain(measure: str, record: models.Model) -> list[Fact]:
    """Give a record's fact with its corrections, each of which takes the one before it back."""
    original = Fact.objects.filter(measure=measure, record_kind=kind_of(record), record_id=record.pk, corrects=None)
    chain = list(original[:1])
    while chain and (following := Fact.objects.filter(corrects=chain[-1].pk).first()) is not None:
        chain.append(following)
    return chain


def _turn_over(chain: list[Fact]) -> None:
    running, last = act(), chain[-1]
    running.facts.append(
        (
            last.occurred_on,
            running.at,
            last.community_id,
            last.venue_id,
            last.measure,
            last.category,
            -last.quantity,
            last.record_kind,
            last.record_id,
            last.pk,
        )
    )


def fold(*, holder: str, at: datetime, limit: int = FOLD_AT_MOST) -> int:
    """Add pending facts to the daily tallies in key order, under a lease; give how many were folded."""
    if not leases.take("facts.fold", holder=holder, at=at, duration=timedelta(seconds=60)):
        return 0
    with scope.everything(), transaction.atomic():
        pending = list(FactPending.objects.order_by("fact_id").values_list("fact_id", flat=True)[:limit])
        if not pending:
            return 0
        sums: dict[tallies.Key, int] = {}
        for start in range(0, len(pending), _AT_ONCE):
            # Without an order the database sums by what is named before.
            for measure, community, day, venue, category, quantity in (
                Fact.objects.filter(pk__among=frozenset(pending[start : start + _AT_ONCE]))
                .order_by()
                .values("measure", "community_id", "occurred_on", "venue_id", "category")
                .annotate(sum=Sum("quantity"))
                .values_list("measure", "community_id", "occurred_on", "venue_id", "category", "sum")
            ):
                key = (measure, community, day, venue, category)
                sums[key] = sums.get(key, 0) + int(quantity)
        tallies.add(sums)
        for start in range(0, len(pending), _AT_ONCE):
            FactPending.objects.filter(pk__among=frozenset(pending[start : start + _AT_ONCE])).delete()
    return len(pending)


def figure(
    measure: str,
    *,
    from_on: date,
    until_on: date,
    communities: Iterable[UUID] | None = None,
    venue_id: UUID | None = None,
    category: str | None = None,
) -> int:
    """Give the sum of a flow over days [from_on, until_on) within the active scope, current to the last commit."""
    asked = tallies.Sums(
        measures=(measure,),
        from_on=from_on,
        until_on=until_on,
        areas=None if communities is None else frozenset(communities),
        venue_id=venue_id,
        category=category,
    )
    return sum(tallies.read(asked).values())


def figures_by(
    dimension: str, measures: Iterable[str], *, from_on: date, until_on: date
) -> dict[str, dict[date | UUID | str, int]]:
    """Give sums of flows over days [from_on, until_on) by "day", "community", "venue" or "category"; one query."""
    wanted = list(measures)
    found: dict[str, dict[date | UUID | str, int]] = {name: {} for name in wanted}
    asked = tallies.Sums(measures=wanted, from_on=from_on, until_on=until_on)
    for (measure, key), total in tallies.read(asked, by=(dimension,)).items():
        found[measure][key] = total
    return found
