"""Acting on behalf: letting the family act, acting for somebody, and ending it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.people.models import Person, ProxyLink
from lianxin.domain.people.queries.consents import has_consent
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.models import AuditEntry
from tests.support.district import SmallDistrict

SYSTEM = Actor.system()


def grown_up(district: SmallDistrict, community, *, but: Person | None = None) -> Person:
    """Somebody of age in a community."""
    born_before = district.today - timedelta(days=30 * 366)
    with scope.everything():
        rows = Person.objects.filter(community=community, state="living", birth_on__lt=born_before).order_by("pk")
        return rows.exclude(pk=but.pk).first() if but else rows.first()


def link(district: SmallDistrict, *, principal: Person, agent: Person, acts: list[str]) -> ProxyLink:
    """A family link by consent."""
    receipt = give_consent(actor=SYSTEM, person=principal.pk, purpose="proxy", how="paper", at=now())
    return link_proxy(
        actor=SYSTEM,
        principal=principal.pk,
        kind="family",
        acts=acts,
        from_on=district.today,
        until_on=district.today + timedelta(days=100),
        agent_person=agent.pk,
        consent=receipt.pk,
        at=now(),
    )


@pytest.fixture
def daughter(small_district: SmallDistrict, client: Client) -> tuple[Client, Person, Person]:
    """A daughter in 翠英 who may act for a parent in 金洲村: client, herself, the parent."""
    child = grown_up(small_district, small_district.cuiying)
    parent = grown_up(small_district, small_district.jinzhou_village)
    link(small_district, principal=parent, agent=child, acts=["consent", "see_record"])
    small_district.log_in_resident(client, child)
    return client, child, parent


def test_parent_in_another_community_is_listed_masked(daughter) -> None:
    client, _child, parent = daughter

    page = client.get(reverse("resident:me")).content.decode()

    assert mask_name(parent.name) in page
    assert parent.name not in page


def test_every_page_says_for_whom(daughter) -> None:
    client, _child, parent = daughter
    client.post(reverse("resident:act_for"), {"person": str(parent.pk)})

    for name in ("me", "home", "places", "services", "card", "consents"):
        page = client.get(reverse(f"resident:{name}"), follow=True).content.decode()
        assert f"您正在替{mask_name(parent.name)}办事" in page, name


def test_consent_given_for_the_parent_names_both(daughter) -> None:
    client, child, parent = daughter
    client.post(reverse("resident:act_for"), {"person": str(parent.pk)})

    client.post(reverse("resident:consent", args=["notices"]), {"answer": "give", "version": "1"})

    with scope.everything():
        assert has_consent(person=parent.pk, purpose="notices")
        assert not has_consent(person=child.pk, purpose="notices")
        entry = AuditEntry.objects.filter(action="people.give_consent").order_by("-at", "-id").first()
    assert str(parent.pk) in str(entry.on_behalf_of)


def test_link_that_does_not_cover_consent_cannot_decide(small_district: SmallDistrict, client: Client) -> None:
    child = grown_up(small_district, small_district.cuiying)
    parent = grown_up(small_district, small_district.cuiying, but=child)
    link(small_district, principal=parent, agent=child, acts=["see_record"])
    small_district.log_in_resident(client, child)
    client.post(reverse("resident:act_for"), {"person": str(parent.pk)})

    answer = client.post(reverse("resident:consent", args=["notices"]), {"answer": "give", "version": "1"})

    assert answer.status_code == 403
    with scope.everything():
        assert not has_consent(person=parent.pk, purpose="notices")


def test_nobody_acts_for_somebody_without_a_link(small_district: SmallDistrict, resident: Client) -> None:
    stranger = grown_up(small_district, small_district.jinzhou_village)

    assert resident.post(reverse("resident:act_for"), {"person": str(stranger.pk)}).status_code == 404
    assert resident.post(reverse("resident:act_for"), {"person": "x"}).status_code == 404


def test_own_pages_stay_the_own_while_acting(daughter) -> None:
    client, child, parent = daughter
    client.post(reverse("resident:act_for"), {"person": str(parent.pk)})

    page = client.post(reverse("resident:my_data")).content.decode()

    assert child.name in page
    assert parent.name not in page


def test_agent_ends_the_link_from_another_community(daughter) -> None:
    client, _child, parent = daughter
    with scope.everything():
        row = ProxyLink.objects.get(principal=parent, revoked_at=None)
    client.post(reverse("resident:act_for"), {"person": str(parent.pk)})

    asked = client.get(reverse("resident:family_end", args=[row.pk]))
    client.post(reverse("resident:family_end", args=[row.pk]))

    assert asked.status_code == 200
    with scope.everything():
        row.refresh_from_db()
    assert row.revoked_at is not None
    assert "您正在替" not in client.get(reverse("resident:me")).content.decode()


def test_principal_ends_the_link(small_district: SmallDistrict, client: Client) -> None:
    parent = grown_up(small_district, small_district.cuiying)
    child = grown_up(small_district, small_district.cuiying, but=parent)
    row = link(small_district, principal=parent, agent=child, acts=["all"])
    small_district.log_in_resident(client, parent)

    client.post(reverse("resident:family_end", args=[row.pk]))

    with scope.everything():
        row.refresh_from_db()
    assert row.revoked_at is not None


def test_somebody_elses_link_is_missing(small_district: SmallDistrict, resident: Client) -> None:
    parent = grown_up(small_district, small_district.jinzhou_village)
    child = grown_up(small_district, small_district.jinzhou_village, but=parent)
    row = link(small_district, principal=parent, agent=child, acts=["all"])

    assert resident.get(reverse("resident:family_end", args=[row.pk])).status_code == 404
    assert resident.post(reverse("resident:family_end", args=[row.pk])).status_code == 404
    assert resident.post(reverse("resident:family_end", args=[uuid4()])).status_code == 404


@pytest.fixture
def spouse(small_district: SmallDistrict, client: Client) -> Client:
    """The head of a household with another grown-up in it, logged in."""
    born_before = small_district.today - timedelta(days=20 * 366)
    with scope.everything():
        grown = Person.objects.filter(state="living", birth_on__lt=born_before, community=small_district.cuiying)
        homes = grown.exclude(relation="head").values("household")
        head = grown.filter(relation="head", household__in=homes).order_by("pk").first()
    small_district.log_in_resident(client, head)
    return client


def test_grown_up_of_the_household_is_let_to_act(small_district: SmallDistrict, spouse: Client) -> None:
    form = spouse.get(reverse("resident:family_new")).context["form"]
    agent, _name = form.fields["agent"].choices[0]
    until = form.fields["until_on"].choices[1][0]
    asked = {"key": str(form["key"].value()), "agent": agent, "acts": ["meals", "desk"], "until_on": until}

    first = spouse.post(reverse("resident:family_new"), asked)
    again = spouse.post(reverse("resident:family_new"), asked)

    assert first.url == again.url == reverse("resident:family")
    with scope.everything():
        rows = ProxyLink.objects.filter(agent_person=agent, revoked_at=None, kind="family")
        assert [row.acts for row in rows] == [["desk", "meals"]]


def test_form_without_a_matter_keeps_what_was_typed(small_district: SmallDistrict, spouse: Client) -> None:
    form = spouse.get(reverse("resident:family_new")).context["form"]
    agent, _name = form.fields["agent"].choices[0]

    answer = spouse.post(
        reverse("resident:family_new"),
        {"key": str(form["key"].value()), "agent": agent, "until_on": form.fields["until_on"].choices[0][0]},
    )

    assert answer.status_code == 422
    assert "checked" in answer.content.decode()


def test_somebody_outside_the_household_cannot_be_chosen(small_district: SmallDistrict, resident: Client) -> None:
    stranger = grown_up(small_district, small_district.jinzhou_village)
    form = resident.get(reverse("resident:family_new")).context["form"]

    answer = resident.post(
        reverse("resident:family_new"),
        {
            "key": str(form["key"].value()),
            "agent": str(stranger.pk),
            "acts": ["meals"],
            "until_on": form.fields["until_on"].choices[0][0],
        },
    )

    assert answer.status_code == 422
    with scope.everything():
        assert not ProxyLink.objects.filter(agent_person=stranger).exists()
