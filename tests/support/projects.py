"""One object of each kind that the pages of projects name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.models import Need
from lianxin.domain.people.models import Organisation
from lianxin.domain.places.models import Division, ServiceCategory, Venue
from lianxin.domain.projects.models import Edition, ForbiddenPair, MatchRun, Project, Proposal, ProposalNeed
from lianxin.domain.resources.models import Offer
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC)
TODAY = local_day(NOW)


def make_projects_object(kind: str, *, community: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community).pk


def make_need(community: UUID, **values: Any) -> Need:
    """An open entry of the community's list."""
    entries: dict[str, Any] = {
        "number": new_id().int % 10**8,
        "category": _category(),
        "title": "上门理发",
        "voices": 2,
        "people": 2,
        "first_heard_on": TODAY - timedelta(days=40),
        "last_heard_on": TODAY - timedelta(days=10),
        "confirm_by": TODAY + timedelta(days=60),
    }
    return Need.objects.create(community_id=community, **entries | values)


def make_offer(community: UUID, **values: Any) -> Offer:
    """An active offer of an organisation."""
    entries: dict[str, Any] = {
        "kind": "skill",
        "title": "理发师傅",
        "from_on": TODAY - timedelta(days=60),
        "state": "active",
        "assured_on": TODAY - timedelta(days=30),
        "assure_by": TODAY + timedelta(days=150),
        "made_at": NOW,
    }
    giver = Organisation.objects.create(name=f"理发工作室{new_id()}"[:60], registered_on=TODAY - timedelta(days=90))
    return Offer.objects.create(community_id=community, organisation=giver, **entries | values)


def make_run(community: UUID, **values: Any) -> MatchRun:
    """A run that is done."""
    first = TODAY + timedelta(days=7 - TODAY.weekday())
    entries: dict[str, Any] = {
        "kind": "monthly",
        "from_on": first,
        "until_on": first + timedelta(days=27),
        "state": "done",
        "value": 12.5,
        "done_at": NOW,
        "asked_at": NOW,
        "inputs_digest": "0" * 64,
        "cpu_seconds": 1.5,
        "metrics": {"needs": 1}
        | {
            name: {"asked": 2, "served": 2, "rates": {}, "lowest": 1.0, "tenth": 1.0, "gini": 0, "gini_of_reachable": 0}
            for name in ("before", "after")
        },
    }
    return MatchRun.objects.create(community_id=community, **entries | values)


def make_proposal(community: UUID, need: Need | None = None, **values: Any) -> Proposal:
    """A proposal for one need, in the morning of a day three weeks ahead."""
    run, offer = make_run(community), make_offer(community)
    start = local_moment(TODAY + timedelta(days=21)) + timedelta(hours=9)
    entries: dict[str, Any] = {
        "run": run,
        "number": 1,
        "category": _category(),
        "offer": offer,
        "venue": Venue.objects.filter(community=community, kind="centre").order_by("pk").first(),
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "people": 2,
        "value": 12.5,
        "explanation": EXPLAINED | {"next_best_offer": str(offer.pk)},
    }
    made = Proposal.objects.create(community_id=community, **entries | values)
    ProposalNeed.objects.create(proposal=made, need=need or make_need(community), people=2)
    return made


def _category() -> ServiceCategory:
    return ServiceCategory.objects.order_by("code")[0]


def make_pair(community: UUID, offer: Offer | None = None) -> ForbiddenPair:
    """An offer that staff keep away from a community."""
    return ForbiddenPair.objects.create(
        community_id=community, offer=offer or make_offer(community), reason="上次没来。", made_at=NOW
    )


def _project(community: UUID) -> Project:
    return Project.objects.create(
        community_id=community,
        number=new_id().int % 10**8,
        category=_category(),
        title="长者理发日",
        purpose="每月给行动不便的长者理发。",
        public_text="每周三上午在中心理发。",
        from_on=TODAY + timedelta(days=7),
        until_on=TODAY + timedelta(days=28),
        responsible_name="林主任",
        made_at=NOW,
    )


def _edition(community: UUID) -> Edition:
    name = Division.objects.get(pk=community).short_name
    first = TODAY.replace(day=1)
    return Edition.objects.create(
        community_id=community,
        of="needs",
        from_on=first,
        until_on=first + timedelta(days=27),
        content={"groups": [], "entries": 0},
        introduction=name,
        drafted_at=NOW,
    )


EXPLAINED: dict[str, Any] = {
    "slot": "1-working_mornings",
    "needs": 1,
    "oldest_waiting_days": 40,
    "quotes": [],
    "level": 3,
    "metres": 420,
    "kept": 9,
    "promised": 10,
    "could_come_then": 2,
    "score": {"people": 2.0},
    "loss_without": 1.2,
    "community_rate": 0.5,
    "community_rate_without": 0.25,
    "lowest_rate": 0.25,
    "lowest_rate_without": 0.2,
}
MAKERS: dict[str, Callable[[UUID], Any]] = {
    "project": _project,
    "edition": _edition,
    "match_run": make_run,
    "proposal": make_proposal,
    "pair": make_pair,
}
