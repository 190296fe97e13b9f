"""What votes hold about a person: given out, erased without changing a count, forgotten in time, moved when merged."""

from datetime import timedelta

import pytest

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice.commands import opinion_voters, opinions, vote_consequences, vote_personal_data
from lianxin.domain.voice.models import AssentRegister, Ballot, OpinionMap, RegisterFlat, Vote
from lianxin.domain.voice.queries import vote_checks, vote_counts
from lianxin.platform import scope
from lianxin.platform.commands import command

from .vote_factories import AT, Place, by_proxy, close, flat_of, make_map, make_place, make_vote, paper, say
from .vote_factories import statements as numbers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place(homes=1)


def test_person_gets_what_they_said_and_is_taken_out_of_it(place: Place) -> None:
    who, home = place.person(), place.homes[0]
    vote = make_vote(place, "consent")
    paper(place, vote, "陈小明", {"choice": "object"}, reason="太吵", person=who.pk)
    assent = make_vote(place)
    with scope.everything():
        RegisterFlat.objects.filter(pk=flat_of(assent, "101").pk).update(household=home)
    row = make_map(place)
    word = opinion_voters.key_of(row.pk, person=who.pk, word="")
    opinions.answer(
        actor=place.resident(), opinion_map=row.pk, statement=numbers_of(row)[1], value=1, voter=word, at=AT
    )
    ended = close(place, vote)

    given = vote_personal_data.export_rows(who.pk)
    told = vote_personal_data.erase_rows(who.pk, place.keeper, AT)

    assert [sorted(one) for one in given] == [
        ["cast_at", "choice", "counts", "reason", "vote"],
        ["area_m2", "flat", "register"],
        ["answers", "question", "sent_in"],
    ]
    assert given[2]["answers"] == [{"statement": "电梯比停车位要紧", "answer": 1}]
    assert len(told) == 1
    assert vote_personal_data.export_rows(who.pk)[:1] == given[1:2]
    with scope.everything():
        ballot = Ballot.objects.get(vote=ended)
        assert (ballot.person_id, ballot.voter_name) == (None, None)
        assert OpinionMap.objects.get(pk=row.pk).voters == 1
    assert list(vote_checks.results_are_counted_ballots()) == []
    assert list(vote_checks.maps_are_their_votes()) == []


def test_names_of_owners_and_proxies_go_when_their_time_is_over_and_the_count_stays(place: Place) -> None:
    vote = make_vote(place)
    say(place, vote, "101")
    by_proxy(place, vote, "201", "代一")
    ended = close(place, vote)
    later = AT + timedelta(days=vote_personal_data.NAME_DAYS)

    assert vote_personal_data.purge_names(later - timedelta(days=1)) == 0
    assert vote_personal_data.purge_names(later + timedelta(days=1)) == 1
    assert vote_personal_data.purge_names(later + timedelta(days=1)) == 0

    with scope.everything():
        assert "陈大明" not in vote_counts.named_file(ended).decode("utf-8-sig")
        assert "代一" not in vote_counts.named_file(ended).decode("utf-8-sig")
    assert list(vote_checks.results_are_counted_ballots()) == []


@command("tests.merge_divisions")
def merged(*, actor, event, at):  # type: ignore[no-untyped-def]
    vote_consequences.follow_divisions_merged(event, actor=actor, at=at)


def test_votes_of_a_community_that_ended_go_on_in_its_successor(place: Place) -> None:
    vote = make_vote(place)
    say(place, vote, "101")
    row = make_map(place)
    event = DivisionsMerged(divisions=(place.community.pk, place.elsewhere.pk), into=place.elsewhere.pk, on=AT.date())
    told = vote_consequences.preview_divisions_merged(event)

    merged(actor=place.keeper.system(), event=event, at=AT)

    assert len(told) == 1
    with scope.everything():
        assert {one.community_id for one in Vote.objects.all()} == {place.elsewhere.pk}
        assert AssentRegister.objects.get().community_id == place.elsewhere.pk
        assert OpinionMap.objects.get(pk=row.pk).community_id == place.elsewhere.pk
    assert list(vote_checks.ballots_are_counted()) == []
