from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands import cards, consents, erasure, leaving, my_data, persons, proxies, vulnerabilities
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.consents import has_consent, list_consents
from lianxin.domain.people.queries.counts import count_by_age, count_elders
from lianxin.domain.people.queries.people import find_by_number, find_person, list_people
from lianxin.domain.people.rules import cards as card_rules
from lianxin.domain.people.rules.persons import age_on, band_of, years_before
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import AT, SYSTEM, TODAY
from lianxin.platform import scope
from lianxin.platform.errors import EditedMeanwhile, Gone, Invalid, Missing, NotAllowed
from lianxin.platform.models import AuditEntry, Duty

ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


@pytest.fixture
def elder(tree: Tree) -> Person:
    home = make.make_household(
        tree.cuiying, make.new_person(id_number=make.id_number(date(1950, 5, 1)), phone="138 0013 8000")
    )
    return make.members_of(home)[0]


def edit(person: Person, **values: object) -> Person:
    fields = {"name": person.name, "relation": person.relation, "residence": person.residence}
    return persons.edit_person(actor=SYSTEM, person=person.pk, version=person.version, at=AT, **(fields | values))


def test_ages_are_whole_years_and_leap_days_count_on_the_first_of_march() -> None:
    assert age_on(date(2004, 2, 29), date(2026, 2, 28)) == 21
    assert age_on(date(2004, 2, 29), date(2026, 3, 1)) == 22
    assert years_before(date(2028, 2, 29), 60) == date(1968, 2, 29)
    assert band_of(date(1966, 11, 20), TODAY) == "60_69"
    assert band_of(date(1966, 11, 21), TODAY) == "18_59"


def test_a_card_number_finds_each_wrong_digit_and_each_swap_of_neighbours() -> None:
    number = card_rules.number_from(123456)

    assert card_rules.is_number(number)
    for place in range(8):
        for digit in "0123456789":
            if digit != number[place]:
                assert not card_rules.is_number(number[:place] + digit + number[place + 1 :])
    for place in range(7):
        if number[place] != number[place + 1]:
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert not card_rules.is_number(swapped)


def test_a_list_masks_and_stays_within_four_queries(tree: Tree, elder: Person, django_assert_max_num_queries) -> None:
    actor = make.staff("community_staff", tree.cuiying)
    make.make_household(tree.jintao, make.new_person("林阿妹"))

    with django_assert_max_num_queries(4):
        page = list_people(actor=actor, on=TODAY, query="陈小明", band="60_up")

    (row,) = page.rows
    assert (row.masked_name, row.masked_phone, row.masked_address) == ("陈*明", "138****8000", "长平路****")
    assert (page.total, page.is_more) == (1, False)


def test_pages_follow_each_other_in_both_orders(tree: Tree) -> None:
    for year in range(1940, 1947):
        make.make_household(tree.cuiying, make.new_person(birth_on=date(year, 1, 1)))

    for band in ("", "60_up"):
        seen, after = [], ""
        while True:
            page = list_people(actor=SYSTEM, on=TODAY, band=band, after=after, limit=3)
            seen += [row.id for row in page.rows]
            after = page.after
            if not after:
                break
        assert len(seen) == len(set(seen)) == 7


def test_a_typed_number_finds_the_person_however_it_is_written(tree: Tree, elder: Person) -> None:
    assert [row.id for row in find_by_number(actor=SYSTEM, on=TODAY, phone="+86 138-0013-8000")] == [elder.pk]
    number = persons.reveal_field(actor=SYSTEM, person=elder.pk, field="id_number", reason="check", at=AT)
    assert [row.id for row in find_by_number(actor=SYSTEM, on=TODAY, id_number=f" {number} ")] == [elder.pk]
    assert [row.id for row in list_people(actor=SYSTEM, on=TODAY, query="13800138000").rows] == [elder.pk]


