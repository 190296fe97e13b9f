"""Votes and opinion maps on a phone: one statement at a time, nobody named, a result with nobody's small group."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.voice.commands import opinion_maps, opinions, votes
from lianxin.domain.voice.commands.opinion_maps import MapContent
from lianxin.domain.voice.models import Opinion, OpinionMap, OpinionVoter, Statement, Vote
from lianxin.domain.voice.rules.vote_terms import VoteContent
from lianxin.faces.resident.views.opinion_maps import COOKIE
from lianxin.platform import scope, worker
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")
SAYS = ("先修电梯", "要种树", "夜里太吵")


@pytest.fixture
def asked(small_district: SmallDistrict) -> OpinionMap:
    row = opinion_maps.draft(
        actor=SYSTEM, community=small_district.cuiying.pk, content=MapContent("院子怎么办", min_group=3),
        statements=SAYS, at=now(),
    )  # fmt: skip
    return opinion_maps.open_map(actor=SYSTEM, opinion_map=row.pk, at=now())


def address(name: str, row: Any) -> str:
    return reverse(f"resident:{name}", args=[row.pk])


def statement_on(page: str) -> str:
    found = re.search(r'name="statement" value="([^"]+)"', page)
    assert found
    return found[1]


def answer_all(client: Client, row: OpinionMap, say: str = "agree") -> None:
    for _turn in range(3):
        page = client.get(address("opinions_say", row)).content.decode()
        client.post(address("opinions_say", row), {"statement": statement_on(page), "say": say})


def values() -> list[int]:
    with scope.everything():
        return list(Opinion.objects.order_by("said_at", "pk").values_list("value", flat=True))


def test_visitor_answers_one_statement_after_the_other_and_changes_one(visitor: Client, asked: OpinionMap) -> None:
    cover = visitor.get(address("opinions", asked)).content.decode()
    page = visitor.get(address("opinions_say", asked)).content.decode()
    assert address("opinions_say", asked) in cover
    assert sum(words in page for words in SAYS) == 1
    assert page.count('name="say"') == 3

    answer_all(visitor, asked)
    over = visitor.get(address("opinions_say", asked)).content.decode()
    with scope.everything():
        first = Statement.objects.get(map=asked, number=1)
    again = visitor.get(address("opinions_say", asked) + f"?again={first.pk}").content.decode()
    visitor.post(address("opinions_say", asked), {"statement": first.pk, "say": "disagree"})
    nothing = visitor.post(address("opinions_say", asked), {"statement": first.pk})

    assert all(words in over for words in SAYS)
    assert 'aria-pressed="true"' in again
    assert values() == [1, 1, 1, -1]
    assert nothing.status_code == 302
    assert visitor.get(address("opinions_result", asked)).status_code == 200
    assert visitor.get(address("opinions_votes", asked)).status_code == 404
    with scope.everything():
        assert OpinionVoter.objects.count() == 1


def test_resident_is_a_number_on_whatever_phone(
    small_district: SmallDistrict, client: Client, asked: OpinionMap
) -> None:
    small_district.log_in_resident(client)
    other = Client()
    small_district.log_in_resident(other)
    answer_all(client, asked)

    seen = other.get(address("opinions_say", asked)).content.decode()

    assert 'name="say"' not in seen
    assert COOKIE not in client.cookies
    with scope.everything():
        assert OpinionVoter.objects.get().number == 1


def test_own_statement_waits_and_its_sender_sees_what_became_of_it(visitor: Client, asked: OpinionMap) -> None:
    sent = visitor.post(address("opinions_add", asked), {"key": new_id(), "words": "楼道要有灯"})
    twice = visitor.post(address("opinions_add", asked), {"key": new_id(), "words": "先修电梯！"})
    cover = visitor.get(address("opinions", asked)).content.decode()

    assert sent.url == address("opinions_say", asked)
    assert twice.status_code == 422
    assert "楼道要有灯" in cover
    assert "楼道要有灯" not in Client().get(address("opinions", asked)).content.decode()


def test_result_comes_after_the_end_without_small_groups(
    visitor: Client, asked: OpinionMap, small_district: SmallDistrict
) -> None:
    for card, marks in (("1", "+++"), ("2", "+++"), ("3", "+++"), ("4", "++-")):
        opinions.enter_card(actor=SYSTEM, opinion_map=asked.pk, card=card, marks=marks, at=now())
    before = visitor.get(address("opinions_result", asked)).content.decode()
    opinion_maps.close(actor=SYSTEM, opinion_map=asked.pk, at=now())
    waiting = visitor.get(address("opinions_result", asked)).content.decode()
    worker.drain()

    page = visitor.get(address("opinions_result", asked)).content.decode()
    file = visitor.get(address("opinions_votes", asked)).content.decode()
    told = visitor.get(address("opinions_result_file", asked)).json()
    late = visitor.post(address("opinions_say", asked), {"statement": new_id(), "say": "agree"})

    assert "share-agree" not in before
    assert "share-agree" not in waiting
    assert "share-agree" in page
    assert "要种树" in page
    assert file.splitlines()[0] == "voter,statement,vote,at"
    assert len(file.splitlines()) == 13
    assert set(told["statements"]) == {"1", "2", "3"}
    assert late.status_code == 302
    assert visitor.get(address("opinions_say", asked)).url == address("opinions", asked)


def test_private_and_draft_ones_are_not_there(visitor: Client, small_district: SmallDistrict) -> None:
    content = MapContent("不公开的问题", is_public=False)
    row = opinion_maps.draft(
        actor=SYSTEM, community=small_district.cuiying.pk, content=content, statements=SAYS, at=now()
    )
    vote = votes.draft(
        actor=SYSTEM, community=small_district.cuiying.pk, content=VoteContent("举手吗", "hands"), at=now()
    )
    opinion_maps.open_map(actor=SYSTEM, opinion_map=row.pk, at=now())
    votes.open_vote(actor=SYSTEM, vote=vote.pk, at=now())

    for name in ("opinions", "opinions_say", "opinions_add", "opinions_result"):
        assert visitor.get(address(name, row)).status_code == 404
    assert visitor.get(address("vote", vote)).status_code == 404
    listed = visitor.get(reverse("resident:votes", args=[small_district.cuiying.pk])).content.decode()
    assert "不公开的问题" not in listed
    votes.publish(actor=SYSTEM, vote=vote.pk, is_public=True, at=now())
    assert visitor.get(address("vote", vote)).status_code == 200
    assert "举手吗" in visitor.get(reverse("resident:votes", args=[small_district.cuiying.pk])).content.decode()
    votes.void(actor=SYSTEM, vote=vote.pk, words="人数没点清", at=now())
    assert "人数没点清" in visitor.get(address("vote", vote)).content.decode()
    with scope.everything():
        assert Vote.objects.get().state == "void"
