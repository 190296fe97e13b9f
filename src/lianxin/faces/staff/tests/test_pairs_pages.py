"""Offers kept away from a community: ruled out with a reason, taken back, by who plans there and by nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.projects.models import ForbiddenPair
from lianxin.platform import scope
from lianxin.platform.ids import new_id
from tests.support.projects import make_offer, make_pair, make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def test_offer_is_ruled_out_with_a_reason_and_let_go_again(small_district, clerk) -> None:
    with scope.everything():
        proposal = make_proposal(small_district.cuiying.pk)
        theirs = make_offer(small_district.jinzhou_village.pk, title="只在村里", reach="community")
    proposed = clerk.get(reverse("staff:proposal", args=[proposal.pk])).content.decode()
    way = f"{reverse('staff:pair_new')}?offer={proposal.offer_id}&community={small_district.cuiying.pk}"
    form = clerk.get(way).context["form"]
    sent = {"offer": str(proposal.offer_id), "community": str(small_district.cuiying.pk), "key": new_id()}

    empty = clerk.post(reverse("staff:pair_new"), sent | {"reason": " "})
    made = clerk.post(reverse("staff:pair_new"), sent | {"reason": "上次没来。"})

    assert way.replace("&", "&amp;") in proposed
    assert form.initial["offer"] == str(proposal.offer_id)
    assert str(theirs.pk) not in dict(form.fields["offer"].choices)
    assert empty.status_code == 422
    assert made.url == reverse("staff:pairs")
    with scope.everything():
        pair = ForbiddenPair.objects.get()
    assert "上次没来。" in clerk.get(made.url).content.decode()
    clerk.post(reverse("staff:pair_end", args=[pair.pk]))
    assert "上次没来。" not in clerk.get(made.url).content.decode()
    assert "上次没来。" in clerk.get(made.url, {"state": "ended"}).content.decode()


def test_who_plans_elsewhere_neither_sees_nor_ends_it_and_the_district_only_reads(small_district, client) -> None:
    with scope.everything():
        pair = make_pair(small_district.cuiying.pk)
    stranger = Client()
    small_district.log_in(stranger, "jinzhou1")
    small_district.log_in(client, "district")

    listed = client.get(reverse("staff:pairs"))

    assert "上次没来。" in listed.content.decode()
    assert reverse("staff:pair_new") not in listed.content.decode()
    assert client.get(reverse("staff:pair_new")).status_code == 403
    assert "上次没来。" not in stranger.get(reverse("staff:pairs")).content.decode()
    assert stranger.post(reverse("staff:pair_end", args=[pair.pk])).status_code == 404
    with scope.everything():
        assert ForbiddenPair.objects.get().ended_at is None