@pytest.mark.parametrize("role", [*ADMINISTRATORS, "volunteer", "host", "merchant", "partner"])
def test_these_roles_see_no_residents(tree: Tree, elder: Person, role: str) -> None:
    actor = make.staff(role)

    assert list_people(actor=actor, on=TODAY).rows == []
    with pytest.raises(Missing):
        find_person(actor=actor, person=elder.pk, on=TODAY)
    with pytest.raises(NotAllowed):
        persons.reveal_field(actor=actor, person=elder.pk, field="phone", reason="x", at=AT)


def test_a_resident_sees_the_own_household_and_nobody_else(tree: Tree) -> None:
    home = make.make_household(tree.cuiying, make.new_person(), make.new_person("林阿妹", "spouse"))
    make.make_household(tree.cuiying, make.new_person("黄丽"))
    me, spouse = make.members_of(home)

    seen = {row.id for row in list_people(actor=make.resident(me), on=TODAY).rows}

    assert seen == {me.pk, spouse.pk}
    assert find_person(actor=make.resident(me), person=me.pk, on=TODAY).name == "陈小明"
    assert find_person(actor=make.resident(me), person=spouse.pk, on=TODAY).name == "林*妹"


def test_a_look_behind_a_mask_needs_a_reason_and_is_logged(tree: Tree, elder: Person) -> None:
    actor = make.staff("community_staff", tree.cuiying)

    with pytest.raises(Invalid):
        persons.reveal_field(actor=actor, person=elder.pk, field="phone", reason=" ", at=AT)
    shown = persons.reveal_field(actor=actor, person=elder.pk, field="phone", reason="送餐前联系", at=AT)

    assert shown == "13800138000"
    entry = AuditEntry.objects.get(action="people.reveal_field")
    assert (entry.account_id, entry.reason) == (actor.account, "送餐前联系")


def test_an_edit_of_an_old_version_is_refused_and_the_id_number_keeps_birthday_and_sex(elder: Person) -> None:
    changed = edit(elder, name="陈大明", birth_on=date(1960, 1, 1), sex="m")

    assert (changed.name, changed.birth_on, changed.sex) == ("陈大明", date(1950, 5, 1), "f")
    with pytest.raises(EditedMeanwhile):
        edit(elder, name="陈三明")


def test_the_audit_log_holds_no_name(elder: Person) -> None:
    from lianxin.platform.models import AuditTarget

    edit(elder, name="陈大明")

    with scope.everything():
        assert all("陈" not in str(target.change) for target in AuditTarget.objects.all())


def test_vulnerability_facts_are_sealed_and_shown_with_a_reason_only_to_community_staff(
    tree: Tree, elder: Person
) -> None:
    actor = make.staff("community_staff", tree.cuiying)
    fact = vulnerabilities.record_vulnerability(
        actor=actor, person=elder.pk, kind="dementia", source="family", detail="常走失", at=AT
    )

    with pytest.raises(Invalid):
        vulnerabilities.record_vulnerability(actor=actor, person=elder.pk, kind="dementia", source="self", at=AT)
    with pytest.raises(NotAllowed):
        vulnerabilities.reveal_vulnerabilities(actor=make.staff("district_staff"), person=elder.pk, reason="x", at=AT)
    (shown,) = vulnerabilities.reveal_vulnerabilities(actor=actor, person=elder.pk, reason="入户", at=AT)

    assert (shown.kind, shown.detail) == ("dementia", "常走失")
    assert "dementia" not in bytes(fact.kind.ciphertext).decode("latin1")
    with scope.everything():
        duty = Duty.objects.get(closed_at=None)
    assert "dementia" not in duty.title
    vulnerabilities.end_vulnerability(actor=actor, fact=fact.pk, on=TODAY, at=AT)
    with scope.everything():
        assert not Duty.objects.filter(closed_at=None).exists()


