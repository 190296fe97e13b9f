"""Offers: what is taken, what gets a sentence, how they come into the plan and leave it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from lianxin.domain.people.models import Organisation
from lianxin.domain.people.tests.factories import resident
from lianxin.domain.resources.commands import offers, promises, watching, writing
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.queries.offers import OfferFilter, find_offer, for_matching, list_offers
from lianxin.domain.resources.rules.contents import problems_of
from lianxin.domain.resources.rules.periods import period_of
from lianxin.domain.resources.tests.factories import AT, SYSTEM, TODAY, fresh_offer, make_ground
from lianxin.platform import scope
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
MARCH = {"communities": None, "from_on": date(2026, 3, 1), "until_on": date(2026, 4, 1)}
DAY = timedelta(days=1)


def open_duties(kind: str) -> int:
    with scope.everything():
        return Duty.objects.filter(kind=kind, closed_at=None).count()


def test_partners_offer_waits_until_the_office_has_asked() -> None:
    ground = make_ground()

    made = offers.offer(actor=ground.partner(), community=ground.community.pk, content=ground.content(), at=AT)
    planned_before = for_matching(**MARCH)
    offers.assure(actor=ground.keeper, offer=made.pk, at=AT)

    assert (made.state, planned_before) == ("offered", [])
    assert [one.id for one in for_matching(**MARCH)] == [made.pk]
    assert fresh_offer(made).assure_by == TODAY + timedelta(days=180)
    assert open_duties(offers.ASSURE_DUTY) == 0


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("seats", {"seats": -5}),
        ("seats", {"seats": 0}),
        ("least_people", {"least_people": 30}),
        ("times", {"times": 0}),
        ("minutes", {"minutes": 2000}),
        ("cost_fen", {"cost_fen": -1}),
        ("quantity", {"kind": "goods"}),
        ("categories", {"categories": [("Z99", 2)]}),
        ("categories", {"categories": []}),
        ("categories", {"categories": [("C04", 2), ("C04", 3)]}),
        ("categories", {"categories": [("C04", 7)]}),
        ("until_on", {"until_on": TODAY - DAY}),
        ("reach_metres", {"reach": "radius"}),
        ("reach_metres", {"reach": "radius", "reach_metres": -200}),
        ("reach", {"reach": "moon"}),
        ("weekly", {"weekly": [(0, time(11), time(9))]}),
        ("weekly", {"weekly": [(0, time(9), time(11)), (0, time(10), time(12))]}),
        ("exceptions", {"exceptions": [(TODAY, TODAY - DAY, "")]}),
        ("title", {"title": "  "}),
        ("place", {"kind": "venue"}),
        ("organisation", {"organisation": None}),
        ("kind", {"kind": "love"}),
    ],
)
def test_what_cannot_be_gets_a_sentence_at_its_field(field, values) -> None:
    ground = make_ground()

    found = problems_of(replace(ground.content(), **values), categories={"C04", "C05"})

    assert list(found) == [field]
    assert all(sentence.endswith((".", "。")) for sentence in found[field])


def test_offer_with_negative_capacity_is_refused_whole() -> None:
    ground = make_ground()

    with pytest.raises(Invalid) as refusal:
        ground.offer(seats=-5)

    assert "1" in str(refusal.value.fields["seats"][0])
    with scope.everything():
        assert not Offer.objects.exists()


def test_strangers_may_not_offer_change_or_see() -> None:
    ground = make_ground()
    made = ground.offer()
    firm = Organisation.objects.create(name="别的公司", registered_on=TODAY)

    for actor in (ground.neighbour, resident(ground.person)):
        with pytest.raises((NotAllowed, Missing)):
            offers.assure(actor=actor, offer=made.pk, at=AT)
        with pytest.raises(Missing):
            find_offer(actor=actor, offer=made.pk)
    with pytest.raises(NotAllowed):
        offers.offer(
            actor=ground.partner(), community=ground.community.pk, content=ground.content(organisation=firm.pk), at=AT
        )
    with pytest.raises(NotAllowed):
        offers.assure(actor=ground.partner(), offer=made.pk, at=AT)


def test_residents_offer_is_their_own_and_names_them_masked() -> None:
    ground = make_ground()
    content = ground.content(organisation=None, person=ground.person.pk, title="免费磨刀")

    made = offers.offer(actor=resident(ground.person), community=ground.community.pk, content=content, at=AT)
    listed = list_offers(actor=ground.keeper, asked=OfferFilter(), on=TODAY).rows

    assert [one.giver for one in listed] == ["陈*帮"]
    assert find_offer(actor=resident(ground.person), offer=made.pk).row.giver == ""


def test_what_the_giver_changes_has_to_be_assured_again_but_not_its_words() -> None:
    ground = make_ground()
    made = ground.offer()
    partner = ground.partner()

    offers.change_offer(actor=partner, offer=made.pk, content=ground.content(description="带好材料"), at=AT)
    after_words = fresh_offer(made).state
    offers.change_offer(actor=partner, offer=made.pk, content=ground.content(weekly=[(5, time(9), time(11))]), at=AT)

    assert after_words == "active"
    assert fresh_offer(made).state == "offered"
    assert open_duties(offers.ASSURE_DUTY) == 1


def test_change_reads_back_as_it_was_entered_and_meets_the_other_writer() -> None:
    ground = make_ground()
    made = ground.offer()
    content = ground.content(
        reach="radius",
        reach_metres=1500,
        venue=ground.venue.pk,
        weekly=((1, time(19), time(21)),),
        exceptions=((TODAY, TODAY + DAY, "放假"),),
        never=(ground.other.pk,),
        until_on=date(2026, 12, 31),
    )

    offers.change_offer(actor=ground.keeper, offer=made.pk, content=content, version=made.version, at=AT)

    assert writing.content_of(fresh_offer(made)) == replace(content, categories=(("C04", 3), ("C05", 1)))
    with pytest.raises(EditedMeanwhile):
        offers.change_offer(actor=ground.keeper, offer=made.pk, content=content, version=made.version, at=AT)


def test_partner_answers_holds_paused_not_any_more() -> None:
    ground = make_ground()
    made, partner = ground.offer(), ground.partner()
    later = AT + 100 * DAY

    offers.still_holds(actor=partner, offer=made.pk, at=later)
    assert fresh_offer(made).assure_by == TODAY + timedelta(days=280)
    offers.pause(actor=partner, offer=made.pk, reason="搬办公室", at=later)
    assert for_matching(communities=None, from_on=TODAY, until_on=TODAY + 200 * DAY) == []
    with pytest.raises(Refused):
        offers.pause(actor=partner, offer=made.pk, at=later)
    offers.resume(actor=partner, offer=made.pk, at=later)
    assert fresh_offer(made).state == "active"
    offers.end(actor=partner, offer=made.pk, reason="不做了", at=later)

    assert (fresh_offer(made).state, fresh_offer(made).state_reason) == ("ended", "不做了")
    with pytest.raises(offers.OfferEnded):
        offers.still_holds(actor=partner, offer=made.pk, at=later)


def test_new_offer_is_not_assured_by_its_giver() -> None:
    ground = make_ground()
    made = ground.offer(is_assured=False)

    with pytest.raises(Refused):
        offers.still_holds(actor=ground.partner(), offer=made.pk, at=AT)

    assert fresh_offer(made).state == "offered"


def test_clock_asks_again_and_ends_what_is_over() -> None:
    ground = make_ground()
    kept, over = ground.offer(), ground.offer(title="到期的", until_on=TODAY + DAY)
    promised = promises.promise(actor=ground.keeper, offer=over.pk, on=TODAY, at=AT)
    later = AT + 170 * DAY

    while watching.watch(actor=SYSTEM, at=later):
        pass

    assert fresh_offer(over).state == "ended"
    assert fresh_offer(kept).state == "active"
    assert open_duties(offers.ASSURE_DUTY) == 1
    assert open_duties(offers.PROMISES_DUTY) == 0  # its day is over: nothing lies ahead
    assert promised.state == "open"


def test_assurance_that_ran_out_leaves_the_plan() -> None:
    ground = make_ground()
    made = ground.offer()
    by = fresh_offer(made).assure_by
    assert by is not None

    cut = for_matching(communities=None, from_on=by - DAY, until_on=by + 30 * DAY)
    none = for_matching(communities=None, from_on=by + DAY, until_on=by + 30 * DAY)

    assert [one.last_on for one in cut] == [by]
    assert none == []
    stale = list_offers(actor=ground.keeper, asked=OfferFilter(state="to_assure"), on=by + DAY)
    assert stale.total == 1


def test_list_is_narrowed_and_paged() -> None:
    ground = make_ground()
    for number in range(3):
        ground.offer(title=f"律师 {number}")
    ground.offer(title="义剪", kind="hours", categories=[("D01", 3)])

    by_category = list_offers(actor=ground.keeper, asked=OfferFilter(category="C04"), on=TODAY, limit=2)
    rest = list_offers(
        actor=ground.keeper, asked=OfferFilter(category="C04"), on=TODAY, limit=2, after=by_category.after
    )
    found = list_offers(actor=ground.keeper, asked=OfferFilter(query="义剪"), on=TODAY)

    assert (by_category.total, len(by_category.rows), len(rest.rows), rest.after) == (3, 2, 1, "")
    assert [one.title for one in found.rows] == ["义剪"]
    assert list_offers(actor=ground.neighbour, asked=OfferFilter(), on=TODAY).total == 0


def test_periods_are_whole_weeks_months_and_quarters() -> None:
    assert period_of("week", date(2026, 3, 1)) == (date(2026, 2, 23), date(2026, 3, 2))
    assert period_of("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert period_of("quarter", date(2026, 11, 30)) == (date(2026, 10, 1), date(2027, 1, 1))
    assert period_of("once", date(2026, 11, 30)) is None
