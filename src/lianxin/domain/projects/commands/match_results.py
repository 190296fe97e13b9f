"""What a run of the matcher found, put into rows: proposals, needs left out, whom to look for, figures."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import Room, ServiceCategory
from lianxin.domain.projects.models import (
    MatchRun,
    Proposal,
    ProposalCommunity,
    ProposalNeed,
    Recruitment,
    UnservedNeed,
)
from lianxin.domain.projects.rules import slots as times
from lianxin.domain.resources.queries import candidates

if TYPE_CHECKING:
    from lianxin.engines.matching.model import plan as engine

AT_ONCE = 500


def keep_proposals(row: MatchRun, result: "engine.Result") -> None:
    """Write the proposals of a run with the needs and neighbours behind them."""
    codes = {code: pk for pk, code in ServiceCategory.objects.values_list("pk", "code")}
    rooms = Room.objects.in_bulk([UUID(one.venue) for one in result.plan.proposals if one.venue])
    homes = dict(Need.objects.filter(pk__in=_served(result)).values_list("pk", "community_id"))
    moments = _moments(row, result.plan.proposals)
    made, needs, near = [], [], []
    for number, (one, moment) in enumerate(zip(result.plan.proposals, moments, strict=True), 1):
        room = rooms.get(UUID(one.venue)) if one.venue else None
        why = result.explanations[number - 1] if result.explanations else None
        proposal = Proposal(
            community_id=UUID(one.community),
            run=row,
            number=number,
            category_id=codes[one.category],
            offer_id=UUID(one.offer),
            venue_id=room.venue_id if room else None,
            room=room,
            starts_at=moment[0] if moment else None,
            ends_at=moment[1] if moment else None,
            people=max(1, one.people),
            value=sum(why.score.values()) if why else 0.0,
            explanation={"slot": one.slot} | (_explained(why) if why else {}),
            is_locked=one.locked,
        )
        made.append(proposal)
        counted: Counter[UUID] = Counter()
        for need, people in one.served:
            needs.append(ProposalNeed(proposal=proposal, need_id=UUID(need), people=people))
            counted[homes[UUID(need)]] += people
        near += [
            ProposalCommunity(proposal=proposal, community_id=community, people=people)
            for community, people in sorted(counted.items())
            if community != proposal.community_id
        ]
    Proposal.objects.bulk_create(made, batch_size=AT_ONCE)
    ProposalNeed.objects.bulk_create(needs, batch_size=AT_ONCE)
    ProposalCommunity.objects.bulk_create(near, batch_size=AT_ONCE)


def _served(result: "engine.Result") -> set[UUID]:
    return {UUID(need) for one in result.plan.proposals for need, _people in one.served}


def _explained(why: "engine.Explanation") -> dict[str, Any]:
    return {
        "needs": why.needs,
        "oldest_waiting_days": why.oldest_waiting_days,
        "quotes": list(why.quotes),
        "level": why.level,
        "metres": why.metres,
        "kept": why.kept,
        "promised": why.promised,
        "could_come_then": why.could_come_then,
        "score": {name: round(value, 3) for name, value in why.score.items()},
        "next_best_offer": why.next_best_offer,
        "loss_without": round(why.loss_without, 3),
        "community_rate": round(why.community_rate, 4),
        "community_rate_without": round(why.community_rate_without, 4),
        "lowest_rate": round(why.lowest_rate, 4),
        "lowest_rate_without": round(why.lowest_rate_without, 4),
    }


def _moments(row: MatchRun, proposals: Sequence["engine.Proposal"]) -> list[tuple[datetime, datetime] | None]:
    """Choose a day in the slot of each proposal: no offer twice on a day, no room twice on a part of it; in order."""
    offers = {
        str(one.id): one
        for one in candidates.for_matching(
            communities=None, from_on=row.from_on, until_on=row.until_on + timedelta(days=1)
        )
    }
    slots = {one.id: one for one in times.slots_between(row.from_on, row.until_on)}
    taken: set[tuple[str, str]] = set()
    chosen: list[tuple[datetime, datetime] | None] = []
    for one in proposals:
        offer, slot = offers.get(one.offer), slots.get(one.slot)
        moment = None
        if offer is not None and slot is not None:
            for starts_at in times.days_that_fit(
                slot,
                minutes=offer.minutes,
                windows=offer.weekly,
                away=offer.exceptions,
                first_on=offer.first_on,
                last_on=offer.last_on,
            ):
                day = starts_at.date().isoformat()
                uses = {(one.offer, day)} | ({(one.venue, f"{day} {slot.part}")} if one.venue else set())
                if not uses & taken:
                    taken |= uses
                    moment = (starts_at, starts_at + timedelta(minutes=offer.minutes))
                    break
        chosen.append(moment)
    return chosen


def keep_unserved(row: MatchRun, result: "engine.Result") -> None:
    """Write the one reason of each need that a run left out."""
    homes = dict(
        Need.objects.filter(pk__in=[UUID(one.need) for one in result.unserved]).values_list("pk", "community_id")
    )
    UnservedNeed.objects.bulk_create(
        (
            UnservedNeed(
                community_id=homes[UUID(one.need)],
                run=row,
                need_id=UUID(one.need),
                people=one.people,
                reason=one.reason,
            )
            for one in result.unserved
        ),
        batch_size=AT_ONCE,
    )


def keep_recruitment(row: MatchRun, result: "engine.Result") -> None:
    """Write what one more of would serve how many."""
    codes = {code: pk for pk, code in ServiceCategory.objects.values_list("pk", "code")}
    Recruitment.objects.bulk_create(
        Recruitment(
            community_id=UUID(one.community),
            run=row,
            category_id=codes[one.category],
            slot=one.slot[:20],
            serves=one.serves,
            price=one.gain,
        )
        for one in result.recruitment
    )


def metrics_of(result: "engine.Result") -> dict[str, Any]:
    """Give the figures of a run, before and after."""

    def told(one: "engine.Metrics") -> dict[str, Any]:
        return {
            "asked": one.asked,
            "served": one.served,
            "rates": {community: round(rate, 4) for community, rate in one.rates.items()},
            "lowest": round(one.lowest, 4),
            "tenth": round(one.tenth, 4),
            "gini": round(one.gini, 4),
            "gini_of_reachable": round(one.gini_of_reachable, 4),
        }

    return {
        "needs": len(_served(result) | {UUID(one.need) for one in result.unserved}),
        "before": told(result.before),
        "after": told(result.after),
        "reach": {community: round(rate, 4) for community, rate in result.reach.items()},
        "gap": result.gap,
        "price_of_fairness": result.price_of_fairness,
    }