def test_consent_is_to_a_version_and_withdrawal_is_a_row_of_its_own(elder: Person) -> None:
    make.load_register()
    me = make.resident(elder)
    first = consents.give_consent(actor=me, person=elder.pk, purpose="notices", how="screen", at=AT)
    again = consents.give_consent(actor=me, person=elder.pk, purpose="notices", how="screen", at=AT)
    consents.publish_consent_text(actor=SYSTEM, purpose="notices", version=2, text="新的说明", valid_from=TODAY, at=AT)

    assert again.pk == first.pk
    line = next(x for x in list_consents(actor=me, person=elder.pk, on=TODAY) if x.purpose == "notices")
    assert (line.version, line.given_version, line.is_valid) == (2, 1, True)
    assert consents.withdraw_consent(actor=me, person=elder.pk, purpose="notices", how="screen", at=AT) == 1
    with scope.everything():
        assert not has_consent(person=elder.pk, purpose="notices")
    with pytest.raises(consents.AlreadyWithdrawn):
        consents.withdraw_consent(actor=me, person=elder.pk, purpose="notices", how="screen", at=AT)
    with pytest.raises(Invalid):
        consents.publish_consent_text(
            actor=SYSTEM, purpose="notices", version=2, text="再一次", valid_from=TODAY, at=AT
        )


def test_nobody_consents_for_a_neighbour(tree: Tree, elder: Person) -> None:
    make.load_register()
    (neighbour,) = make.members_of(make.make_household(tree.cuiying, make.new_person("黄丽")))

    with pytest.raises(NotAllowed):
        consents.give_consent(actor=make.resident(neighbour), person=elder.pk, purpose="notices", how="screen", at=AT)


def test_for_a_child_only_the_guardian_consents(tree: Tree) -> None:
    make.load_register()
    home = make.make_household(
        tree.cuiying, make.new_person(), make.new_person("陈小宝", "grandchild", birth_on=date(2018, 1, 1))
    )
    grown, child = make.members_of(home)

    with pytest.raises(consents.NotFromThisGiver):
        consents.give_consent(actor=SYSTEM, person=child.pk, purpose="child_data", how="paper", at=AT)
    proxies.link_proxy(
        actor=SYSTEM,
        principal=child.pk,
        kind="guardian",
        acts=["all"],
        agent_person=grown.pk,
        from_on=TODAY,
        at=AT,
    )
    receipt = consents.give_consent(
        actor=make.resident(grown),
        person=child.pk,
        purpose="child_data",
        how="screen",
        by="guardian",
        by_person=grown.pk,
        at=AT,
    )

    assert receipt.by == "guardian"


def test_a_proxy_stands_on_consent_and_falls_with_it(tree: Tree, elder: Person) -> None:
    make.load_register()
    (helper,) = make.members_of(make.make_household(tree.cuiying, make.new_person("黄丽", birth_on=date(1980, 1, 1))))
    link = {
        "actor": SYSTEM,
        "principal": elder.pk,
        "kind": "family",
        "acts": ["meals", "see_record"],
        "agent_person": helper.pk,
        "from_on": TODAY,
        "until_on": TODAY + timedelta(days=300),
        "at": AT,
    }
    with pytest.raises(Invalid):
        proxies.link_proxy(**link)
    receipt = consents.give_consent(actor=SYSTEM, person=elder.pk, purpose="proxy", how="paper", at=AT)
    proxies.link_proxy(**link, consent=receipt.pk)

    assert elder.pk in {row.id for row in list_people(actor=make.resident(helper), on=TODAY).rows}
    consents.withdraw_consent(actor=SYSTEM, person=elder.pk, purpose="proxy", how="phone", at=AT)
    assert elder.pk not in {row.id for row in list_people(actor=make.resident(helper), on=TODAY).rows}


