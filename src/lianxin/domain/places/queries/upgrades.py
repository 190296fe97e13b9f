"""Upgrades as the faces show them: a list, one page with everything on it, and what the measures count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lianxin.platform import files, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing
from lianxin.platform.models import StoredFile
from lianxin.platform.search import Entry

from ..models import (
    Milestone,
    Moment,
    PlannedRoom,
    Upgrade,
    UpgradeFunding,
    UpgradeMeasure,
    UpgradePicture,
    UpgradeSpending,
    UpgradeStage,
)
from ..rules import standards
from ..rules import upgrades as rules
from .standards import VenueScore, score_venue


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone with the days by which it was or is late."""

    milestone: Milestone
    late_days: int


@dataclass(frozen=True)
class ComparisonRow:
    """One measure before, after and, where it is observed, today; None means not known."""

    measure: str
    label: Any
    unit: Any
    before: str | None
    after: str | None
    now: str | None


@dataclass(frozen=True)
class UpgradePage:
    """Everything that the page of one upgrade shows."""

    upgrade: Upgrade
    money: rules.Money
    fundings: tuple[UpgradeFunding, ...]
    spendings: tuple[UpgradeSpending, ...]
    milestones: tuple[MilestoneRow, ...]
    planned_rooms: tuple[PlannedRoom, ...]
    pictures_before: tuple[UpgradePicture, ...]
    pictures_after: tuple[UpgradePicture, ...]
    stages: tuple[UpgradeStage, ...]
    comparison: tuple[ComparisonRow, ...]
    score_now: VenueScore | None
    next_states: tuple[str, ...]


def list_upgrades(
    *, on: date, state: str = "", subdistrict: UUID | None = None, venue: UUID | None = None, late_only: bool = False
) -> QuerySet[Upgrade]:
    """Give the upgrades in scope, the soonest opening first, each with money, milestones and late ones: one query."""
    milestones = Milestone.objects.filter(upgrade=OuterRef("pk")).order_by().values("upgrade")
    fundings = UpgradeFunding.objects.filter(upgrade=OuterRef("pk")).order_by().values("upgrade")

    def number(rows: QuerySet, expression: Any) -> Coalesce:
        return Coalesce(Subquery(rows.annotate(n=expression).values("n")), 0, output_field=IntegerField())

    rows = Upgrade.objects.select_related("venue", "community__parent").annotate(
        budget_fen=number(fundings, Sum("fen")),
        spent_total_fen=number(fundings, Sum("spent_fen")),
        milestones_all=number(milestones, Count("pk")),
        milestones_done=number(milestones.filter(done_on__isnull=False), Count("pk")),
        milestones_late=number(milestones.filter(done_on__isnull=True, due_on__lt=on), Count("pk")),
    )
    if state:
        rows = rows.filter(state=state)
    if subdistrict:
        rows = rows.filter(community__parent=subdistrict)
    if venue:
        rows = rows.filter(venue=venue)
    if late_only:
        rows = rows.filter(milestones_late__gt=0, state__in=rules.RUNNING)
    return rows.order_by(F("opened_on").desc(nulls_first=True), F("planned_opening_on").asc(nulls_last=True), "-pk")


def find_upgrade(upgrade: UUID) -> Upgrade:
    """Give an upgrade in scope with its venue, community and standard; raises Missing."""
    found = (
        Upgrade.objects.select_related("venue", "community__parent", "standard", "temporary_venue")
        .filter(pk=upgrade)
        .first()
    )
    if found is None:
        raise Missing
    return found


def find_upgrade_page(*, upgrade: UUID, on: date, with_score: bool = True) -> UpgradePage:
    """Give one upgrade with money, milestones, rooms, pictures, stages and, if wanted, the score; raises Missing."""
    found = find_upgrade(upgrade)
    fundings = tuple(found.fundings.all())
    pictures = list(found.pictures.all())
    score_now = score_venue(venue=found.venue_id, on=on, standard=found.standard_id) if with_score else None
    until = on if found.state in rules.RUNNING else min(on, found.opened_on or on)
    return UpgradePage(
        upgrade=found,
        money=rules.money_of((line.fen, line.spent_fen) for line in fundings),
        fundings=fundings,
        spendings=tuple(found.spendings.select_related("funding")),
        milestones=tuple(
            MilestoneRow(line, rules.days_late(line.due_on, line.done_on, until)) for line in found.milestones.all()
        ),
        planned_rooms=tuple(found.planned_rooms.select_related("kind", "room")),
        pictures_before=tuple(p for p in pictures if p.moment == Moment.BEFORE),
        pictures_after=tuple(p for p in pictures if p.moment == Moment.AFTER),
        stages=tuple(found.stages.all()),
        comparison=_comparison(found, score_now),
        score_now=score_now,
        next_states=tuple(state for state in Upgrade.State.values if rules.may_move(found.state, state)),
    )


