import pytest

from lianxin.domain.people.commands import organisations
from lianxin.domain.people.queries.organisations import find_organisation, list_organisations
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import AT, SYSTEM
from lianxin.engines.identity import uscc_check_character
from lianxin.platform.errors import Invalid, Missing, NotAllowed

USCC = "91440507MA4UABCD1" + uscc_check_character("91440507MA4UABCD1")


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def register(name: str = "翠英茶行", **values):
    fields = {"roles": ["merchant"], "contact_name": "陈小明", "phone": "13800138000"}
    return organisations.register_organisation(actor=SYSTEM, name=name, at=AT, **(fields | values))


def test_one_organisation_has_several_roles_and_several_communities(tree: Tree) -> None:
    row = register(
        roles=["merchant", "donor"], communities=[tree.cuiying.pk, tree.jintao.pk], uscc=USCC, aliases=["茶行"]
    )

    bundle = find_organisation(actor=SYSTEM, organisation=row.pk)

    assert bundle.organisation.roles == ["donor", "merchant"]
    assert set(bundle.communities) == {tree.cuiying.pk, tree.jintao.pk}
    assert bundle.organisation.masked_contact == "陈*明"
    assert [o.name for o in list_organisations(actor=SYSTEM, query="茶行").rows] == ["翠英茶行"]


def test_a_credit_code_is_checked_and_registered_once(tree: Tree) -> None:
    register(uscc=USCC.lower())

    with pytest.raises(organisations.CreditCodeTaken):
        register("另一家", uscc=USCC)
    with pytest.raises(Invalid) as problem:
        register("第三家", uscc=USCC[:-1] + ("0" if USCC[-1] != "0" else "1"))
    assert "uscc" in problem.value.fields


def test_staff_see_organisations_of_their_communities_only(tree: Tree) -> None:
    mine = register(communities=[tree.cuiying.pk])
    theirs = register("大衙粮店", communities=[tree.daya.pk])
    actor = make.staff("community_staff", tree.cuiying)

    assert [o.id for o in list_organisations(actor=actor).rows] == [mine.pk]
    with pytest.raises(Missing):
        find_organisation(actor=actor, organisation=theirs.pk)
    with pytest.raises(Missing):
        organisations.link_organisation(actor=actor, organisation=mine.pk, community=tree.daya.pk, at=AT)


def test_a_merchant_sees_the_own_organisation(tree: Tree) -> None:
    mine, _other = register(), register("大衙粮店")
    actor = make.staff("merchant", tree.cuiying, organisations=frozenset({mine.pk}))

    assert [o.id for o in list_organisations(actor=actor).rows] == [mine.pk]


def test_merging_keeps_roles_names_and_links(tree: Tree) -> None:
    first = register("翠英茶行", communities=[tree.cuiying.pk])
    second = register("翠英茶叶行", roles=["donor"], communities=[tree.jintao.pk], uscc=USCC)

    with pytest.raises(NotAllowed):
        organisations.merge_organisations(
            actor=make.staff("community_staff", tree.cuiying), merged=first.pk, into=second.pk, at=AT
        )
    organisations.merge_organisations(actor=make.staff("district_staff"), merged=first.pk, into=second.pk, at=AT)

    bundle = find_organisation(actor=SYSTEM, organisation=second.pk)
    assert bundle.organisation.roles == ["donor", "merchant"]
    assert bundle.aliases == ["翠英茶行"]
    assert len(bundle.communities) == 2
    assert find_organisation(actor=SYSTEM, organisation=first.pk).merged_into == second.pk
    with pytest.raises(organisations.found.OrganisationEnded):
        organisations.link_organisation(actor=SYSTEM, organisation=first.pk, community=tree.daya.pk, at=AT)
