"""What the desk is told before and after an award: previews, limits, lists, the story of a claim, the overview."""

import pytest

from lianxin.domain.points.commands.awards import award
from lianxin.domain.points.commands.relatives import declare_relative
from lianxin.domain.points.commands.rules_versions import save_draft
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.award_lists import NO_HOUSEHOLD, NO_MEMBER, Typed, match_lines
from lianxin.domain.points.queries.award_previews import list_offers, preview_award
from lianxin.domain.points.queries.claim_stories import tell_claim
from lianxin.domain.points.queries.overviews import book_overview
from lianxin.domain.points.queries.relatives import find_relative, list_relatives
from lianxin.domain.points.rules.claim_words import cap_words, rate_words
from lianxin.domain.points.tests.rules_factories import AT, TODAY, Town, item, make_town, staff_of
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town(item(caps=[("household", "week", 12), ("person", "week", 7)]), item("big", points=200))


def give(town: Town, number: int = 0, **more: object) -> Claim:
    who = {"actor": town.staff, "household": town.households[number].pk, "person": town.heads[number].pk}
    return award(**{"item": "help", "done_on": TODAY, "at": AT, "key": new_id(), **who, **more})  # type: ignore[arg-type]


def preview(town: Town, **more: object):
    who = {"household": town.households[0].pk, "person": town.heads[0].pk, "community": town.community.pk}
    return preview_award(
        **{"actor": town.staff, "item": "help", "quantity": 1, "done_on": TODAY, "at": AT, **who, **more}  # type: ignore[arg-type]
    )


def test_a_preview_gives_what_the_award_then_gives(town: Town) -> None:
    give(town)

    told = preview(town)
    claim = give(town)

    assert (told.asked, told.points, told.reason) == (claim.asked, claim.points, claim.reason) == (5, 2, "cap_person")


def test_a_preview_says_that_a_second_person_is_needed(town: Town) -> None:
    large, small = preview(town, item="big"), preview(town)
    declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)

    near = preview(town)

    assert (large.waits, small.waits, near.waits) == (True, False, True)


def test_without_rules_on_the_day_there_is_nothing_to_preview(town: Town) -> None:
    assert preview(town, done_on=TODAY.replace(month=1, day=2)) is None


def test_offers_tell_what_is_left_of_each_limit(town: Town) -> None:
    give(town)

    offers = list_offers(
        actor=town.staff,
        community=town.community.pk,
        household=town.households[0].pk,
        person=town.heads[0].pk,
        on=TODAY,
    )

    assert {(one.subject, one.left) for one in offers[0].limits} == {("household", 7), ("person", 2)}


def test_lines_of_a_list_are_matched_or_named(town: Town) -> None:
    number, name = town.households[0].number, town.heads[0].name
    lines = [Typed(str(int(number))), Typed(number, name), Typed(number, "不在"), Typed("999999")]

    found = match_lines(actor=town.staff, community=town.community.pk, lines=lines)

    assert [one.problem for one in found] == ["", "", NO_MEMBER, NO_HOUSEHOLD]
    assert found[0].person == found[1].person == town.heads[0].pk


def test_lines_of_another_community_are_not_there(town: Town) -> None:
    with pytest.raises(Missing):
        match_lines(actor=staff_of(town.tree.daya), community=town.community.pk, lines=[Typed("1")])


def test_the_story_of_a_claim_says_what_was_not_given_and_why(town: Town) -> None:
    give(town)
    part = give(town)

    told = tell_claim(actor=town.staff, claim=part.pk, on=TODAY)

    assert told.budget_name == town.budget.name
    assert any("3" in sentence for sentence in told.sentences)


def test_the_overview_counts_what_waits(town: Town) -> None:
    give(town)
    give(town, 1, item="big")
    save_draft(actor=town.staff, book=town.book.pk, at=AT)

    told = book_overview(actor=town.staff, book=town.book.pk, on=TODAY)

    assert (told.outstanding, told.waiting, told.objections, told.has_draft) == (5, 1, 0, True)
    assert told.rules is not None
    assert [row.id for row in told.budgets] == [town.budget.pk]


def test_declarations_are_seen_by_who_made_them_and_by_colleagues_in_scope(town: Town) -> None:
    row = declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)

    own = find_relative(actor=town.staff, relative=row.pk)
    seen = list_relatives(actor=town.colleague)

    assert own.is_own
    assert [(one.id, one.is_own) for one in seen] == [(row.pk, False)]
    with pytest.raises(Missing):
        find_relative(actor=staff_of(town.tree.daya), relative=row.pk)


def test_rates_and_limits_are_said_in_words() -> None:
    assert "5" in rate_words(points=5, unit="minutes", per=60)
    assert "60" in rate_words(points=5, unit="minutes", per=60)
    assert "30" in cap_words(subject="household", every="week", points=30)
