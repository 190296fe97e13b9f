"""Matters, votes and opinion maps are found by everybody when public, by the offices within their reach otherwise."""

from __future__ import annotations

from typing import cast

import pytest

from lianxin.domain.voice import case_tasks
from lianxin.domain.voice.commands import matters, mediations, opinion_maps, votes
from lianxin.domain.voice.commands.searching_matters import MAP, MATTER, VOTE
from lianxin.platform import contributions, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.search import Hit
from lianxin.platform.tasks import Running

from .mediation_factories import office
from .tier_factories import make_place as make_case_place
from .tier_factories import working
from .vote_factories import AT, Place, make_map, make_place, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place(homes=1)


def hits(words: str, *, public: bool = False, within: object = None) -> list[Hit]:
    with scope.everything() if within is None else scope.within([within]):  # type: ignore[list-item]
        return search.find(words, kinds=[MATTER, VOTE, MAP], public_only=public)


def test_public_ones_are_found_by_everybody_and_drafts_by_their_offices_only(place: Place) -> None:
    open_one = matters.open_matter(
        actor=place.keeper, community=place.community.pk, title="旧楼加装电梯", is_public=True, at=AT
    )
    hidden = matters.open_matter(actor=place.keeper, community=place.community.pk, title="旧楼加装水表", at=AT)
    draft = make_vote(place, "hands", is_open=False, question="旧楼加装扶手")
    asked = make_map(place, question="旧楼加装什么")

    assert {one.record_id for one in hits("旧楼加装", public=True)} == {open_one.pk, asked.pk}
    every = {open_one.pk, hidden.pk, draft.pk, asked.pk}
    assert {one.record_id for one in hits("旧楼加装", within=place.community.pk)} == every
    # Another community's office finds only what everybody finds.
    assert {one.record_id for one in hits("旧楼加装", within=place.elsewhere.pk)} == {open_one.pk, asked.pk}


def test_index_follows_what_is_renamed_published_and_withdrawn(place: Place) -> None:
    row = make_vote(place, "hands", question="换掉院子的灯")
    assert hits("院子的灯", public=True) == []

    votes.publish(actor=place.keeper, vote=row.pk, is_public=True, at=AT)
    assert [(one.kind, one.url_name) for one in hits("院子的灯", public=True)] == [(VOTE, "staff:vote")]
    votes.publish(actor=place.keeper, vote=row.pk, is_public=False, at=AT)
    assert hits("院子的灯", public=True) == []

    asked = make_map(place, question="树种哪里")
    content = opinion_maps.MapContent("树种到哪里", is_public=False)
    opinion_maps.change(actor=place.keeper, opinion_map=asked.pk, content=content, at=AT)
    assert hits("树种到哪里", public=True) == []
    assert [one.record_id for one in hits("树种到哪里")] == [asked.pk]


def test_what_was_begun_before_it_was_searched_is_found_after_the_night(place: Place) -> None:
    row = make_vote(place, "hands", question="旧年的晒谷场")
    search.drop(VOTE, [row.pk])
    assert hits("晒谷场") == []

    case_tasks.keep_findable(cast(Running, None))

    assert [one.record_id for one in hits("晒谷场")] == [row.pk]


def test_matter_out_of_a_mediated_case_is_found_by_its_subject_and_shows_no_words() -> None:
    case = working(make_case_place(), "楼上漏水，赔多少钱")
    keeper, community = Actor.system(), case.community_id
    row = matters.open_matter(
        actor=keeper, community=community, title="漏水赔多少钱", case=case.pk, is_public=True, at=AT
    )
    assert [one.record_id for one in hits("漏水赔多少钱", public=True)] == [row.pk]
    mediations.ask(actor=office(case.community)[1], community=community, case=case.pk, subject_words="漏水", at=AT)

    assert hits("漏水赔多少钱") == []
    with scope.everything():
        entries = {one.record_id: one for source in contributions.every("searchables") for one in source()}
    assert entries[row.pk].title != "漏水赔多少钱"
    assert entries[row.pk].public is False
