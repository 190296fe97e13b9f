"""Promises, agreements and partnerships: what is promised, kept and signed."""

from datetime import date, timedelta

import pytest

from lianxin.domain.people.models import Organisation, OrganisationCommunity
from lianxin.domain.resources.commands import agreements, offers, partnerships, promises
from lianxin.domain.resources.models import Agreement, Offer
from lianxin.domain.resources.queries import checks
from lianxin.domain.resources.queries.agreements import find_agreement, list_agreements
from lianxin.domain.resources.queries.offers import find_offer
from lianxin.domain.resources.queries.partnerships import list_partnerships
from lianxin.domain.resources.queries.promises import find_promise, list_promises
from lianxin.domain.resources.tests.factories import AT, TODAY, fresh_offer, fresh_promise, make_ground
from lianxin.platform import contributions, facts, scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def figure(measure: str) -> tuple[int, int]:
    """What the facts and the records say of a measure."""
    window = contributions.Window(date(2026, 1, 1), date(2027, 1, 1))
    with scope.everything():
        counted = contributions.measure(measure).query(window)
        return facts.figure(measure, from_on=window.from_on, until_on=window.until_on), counted


def differences() -> list[str]:
    with scope.everything():
        mine = next(one for one in contributions.modules() if one.module == "resources")
        return [sentence for check in mine.checks for sentence in check.run()]


def test_promise_is_kept_partly_taken_back_and_broken() -> None:
    ground = make_ground()
    made = ground.offer(kind="goods", quantity=100, unit="份")
    row = promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY, quantity=40, at=AT)

    promises.keep(actor=ground.keeper, promise=row.pk, quantity=30, at=AT + DAY)
    assert (fresh_promise(row).state, figure("promises_kept")) == ("partly", (1, 1))
    assert find_offer(actor=ground.keeper, offer=made.pk).row.kept == 1  # of 2: one half
    promises.reopen(actor=ground.keeper, promise=row.pk, at=AT + DAY)
    assert figure("promises_kept") == (0, 0)
    promises.break_(actor=ground.keeper, promise=row.pk, reason="没有来", at=AT + DAY)

    assert (fresh_promise(row).state, fresh_promise(row).reason) == ("broken", "没有来")
    with pytest.raises(promises.NotedAlready):
        promises.keep(actor=ground.keeper, promise=row.pk, at=AT + DAY)
    assert differences() == []


def test_no_more_is_promised_than_the_offer_holds() -> None:
    ground = make_ground()
    made = ground.offer(times=2, every="month", exceptions=[(date(2026, 3, 9), date(2026, 3, 9), "")])
    promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 3, 3), at=AT)
    second = promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 3, 10), at=AT)

    with pytest.raises(promises.NotThatOften):
        promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 3, 31), at=AT)
    promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 4, 1), at=AT)
    promises.excuse(actor=ground.partner(), promise=second.pk, reason="律师出庭", at=AT)
    promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 3, 31), at=AT)

    for day in (date(2026, 3, 9), TODAY - DAY):
        with pytest.raises(promises.NotOnThatDay):
            promises.promise(actor=ground.keeper, offer=made.pk, on=day, at=AT)
    with pytest.raises(Invalid):
        promises.promise(actor=ground.keeper, offer=made.pk, on=date(2026, 4, 2), quantity=0, at=AT)


def test_only_what_was_assured_is_promised() -> None:
    ground = make_ground()
    made = ground.offer(is_assured=False)

    with pytest.raises(offers.NotAssured):
        promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY, at=AT)


def test_giver_calls_off_before_the_day_only() -> None:
    ground = make_ground()
    made = ground.offer()
    row = promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY, at=AT - DAY)

    with pytest.raises(Refused):
        promises.excuse(actor=ground.partner(), promise=row.pk, at=AT)
    with pytest.raises(NotAllowed):
        promises.keep(actor=ground.partner(), promise=row.pk, at=AT)
    promises.excuse(actor=ground.partner(), promise=row.pk, at=AT - DAY)

    assert fresh_promise(row).state == "excused"
    with scope.everything():
        assert not Duty.objects.filter(kind=promises.NOTE_DUTY, closed_at=None).exists()


def test_promise_to_a_neighbour_is_noted_there_and_seen_by_the_giver() -> None:
    ground = make_ground()
    made = ground.offer(reach="district")
    row = promises.promise(
        actor=ground.neighbour, offer=made.pk, on=TODAY, community=ground.other.pk, record_kind="projects.proposal",
        record_id=made.pk, at=AT,
    )  # fmt: skip

    mine = list_promises(actor=ground.partner())
    theirs = list_promises(actor=ground.neighbour, due_on=TODAY)

    assert [one.id for one in mine] == [one.id for one in theirs] == [row.pk]
    assert list_promises(actor=ground.keeper) == []
    with pytest.raises(Missing):
        find_promise(actor=ground.keeper, promise=row.pk)
    assert find_offer(actor=ground.keeper, offer=made.pk).promises[0].community_name == "金洲社区"