def test_a_card_identifies_masked_and_a_reprint_revokes_the_old_one(tree: Tree, elder: Person) -> None:
    staff = make.staff("community_staff", tree.cuiying)
    volunteer = make.staff("volunteer", tree.daya)
    old = cards.issue_card(actor=staff, person=elder.pk, at=AT)

    with pytest.raises(cards.HasCard):
        cards.issue_card(actor=staff, person=elder.pk, at=AT)
    for shown in (old.token, old.number, f" {old.number[:4]} {old.number[4:]} "):
        holder = cards.identify_card(actor=volunteer, shown=shown, identity_check="known_in_person", at=AT)
        assert (holder.person, holder.masked_name) == (elder.pk, "陈*明")
    with pytest.raises(Invalid):
        cards.identify_card(actor=volunteer, shown=old.token, identity_check="", at=AT)
    with pytest.raises(NotAllowed):
        cards.identify_card(actor=make.resident(elder), shown=old.token, identity_check="card_only", at=AT)
    new = cards.reprint_card(actor=staff, person=elder.pk, reason="lost", at=AT)
    with pytest.raises(Gone):
        cards.identify_card(actor=volunteer, shown=old.token, identity_check="card_only", at=AT)
    leaving.record_move_out(actor=SYSTEM, person=elder.pk, on=TODAY, at=AT)
    with pytest.raises(Gone):
        cards.identify_card(actor=volunteer, shown=new.number, identity_check="card_only", at=AT)


def test_a_wrong_card_number_is_told_in_a_sentence(tree: Tree) -> None:
    with pytest.raises(Invalid):
        cards.identify_card(actor=SYSTEM, shown="12345678", identity_check="card_only", at=AT)
    with pytest.raises(Missing):
        cards.identify_card(actor=SYSTEM, shown=card_rules.number_from(42), identity_check="card_only", at=AT)


def test_my_data_names_everything_and_erasure_leaves_a_tombstone(tree: Tree, elder: Person) -> None:
    make.load_register()
    consents.give_consent(actor=SYSTEM, person=elder.pk, purpose="notices", how="paper", at=AT)
    vulnerabilities.record_vulnerability(actor=SYSTEM, person=elder.pk, kind="living_alone", source="visit", at=AT)
    cards.issue_card(actor=SYSTEM, person=elder.pk, at=AT)

    mine = my_data.export_my_data(actor=make.resident(elder), person=elder.pk, at=AT)["data"]["people"]
    assert mine["phone"] == "13800138000"
    assert [v["kind"] for v in mine["vulnerabilities"]] == ["living_alone"]
    assert len(mine["consents"]) == len(mine["cards"]) == 1
    with pytest.raises(erasure.MustStay):
        erasure.erase_person(actor=SYSTEM, person=elder.pk, ground="本人要求", at=AT)

    leaving.record_move_out(actor=SYSTEM, person=elder.pk, on=TODAY, at=AT)
    tombstone = erasure.erase_person(actor=SYSTEM, person=elder.pk, ground="本人要求", at=AT)

    row = make.fresh(elder)
    assert (row.state, row.name, row.phone, row.id_digest) == ("erased", "", None, None)
    assert tombstone.kept
    with pytest.raises(Gone):
        find_person(actor=SYSTEM, person=elder.pk, on=TODAY)
    assert list_people(actor=SYSTEM, on=TODAY, query="陈小明", state="").rows == []


def test_a_resident_cannot_export_a_neighbour(tree: Tree, elder: Person) -> None:
    (neighbour,) = make.members_of(make.make_household(tree.cuiying, make.new_person("黄丽")))

    with pytest.raises(Missing):
        my_data.export_my_data(actor=make.resident(neighbour), person=elder.pk, at=AT)


def test_ages_are_counted_by_community(tree: Tree, elder: Person) -> None:
    make.make_household(tree.jintao, make.new_person("黄丽", birth_on=date(1990, 1, 1)))

    with scope.everything():
        assert count_by_age(on=TODAY) == {tree.cuiying.pk: {"70_79": 1}, tree.jintao.pk: {"18_59": 1}}
        assert count_elders(on=TODAY) == 1
