"""Honour rolls: by what was given, names by consent, frozen under a signature that outlives a withdrawn name."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.people.commands.consents import give_consent, withdraw_consent
from lianxin.domain.points.commands import honour_rolls, objections
from lianxin.domain.points.models import HonourEntry, HonourRoll, Notice
from lianxin.domain.points.queries import honour_rolls as reading
from lianxin.domain.points.rules import honours
from lianxin.domain.points.tests.factories import NOON, TODAY
from lianxin.domain.points.tests.trust_factories import Street, make_street
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed

SPACE = UUID("00000000-0000-7000-8000-000000000000")
AFTER = NOON + timedelta(days=30)


@pytest.fixture
def street(db: None):  # type: ignore[no-untyped-def]
    with scope.everything():
        yield make_street()


def draw(street: Street, **more):  # type: ignore[no-untyped-def]
    given: dict[str, Any] = {
        "title": "三月荣誉榜",
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=20),
        "size": 10,
        "at": AFTER,
    }
    return honour_rolls.draw_roll(actor=street.staff, book=street.book.id, **given | more)


def freeze(street: Street, **more):  # type: ignore[no-untyped-def]
    return honour_rolls.freeze_roll(actor=street.staff, roll=draw(street, **more).pk, at=AFTER)


def agree(street: Street, place: int) -> None:
    give_consent(actor=street.staff, person=street.heads[place].pk, purpose="honour_roll", how="paper", at=NOON)


def places(roll: HonourRoll) -> list[tuple[int, str, int]]:
    entries = HonourEntry.objects.filter(roll=roll).order_by("position", "shown_as")
    return list(entries.values_list("position", "shown_as", "points"))


def test_spending_lowers_nobody_and_a_correction_does(street: Street) -> None:
    street.award(0, 30)
    street.spend(0, 25)
    street.award(1, 20)
    street.reverse(street.award(1, 15))

    roll = draw(street)

    assert places(roll) == [(1, "张*三", 30), (2, "李*", 20)]


def test_correction_of_spent_points_counts_in_full_though_part_of_it_is_a_debt(street: Street) -> None:
    claim = street.award(0, 30)
    street.award(0, 5)
    street.spend(0, 33)
    street.reverse(claim)

    assert places(draw(street)) == [(1, "张*三", 5)]


def test_only_awards_of_the_days_count(street: Street) -> None:
    street.award(0, 30, on=TODAY - timedelta(days=1))
    street.award(1, 5, on=TODAY)
    street.award(2, 7, on=TODAY + timedelta(days=20))

    assert [name for _place, name, _points in places(draw(street))] == ["欧阳**", "李*"]


def test_equal_points_share_a_place(street: Street) -> None:
    street.award_many([(0, 10), (1, 20), (2, 10)])

    assert [(place, points) for place, _name, points in places(draw(street))] == [(1, 20), (2, 10), (2, 10)]


def test_name_is_shown_by_consent_only(street: Street) -> None:
    street.award_many([(0, 10), (1, 20)])
    agree(street, 0)

    assert places(draw(street)) == [(1, "李*", 20), (2, "张小三", 10)]


def test_household_that_opted_out_is_left_out_until_it_opts_in(street: Street) -> None:
    street.award_many([(0, 10), (1, 20)])
    honour_rolls.opt_out(actor=street.resident(1), household=street.homes[1].pk, at=NOON)
    without = places(draw(street))

    honour_rolls.opt_in(actor=street.resident(1), household=street.homes[1].pk, at=NOON)

    assert without == [(1, "张*三", 10)]
    assert len(places(draw(street))) == 2


def test_nobody_opts_out_for_the_neighbours(street: Street) -> None:
    with pytest.raises(Missing):
        honour_rolls.opt_out(actor=street.resident(1), household=street.homes[0].pk, at=NOON)


def test_frozen_roll_proves_its_text_and_signature_by_the_code(street: Street) -> None:
    street.award_many([(0, 10), (1, 20)])
    agree(street, 0)

    roll = freeze(street)
    proof = reading.verify_roll(roll.code.lower().replace("-", " "))

    assert proof is not None
    assert proof.holds
    assert "张小三" in roll.signed_text
    assert reading.verify_roll("AAAA-BBBB-CCCC-DDDD") is None


def test_changed_text_of_a_frozen_roll_is_found(street: Street) -> None:
    street.award(0, 10)
    roll = freeze(street)

    HonourRoll.objects.filter(pk=roll.pk).update(signed_text=roll.signed_text.replace("10", "99"))

    proof = reading.verify_roll(roll.code)
    assert proof is not None
    assert not proof.holds


def test_withdrawn_consent_masks_the_name_on_pages_and_says_so_while_the_signature_holds(street: Street) -> None:
    street.award(0, 10)
    agree(street, 0)
    roll = freeze(street)
    withdraw_consent(actor=street.staff, person=street.heads[0].pk, purpose="honour_roll", how="paper", at=AFTER)

    page = reading.find_roll(community=street.community.pk, roll=roll.pk)

    assert [(place.name, place.is_withdrawn) for place in page.places] == [("张*三", True)]
    assert "张小三" not in page.text + HonourRoll.objects.get(pk=roll.pk).signed_text
    assert page.withdrawn == 1
    proof = reading.verify_roll(roll.code)
    assert proof is not None
    assert proof.holds


def test_name_of_somebody_erased_leaves_the_text_and_the_signature_still_holds(street: Street) -> None:
    street.award(0, 10)
    agree(street, 0)
    roll = freeze(street)
    receipts = [entry.receipt for entry in HonourEntry.objects.filter(roll=roll) if entry.receipt]

    with translation.override("en"):
        changed = honour_rolls.forget_receipts(receipts)
    again = honour_rolls.forget_receipts(receipts)

    proof = reading.verify_roll(roll.code)
    assert (changed, again) == (1, 0)
    assert proof is not None
    assert (proof.holds, proof.is_signed, proof.is_whole, proof.has_erased_names) == (True, True, False, True)
    assert "张小三" not in HonourRoll.objects.get(pk=roll.pk).signed_text


def test_consent_taken_back_before_publishing_counts(street: Street) -> None:
    street.award(0, 10)
    agree(street, 0)
    roll = draw(street)
    withdraw_consent(actor=street.staff, person=street.heads[0].pk, purpose="honour_roll", how="paper", at=AFTER)

    frozen = honour_rolls.freeze_roll(actor=street.staff, roll=roll.pk, at=AFTER)

    assert "张小三" not in frozen.signed_text


def test_published_roll_stays_as_it_is(street: Street) -> None:
    street.award(0, 10)
    roll = freeze(street)
    street.award(0, 50)

    again = honour_rolls.freeze_roll(actor=street.staff, roll=roll.pk, at=AFTER + timedelta(days=1))

    assert (again.signature, again.frozen_at) == (roll.signature, roll.frozen_at)
    with pytest.raises(honour_rolls.RollFrozen):
        draw(street)
    with pytest.raises(honour_rolls.RollFrozen):
        honour_rolls.discard_roll(actor=street.staff, roll=roll.pk, at=AFTER)


def test_published_roll_is_on_notice_and_gone_when_an_objection_is_upheld(street: Street) -> None:
    street.award(0, 10)
    roll = freeze(street)
    notice = Notice.objects.get(kind="honours", subject=roll.pk)
    objection = objections.raise_objection(actor=street.resident(1), notice=notice.pk, text="李家也该在榜上", at=AFTER)

    objections.decide(actor=street.staff, objection=objection.pk, upheld=True, answer="重新排", at=AFTER)

    assert reading.list_rolls(community=street.community.pk) == []
    proof = reading.verify_roll(roll.code)
    assert proof is not None
    assert (proof.holds, proof.is_withdrawn) == (True, True)


def test_draft_is_not_public_and_can_be_thrown_away(street: Street) -> None:
    street.award(0, 10)
    roll = draw(street)

    assert reading.list_rolls(community=street.community.pk) == []
    with pytest.raises(Missing):
        reading.find_roll(community=street.community.pk, roll=roll.pk)
    honour_rolls.discard_roll(actor=street.staff, roll=roll.pk, at=AFTER)

    assert not HonourRoll.objects.exists()


def test_roll_of_days_that_go_on_or_without_points_is_not_published(street: Street) -> None:
    with pytest.raises(honour_rolls.RollEmpty):
        freeze(street)
    with pytest.raises(Invalid):
        freeze(street, title="还没完", ends_on=date(2026, 12, 31))


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 201}, {"title": " "}, {"ends_on": TODAY - timedelta(days=1)}])
def test_roll_that_cannot_be_is_refused(street: Street, wrong: dict) -> None:
    with pytest.raises(Invalid):
        draw(street, **wrong)


def test_only_the_communitys_staff_draws(street: Street) -> None:
    with pytest.raises(NotAllowed):
        honour_rolls.draw_roll(
            actor=street.resident(0), book=street.book.id, title="榜", starts_on=TODAY, ends_on=TODAY, size=3, at=NOON
        )


points_of = st.dictionaries(
    st.integers(0, 60).map(lambda number: uuid5(SPACE, str(number))), st.integers(1, 12), max_size=40
)


@given(points_of, st.integers(1, 20))
def test_places_follow_points_and_ties_share_them(points: dict[UUID, int], size: int) -> None:
    placed = honours.rank(points, size=size)

    for one in placed:
        assert one.position == 1 + sum(1 for other in points.values() if other > one.points)
        assert one.position <= size
    on_the_roll = {one.household for one in placed}
    left_out = [earned for household, earned in points.items() if household not in on_the_roll]
    if placed and left_out:
        assert max(left_out) < min(one.points for one in placed)
    assert len(placed) >= min(size, len(points))


@given(points_of, st.dictionaries(st.integers(0, 60), st.integers(0, 60), max_size=20))
def test_following_successors_loses_no_points(points: dict[UUID, int], followed: dict[int, int]) -> None:
    successors = {uuid5(SPACE, str(one)): uuid5(SPACE, str(other)) for one, other in followed.items() if one != other}

    counted = honours.follow_successors(points, successors)

    assert sum(counted.values()) == sum(points.values())
