"""Voting on a phone: what I am asked, my right, my choice looked at once more, a receipt, and nobody else's vote."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import matters, registers, votes
from lianxin.domain.voice.models import Ballot, Vote
from lianxin.domain.voice.rules.vote_terms import VoteContent
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")
QUESTION = "给一栋加装电梯"


@pytest.fixture
def owner(small_district: SmallDistrict, resident: Client) -> Person:
    """The head of the household who is logged in, in English."""
    with scope.everything():
        account = apps.get_model("people.Account").objects.get(pk=resident.session["_auth_user_id"])
        return Person.objects.select_related("household").get(pk=account.person_id)


def make_vote(owner: Person, *, owners: str = "", **more: Any) -> Vote:
    """An open vote on a register with two flats of the owner, the first linked to the household."""
    register = registers.draft(actor=SYSTEM, community=owner.community_id, name="一栋业主名册", at=now())
    registers.add_flat(
        actor=SYSTEM, register=register.pk, flat="301", area="89.52", owners=owners or owner.name,
        household=owner.household.number, at=now(),
    )  # fmt: skip
    registers.add_flat(actor=SYSTEM, register=register.pk, flat="302", area="90", owners=owner.name, at=now())
    registers.add_flat(actor=SYSTEM, register=register.pk, flat="401", area="70", owners="别人", at=now())
    registers.fix(actor=SYSTEM, register=register.pk, at=now())
    content = VoteContent(**{"question": QUESTION, "method": "assent", "closes_at": now() + timedelta(days=7)} | more)
    row = votes.draft(
        actor=SYSTEM, community=owner.community_id, content=content, register=register.pk,
        matter=more.pop("matter", None), at=now(),
    )  # fmt: skip
    return votes.open_vote(actor=SYSTEM, vote=row.pk, at=now())


def make_residents_vote(owner: Person, method: str, **more: Any) -> Vote:
    content = VoteContent(**{"question": "院子怎么办", "method": method, "on_page": True} | more)
    row = votes.draft(actor=SYSTEM, community=owner.community_id, content=content, at=now())
    votes.open_vote(actor=SYSTEM, vote=row.pk, at=now())
    return votes.publish(actor=SYSTEM, vote=row.pk, is_public=True, at=now())


def mine(vote: Vote, name: str = "my_vote") -> str:
    return reverse(f"resident:{name}", args=[vote.pk])


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def given(vote: Vote) -> list[dict[str, Any]]:
    with scope.everything():
        return [one.choice for one in Ballot.objects.filter(vote=vote, is_replaced=False).order_by("pk")]


def send(client: Client, vote: Vote, **data: Any) -> Any:
    return client.post(mine(vote), {"key": new_id(), "instead": "False", "confirmed": "yes"} | data)


def test_owner_is_asked_looks_once_more_and_gets_a_receipt(resident: Client, owner: Person) -> None:
    vote = make_vote(owner)
    asked = read(resident, reverse("resident:my_votes"))
    page = read(resident, mine(vote))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert QUESTION in asked
    assert "not voted yet" in asked
    assert "301 (89.52 m²)" in page
    assert "302 (90.00 m²)" in page
    assert "article 278" in page
    assert key

    looked = resident.post(mine(vote), {"key": key[1], "instead": "False", "choice": "agree"})
    assert looked.status_code == 200
    assert "I agree" in looked.content.decode()
    assert given(vote) == []
    back = resident.post(mine(vote), {"key": key[1], "instead": "False", "choice": "agree", "confirmed": "no"})
    assert re.search(r'value="agree"[^>]*checked', back.content.decode())
    sent = {"key": key[1], "instead": "False", "choice": "agree", "confirmed": "yes"}
    first, twice = resident.post(mine(vote), sent), resident.post(mine(vote), sent)

    assert first.headers["Location"] == twice.headers["Location"] == mine(vote, "my_ballot")
    assert given(vote) == [{"choice": "agree"}, {"choice": "agree"}]
    receipt = read(resident, mine(vote, "my_ballot"))
    assert len(re.findall(r"Receipt number 9\d\d \d{3} \d{3}", receipt)) == 2
    assert "your vote is in" in read(resident, reverse("resident:my_votes"))


def test_vote_is_changed_until_the_end_and_then_its_result_stands_there(resident: Client, owner: Person) -> None:
    vote = make_vote(owner, closes_at=None)
    send(resident, vote, choice="agree")
    seen = read(resident, mine(vote))
    assert 'name="choice"' not in seen
    assert send(resident, vote, choice="against").status_code == 422

    form = read(resident, f"{mine(vote)}?change=on")
    changed = send(resident, vote, choice="against", instead="True")

    assert 'name="choice"' in form
    assert changed.status_code == 302
    assert given(vote) == [{"choice": "against"}, {"choice": "against"}]
    votes.close(actor=SYSTEM, vote=vote.pk, at=now())
    over = read(resident, mine(vote))
    assert "Not carried" in over
    assert "I am against it" in over
    assert send(resident, vote, choice="agree", instead="True").status_code == 422
    assert given(vote) == [{"choice": "against"}, {"choice": "against"}]


def test_shared_flat_asks_whether_the_others_agree_and_an_empty_form_asks_for_a_choice(
    resident: Client, owner: Person
) -> None:
    vote = make_vote(owner, owners=f"{owner.name}、另一人")

    empty = resident.post(mine(vote), {"key": new_id(), "instead": "False"})
    alone = resident.post(mine(vote), {"key": new_id(), "instead": "False", "choice": "agree"})
    together = send(resident, vote, choice="agree", for_all="on")

    assert empty.status_code == alone.status_code == 422
    assert "Choose one of them." in empty.content.decode()
    assert "Say that the others agree." in alone.content.decode()
    assert together.status_code == 302
    assert given(vote) == [{"choice": "agree"}]


def test_who_has_no_say_reads_why_and_a_vote_of_others_is_not_there(resident: Client, owner: Person) -> None:
    vote = make_vote(owner, owners="别的业主")
    with scope.everything():
        first = registers.RegisterFlat.objects.get(register=vote.register_id, flat="302")
    assert resident.get(mine(vote)).status_code == 404
    assert first.household_id is None

    votes.publish(actor=SYSTEM, vote=vote.pk, is_public=True, at=now())
    page = read(resident, mine(vote))

    assert "your name is not among the owners" in page
    assert 'name="choice"' not in page
    assert send(resident, vote, choice="agree").status_code == 422
    assert "Vote here" in read(resident, reverse("resident:vote", args=[vote.pk]))
    assert given(vote) == []


def test_residents_give_reasons_points_and_orders(resident: Client, owner: Person) -> None:
    ways: tuple[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]], ...] = (
        ("consent", {}, {"choice": "concern", "reason": "夜里吵"}, {"choice": "concern"}),
        ("score", {"options": ("种树", "停车")}, {"option_a": "5", "option_b": ""}, {"scores": {"a": 5}}),
        ("schulze", {"options": ("种树", "停车")}, {"option_a": "2", "option_b": "1"}, {"order": [["b"], ["a"]]}),
    )
    for method, more, entered, kept in ways:
        vote = make_residents_vote(owner, method, **more)
        looked = resident.post(mine(vote), {"key": new_id(), "instead": "False"} | entered)
        assert looked.status_code == 200, method
        assert send(resident, vote, **entered).status_code == 302, method
        assert given(vote) == [kept]
        assert resident.get(mine(vote)).status_code == 200
    secret = make_residents_vote(owner, "consent", is_secret=True)
    wrong = resident.post(mine(secret), {"key": new_id(), "instead": "False", "choice": "object"})
    assert "Secret: nobody at the centre" in wrong.content.decode()
    assert "need their reason" in wrong.content.decode()
    hall = make_residents_vote(owner, "hands")
    assert "not held on a page" in read(resident, mine(hall))
    assert resident.post(mine(hall), {"confirmed": "yes"}).status_code == 422


def test_daughter_votes_for_her_mother_by_a_link_that_covers_it(
    small_district: SmallDistrict, resident: Client, owner: Person
) -> None:
    with scope.everything():
        grown = Person.objects.filter(community=owner.community_id, relation="head", state="living")
        mother = grown.select_related("household").exclude(pk=owner.pk).order_by("pk").first()
    assert mother is not None
    vote = make_vote(mother)
    consent = give_consent(actor=SYSTEM, person=mother.pk, purpose="proxy", how="paper", at=now()).pk

    def let(*acts: str) -> None:
        link_proxy(
            actor=SYSTEM, principal=mother.pk, kind="family", acts=acts, from_on=small_district.today,
            until_on=small_district.today + timedelta(days=30), agent_person=owner.pk, consent=consent, at=now(),
        )  # fmt: skip
        resident.post(reverse("resident:act_for"), {"person": str(mother.pk)})

    let("voice")
    assert "voting is not among" in read(resident, mine(vote))
    assert send(resident, vote, choice="agree").status_code == 422
    with scope.everything():
        apps.get_model("people.ProxyLink").objects.filter(principal=mother).update(revoked_at=now())
    let("vote")
    page = read(resident, mine(vote))
    sent = send(resident, vote, choice="agree")
    again = send(resident, vote, choice="against", instead="True")

    assert "After sending you cannot change it here" in page
    assert sent.status_code == 302
    assert again.status_code == 422
    assert given(vote) == [{"choice": "agree"}, {"choice": "agree"}]
    # The mother reads what was said for her, and may say it otherwise.
    own = Client()
    small_district.log_in_resident(own, mother)
    own.cookies["lianxin-language"] = "en"
    seen = read(own, mine(vote))
    assert "as proxy" in seen
    assert "I agree" in seen
    assert send(own, vote, choice="abstain", instead="True").status_code == 302


def test_visitors_are_asked_to_log_in_and_the_papers_lead_back_to_the_question(
    client: Client, resident: Client, owner: Person
) -> None:
    matter = matters.open_matter(
        actor=SYSTEM, community=owner.community_id, title="一栋要不要电梯", is_public=True, at=now()
    )
    vote = make_residents_vote(owner, "consent")
    with scope.everything():
        Vote.objects.filter(pk=vote.pk).update(matter=matter)

    stranger = Client().get(mine(vote))
    story = read(resident, reverse("resident:matter", args=[owner.community_id, matter.pk]))
    page = read(resident, mine(vote))

    assert reverse("login_phone") in stranger.headers["Location"]
    assert reverse("resident:vote", args=[vote.pk]) in story
    assert f"{reverse('resident:case_new')}?words=" in story
    assert reverse("resident:matter", args=[owner.community_id, matter.pk]) in page


def test_what_is_public_is_found_by_the_search_of_residents(resident: Client, owner: Person) -> None:
    vote = make_residents_vote(owner, "consent", question="池塘边装护栏")
    matter = matters.open_matter(
        actor=SYSTEM, community=owner.community_id, title="池塘边太暗", is_public=True, at=now()
    )
    matters.open_matter(actor=SYSTEM, community=owner.community_id, title="池塘边的旧账", at=now())

    found = read(resident, f"{reverse('resident:search')}?q=池塘边")

    assert reverse("resident:vote", args=[vote.pk]) in found
    assert reverse("resident:matter", args=[owner.community_id, matter.pk]) in found
    assert "池塘边的旧账" not in found
