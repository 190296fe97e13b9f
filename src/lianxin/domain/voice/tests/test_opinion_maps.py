"""Opinion maps: answers from phones and cards, statements that are looked at, a result that anybody works out again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lianxin.domain.voice.commands import opinion_maps, opinions, statements
from lianxin.domain.voice.models import MapResult, Opinion, OpinionMap, OpinionVoter, Statement
from lianxin.domain.voice.queries import opinion_maps as reading
from lianxin.domain.voice.queries import opinion_votes, vote_checks, vote_measures
from lianxin.domain.voice.rules import opinion_results
from lianxin.platform import facts, scope, worker
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.models import AuditEntry, Duty

from .vote_factories import AT, DAY, Place, answer, key, make_map, make_place
from .vote_factories import statements as numbers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place(homes=1)


def card(place: Place, row: OpinionMap, number: str, marks: str, **more: object) -> OpinionVoter:
    given: dict[str, object] = {"at": AT} | more
    return opinions.enter_card(actor=place.keeper, opinion_map=row.pk, card=number, marks=marks, **given)


def fill(place: Place, row: OpinionMap) -> None:
    """Two camps of phones and cards, and three who stand apart from both."""
    for number in range(8):
        answer(place, row, f"phone {number}", {1: 1, 2: 1, 3: -1, 4: 1, 5: 1})
    for number in range(7):
        card(place, row, str(number + 1), "--+-+")
    for number in range(3):
        answer(place, row, f"other {number}", {1: 0, 2: 0, 3: 0, 4: 0, 5: -1})


def latest(row: OpinionMap) -> dict[tuple[int, int], int]:
    with scope.everything():
        return opinion_votes.latest_of(row.pk)


def newest(row: OpinionMap) -> MapResult | None:
    with scope.everything():
        return reading.result_of(row.pk)


def fresh(row: OpinionMap) -> OpinionMap:
    with scope.everything():
        return OpinionMap.objects.get(pk=row.pk)


@pytest.mark.parametrize("groups", [None, 3])
def test_command_line_draws_the_published_votes_to_the_same_map(
    place: Place, tmp_path: Path, groups: int | None
) -> None:
    row = make_map(place, groups_wanted=groups)
    fill(place, row)

    opinion_maps.close(actor=place.keeper, opinion_map=row.pk, at=AT)
    worker.drain()

    result = newest(row)
    assert result is not None
    file = tmp_path / "votes.csv"
    file.write_bytes(opinion_results.votes_as_csv(latest(row)))
    asked = [sys.executable, "-m", "lianxin", "voice", "opinion-map", str(file)]
    asked += ["--groups", str(groups)] if groups else []
    again = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    assert again == result.content["figures"]
    assert (result.voters, result.votes) == (18, 90)
    assert list(vote_checks.maps_are_their_votes()) == []


def test_small_group_is_shown_nowhere(place: Place) -> None:
    row = make_map(place, groups_wanted=3, min_group=5)
    fill(place, row)
    opinion_maps.close(actor=place.keeper, opinion_map=row.pk, at=AT)
    worker.drain()

    told = reading.shown_of(fresh(row), newest(row))

    assert told is not None
    assert ([one.size for one in told.groups], told.unshown) == ([8, 7], 3)
    # What all who are shown share: a tree in the yard; the three who said otherwise are in no figure.
    assert [(line.number, value) for line, value in told.together] == [(5, 1)]
    assert {line.seen for line in told.statements} == {15}


def test_who_answers_is_a_number_and_the_last_word_counts(place: Place) -> None:
    row = make_map(place)
    answer(place, row, "a", {1: 1, 2: 0})
    answer(place, row, "b", {1: -1})
    answer(place, row, "a", {1: -1})
    answer(place, row, "a", {1: -1})

    assert latest(row) == {(1, 1): -1, (1, 2): 0, (2, 1): -1}
    with scope.everything():
        assert Opinion.objects.count() == 4
        assert fresh(row).voters == 2
        assert not {one.key_digest for one in OpinionVoter.objects.all()} & {key(row, "a"), key(row, "b")}
        assert not AuditEntry.objects.filter(action="voice.give_opinion").exists()
        window = Window(AT.date() - DAY, AT.date() + DAY)
        assert vote_measures.opinions_given(window) == 4
        assert facts.figure("opinions_given", from_on=window.from_on, until_on=window.until_on) == 4


def test_answers_are_taken_while_it_is_open_and_of_what_is_shown(place: Place) -> None:
    draft = make_map(place, is_open=False)
    with pytest.raises(Missing):
        answer(place, draft, "a", {1: 1})
    row = make_map(place, closes_at=AT + DAY)
    with pytest.raises(Invalid):
        answer(place, row, "a", {1: 2})
    with pytest.raises(opinion_maps.MapNotOpen):
        answer(place, row, "a", {1: 1}, at=AT + 2 * DAY)
    hidden = numbers_of(row)[2]
    statements.decide(actor=place.keeper, statement=hidden, is_shown=False, reason="two", at=AT)
    with pytest.raises(Missing):
        answer(place, row, "a", {2: 1})
    opinion_maps.close(actor=place.keeper, opinion_map=row.pk, at=AT)
    with pytest.raises(opinion_maps.MapNotOpen):
        answer(place, row, "a", {1: 1})
    with pytest.raises(opinion_maps.NoStatements):
        opinion_maps.open_map(actor=place.keeper, opinion_map=make_map(place, is_open=False, statements=()).pk, at=AT)


def test_statement_sent_in_waits_keeps_its_words_and_leaves_the_result_when_hidden(place: Place) -> None:
    row = make_map(place)

    def send(words: str, word: str = "a") -> Statement:
        return statements.suggest(actor=place.resident(), opinion_map=row.pk, words=words, voter=key(row, word), at=AT)

    one = send("我叫王二，家住301，要装电梯")
    assert one.state == Statement.State.WAITING
    with scope.everything():
        assert reading.next_turn(row, None, word="x").total == 5
        assert Duty.objects.filter(kind="voice.read_statements", closed_at=None).count() == 1
    with pytest.raises(Invalid):
        send("先修好屋顶。", "b")
    with pytest.raises(Invalid):
        statements.decide(actor=place.keeper, statement=one.pk, is_shown=False, at=AT)
    statements.decide(actor=place.keeper, statement=one.pk, is_shown=False, reason="names", at=AT)

    with scope.everything():
        assert not Duty.objects.filter(kind="voice.read_statements", closed_at=None).exists()
        kept = Statement.objects.get(pk=one.pk)
    assert (kept.words, kept.state, kept.reason) == ("我叫王二，家住301，要装电梯", "hidden", "names")
    for number in range(4):
        send(f"第{number}句话")
    with pytest.raises(statements.TooManyStatements):
        send("还有一句")
    shown = statements.decide(actor=place.keeper, statement=one.pk, is_shown=True, at=AT)
    answer(place, row, "b", {shown.number: 1})
    assert (1 in latest(row).values()) is True
    statements.decide(actor=place.keeper, statement=one.pk, is_shown=False, reason="names", at=AT)
    assert latest(row) == {}
    closed = make_map(place, may_add=False)
    with pytest.raises(statements.NotWanted):
        statements.suggest(actor=place.resident(), opinion_map=closed.pk, words="x", voter=key(closed, "a"), at=AT)


def test_card_is_entered_once_and_corrected_when_said_so(place: Place) -> None:
    row = make_map(place)
    card(place, row, "007", "+-0+.")
    card(place, row, "7", "+-0+.")
    with pytest.raises(opinions.CardEntered):
        card(place, row, "7", "--0+.")
    card(place, row, "7", "--0+.", instead=True)
    for number, marks in (("x", "+-0+."), ("8", "+-0+"), ("8", "+-0+?!")):
        with pytest.raises(Invalid):
            card(place, row, number, marks)
    with pytest.raises(NotAllowed):
        opinions.enter_card(actor=place.resident(), opinion_map=row.pk, card="9", marks="+-0+.", at=AT)

    assert latest(row) == {(1, 1): -1, (1, 2): -1, (1, 3): 0, (1, 4): 1}
    with scope.everything():
        assert OpinionVoter.objects.get().is_card


def test_worker_ends_what_is_over_and_draws_what_was_answered_since(place: Place) -> None:
    from lianxin.domain.voice.queries import opinion_due

    row = make_map(place, closes_at=AT + DAY)
    answer(place, row, "a", {1: 1})
    with scope.everything():
        assert opinion_due.list_over(at=AT) == []
        assert opinion_due.list_over(at=AT + 2 * DAY) == [row.pk]
        assert opinion_due.list_answered() == [row.pk]
        made = opinion_maps.draw(actor=place.keeper.system(), opinion_map=row.pk, at=AT + DAY)
        again = opinion_maps.draw(actor=place.keeper.system(), opinion_map=row.pk, at=AT + DAY)
        assert opinion_due.list_answered() == []

    assert made is not None
    assert again is None
    # One voter alone: nothing may be shown.
    assert reading.shown_of(row, newest(row)) is None


def test_question_stays_once_it_was_answered_and_small_groups_stay_hidden(place: Place) -> None:
    row = make_map(place)
    answer(place, row, "a", {1: 1})

    with pytest.raises(Invalid) as refused:
        opinion_maps.change(
            actor=place.keeper,
            opinion_map=row.pk,
            content=opinion_maps.MapContent(question="别的问题", min_group=3),
            at=AT,
        )

    assert set(refused.value.fields) == {"question", "min_group"}


def test_every_phone_has_its_own_order_and_all_statements_come(place: Place) -> None:
    row = make_map(place)
    firsts = set()
    for number in range(12):
        word = f"phone {number}"
        seen = []
        with scope.everything():
            while (turn := reading.next_turn(row, _voter(row, word), word=word)).statement is not None:
                seen.append(turn.statement.number)
                answer(place, row, word, {turn.statement.number: 0})
        assert sorted(seen) == [1, 2, 3, 4, 5]
        firsts.add(tuple(seen))
    assert len(firsts) > 3


def _voter(row: OpinionMap, word: str) -> OpinionVoter | None:
    from lianxin.domain.voice.commands import opinion_voters

    return opinion_voters.find(row.pk, key(row, word))
