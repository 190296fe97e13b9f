"""Organisations: one register, entered once, shown with masked contacts."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from lianxin.domain.people.commands.organisations import register_organisation
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.places.models import Division
from lianxin.engines.identity import uscc_check_character
from lianxin.faces.staff.tests.people_pages import AT, enter, looks, page, send, text_of, words_in_workbook

pytestmark = pytest.mark.django_db
BODY = "91440507MA4X12345"
USCC = BODY + uscc_check_character(BODY)
PHONE = "13900139000"


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    return enter(client, "community_staff", tree.cuiying)


def shop(community: Division, name: str = "长平超市", **values: Any) -> Organisation:
    """A merchant with a contact."""
    entries = {"roles": ["merchant"], "contact_name": "林老板", "phone": PHONE} | values
    return register_organisation(actor=make.SYSTEM, name=name, communities=[community.pk], at=AT, **entries)


def typed(tree: Tree, **more: Any) -> dict[str, Any]:
    return {"name": "长平超市", "roles": ["merchant", "donor"], "uscc": USCC, "community": str(tree.cuiying.pk)} | more


def test_an_organisation_is_registered_and_listed(office: Client, tree: Tree) -> None:
    answer = send(office, "organisation_new", data=typed(tree, phone=PHONE, aliases="长平店\n老林超市"))

    assert answer.status_code == 302
    text = text_of(page(office, "organisations", query="?role=donor"))
    assert "长平超市" in text
    assert "139****9000" in text
    assert PHONE not in text


@pytest.mark.parametrize("code", [BODY + "0", "91440507MA4X1234O5", "440500000012345"])
def test_a_wrong_credit_code_comes_back_with_a_sentence(office: Client, tree: Tree, code: str) -> None:
    answer = send(office, "organisation_new", data=typed(tree, uscc=code if code != USCC else BODY + "1"))

    assert answer.status_code == 422
    assert answer.context["form"].errors["uscc"]
    assert "长平超市" in text_of(answer)


def test_a_credit_code_is_entered_once_in_the_district(office: Client, tree: Tree) -> None:
    shop(tree.daya, uscc=USCC)

    answer = send(office, "organisation_new", data=typed(tree))

    assert answer.status_code == 422
    assert Organisation.objects.count() == 1


def test_the_contact_number_is_shown_once_with_a_reason(office: Client, tree: Tree) -> None:
    row = shop(tree.cuiying)

    without = send(office, "organisation_phone", row.pk, data={"reason": ""})
    shown = send(office, "organisation_phone", row.pk, data={"reason": "约谈协议"})

    assert PHONE not in text_of(without)
    assert PHONE in text_of(shown)
    assert PHONE not in text_of(page(office, "organisation", row.pk))
    assert looks() == ["约谈协议"]


def test_an_edit_keeps_the_number_that_was_left_empty(office: Client, tree: Tree) -> None:
    row = shop(tree.cuiying)
    data = {"name": "长平生活超市", "roles": ["merchant"], "version": row.version, "phone": ""}

    answer = send(office, "organisation_edit", row.pk, data=data)

    row.refresh_from_db()
    assert answer.status_code == 302
    assert row.name == "长平生活超市"
    assert row.phone.reveal() == PHONE


def test_an_agreement_that_ends_before_it_begins_is_refused(office: Client, tree: Tree) -> None:
    data = typed(tree, agreement_from="2026-05-01", agreement_until="2026-04-01")

    answer = send(office, "organisation_new", data=data)

    assert answer.status_code == 422
    assert answer.context["form"].errors["agreement_until"]


def test_organisations_of_other_communities_do_not_exist_here(office: Client, tree: Tree) -> None:
    row = shop(tree.daya)

    for name in ("organisation", "organisation_edit", "organisation_state"):
        assert page(office, name, row.pk).status_code == 404
    assert send(office, "organisation_link", row.pk, data={"community": str(tree.cuiying.pk)}).status_code == 404


def test_a_subdistrict_links_a_second_community_and_ends_it(client: Client, tree: Tree) -> None:
    row = shop(tree.cuiying)
    enter(client, "subdistrict_staff", tree.jinxia)
    data = {"community": str(tree.jintao.pk)}

    send(client, "organisation_link", row.pk, data=data)
    linked = text_of(page(client, "organisations", query=f"?community={tree.jintao.pk}"))
    send(client, "organisation_unlink", row.pk, data=data)
    unlinked = text_of(page(client, "organisations", query=f"?community={tree.jintao.pk}"))

    assert "长平超市" in linked
    assert "长平超市" not in unlinked


def test_only_the_district_makes_two_entries_one(client: Client, tree: Tree) -> None:
    gone, kept = shop(tree.cuiying, "长平超市"), shop(tree.cuiying, "长平生活超市")
    community = enter(Client(), "community_staff", tree.cuiying)
    enter(client, "district_staff")

    told = send(client, "organisation_merge", gone.pk, data={"name": "长平生活超市"})
    done = send(client, "organisation_merge", gone.pk, data={"name": "长平生活超市", "confirmed": "yes"})

    gone.refresh_from_db()
    assert page(community, "organisation_merge", kept.pk).status_code == 403
    assert told.status_code == 200
    assert done.status_code == 302
    assert gone.merged_into_id == kept.pk


def test_an_organisation_is_paused(office: Client, tree: Tree) -> None:
    row = shop(tree.cuiying)

    send(office, "organisation_state", row.pk, data={"state": "paused", "reason": "装修"})

    row.refresh_from_db()
    assert row.state == "paused"
    assert "装修" in text_of(page(office, "organisation", row.pk))


def test_the_list_leaves_as_a_workbook_masked(office: Client, tree: Tree) -> None:
    shop(tree.cuiying, uscc=USCC)

    words = words_in_workbook(page(office, "organisations", query="?as=xlsx"))

    assert "长平超市" in words
    assert USCC in words
    assert PHONE not in words
    assert "林老板" not in words
