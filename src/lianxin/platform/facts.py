"""Facts: each countable act, noted inside its command; a figure is the tallies plus what is pending."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions, leases, rows, scope
from lianxin.platform.commands import act
from lianxin.platform.errors import Refused
from lianxin.platform.ids import new_id
from lianxin.platform.models import NO_VENUE, Fact, FactPending, Tally, kind_of

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
        sums: dict[tuple, int] = {}
        for start in range(0, len(pending), _AT_ONCE):
            # Without an order the database sums by what is named before.
            for *key, quantity in (
                Fact.objects.filter(pk__among=frozenset(pending[start : start + _AT_ONCE]))
                .order_by()
                .values("measure", "community_id", "occurred_on", "venue_id", "category")
                .annotate(sum=Sum("quantity"))
                .values_list("measure", "community_id", "occurred_on", "venue_id", "category", "sum")
            ):
                sums[tuple(key)] = sums.get(tuple(key), 0) + int(quantity)
        quote = connection.ops.quote_name
        keys = sorted(sums, key=lambda k: tuple(map(str, k)))
        rows.insert(
            Tally,
            ("id", "measure", "community_id", "day_on", "venue_id", "category", "quantity"),
            [(new_id(), *key, sums[key]) for key in keys],
            on_conflict=(
                " ON CONFLICT (measure, community_id, day_on, venue_id, category) DO UPDATE SET quantity = "
                f"{quote(Tally._meta.db_table)}.quantity + excluded.quantity"
            ),
        )
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
    tallies = Tally.objects.filter(measure=measure, day_on__gte=from_on, day_on__lt=until_on)
    pending = Fact.objects.filter(
        measure=measure,
        occurred_on__gte=from_on,
        occurred_on__lt=until_on,
        pk__in=FactPending.objects.values("fact_id"),
    )
    for name, value in (("venue_id", venue_id), ("category", category)):
        if value is not None:
            tallies, pending = tallies.filter(**{name: value}), pending.filter(**{name: value})
    if communities is not None:
        wanted = list(communities)
        tallies, pending = tallies.filter(community_id__in=wanted), pending.filter(community_id__in=wanted)
    parts = (
        tallies.order_by()
        .values("measure")
        .annotate(total=Sum("quantity"))
        .values_list("total")
        .union(pending.order_by().values("measure").annotate(total=Sum("quantity")).values_list("total"), all=True)
    )
    return sum(total or 0 for (total,) in parts)


def figures_by(
    dimension: str, measures: Iterable[str], *, from_on: date, until_on: date
) -> dict[str, dict[date | UUID | str, int]]:
    """Give sums of flows over days [from_on, until_on) by "day", "community", "venue" or "category"; one query."""
    wanted = list(measures)
    tally_field, fact_field = {
        "day": ("day_on", "occurred_on"),
        "community": ("community_id", "community_id"),
        "venue": ("venue_id", "venue_id"),
        "category": ("category", "category"),
    }[dimension]
    tallies = Tally.objects.filter(measure__in=wanted, day_on__gte=from_on, day_on__lt=until_on)
    pending = Fact.objects.filter(
        measure__in=wanted,
        occurred_on__gte=from_on,
        occurred_on__lt=until_on,
        pk__in=FactPending.objects.values("fact_id"),
    )
    sums = [
        rows.order_by().values("measure", field).annotate(total=Sum("quantity")).values_list("measure", field, "total")
        for rows, field in ((tallies, tally_field), (pending, fact_field))
    ]
    found: dict[str, dict[date | UUID | str, int]] = {name: {} for name in wanted}
    for name, key, total in sums[0].union(sums[1], all=True):
        found[name][key] = found[name].get(key, 0) + total
    return found


def check_tallies() -> Iterable[str]:
    """Prove that tallies and pending facts add up to all facts; yields a sentence for each difference."""
    table, tally, pending = (connection.ops.quote_name(m._meta.db_table) for m in (Fact, Tally, FactPending))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure, day, SUM(facts), SUM(tallied) FROM ("
            f" SELECT measure, occurred_on AS day, SUM(quantity) AS facts, 0 AS tallied FROM {table} f"
            f" WHERE NOT EXISTS (SELECT 1 FROM {pending} p WHERE p.fact_id = f.id) GROUP BY measure, occurred_on"
            f" UNION ALL SELECT measure, day_on, 0, SUM(quantity) FROM {tally} GROUP BY measure, day_on"
            ") sums GROUP BY measure, day HAVING SUM(facts) <> SUM(tallied) ORDER BY measure, day"
        )
        for measure, day, facts_sum, tallied in cursor.fetchall():
            yield f"{measure} on {day}: facts say {facts_sum}, tallies say {tallied}"
