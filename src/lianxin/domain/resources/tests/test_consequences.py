"""What follows for resources when people leave, organisations merge, venues close, communities merge."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.people.commands.leaving import record_death
from lianxin.domain.people.commands.organisations import merge_organisations
from lianxin.domain.people.events import PersonMerged
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.resources.commands import agreements, offers, partnerships, personal_data, promises
from lianxin.domain.resources.commands.consequences import PLACE_DUTY
from lianxin.domain.resources.models import Agreement, Offer, Partnership
from lianxin.domain.resources.tests.factories import AT, SYSTEM, TODAY, Ground, fresh_offer, fresh_promise, make_ground
from lianxin.domain.resources.tests.test_promises import differences
from lianxin.platform import contributions, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@command("tests.report_to_resources")
def report(*, actor: Actor, event: Any, at: Any) -> None:
    mine = next(one for one in contributions.modules() if one.module == "resources")
    for one in mine.consequences:
        if isinstance(event, one.on):
            one.do(event, actor=actor, at=at)


@command("tests.erase_in_resources")
def erase(*, actor: Actor, person: Any, at: Any) -> list[str]:
    return personal_data.erase_rows(person, actor, at)


def told(event: Any) -> list[str]:
    mine = next(one for one in contributions.modules() if one.module == "resources")
    return [line for one in mine.consequences if isinstance(event, one.on) for line in one.preview(event)]


def own_offer(ground: Ground) -> Offer:
    return ground.offer(organisation=None, person=ground.person.pk, title="免费磨刀", contact_name="陈帮帮")


def test_offers_of_who_died_end() -> None:
    ground = make_ground()
    made = own_offer(ground)

    record_death(actor=ground.keeper, person=ground.person.pk, on=TODAY, at=AT)

    assert fresh_offer(made).state == "ended"


def test_person_is_given_what_is_held_and_erased_from_it() -> None:
    ground = make_ground()
    made = own_offer(ground)

    exported = personal_data.export_rows(ground.person.pk)
    kept = erase(actor=ground.keeper, person=ground.person.pk, at=AT)

    assert [one["title"] for one in exported["offers"]] == ["免费磨刀"]
    assert len(kept) == 1
    row = fresh_offer(made)
    assert (row.state, row.contact_name, "磨刀" in row.title) == ("ended", "", False)
    with scope.everything():
        assert not search.find("磨刀", kinds=["offer"])


def test_offers_of_one_who_is_two_records_go_along() -> None:
    ground = make_ground()
    made, into = own_offer(ground), new_id()
    event = PersonMerged(merged=ground.person.pk, into=into, community=ground.community.pk)

    assert len(told(event)) == 1
    with scope.everything():
        assert Offer.objects.filter(pk=made.pk, person=ground.person).exists()


def test_merged_organisations_share_offers_and_are_tied_once() -> None:
    ground = make_ground()
    other = Organisation.objects.create(name="明亮律所", registered_on=TODAY)
    made = ground.offer()
    for firm, kind in ((ground.firm, "paired"), (other, "paired"), (ground.firm, "social")):
        partnerships.tie(actor=ground.keeper, community=ground.community.pk, organisation=firm.pk, kind=kind, at=AT)

    merge_organisations(actor=staff("district_staff"), merged=ground.firm.pk, into=other.pk, at=AT)

    assert fresh_offer(made).organisation_id == other.pk
    with scope.everything():
        assert sorted(Partnership.objects.values_list("organisation", "kind")) == [
            (other.pk, "paired"),
            (other.pk, "social"),
        ]
    assert differences() == []


def test_offer_at_a_closed_venue_needs_another_place() -> None:
    ground = make_ground()
    made = ground.offer(kind="venue", venue=ground.venue.pk)
    event = VenueClosed(venue=ground.venue.pk, on=TODAY)

    assert len(told(event)) == 1
    report(actor=SYSTEM, event=event, at=AT)

    assert (fresh_offer(made).venue_id, fresh_offer(made).place) == (None, "翠英党群服务中心")
    with scope.everything():
        assert Duty.objects.filter(kind=PLACE_DUTY, closed_at=None).count() == 1


def test_merged_communities_bring_their_lists_along() -> None:
    ground = make_ground()
    made = ground.offer(only=[ground.community.pk, ground.other.pk])
    promised = promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY + DAY, at=AT)
    for keeper, community in ((ground.keeper, ground.community), (ground.neighbour, ground.other)):
        offer = offers.offer(
            actor=keeper, community=community.pk, content=ground.content(title="签约"), is_assured=True, at=AT
        )
        row = agreements.draft(
            actor=keeper,
            community=community.pk,
            organisation=ground.firm.pk,
            from_on=TODAY,
            until_on=date(2026, 12, 31),
            offers=[offer.pk],
            at=AT,
        )
        agreements.sign(actor=keeper, agreement=row.pk, signed_on=TODAY, for_community="甲", for_partner="乙", at=AT)
    event = DivisionsMerged(divisions=(ground.community.pk,), into=ground.other.pk, on=TODAY)

    assert len(told(event)) == 1
    report(actor=SYSTEM, event=event, at=AT)

    assert fresh_offer(made).community_id == fresh_promise(promised).community_id == ground.other.pk
    with scope.everything():
        numbers = Agreement.objects.filter(community=ground.other).order_by("number")
        assert [(row.number, row.content["number"]) for row in numbers] == [(1, 1), (2, 1)]
        assert made.named_communities.count() == 1
    assert differences() == []
