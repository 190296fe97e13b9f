"""Programmes, batches and memberships through the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianxin.domain.places.models import BatchMember, Programme
from lianxin.platform import scope
from lianxin.platform.ids import new_id


@pytest.fixture
def programme(department):
    department.post(reverse("district:programme_new"), {"name": "晚间开放", "purpose": "先试再推", "key": new_id()})
    return Programme.objects.get(name="晚间开放")


def members(programme):
    with scope.everything():
        return list(BatchMember.objects.filter(programme=programme).order_by("joined_on", "pk"))


def new_batch(client, programme, small_district, *communities, **more):
    values = {"starts_on": small_district.today.isoformat(), "is_pilot": "on", "key": new_id(), **more}
    values["communities"] = [str(community.pk) for community in communities]
    return client.post(reverse("district:batch_new", args=[programme.pk]), values)


def test_sending_the_form_twice_sets_up_one_programme(department):
    values = {"name": "夜读", "purpose": "延时开放", "key": new_id()}

    first, again = (department.post(reverse("district:programme_new"), values) for _ in range(2))

    assert first.url == again.url
    assert Programme.objects.filter(name="夜读").count() == 1


def test_a_name_in_use_is_refused_and_what_was_typed_stays(department, programme):
    values = {"name": "晚间开放", "purpose": "换一种做法", "key": new_id()}

    answer = department.post(reverse("district:programme_new"), values)

    assert answer.status_code == 422
    assert "换一种做法" in answer.content.decode()


def test_a_batch_is_added_with_the_communities_that_were_ticked(department, programme, small_district):
    answer = new_batch(department, programme, small_district, small_district.cuiying)

    assert answer.status_code == 302
    assert [one.community_id for one in members(programme)] == [small_district.cuiying.pk]
    page = department.get(answer.url).context["page"]
    assert (page.in_programme, page.communities) == (1, 3)


def test_communities_that_belong_are_not_offered_again(department, programme, small_district):
    new_batch(department, programme, small_district, small_district.cuiying)

    page = department.get(reverse("district:batch_new", args=[programme.pk]))

    offered = [pk for _name, group in page.context["form"].fields["communities"].choices for pk, _label in group]
    assert str(small_district.cuiying.pk) not in offered
    assert len(offered) == 2


def test_a_batch_that_ends_before_it_starts_keeps_what_was_ticked(department, programme, small_district):
    yesterday = small_district.today - timedelta(days=1)

    answer = new_batch(department, programme, small_district, small_district.cuiying, ends_on=yesterday.isoformat())

    assert answer.status_code == 422
    assert answer.context["form"]["communities"].value() == [str(small_district.cuiying.pk)]
    assert members(programme) == []


def test_more_communities_join_later_and_one_leaves_with_a_reason(department, programme, small_district):
    new_batch(department, programme, small_district, small_district.cuiying)
    batch = members(programme)[0].batch_id
    department.post(
        reverse("district:batch_add", args=[programme.pk, batch]),
        {"on": small_district.today.isoformat(), "communities": [str(small_district.jinzhou_town.pk)], "key": new_id()},
    )
    leaving = members(programme)[0]

    refused = department.post(
        reverse("district:member_leave", args=[programme.pk, leaving.pk]), {"on": small_district.today.isoformat()}
    )
    done = department.post(
        reverse("district:member_leave", args=[programme.pk, leaving.pk]),
        {"on": (small_district.today + timedelta(days=1)).isoformat(), "reason": "人手不足"},
    )

    assert (refused.status_code, done.status_code) == (422, 302)
    assert {one.reason for one in members(programme) if one.left_on} == {"人手不足"}
    assert sum(1 for one in members(programme) if one.left_on is None) == 1


def test_pilots_stand_beside_the_others(department, programme, small_district):
    new_batch(department, programme, small_district, small_district.cuiying)

    page = department.get(reverse("district:programme_comparison", args=[programme.pk]))

    assert (page.context["pilots"], page.context["others"]) == (1, 2)
    assert page.context["measures"][0].pilots


def test_an_ended_programme_offers_no_steps(department, programme, small_district):
    department.post(reverse("district:programme_end", args=[programme.pk]), {"on": small_district.today.isoformat()})

    page = department.get(reverse("district:programme", args=[programme.pk]))

    assert page.context["may_edit"] is False
    assert Programme.objects.get(pk=programme.pk).state == "ended"


def test_a_subdistrict_office_sees_its_own_members_and_no_buttons(department, xinjin, programme, small_district):
    new_batch(department, programme, small_district, small_district.cuiying, small_district.jinzhou_village)

    page = xinjin.get(reverse("district:programme", args=[programme.pk])).context

    shown = [row.member.community_id for batch in page["page"].batches for row in batch.members]
    assert shown == [small_district.cuiying.pk]
    assert page["may_edit"] is False
