"""Two clerks at one flat, and a hall that answers at the same moment: threads on PostgreSQL, processes on SQLite."""

import pytest

from lianxin.domain.voice.commands import opinions
from lianxin.domain.voice.models import Ballot, OpinionMap, OpinionVoter
from lianxin.domain.voice.queries import vote_checks
from lianxin.platform import scope
from tests.support.racing import DONE, race

from .vote_factories import AT, by_proxy, key, make_map, make_place, make_vote, say, statements

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clerks_enter_the_same_flat_at_once_and_one_is_told() -> None:
    place = make_place(homes=1)
    row = make_vote(place)

    came = race(2, lambda number: say(place, row, "101", ("agree", "against")[number]))

    assert came == {DONE: 1, "AlreadyVoted": 1}
    with scope.everything():
        assert Ballot.objects.filter(is_replaced=False).count() == 1
    assert list(vote_checks.ballots_are_counted()) == []


def test_proxy_at_two_doors_at_once_never_passes_the_limit() -> None:
    place = make_place(homes=1)
    row = make_vote(place, proxy_limit=1)

    came = race(4, lambda number: by_proxy(place, row, ("101", "102", "201", "202")[number]))

    assert came == {DONE: 1, "ProxyLimit": 3}


def test_everybody_in_a_hall_gets_a_number_of_their_own() -> None:
    place = make_place(homes=1)
    row = make_map(place)
    first = statements(row)[1]

    def say_so(number: int) -> None:
        word = key(row, f"phone {number // 2}")
        opinions.answer(actor=place.resident(), opinion_map=row.pk, statement=first, value=1, voter=word, at=AT)

    came = race(10, say_so)

    assert came == {DONE: 10}
    with scope.everything():
        assert sorted(OpinionVoter.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
        assert OpinionMap.objects.get(pk=row.pk).voters == 5
