"""Programmes: pilots first, then step by step, through splits and mergers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.places.commands import programmes
from lianxin.domain.places.commands.division_splits import NewPart, merge_divisions, split_division
from lianxin.domain.places.models import BatchMember, Division
from lianxin.domain.places.queries import programmes as queries
from lianxin.domain.places.rules import programmes as rules
from lianxin.platform import scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused
from lianxin.platform.ids import new_id

from .factories import AT, SYSTEM, TODAY, make_district, make_staff

START = TODAY - timedelta(days=100)
SECOND = TODAY - timedelta(days=50)
DAY = st.dates(min_value=START, max_value=TODAY)


@pytest.fixture
def district(db):
    with scope.everything():
        yield make_district()


@pytest.fixture
def cuiying(district):
    return district["翠英居委会"]


@pytest.fixture
def programme(district):
    return programmes.start_programme(actor=SYSTEM, at=AT, name="说事议事", purpose="先试点，再逐步推开")


def batch(programme, *communities, starts_on=START, **more):
    return programmes.add_batch(
        actor=SYSTEM, at=AT, programme=programme.pk, starts_on=starts_on,
        communities=[c.pk for c in communities], **more,
    )  # fmt: skip


def leave(member, on):
    return programmes.remove_batch_member(actor=SYSTEM, at=AT, member=member.pk, on=on, reason="自愿退出")


def pilots_on(day, **more):
    return queries.pilot_communities(Window(day, day + timedelta(days=1), **more))


def batches_in(from_on, until_on):
    return queries.pilot_batches(Window(from_on, until_on))


@given(DAY, st.none() | DAY, DAY, st.none() | DAY, DAY)
def test_memberships_that_do_not_overlap_share_no_day(joined, left, other_joined, other_left, on):
    share = rules.is_member_on(joined, left, on) and rules.is_member_on(other_joined, other_left, on)

    assert not share or rules.overlaps(joined, left, other_joined, other_left)


def test_the_transition_table_ends_in_ended():
    assert [state for state, to in rules.TRANSITIONS.items() if not to] == ["ended"]
    assert not rules.may_move("ended", "running")


def test_the_first_batch_lets_a_programme_run(programme, cuiying):
    first = batch(programme, cuiying)

    programme.refresh_from_db()
    assert (first.number, programme.state) == (1, "running")
    assert [m.joined_on for m in first.members.all()] == [START]


def test_pilots_join_step_by_step_and_each_day_keeps_its_number(district, programme, cuiying):
    batch(programme, cuiying)
    batch(programme, district["华新社区居委会"], starts_on=SECOND)

    assert [pilots_on(d) for d in (START - timedelta(days=1), START, SECOND - timedelta(days=1), SECOND)] == [
        0,
        1,
        1,
        2,
    ]
    assert batches_in(START, SECOND) == 1
    assert batches_in(START, TODAY) == 2
    assert pilots_on(TODAY, communities=frozenset({cuiying.pk})) == 1


def test_a_batch_that_is_no_pilot_is_not_counted_as_one(programme, cuiying):
    batch(programme, cuiying, is_pilot=False)

    assert (pilots_on(TODAY), batches_in(START, TODAY)) == (0, 0)


def test_a_community_is_in_a_programme_once_at_a_time(programme, cuiying):
    first = batch(programme, cuiying)

    with pytest.raises(programmes.AlreadyInProgramme, match="翠英"):
        batch(programme, cuiying, starts_on=SECOND)
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchMember.objects.create(programme=programme, batch=first, community=cuiying, joined_on=TODAY)
    assert programme.batches.count() == 1


def test_whoever_left_may_join_again_from_that_day_but_not_before(programme, cuiying):
    first = batch(programme, cuiying)
    leave(first.members.get(), SECOND)
    again = {"actor": SYSTEM, "at": AT, "batch": first.pk, "communities": [cuiying.pk]}

    with pytest.raises(programmes.AlreadyInProgramme):
        programmes.add_batch_members(on=SECOND - timedelta(days=1), **again)
    programmes.add_batch_members(on=SECOND, **again)

    assert first.members.count() == 2
    assert list(queries.check_memberships()) == []


def test_leaving_needs_a_reason_and_a_day_after_joining(programme, cuiying):
    member = batch(programme, cuiying).members.get()

    with pytest.raises(Invalid) as refused:
        programmes.remove_batch_member(actor=SYSTEM, at=AT, member=member.pk, on=START - timedelta(days=1), reason=" ")

    assert set(refused.value.fields) == {"reason", "on"}


def test_leaving_twice_is_refused(programme, cuiying):
    member = batch(programme, cuiying).members.get()
    leave(member, SECOND)

    with pytest.raises(Refused):
        leave(member, TODAY)


def test_only_communities_join_and_all_of_a_list_or_none(district, programme, cuiying):
    with pytest.raises(Invalid):
        batch(programme, cuiying, district["新津街道"])

    assert not BatchMember.objects.exists()


def test_a_later_batch_does_not_start_before_the_earlier_one(programme, cuiying):
    batch(programme, cuiying, starts_on=SECOND)

    with pytest.raises(Invalid) as refused:
        batch(programme, starts_on=START)

    assert list(refused.value.fields) == ["starts_on"]


def test_pilots_and_the_others_on_any_day(district, programme, cuiying):
    batch(programme, cuiying)
    batch(programme, district["华新社区居委会"], starts_on=SECOND, is_pilot=False)

    before, after = (queries.find_comparison_groups(programme=programme.pk, on=day) for day in (START, TODAY))

    assert before.pilots == {cuiying.pk}
    assert len(before.others) == 2
    assert after.by_batch == {1: {cuiying.pk}, 2: {district["华新社区居委会"].pk}}
    assert after.others == {district["金洲村委会"].pk}


def test_the_parts_of_a_split_pilot_are_pilots_from_that_day(programme, cuiying):
    batch(programme, cuiying)
    today = TODAY

    split_division(
        actor=SYSTEM, division=cuiying.pk, parts=[NewPart(code="440507004099", name="翠东社区居委会")], on=today, at=AT
    )

    part = Division.objects.get(code="440507004099")
    assert [pilots_on(today - timedelta(days=1)), pilots_on(today)] == [1, 2]
    assert BatchMember.objects.get(community=part).inherited_from.community == cuiying


def test_a_merged_pilot_lives_on_in_what_it_became(district, programme, cuiying):
    batch(programme, cuiying)
    into = district["华新社区居委会"]

    merge_divisions(actor=SYSTEM, divisions=[cuiying.pk], into=into.pk, on=TODAY, at=AT)

    groups = queries.find_comparison_groups(programme=programme.pk, on=TODAY)
    assert groups.pilots == {into.pk}
    assert pilots_on(TODAY - timedelta(days=1), communities=frozenset({cuiying.pk})) == 1
    assert list(queries.check_memberships()) == []


def test_merging_two_pilots_leaves_one_membership(district, programme, cuiying):
    into = district["华新社区居委会"]
    batch(programme, cuiying, into)

    merge_divisions(actor=SYSTEM, divisions=[cuiying.pk], into=into.pk, on=TODAY, at=AT)

    assert pilots_on(TODAY) == 1
    assert BatchMember.objects.filter(left_on=None).count() == 1


def test_an_ended_programme_keeps_its_past_and_takes_no_one_in(programme, cuiying):
    first = batch(programme, cuiying)

    programmes.end_programme(actor=SYSTEM, at=AT, programme=programme.pk, on=TODAY)

    assert [pilots_on(TODAY - timedelta(days=1)), pilots_on(TODAY)] == [1, 0]
    with pytest.raises(programmes.ProgrammeEnded):
        programmes.add_batch_members(actor=SYSTEM, at=AT, batch=first.pk, communities=[cuiying.pk], on=TODAY)
    with pytest.raises(programmes.ProgrammeEnded):
        programmes.end_programme(actor=SYSTEM, at=AT, programme=programme.pk, on=TODAY)


def test_a_batch_sent_twice_is_made_once(programme, cuiying):
    key = new_id()

    assert batch(programme, cuiying, key=key).pk == batch(programme, cuiying, key=key).pk
    assert programme.batches.count() == 1


def test_only_the_district_chooses_pilots(programme, cuiying):
    staff = make_staff("subdistrict_staff", cuiying.pk)

    with pytest.raises(NotAllowed):
        programmes.add_batch(actor=staff, at=AT, programme=programme.pk, starts_on=TODAY)


def test_community_staff_see_their_own_membership_only(district, programme, cuiying):
    batch(programme, cuiying, district["金洲村委会"])

    with scope.within([cuiying.pk]):
        page = queries.find_programme_page(programme=programme.pk, on=TODAY)
        mine = queries.list_memberships(community=cuiying.pk, on=TODAY)
        assert (page.in_programme, page.communities, mine.count()) == (1, 1, 1)


def test_names_are_not_used_twice_and_old_forms_do_not_win(programme):
    values = {"actor": SYSTEM, "at": AT, "programme": programme.pk, "purpose": "x"}
    with pytest.raises(Invalid):
        programmes.start_programme(actor=SYSTEM, at=AT, name="说事议事", purpose="x")
    programmes.edit_programme(name="甲", version=1, **values)

    with pytest.raises(EditedMeanwhile):
        programmes.edit_programme(name="乙", version=1, **values)


def test_a_programme_that_is_not_there_is_missing(district):
    with pytest.raises(Missing):
        queries.find_comparison_groups(programme=new_id(), on=TODAY)


def test_the_page_takes_four_queries_however_many_batches(district, programme, cuiying):
    batch(programme, cuiying)

    def count():
        with CaptureQueriesContext(connection) as caught:
            page = queries.find_programme_page(programme=programme.pk, on=TODAY)
            [[row.member.community.parent.short_name for row in b.members] for b in page.batches]
        return len(caught)

    few = count()
    for community in (district["华新社区居委会"], district["金洲村委会"]):
        batch(programme, community, starts_on=SECOND)

    assert few == count() == 4