def find_upgrade_picture(*, upgrade: UUID, picture: UUID) -> StoredFile:
    """Give the stored file of one picture of an upgrade in scope; raises Missing."""
    row = UpgradePicture.objects.filter(pk=picture, upgrade=upgrade).first()
    return files.find_file(row.file if row else None)


def _comparison(upgrade: Upgrade, score_now: VenueScore | None) -> tuple[ComparisonRow, ...]:
    kept: dict[str, dict[str, Decimal | None]] = {}
    for line in UpgradeMeasure.objects.filter(upgrade=upgrade):
        kept.setdefault(line.measure, {})[line.moment] = line.value
    today = {o.item.measure: o.number for o in score_now.score.outcomes} if score_now else {}
    rows = []
    for measure, info in standards.MEASURES.items():
        if measure not in kept and measure not in today:
            continue
        sides = kept.get(measure, {})
        numbers = (sides.get(Moment.BEFORE), sides.get(Moment.AFTER), today.get(measure))
        shown = [None if n is None else standards.shown(measure, n) for n in numbers]
        rows.append(ComparisonRow(measure, info.label, info.unit, *shown))
    return tuple(rows)


def _narrow(rows: QuerySet, window: Window, venue: str) -> QuerySet:
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.venue_id:
        rows = rows.filter(**{venue: window.venue_id})
    return rows.none() if window.category else rows


def upgrades_under_way(window: Window) -> int:
    """Count the upgrades under way on the last day of a window."""
    return stages_under_way(window).order_by().values("upgrade").distinct().count()


def stages_under_way(window: Window) -> QuerySet[UpgradeStage]:
    """Give the stages of upgrades under way on the last day of a window."""
    last = window.until_on - timedelta(days=1)
    rows = UpgradeStage.objects.filter(state=rules.UNDER_WAY, began_on__lte=last)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gt=last))
    return _narrow(rows, window, "upgrade__venue")


def upgrades_opened(window: Window) -> int:
    """Count the upgrades opened on days of a window."""
    rows = UpgradeStage.objects.filter(state=rules.OPENED, began_on__gte=window.from_on, began_on__lt=window.until_on)
    return _narrow(rows, window, "upgrade__venue").count()


def check_upgrades() -> Iterator[str]:
    """Prove that money spent adds up, and that each upgrade's last stage is its state."""
    with scope.everything():
        sums = dict(
            UpgradeSpending.objects.order_by().values("funding").annotate(n=Sum("fen")).values_list("funding", "n")
        )
        for pk, spent in UpgradeFunding.objects.order_by().values_list("pk", "spent_fen"):
            if spent != sums.get(pk, 0):
                yield f"funding {pk}: the counter says {spent} fen spent, its payments say {sums.get(pk, 0)}"
        stages = dict(UpgradeStage.objects.filter(ended_on=None).values_list("upgrade", "state"))
        for pk, state in Upgrade.objects.order_by().values_list("pk", "state"):
            if stages.get(pk) != state:
                yield f"upgrade {pk}: it says {state}, its last stage says {stages.get(pk)}"


def entry_of(upgrade: Upgrade) -> Entry:
    """Give what search holds about an upgrade; staff find it, residents do not."""
    return Entry(
        kind="upgrade",
        record_id=upgrade.pk,
        community_id=upgrade.community_id,
        title=upgrade.title,
        detail=upgrade.venue.name,
        words=[upgrade.venue.name],
        public=False,
        url_name="staff:upgrade",
    )


def list_upgrade_entries() -> Iterator[Entry]:
    """Give the search entries of all upgrades, for building the search table anew."""
    with scope.everything():
        for upgrade in Upgrade.objects.select_related("venue").order_by("pk"):
            yield entry_of(upgrade)
