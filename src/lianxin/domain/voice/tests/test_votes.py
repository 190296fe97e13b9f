"""Votes: who may speak for what, when, and a result that the command line works out again from the file."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lianxin.domain.voice.commands import ballots, registers, votes
from lianxin.domain.voice.models import AssentRegister, Ballot, Vote
from lianxin.domain.voice.queries import vote_checks, vote_counts, vote_results
from lianxin.domain.voice.queries import votes as reading
from lianxin.platform import facts, scope
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import AuditTarget, Duty

from .vote_factories import (
    AT,
    DAY,
    Place,
    by_proxy,
    close,
    flat_of,
    make_place,
    make_register,
    make_vote,
    paper,
    say,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> Place:
    return make_place(homes=1)


def recount_by_command_line(file: Path, *more: str) -> dict[str, object]:
    asked = [sys.executable, "-m", "lianxin", "voice", "assent", str(file), *more]
    return dict(json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout))


def test_command_line_counts_the_exported_file_to_the_same_result(place: Place, tmp_path: Path) -> None:
    row = make_vote(place, proxy_limit=2)
    say(place, row, "101")
    say(place, row, "102", "against")
    by_proxy(place, row, "201")
    by_proxy(place, row, "202", choice="abstain")

    ended = close(place, row)

    with scope.everything():
        _result, export = vote_counts.work_out(ended)
        named = vote_counts.named_file(ended)
    (tmp_path / "open.csv").write_bytes(export)
    (tmp_path / "names.csv").write_bytes(named)
    assert recount_by_command_line(tmp_path / "open.csv") == ended.result["figures"]
    assert recount_by_command_line(tmp_path / "names.csv", "--proxy-limit", "2") == ended.result["figures"]
    assert "陈大明" not in export.decode("utf-8-sig")
    assert "陈大明" in named.decode("utf-8-sig")
    # One head for 101 and 102, which said different things; 330.75 of 400.75 m² and 3 of 4 heads took part.
    figures = ended.result["figures"]
    assert (figures["took_part"]["area"], figures["took_part"]["heads"], figures["split_heads"]) == (33075, 3, 1)
    assert ended.result["carried"] is False
    assert list(vote_checks.results_are_counted_ballots()) == []


@pytest.mark.parametrize(("last", "enough"), [("200.00", True), ("199.99", False)])
def test_exactly_two_thirds_take_part_and_a_hundredth_less_does_not(place: Place, last: str, enough: bool) -> None:
    # 200 + 200 of 600 m², 2 of 3 heads.
    house = (("1", "200.00", "甲"), ("2", last, "乙"), ("3", "200.00", "丙"))
    row = make_vote(place, register=make_register(place, house))
    say(place, row, "1")
    say(place, row, "2")

    ended = close(place, row)

    assert ended.result["figures"]["took_part"]["enough"] is enough
    assert ended.result["carried"] is enough
    told = vote_results.tell(ended)
    assert [part.is_reached for part in told.parts] == [enough, True if enough else None]
    assert told.parts[0].bars[1].percent == 66.66


def test_two_kinds_of_share_decide_an_ordinary_and_a_major_matter(place: Place) -> None:
    house = tuple((str(n), "50.00", f"业主{n}") for n in range(1, 5))
    for weight, carried in (("ordinary", True), ("major", True)):
        row = make_vote(place, register=make_register(place, house), weight=weight)
        for number, choice in (("1", "agree"), ("2", "agree"), ("3", "agree"), ("4", "against")):
            say(place, row, number, choice)
        assert close(place, row).result["carried"] is carried
    half = make_vote(place, register=make_register(place, house))
    for number, choice in (("1", "agree"), ("2", "agree"), ("3", "abstain"), ("4", "against")):
        say(place, half, number, choice)
    assert close(place, half).result["carried"] is False


def test_ballot_outside_the_time_of_the_vote_is_refused(place: Place) -> None:
    row = make_vote(place, is_open=False, opens_at=AT + HOUR, closes_at=AT + DAY)
    with pytest.raises(ballots.VoteNotBegun):
        say(place, row, "101")
    votes.open_vote(actor=place.keeper, vote=row.pk, at=AT)
    with pytest.raises(ballots.VoteNotBegun):
        say(place, row, "101")
    say(place, row, "101", at=AT + HOUR)
    with pytest.raises(ballots.CastOutside):
        say(place, row, "102", cast_at=AT, at=AT + 2 * HOUR)
    with pytest.raises(ballots.CastOutside):
        say(place, row, "102", at=AT + DAY + HOUR)
    with pytest.raises(Invalid):
        say(place, row, "102", cast_at=AT + 3 * HOUR, at=AT + 2 * HOUR)
    with pytest.raises(votes.StillRunning):
        close(place, row, at=AT + 2 * HOUR)
    # Cast in time, typed in after the end and before the count.
    say(place, row, "102", cast_at=AT + 2 * HOUR, at=AT + DAY + HOUR)
    close(place, row, at=AT + DAY + HOUR)
    with pytest.raises(ballots.VoteClosed):
        say(place, row, "201", cast_at=AT + 2 * HOUR, at=AT + DAY + HOUR)

    with scope.everything():
        assert Ballot.objects.count() == 2
        assert not Duty.objects.filter(kind="voice.count_vote", closed_at=None).exists()
        assert facts.figure("votes_closed", from_on=AT.date(), until_on=AT.date() + 3 * DAY) == 1


def test_flat_speaks_once_by_its_owner_or_by_a_proxy(place: Place) -> None:
    row = make_vote(place)
    say(place, row, "101")
    with pytest.raises(ballots.AlreadyVoted):
        say(place, row, "101", "against")
    with pytest.raises(ballots.OwnerVoted):
        by_proxy(place, row, "101", instead=True)
    first = by_proxy(place, row, "202", "代一")
    with pytest.raises(ballots.ProxyVoted):
        by_proxy(place, row, "202", "代二", instead=True)
    with pytest.raises(ballots.ProxyVoted):
        say(place, row, "202", "against")
    say(place, row, "202", "against", instead=True)
    with pytest.raises(ballots.NotOnRegister):
        say(place, row, "999")

    with scope.everything():
        assert Ballot.objects.get(pk=first.pk).is_replaced
        assert reading.find_vote(actor=place.keeper, vote=row.pk).ballots_count == 2
    took = ballots.take_back(actor=place.keeper, ballot=say(place, row, "301").pk, words="登错房号", at=AT)
    assert took.is_replaced
    by_proxy(place, row, "301")
    assert list(vote_checks.ballots_are_counted()) == []


def test_proxy_needs_a_proof_and_speaks_for_as_many_flats_as_allowed(place: Place) -> None:
    row = make_vote(place, proxy_limit=1)
    with pytest.raises(Invalid) as without:
        say(place, row, "101", proxy_name="代一")
    assert "proof_words" in without.value.fields
    with pytest.raises(Invalid) as owner:
        by_proxy(place, row, "201", "林小英")
    assert "proxy_name" in owner.value.fields
    first = by_proxy(place, row, "101", "代 一")
    with pytest.raises(ballots.ProxyLimit):
        by_proxy(place, row, "102", "代  一")
    ballots.take_back(actor=place.keeper, ballot=first.pk, words="委托撤回", at=AT)
    by_proxy(place, row, "102", "代 一")


def test_what_was_voted_stands_in_no_log_and_owners_are_sealed(place: Place) -> None:
    row = make_vote(place)
    say(place, row, "101", "against")

    with scope.everything():
        said = json.dumps(list(AuditTarget.objects.values_list("verb", "change")), ensure_ascii=False)
    assert "against" not in said
    assert "陈大明" not in said
    assert str(flat_of(row, "101").owners) == "••••"


def test_register_stays_as_it_is_once_a_vote_stands_on_it(place: Place) -> None:
    register = make_register(place, is_fixed=False)
    row = make_vote(place, register=register, is_open=False)
    with pytest.raises(votes.RegisterNotFixed):
        votes.open_vote(actor=place.keeper, vote=row.pk, at=AT)
    registers.fix(actor=place.keeper, register=register.pk, at=AT)
    one = flat_of(row, "101")
    changes = {"flat": "101", "area": "81", "owners": "陈大明", "at": AT}
    with pytest.raises(registers.RegisterFixed):
        registers.edit_flat(actor=place.keeper, flat_row=one.pk, **changes)
    with pytest.raises(registers.RegisterFixed):
        registers.remove_flat(actor=place.keeper, flat_row=one.pk, at=AT)
    registers.release(actor=place.keeper, register=register.pk, at=AT)
    registers.edit_flat(actor=place.keeper, flat_row=one.pk, **changes)
    registers.fix(actor=place.keeper, register=register.pk, at=AT)
    votes.open_vote(actor=place.keeper, vote=row.pk, at=AT)
    with pytest.raises(registers.RegisterInUse):
        registers.release(actor=place.keeper, register=register.pk, at=AT)
    with pytest.raises(votes.VoteOpened):
        votes.change(actor=place.keeper, vote=row.pk, content=votes.VoteContent("别的", "hands"), at=AT)

    other = registers.copy(actor=place.keeper, register=register.pk, name="更正", at=AT)
    with scope.everything():
        assert (other.flats, other.area_dm2, other.state) == (5, 40175, AssentRegister.State.DRAFT)
    assert list(vote_checks.registers_are_their_flats()) == []


def test_vote_runs_longer_never_shorter_and_a_void_one_counts_no_more(place: Place) -> None:
    row = make_vote(place, closes_at=AT + DAY)
    with pytest.raises(Invalid):
        votes.prolong(actor=place.keeper, vote=row.pk, closes_at=AT + HOUR, words="x", at=AT)
    with pytest.raises(Invalid):
        votes.prolong(actor=place.keeper, vote=row.pk, closes_at=AT + 2 * DAY, words=" ", at=AT)
    votes.prolong(actor=place.keeper, vote=row.pk, closes_at=AT + 2 * DAY, words="还有三户没联系上", at=AT)
    for number in ("101", "102", "201", "202", "301"):
        say(place, row, number)
    # Every flat has voted: nobody is cut off by an early count.
    assert close(place, row).result["carried"] is True
    votes.void(actor=place.keeper, vote=row.pk, words="表决书印错了", at=AT)

    with scope.everything():
        assert facts.figure("votes_closed", from_on=AT.date() - DAY, until_on=AT.date() + DAY) == 0


def test_only_the_community_s_office_enters_ballots(place: Place) -> None:
    row = make_vote(place)

    with pytest.raises(NotAllowed):
        ballots.cast(actor=place.resident(), vote=row.pk, flat_number="101", choice={"choice": "agree"}, how="page",
                     at=AT)  # fmt: skip


def test_hands_of_a_hall_are_counted_against_those_present(place: Place) -> None:
    row = make_vote(place, "hands", quorum=10)
    with pytest.raises(votes.NothingToCount):
        close(place, row)
    count = {"present": 12, "for": 7, "against": 4, "abstain": 1}
    with pytest.raises(Invalid):
        paper(place, row, "", count | {"present": 11})
    paper(place, row, "", count)
    with pytest.raises(ballots.AlreadyVoted):
        paper(place, row, "", count | {"for": 8, "against": 3})
    paper(place, row, "", count | {"for": 6, "against": 6, "abstain": 0}, instead=True)

    ended = close(place, row)

    assert (ended.result["carried"], ended.result["enough"]) == (False, True)


def test_objection_stands_until_it_is_answered(place: Place) -> None:
    row = make_vote(place, "consent", quorum=2, eligible=4)
    paper(place, row, "甲", {"choice": "consent"})
    with pytest.raises(Invalid):
        paper(place, row, "乙", {"choice": "object"})
    objection = paper(place, row, "乙", {"choice": "object"}, reason="夜里会吵")
    with pytest.raises(ballots.AlreadyVoted):
        paper(place, row, "乙", {"choice": "consent"})
    ballots.answer_objection(actor=place.keeper, ballot=objection.pk, answer="晚上九点后停用", at=AT)

    ended = close(place, row)

    assert (ended.result["carried"], ended.result["object"], ended.result["unanswered"]) == (True, 1, 0)
    assert vote_results.tell(ended).parts[0].bars[0].percent == 50.0


def test_points_and_orders_name_a_winner_or_a_tie(place: Place) -> None:
    points = make_vote(place, "score")
    with pytest.raises(Invalid):
        paper(place, points, "甲", {"scores": {"a": 6}})
    for who, given in (("甲", {"a": 5, "b": 1}), ("乙", {"a": 4, "b": 5, "c": 0}), ("丙", {"a": 5, "c": 2})):
        paper(place, points, who, {"scores": given})
    order = make_vote(place, "schulze")
    paper(place, order, "甲", {"order": [["b"], ["a", "c"]]})
    tie = make_vote(place, "schulze")
    for who, first, second in (("甲", "a", "b"), ("乙", "b", "a")):
        paper(place, tie, who, {"order": [[first], [second]]})

    assert close(place, points).result["winners"] == ["a"]
    assert close(place, order).result["order"][0] == ["b"]
    ended = close(place, tie)
    assert (sorted(ended.result["winners"]), ended.result["carried"]) == (["a", "b"], False)
    for one in (points, order, tie):
        assert vote_results.tell(fresh(one)).headline
    assert list(vote_checks.results_are_counted_ballots()) == []


def fresh(row: Vote) -> Vote:
    with scope.everything():
        return Vote.objects.get(pk=row.pk)
