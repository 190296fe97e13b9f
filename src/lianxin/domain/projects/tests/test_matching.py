"""Runs of the matcher over a small subdistrict: every need is served or has one reason, and staff's word holds."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import transaction

from lianxin.domain.needs.models import Need
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division, OpeningHours, Room, RoomKind, ServiceCategory, Venue
from lianxin.domain.projects.commands import matching, proposals
from lianxin.domain.projects.models import MatchRun, Proposal, ProposalNeed, UnservedNeed
from lianxin.domain.projects.queries import checks, problems
from lianxin.domain.projects.tests.factories import AT, fresh
from lianxin.domain.resources.models import Offer, OfferCategory
from lianxin.platform import scope, worker
from lianxin.platform.actors import Actor
from lianxin.platform.errors import NotAllowed

pytestmark = pytest.mark.django_db
KINDS = ["weekly", "monthly"]
CODES = ("A03", "B01")


@dataclass(frozen=True)
class Area:
    """A subdistrict of three communities that ask for hair cutting and lectures."""

    subdistrict: Division
    communities: list[Division]
    planner: Actor
    offers: list[Offer]

    def ask(self, kind: str, follows: MatchRun | None = None, at: datetime = AT) -> MatchRun:
        """A run that the worker has computed."""
        row = matching.ask_for_match(
            actor=self.planner, division=self.subdistrict.pk, kind=kind, follows=follows and follows.pk, at=at
        )
        worker.drain()
        return fresh(row)


@pytest.fixture
def area() -> Area:
    with scope.everything(), transaction.atomic():
        above = Division.objects.create(
            level="subdistrict",
            official_name="新津街道办事处",
            short_name="新津街道",
            code="440507004000",
            created_on=date(2019, 1, 1),
        )
        categories = [ServiceCategory.objects.get_or_create(code=code, defaults={"name": code})[0] for code in CODES]
        hall, _made = RoomKind.objects.get_or_create(code="hall", defaults={"name": "多功能厅"})
        communities = [_community(above, hall, n) for n in range(3)]
        for n, community in enumerate(communities):
            for m, category in enumerate(categories):
                _need(community, category, number=m + 1, people=6 + 3 * n)
        # Nobody offers what the last one asks for.
        lonely, _made = ServiceCategory.objects.get_or_create(code="F05", defaults={"name": "F05"})
        _need(communities[2], lonely, number=3, people=4)
        offers = [_offer(communities[n], categories[n], above) for n in range(2)]
    planner = staff("subdistrict_staff", *communities)
    return Area(above, communities, planner, offers)


def _community(above: Division, hall: RoomKind, n: int) -> Division:
    row = Division.objects.create(
        level="community",
        parent=above,
        official_name=f"社区{n}居委会",
        short_name=f"社区{n}",
        code=f"44050700402{n}",
        created_on=date(2019, 1, 1),
    )
    venue = Venue.objects.create(
        community=row,
        kind="centre",
        name=f"社区{n}党群服务中心",
        state="open",
        opened_on=date(2024, 3, 1),
        lng=116.70 + 0.008 * n,
        lat=23.37,
    )
    Room.objects.create(community=row, venue=venue, kind=hall, name="多功能厅", seats=40, state="in_use")
    OpeningHours.objects.bulk_create(
        OpeningHours(
            community=row, venue=venue, weekday=day, opens=time(8), closes=time(21, 30), valid_from=date(2024, 3, 1)
        )
        for day in range(7)
    )
    return row


def _need(community: Division, category: ServiceCategory, *, number: int, people: int) -> Need:
    return Need.objects.create(
        community=community,
        number=number,
        category=category,
        title=f"{community.short_name}要{category.code}",
        voices=people,
        people=people,
        first_heard_on=date(2026, 1, 5),
        last_heard_on=date(2026, 2, 20),
        confirm_by=date(2026, 6, 30),
    )


def _offer(community: Division, category: ServiceCategory, above: Division) -> Offer:
    giver = Organisation.objects.create(name=f"{category.code}工作室", registered_on=date(2025, 1, 1))
    row = Offer.objects.create(
        community=community,
        organisation=giver,
        kind="skill",
        title=f"{category.code}师傅",
        seats=20,
        times=2,
        every="month",
        reach="subdistrict",
        from_on=date(2026, 1, 1),
        state="active",
        assured_on=date(2026, 2, 1),
        assure_by=date(2026, 8, 1),
        made_at=AT,
    )
    OfferCategory.objects.create(offer=row, category=category, level=3)
    return row


def told(run: MatchRun) -> list[tuple[Any, ...]]:
    """What a run proposes, in words that do not change from run to run."""
    with scope.everything():
        rows = Proposal.objects.filter(run=run).order_by("number")
        return [
            (one.offer_id, one.community_id, one.starts_at, one.room_id, one.people, one.explanation["slot"])
            for one in rows
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_each_need_is_served_or_has_one_reason(area: Area, kind: str) -> None:
    run = area.ask(kind)

    assert (run.state, run.failure) == ("done", "")
    with scope.everything():
        served = set(ProposalNeed.objects.filter(proposal__run=run).values_list("need", flat=True))
        reasons = dict(UnservedNeed.objects.filter(run=run).values_list("need__category__code", "reason"))
        assert served
        assert served | set(UnservedNeed.objects.filter(run=run).values_list("need", flat=True)) == set(
            Need.objects.values_list("pk", flat=True)
        )
    assert reasons["F05"] == "no_resource"
    assert run.metrics["needs"] == 7
    assert run.value is not None
    assert list(checks.runs_account_for_needs()) == []


def test_same_records_give_the_same_month(area: Area) -> None:
    first = area.ask("monthly")
    again = area.ask("monthly")

    assert first.pk != again.pk
    assert told(again) == told(first)
    assert again.inputs_digest == first.inputs_digest


def test_proposed_times_are_in_the_period_and_meet_nowhere(area: Area) -> None:
    run = area.ask("monthly")

    with scope.everything():
        rows = list(Proposal.objects.filter(run=run, starts_at__isnull=False))
    days = [(one.offer_id, one.starts_at.date()) for one in rows]
    rooms = [(one.room_id, one.starts_at) for one in rows]
    assert rows
    assert len(set(days)) == len(days)
    assert len(set(rooms)) == len(rooms)
    assert all(run.from_on <= one.starts_at.date() <= run.until_on for one in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_run_again_keeps_what_was_held_and_leaves_out_what_was_refused(area: Area, kind: str) -> None:
    run = area.ask(kind)
    with scope.everything():
        held, refused = _one_of_each(run)
    proposals.lock(actor=area.planner, proposal=held.pk, holds=True, at=AT)
    proposals.refuse(actor=area.planner, proposal=refused.pk, refusal="unfit", at=AT)

    again = area.ask(kind, follows=run)

    assert (again.state, again.failure, fresh(run).state) == ("done", "", "replaced")
    with scope.everything():
        rows = Proposal.objects.filter(run=again)
        assert rows.filter(offer=held.offer_id, community=held.community_id, is_locked=True).exists()
        assert not rows.filter(offer=refused.offer_id, community=refused.community_id).exists()
    assert fresh(held).state == "replaced"
    assert fresh(refused).state == "refused"
    assert list(checks.runs_account_for_needs()) == []


def _one_of_each(run: MatchRun) -> tuple[Proposal, Proposal]:
    rows = list(Proposal.objects.filter(run=run).order_by("number"))
    held = rows[0]
    refused = next(one for one in rows if one.offer_id != held.offer_id)
    return held, refused


def test_forbidden_offer_does_not_come(area: Area) -> None:
    offer, community = area.offers[0], area.communities[1]
    proposals.forbid_pair(actor=area.planner, offer=offer.pk, community=community.pk, reason="吵过架", at=AT)

    run = area.ask("weekly")

    with scope.everything():
        assert not Proposal.objects.filter(run=run, offer=offer, needs__need__community=community).exists()
        assert UnservedNeed.objects.filter(run=run, need__community=community, need__category__code="A03").exists()


def test_nothing_to_match_is_said_in_a_sentence(area: Area) -> None:
    with scope.everything():
        Need.objects.update(confirm_by=date(2026, 1, 1))

    run = area.ask("weekly")

    assert run.state == "failed"
    assert run.failure


def test_second_asking_waits_for_the_first(area: Area) -> None:
    matching.ask_for_match(actor=area.planner, division=area.subdistrict.pk, kind="weekly", at=AT)

    with pytest.raises(matching.StillRunning):
        matching.ask_for_match(actor=area.planner, division=area.subdistrict.pk, kind="weekly", at=AT)
    with pytest.raises(NotAllowed):
        matching.ask_for_match(
            actor=staff("host", area.communities[0]), division=area.subdistrict.pk, kind="weekly", at=AT
        )


def test_horizon_is_the_coming_week_or_month() -> None:
    assert problems.horizon_of("weekly", date(2026, 3, 2)) == (date(2026, 3, 9), date(2026, 3, 15))
    assert problems.horizon_of("weekly", date(2026, 3, 8)) == (date(2026, 3, 9), date(2026, 3, 15))
    assert problems.horizon_of("monthly", date(2026, 12, 31)) == (date(2027, 1, 1), date(2027, 1, 31))
