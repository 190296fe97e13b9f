"""A building with a register of owners, votes on it and opinion maps, for the tests of votes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from lianxin.domain.needs.tests.factories import AT, DAY, Place, make_place
from lianxin.domain.voice.commands import ballots, opinion_maps, opinion_voters, opinions, registers, votes
from lianxin.domain.voice.commands.opinion_maps import MapContent
from lianxin.domain.voice.models import AssentRegister, Ballot, OpinionMap, RegisterFlat, Statement, Vote
from lianxin.domain.voice.rules.vote_terms import VoteContent
from lianxin.platform import scope

__all__ = ["AT", "DAY", "Place", "make_place"]
# Flat, area and owners: 陈大明 has two flats and is one head, 201 has two owners and is one head.
HOUSE = (
    ("101", "80.00", "陈大明"),
    ("102", "90.50", "陈大明"),
    ("201", "100.25", "林小英、黄国华"),
    ("202", "60.00", "郑美玲"),
    ("301", "70.00", "王一"),
)


def make_register(
    place: Place, flats: Sequence[tuple[str, str, str]] = HOUSE, *, is_fixed: bool = True
) -> AssentRegister:
    """A register with these flats."""
    row = registers.draft(actor=place.keeper, community=place.community.pk, name="翠英苑1栋", at=AT)
    for flat, area, owners in flats:
        registers.add_flat(actor=place.keeper, register=row.pk, flat=flat, area=area, owners=owners, at=AT)
    return registers.fix(actor=place.keeper, register=row.pk, at=AT) if is_fixed else row


def make_vote(place: Place, method: str = "assent", *, is_open: bool = True, **more: Any) -> Vote:
    """A vote, open unless said otherwise."""
    register = more.pop("register", None) or (make_register(place) if method == "assent" else None)
    if method in ("score", "schulze"):
        more.setdefault("options", ("装电梯", "修屋顶", "种树"))
    content = VoteContent(**{"question": "加装电梯吗", "method": method} | more)
    row = votes.draft(
        actor=place.keeper,
        community=place.community.pk,
        content=content,
        register=register.pk if register else None,
        at=AT,
    )
    return votes.open_vote(actor=place.keeper, vote=row.pk, at=AT) if is_open else row


def flat_of(vote: Vote, number: str) -> RegisterFlat:
    """A flat of the vote's register."""
    with scope.everything():
        return RegisterFlat.objects.get(register=vote.register_id, flat=number)


def say(place: Place, vote: Vote, flat: str, choice: str = "agree", **more: Any) -> Ballot:
    """Enter the ballot of one flat."""
    given: dict[str, Any] = {"how": "door", "at": AT} | more
    return ballots.cast(actor=place.keeper, vote=vote.pk, flat_number=flat, choice={"choice": choice}, **given)


def by_proxy(place: Place, vote: Vote, flat: str, name: str = "代一", choice: str = "agree", **more: Any) -> Ballot:
    """Enter the ballot that a proxy gives for one flat."""
    return say(place, vote, flat, choice, proxy_name=name, proof_words="委托书第3号", **more)


def paper(place: Place, vote: Vote, who: str, choice: dict[str, Any], **more: Any) -> Ballot:
    """Enter the ballot of one voter."""
    given: dict[str, Any] = {"how": "hall", "at": AT} | more
    return ballots.cast(actor=place.keeper, vote=vote.pk, voter_name=who, choice=choice, **given)


def close(place: Place, vote: Vote, **more: Any) -> Vote:
    """Close a vote."""
    return votes.close(actor=place.keeper, vote=vote.pk, **{"at": AT} | more)


STATEMENTS = ("电梯比停车位要紧", "先修好屋顶", "每层都要出钱", "夜里太吵", "院子里要种树")


def make_map(place: Place, *, is_open: bool = True, statements: Sequence[str] = STATEMENTS, **more: Any) -> OpinionMap:
    """An opinion map, open unless said otherwise."""
    row = opinion_maps.draft(
        actor=place.keeper,
        community=place.community.pk,
        content=MapContent(**{"question": "我们的院子该怎么办"} | more),
        statements=statements,
        at=AT,
    )
    return opinion_maps.open_map(actor=place.keeper, opinion_map=row.pk, at=AT) if is_open else row


def key(row: OpinionMap, word: str) -> str:
    """What a phone is known by."""
    return opinion_voters.key_of(row.pk, person=None, word=word)


def statements(row: OpinionMap) -> dict[int, UUID]:
    """The statements of a map by number."""
    with scope.everything():
        return dict(Statement.objects.filter(map=row).values_list("number", "pk"))


def answer(place: Place, row: OpinionMap, word: str, said: Mapping[int, int], **more: Any) -> None:
    """Let one phone answer statements by number."""
    known = statements(row)
    for number, value in said.items():
        given: dict[str, Any] = {"actor": place.resident(), "at": AT} | more
        opinions.answer(opinion_map=row.pk, statement=known[number], value=value, voter=key(row, word), **given)
