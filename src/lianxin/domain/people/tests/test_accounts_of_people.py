"""What becomes of accounts when the person's record changes."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from lianxin.domain.people.commands import account_links as links
from lianxin.domain.people.models import Account, Household, OneTimeCode, Person
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.tests.account_factories import (
    AT,
    DAY,
    Tree,
    give_role,
    ids,
    make_account,
    make_staff,
    system,
)
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import scope
from lianxin.platform.commands import command

pytestmark = pytest.mark.django_db
DIGEST = "d" * 64


@command("tests.close_accounts")
def _close(*, actor, person: UUID, at, forget: bool = False, key=None):
    return links.close_accounts_of(person=person, actor=actor, at=at, forget=forget)


@command("tests.move_accounts")
def _move(*, actor, merged: UUID, into: UUID, at, key=None):
    links.move_accounts(merged=merged, into=into, actor=actor, at=at)


@command("tests.follow_merge")
def _merge(*, actor, event: DivisionsMerged, at, key=None):
    links.follow_merge(event, actor=actor, at=at)


@pytest.fixture
def people() -> list[Person]:
    tree = Tree()
    with scope.everything():
        household = Household.objects.create(community=tree.cuiying, number="1", created_on=date(2020, 1, 1))
        return [
            Person.objects.create(
                community=tree.cuiying,
                household=household,
                name=name,
                relation="head",
                residence="registered",
                registered_on=date(2020, 1, 1),
            )
            for name in ("林秀英", "林秀瑛")
        ]


def _resident(person: Person, digest: str = DIGEST) -> Account:
    return Account.objects.create(
        kind="resident", state="active", phone_digest=digest, person_id=person.pk, created_at=AT
    )


def test_a_death_closes_the_residents_account_and_leaves_the_staff_account(people: list[Person]) -> None:
    resident = _resident(people[0])
    staff = make_account(person_id=people[0].pk)

    _close(actor=system(), person=people[0].pk, at=AT)

    states = dict(Account.objects.values_list("pk", "state"))
    assert states == {resident.pk: "disabled", staff.pk: "active"}


def test_after_erasure_nothing_names_the_person(people: list[Person]) -> None:
    _resident(people[0])
    OneTimeCode.objects.create(phone_digest=DIGEST, code_digest="x", sent_at=AT, expires_at=AT + timedelta(minutes=5))

    _close(actor=system(), person=people[0].pk, at=AT, forget=True)

    left = Account.objects.get()
    assert (left.person_id, left.phone_digest, left.display_name, left.state) == (None, "", "", "disabled")
    assert not OneTimeCode.objects.exists()


def test_merged_records_keep_one_account(people: list[Person]) -> None:
    moved, kept = _resident(people[0], "a" * 64), _resident(people[1], "b" * 64)

    _move(actor=system(), merged=people[0].pk, into=people[1].pk, at=AT)

    assert dict(Account.objects.values_list("pk", "state")) == {moved.pk: "disabled", kept.pk: "active"}
    assert set(Account.objects.values_list("person", flat=True)) == {people[1].pk}


def test_the_account_of_a_merged_record_goes_on_when_there_is_no_other(people: list[Person]) -> None:
    account = _resident(people[0])

    _move(actor=system(), merged=people[0].pk, into=people[1].pk, at=AT)

    account.refresh_from_db()
    assert (account.person_id, account.state) == (people[1].pk, "active")


def test_the_export_holds_no_secret(people: list[Person]) -> None:
    _resident(people[0])

    text = json.dumps(links.export_accounts(people[0].pk))

    assert "resident" in text
    assert DIGEST not in text


def test_old_codes_are_thrown_away_and_fresh_ones_kept() -> None:
    for days in (1, 3):
        sent = AT - timedelta(days=days)
        OneTimeCode.objects.create(
            phone_digest=DIGEST, code_digest="x", sent_at=sent, expires_at=sent + timedelta(minutes=5)
        )

    assert links.purge_codes(AT) == 1
    assert OneTimeCode.objects.get().sent_at == AT - timedelta(days=1)


def test_when_communities_merge_their_staff_work_on_in_the_new_one() -> None:
    tree = Tree()
    account, _actor = make_staff("community_staff", division=tree.jintao)
    both, _actor = make_staff("community_staff", division=tree.jintao)
    give_role(both, "community_staff", division=tree.cuiying)
    event = DivisionsMerged(divisions=(tree.jintao.pk, tree.cuiying.pk), into=tree.cuiying.pk, on=DAY)

    told = links.preview_merge(event)
    _merge(actor=system(), event=event, at=AT)

    assert "2" in told[0]
    for one in (account, both):
        assert actor_for(account=one, at=AT).communities == ids(tree.cuiying)
