"""What the office does so that people vote on pages, and what of a secret vote it never sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.voice.commands import own_ballots, registers, votes
from lianxin.domain.voice.models import Ballot, RegisterFlat, Vote
from lianxin.domain.voice.rules import receipts
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Somebody of 翠英, in English so that tests read the msgids."""
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def send(client: Client, name: str, kwargs: dict[str, Any], query: str = "", **data: Any) -> Any:
    return client.post(reverse(f"staff:{name}", kwargs=kwargs) + query, {"key": new_id()} | data)


def test_flat_of_a_fixed_register_is_linked_to_a_household(clerk: Client, small_district: SmallDistrict) -> None:
    home = small_district.first("people.Household", community=small_district.cuiying)
    row = registers.draft(actor=SYSTEM, community=small_district.cuiying.pk, name="一栋", at=now())
    flat = registers.add_flat(actor=SYSTEM, register=row.pk, flat="101", area="80", owners="陈大明", at=now())
    registers.fix(actor=SYSTEM, register=row.pk, at=now())
    listed = clerk.get(reverse("staff:register_flats", kwargs={"register": row.pk})).content.decode()
    here = reverse("staff:register_flat_link", kwargs={"flat": flat.pk})

    wrong = send(clerk, "register_flat_link", {"flat": flat.pk}, household="没有这户")
    done = send(clerk, "register_flat_link", {"flat": flat.pk}, household=home.number)

    assert here in listed
    assert wrong.status_code == 422
    assert "There is no household with this number." in wrong.content.decode()
    assert done.status_code == 302
    with scope.everything():
        assert RegisterFlat.objects.get(pk=flat.pk).household_id == home.pk
    assert home.number in clerk.get(here).content.decode()


@pytest.mark.parametrize(
    ("method", "choice", "hidden", "told"),
    [
        ("consent", {"choice": "concern"}, "no name: this vote is secret", "夜里会吵"),
        ("score", {"scores": {"a": 4}}, "sealed: this vote is secret", ""),
    ],
)
def test_ballots_of_a_secret_vote_show_names_or_choices_and_never_both(
    clerk: Client, small_district: SmallDistrict, method: str, choice: dict[str, Any], hidden: str, told: str
) -> None:
    asked = {
        "question": "晚上几点关灯",
        "on_page": "on",
        "is_secret": "on",
        "options": "九点\n十点",
        "most_points": "5",
    }
    drafted = send(clerk, "vote_new", {}, f"?method={method}", **asked)
    with scope.everything():
        row = Vote.objects.get()
    votes.open_vote(actor=SYSTEM, vote=row.pk, at=now())
    votes.publish(actor=SYSTEM, vote=row.pk, is_public=True, at=now())
    who = small_district.first("people.Person", community=small_district.cuiying, relation="head", state="living")
    actor = Actor(
        account=new_id(), role="resident", communities=frozenset({who.community_id}), via="web", person=who.pk,
        roles=frozenset({"resident"}),
    )  # fmt: skip
    own_ballots.cast(actor=actor, vote=row.pk, choice=choice, reason=told, at=now())

    page = clerk.get(reverse("staff:vote_ballots", kwargs={"vote": row.pk})).content.decode()

    assert drafted.status_code == 302
    assert row.terms["secret"] is True
    assert hidden in page
    assert told in page
    with scope.everything():
        number = receipts.spaced(receipts.number_of_ballot(Ballot.objects.get().pk))
    assert number in page
    assert ("九点" in page) is False
    again = clerk.get(reverse("staff:vote", kwargs={"vote": row.pk})).content.decode()
    assert "nobody at the centre sees who voted what" in again
