"""Ballots on a page: who has a say, one choice for all own flats, proxies by link, a sentence for every refusal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands.consents import load_purposes
from lianxin.domain.people.models import Person
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident
from lianxin.domain.voice.commands import ballots, register_links, votes
from lianxin.domain.voice.commands.own_ballots import MayNotVote
from lianxin.domain.voice.models import Ballot, RegisterFlat
from lianxin.domain.voice.queries import own_votes, vote_checks, vote_results
from lianxin.domain.voice.rules import receipts, voters
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditTarget

from .own_vote_factories import HOUSE, SYSTEM, acting, counted, let, link_flat, linked_vote, vote_as
from .vote_factories import AT, DAY, Place, by_proxy, close, flat_of, make_place, make_register, make_vote, paper, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    load_purposes(actor=SYSTEM, register=shipped_register(), at=AT)
    return make_place()


def test_owner_votes_once_for_all_own_flats_and_changes_it_until_the_end(place: Place) -> None:
    vote = linked_vote(place, closes_at=AT + 3 * DAY)
    key, owner = new_id(), place.resident(0)

    first = vote_as(owner, vote, key=key)
    again = vote_as(owner, vote, key=key)

    assert first.pk == again.pk
    assert counted(vote) == {"101": "agree", "102": "agree"}
    with pytest.raises(MayNotVote, match="You voted already"):
        vote_as(place.resident(0), vote, "against")
    vote_as(place.resident(0), vote, "against", instead=True, at=AT + DAY)
    assert counted(vote) == {"101": "against", "102": "against"}
    with pytest.raises(MayNotVote, match="over"):
        vote_as(place.resident(0), vote, instead=True, at=AT + 4 * DAY)
    ended = close(place, vote, at=AT + 4 * DAY)
    figures = ended.result["figures"]
    # Two flats of one owner are one head.
    assert (figures["against"]["heads"], figures["against"]["area"], ended.ballots_count) == (1, 17050, 2)
    assert vote_results.tell(ended).headline
    assert [*vote_checks.results_are_counted_ballots(), *vote_checks.ballots_are_counted()] == []
    with scope.everything():
        assert Ballot.objects.filter(vote=vote).count() == 4
        assert {one.how for one in Ballot.objects.filter(vote=vote)} == {"page"}
        assert RegisterFlat.objects.get(register=vote.register_id, flat="102").reach == "reached"
        assert not [
            one for one in AuditTarget.objects.filter(record_kind="voice.ballot") if "against" in str(one.change)
        ]


def test_flat_with_several_owners_has_one_vote_and_another_owner_never_replaces_it(place: Place) -> None:
    vote, other = linked_vote(place), place.person(2)
    with scope.everything():
        Person.objects.filter(pk=other.pk).update(household=place.homes[1])

    with pytest.raises(Invalid) as wrong:
        vote_as(place.resident(1), vote)
    vote_as(place.resident(1), vote, for_all=True)
    with pytest.raises(MayNotVote, match="Another owner"):
        vote_as(resident(other), vote, "against", for_all=True, instead=True)

    assert set(wrong.value.fields) == {"for_all"}
    assert counted(vote) == {"201": "agree"}
    with scope.everything():
        assert Ballot.objects.get(vote=vote).proof_words
    seen = own_votes.say_of(vote=vote.pk, person=other.pk, at=AT)
    assert (seen.may_cast, seen.may_change, len(seen.given)) == (False, False, 1)


def test_what_the_centre_entered_stays_and_an_own_vote_takes_the_place_of_a_proxys(place: Place) -> None:
    vote = linked_vote(place, proxy_limit=2)
    by_proxy(place, vote, "101", "代一", "against")
    say(place, vote, "102", "abstain")

    with pytest.raises(MayNotVote, match="proxy voted"):
        vote_as(place.resident(0), vote)
    vote_as(place.resident(0), vote, instead=True)

    assert counted(vote) == {"101": "agree", "102": "abstain"}
    shown = own_votes.say_of(vote=vote.pk, person=place.person(0).pk, at=AT)
    assert [one.why_not for one in shown.slots] == [str(voters.OWN), str(voters.OFFICE)]
    with pytest.raises(ballots.OwnerVoted):
        by_proxy(place, vote, "101")


@pytest.mark.parametrize(("acts", "may"), [(("vote",), True), (("all",), True), (("voice", "desk"), False)])
def test_family_votes_by_a_link_that_covers_it_as_a_proxy_who_replaces_nobody(
    place: Place, acts: tuple[str, ...], may: bool
) -> None:
    vote = linked_vote(place, proxy_limit=2)
    owner, agent = place.person(0), place.person(1)
    let(owner, agent, *acts)

    if not may:
        with pytest.raises(MayNotVote, match="not among what they allowed"):
            vote_as(acting(agent, owner), vote)
        return
    vote_as(acting(agent, owner), vote)
    with pytest.raises(MayNotVote, match="never replaces"):
        vote_as(acting(agent, owner), vote, "against", instead=True)

    with scope.everything():
        given = list(Ballot.objects.filter(vote=vote))
    assert {one.proxy_name.reveal() for one in given if one.proxy_name} == {agent.name}
    assert all(one.proof_words for one in given)
    with pytest.raises(ballots.ProxyLimit):
        by_proxy(place, vote, "301", agent.name)
    # The owner's own vote takes its place.
    vote_as(place.resident(0), vote, "against", instead=True)
    assert counted(vote) == {"101": "against", "102": "against"}


def test_proxy_by_link_speaks_for_no_more_flats_than_the_vote_allows(place: Place) -> None:
    vote = linked_vote(place, proxy_limit=1)
    let(place.person(0), place.person(1), "vote")

    with pytest.raises(ballots.ProxyLimit):
        vote_as(acting(place.person(1), place.person(0)), vote)

    assert counted(vote) == {}


def test_guardian_votes_for_an_owner_under_age(place: Place) -> None:
    with scope.everything():
        child = members_of(place.homes[2])[1]
        Person.objects.filter(pk=child.pk).update(birth_on=date(2016, 5, 1), name="黄小宝")
        child.refresh_from_db()
    register = make_register(place, (("101", "80.00", "黄小宝"),))
    link_flat(place, register.pk, "101", place.homes[2].number)
    vote = make_vote(place, register=register)
    let(child, place.person(2), "vote", kind="guardian")

    with pytest.raises(MayNotVote, match="guardian"):
        vote_as(resident(child), vote)
    vote_as(acting(place.person(2), child), vote)

    assert counted(vote) == {"101": "agree"}


def test_whoever_has_no_say_is_told_why_in_one_sentence(place: Place) -> None:
    vote = linked_vote(place)
    votes.publish(actor=place.keeper, vote=vote.pk, is_public=True, at=AT)
    with scope.everything():
        other = members_of(place.homes[0])[1]
    hall = make_vote(place, "hands")
    votes.publish(actor=place.keeper, vote=hall.pk, is_public=True, at=AT)
    later = linked_vote(place, is_open=False, opens_at=AT + DAY)
    votes.open_vote(actor=place.keeper, vote=later.pk, at=AT)
    void = votes.void(actor=place.keeper, vote=linked_vote(place).pk, words="名册错了", at=AT)

    for actor, asked, said in (
        (place.resident(2), vote, voters.NO_FLAT),
        (resident(other), vote, voters.NOT_OWNER),
        (place.resident(0), hall, voters.NOT_ON_PAGE),
        (place.resident(0), later, voters.NOT_BEGUN),
        (place.resident(0), void, voters.VOID),
    ):
        with pytest.raises(MayNotVote) as refused:
            vote_as(actor, asked)
        assert str(refused.value.detail) == str(said)
    with scope.everything():
        Person.objects.filter(pk=place.person(0).pk).update(state="moved_out", moved_on=local_day(AT))
    with pytest.raises(MayNotVote, match="not in the residents' register"):
        vote_as(place.resident(0), vote)
    with pytest.raises(NotAllowed):
        vote_as(place.keeper, vote)
    with pytest.raises(Missing):
        own_votes.say_of(vote=linked_vote(place).pk, person=place.person(2).pk, at=AT)


def test_flats_of_one_name_but_another_household_are_not_taken_for_the_same_owners(place: Place) -> None:
    vote = linked_vote(place)
    assert vote.register_id is not None
    with scope.everything():
        namesake = make_household(place.community, new_person("陈小明", phone="13800138777"))
    link_flat(place, vote.register_id, "102", namesake.number)

    vote_as(place.resident(0), vote)

    assert counted(vote) == {"101": "agree"}
    vote_as(resident(members_of(namesake)[0]), vote, "against")
    assert counted(vote) == {"101": "agree", "102": "against"}


def test_residents_vote_on_a_page_once_each_whatever_the_centre_enters_beside(place: Place) -> None:
    vote = make_vote(place, "consent", on_page=True)
    votes.publish(actor=place.keeper, vote=vote.pk, is_public=True, at=AT)
    paper(place, vote, "林秀英", {"choice": "consent"})

    with pytest.raises(MayNotVote, match="centre entered"):
        vote_as(place.resident(1), vote, "consent")
    with pytest.raises(Invalid):
        vote_as(place.resident(0), vote, "object")
    vote_as(place.resident(0), vote, "object", reason="夜里会吵")
    vote_as(place.resident(0), vote, "concern", reason="施工时间要说好", instead=True)
    with pytest.raises(ballots.AlreadyVoted):
        paper(place, vote, "陈小明", {"choice": "consent"})

    ended = close(place, vote)
    assert (ended.result["ballots"], ended.result["concern"], ended.result["consent"]) == (2, 1, 1)
    with scope.everything():
        child = Person.objects.create(
            community=place.community, household=place.homes[0], name="陈小小", birth_on=date(2015, 1, 1),
            relation="grandchild", residence="registered", registered_on=date(2015, 1, 1),
        )  # fmt: skip
    assert own_votes.say_of(vote=ended.pk, person=child.pk, at=AT).refusal == str(voters.TOO_YOUNG)


def test_points_and_orders_are_given_on_a_page_too(place: Place) -> None:
    points = make_vote(place, "score", on_page=True)
    order = make_vote(place, "schulze", on_page=True, is_secret=True)
    for row in (points, order):
        votes.publish(actor=place.keeper, vote=row.pk, is_public=True, at=AT)

    vote_as(place.resident(0), points, {"scores": {"a": 5, "b": 0}})
    vote_as(place.resident(0), order, {"order": [["b"], ["a", "c"]]})
    with pytest.raises(Invalid):
        vote_as(place.resident(1), points, {"scores": {"a": 6}})

    assert close(place, points).result["winners"] == ["a"]
    assert close(place, order).result["winners"] == ["b"]
    assert (voters.is_secret(points), voters.is_secret(order)) == (False, True)
    unasked = make_vote(place, "score")
    votes.publish(actor=place.keeper, vote=unasked.pk, is_public=True, at=AT)
    with pytest.raises(MayNotVote, match="not held on a page"):
        vote_as(place.resident(0), unasked, {"scores": {"a": 5}})


def test_page_lists_what_waits_what_was_answered_and_what_is_over(place: Place) -> None:
    waits, done, over = linked_vote(place, closes_at=AT + DAY), linked_vote(place), linked_vote(place)
    others = make_vote(place, register=make_register(place, HOUSE[3:]))
    votes.publish(actor=place.keeper, vote=others.pk, is_public=True, at=AT)
    for one in (done, over):
        vote_as(place.resident(0), one)
    close(place, over)

    asked = own_votes.asked_of(person=place.person(0).pk, at=AT)

    assert [[one.pk for one in part] for part in (asked.waiting, asked.answered, asked.others, asked.over)] == [
        [waits.pk],
        [done.pk],
        [others.pk],
        [over.pk],
    ]
    late = own_votes.asked_of(person=place.person(0).pk, at=AT + 2 * DAY)
    assert [one.pk for one in late.others] == [waits.pk, others.pk]
    assert own_votes.asked_of(person=place.person(2).pk, at=AT).waiting == ()


def test_number_of_a_ballot_has_nine_digits_of_its_own_lead(place: Place) -> None:
    vote = linked_vote(place)
    vote_as(place.resident(0), vote)
    with scope.everything():
        first, second = Ballot.objects.filter(vote=vote).order_by("pk")

    numbers = [receipts.number_of_ballot(one.pk) for one in (first, second)]

    assert [len(one) for one in numbers] == [9, 9]
    assert {one[0] for one in numbers} == {"9"}
    assert numbers[0] == receipts.number_of_ballot(first.pk) != numbers[1]


def test_flat_of_a_fixed_register_is_linked_to_a_household_of_its_community_only(place: Place) -> None:
    vote = linked_vote(place)
    flat = flat_of(vote, "301")

    with pytest.raises(Invalid):
        register_links.link_flat(actor=place.keeper, flat_row=flat.pk, household="没有这户", at=AT)
    with pytest.raises(NotAllowed):
        register_links.link_flat(actor=place.resident(0), flat_row=flat.pk, household="", at=AT)
    linked = register_links.link_flat(
        actor=place.keeper, flat_row=flat.pk, household=place.homes[2].number, at=AT + timedelta(hours=1)
    )
    freed = register_links.link_flat(actor=place.keeper, flat_row=flat.pk, household=" ", at=AT)

    assert (linked.household_id, freed.household_id) == (place.homes[2].pk, None)
    assert list(vote_checks.registers_are_their_flats()) == []