def test_ending_an_offer_asks_what_becomes_of_its_promises() -> None:
    ground = make_ground()
    made = ground.offer()
    promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY + 5 * DAY, at=AT)

    offers.end(actor=ground.partner(), offer=made.pk, reason="关门", at=AT)

    with scope.everything():
        assert Duty.objects.filter(kind=offers.PROMISES_DUTY, closed_at=None).count() == 1


def test_agreement_is_numbered_frozen_and_ended() -> None:
    ground = make_ground()
    first, second = ground.offer(), ground.offer(title="普法讲座")
    days = {"from_on": TODAY, "until_on": date(2026, 12, 31)}
    row = agreements.draft(
        actor=ground.keeper,
        community=ground.community.pk,
        organisation=ground.firm.pk,
        offers=[first.pk],
        at=AT,
        **days,
    )
    signed = {"signed_on": TODAY, "for_community": "林主任", "for_partner": "陈律师", "at": AT}

    agreements.sign(actor=ground.keeper, agreement=row.pk, **signed)
    offers.change_offer(actor=ground.keeper, offer=first.pk, content=ground.content(title="改了名"), at=AT)
    page = find_agreement(actor=ground.partner(), agreement=row.pk)

    assert (page.row.number, page.row.state) == (1, "signed")
    assert [one["title"] for one in page.offers] == ["律师咨询"]
    assert page.agreement.content["signed_by"] == ["林主任", "陈律师"]
    with pytest.raises(agreements.SignedAlready):
        agreements.edit(actor=ground.keeper, agreement=row.pk, at=AT, **days)
    with pytest.raises(Invalid):
        agreements.draft(
            actor=ground.keeper,
            community=ground.community.pk,
            organisation=ground.firm.pk,
            offers=[first.pk],
            at=AT,
            **days,
        )
    other = agreements.draft(
        actor=ground.keeper, community=ground.community.pk, organisation=ground.firm.pk, at=AT, **days
    )
    agreements.sign(actor=ground.keeper, agreement=other.pk, **signed)
    agreements.end(actor=ground.keeper, agreement=row.pk, reason="双方同意", at=AT)

    assert [one.number for one in list_agreements(actor=ground.partner())] == [1, 2]
    assert (fresh_offer(first).agreement_id, fresh_offer(second).agreement_id) == (None, other.pk)
    assert differences() == []
    with scope.everything():
        Agreement.objects.filter(pk=row.pk).update(content={"terms": "改过"})
        assert len(list(checks.agreements_are_as_signed())) == 1


def test_agreement_turned_round_or_empty_is_refused() -> None:
    ground = make_ground()
    base = {"actor": ground.keeper, "community": ground.community.pk, "organisation": ground.firm.pk, "at": AT}

    with pytest.raises(Invalid) as refusal:
        agreements.draft(**base, from_on=TODAY, until_on=TODAY - DAY)
    empty = agreements.draft(**base, from_on=TODAY, until_on=TODAY + DAY)
    with pytest.raises(Invalid):
        agreements.sign(
            actor=ground.keeper, agreement=empty.pk, signed_on=TODAY, for_community="林", for_partner="", at=AT
        )

    assert list(refusal.value.fields) == ["until_on"]
    with pytest.raises(Missing):
        find_agreement(actor=ground.partner(), agreement=empty.pk)


def test_partnership_is_tied_once_and_untied() -> None:
    ground = make_ground()
    firm = Organisation.objects.create(name="结对单位", registered_on=TODAY)
    base = {"actor": ground.keeper, "community": ground.community.pk, "organisation": firm.pk, "at": AT}

    row = partnerships.tie(**base, kind="paired")
    partnerships.tie(**base, kind="assisting")
    with pytest.raises(partnerships.TiedAlready):
        partnerships.tie(**base, kind="paired")
    with pytest.raises(Invalid):
        partnerships.tie(**base, kind="friend")
    with pytest.raises(Invalid):
        partnerships.untie(actor=ground.keeper, partnership=row.pk, until_on=TODAY - DAY, at=AT)
    partnerships.untie(actor=ground.keeper, partnership=row.pk, at=AT)

    assert [one.kind for one in list_partnerships(actor=ground.keeper)] == ["assisting"]
    assert len(list_partnerships(actor=ground.keeper, ended_too=True)) == 2
    with scope.everything():
        assert OrganisationCommunity.objects.filter(organisation=firm, community=ground.community).count() == 1
    with pytest.raises((Missing, NotAllowed)):
        partnerships.untie(actor=ground.neighbour, partnership=row.pk, at=AT)


def test_facts_of_offers_are_their_records() -> None:
    ground = make_ground()
    ground.offer()

    assert figure("offers_made") == (1, 1)
    with scope.everything():
        Offer.objects.all().delete()
    assert differences() == ["offers_made: facts say 1, records say 0"]
