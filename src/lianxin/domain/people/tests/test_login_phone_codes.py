"""Residents come in by a code on their phone."""

import json
from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands import phone_codes as commands
from lianxin.domain.people.commands.accounts import unlock_account
from lianxin.domain.people.models import Account, Household, OneTimeCode, Person
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.contacts import sealed_phone
from lianxin.domain.people.tests.account_factories import AT, Tree, ids, make_account, make_staff
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db
NOBODY = Actor.anonymous()
PHONE = "13800138000"


@pytest.fixture
def tree() -> Tree:
    return Tree()


def _person(tree: Tree, name: str, born: date | None, phone: str = PHONE, **values) -> Person:
    with scope.everything():
        number = sealed_phone(phone)
        household = Household.objects.create(
            community=tree.cuiying, number=f"H{Household.objects.count()}", created_on=date(2020, 1, 1)
        )
        return Person.objects.create(
            **{
                "community": tree.cuiying,
                "household": household,
                "name": name,
                "birth_on": born,
                "phone": number.sealed,
                "phone_digest": number.digest,
                "phone_last4": number.last4,
                "relation": "head",
                "residence": "registered",
                "registered_on": date(2020, 1, 1),
            }
            | values
        )


def _ask(at=AT, phone: str = PHONE, address: str = "10.0.0.1") -> str:
    commands.request_phone_code(actor=NOBODY, phone=phone, address=address, at=at)
    with scope.everything():
        return json.loads(Message.objects.order_by("-id").first().context.reveal())["code"]


def _enter(code: str, at=AT, phone: str = PHONE) -> commands.PhoneStep:
    return commands.login_by_phone_code(actor=NOBODY, phone=phone, code=code, at=at)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_one_person_with_this_number_comes_in_and_reaches_only_their_community(tree: Tree) -> None:
    person = _person(tree, "陈小明", date(1950, 5, 1))

    step = _enter(_ask(phone="+86 138 0013 8000"))

    account = Account.objects.get(pk=step.account)
    actor = actor_for(account=account, at=AT)
    assert account.person_id == person.pk
    assert (actor.role, actor.communities, actor.person, actor.name) == (
        "resident",
        ids(tree.cuiying),
        person.pk,
        "陈小明",
    )


def test_the_next_login_finds_the_same_account(tree: Tree) -> None:
    _person(tree, "陈小明", date(1950, 5, 1))

    first = _enter(_ask())
    second = _enter(_ask(at=AT + timedelta(hours=2)), at=AT + timedelta(hours=2))

    assert first.account == second.account


def test_a_number_nobody_registered_comes_in_without_a_community_and_is_linked_later(tree: Tree) -> None:
    first = _enter(_ask())
    assert actor_for(account=Account.objects.get(pk=first.account), at=AT).communities == frozenset()

    person = _person(tree, "林阿婆", date(1940, 1, 1))
    later = _enter(_ask(at=AT + timedelta(hours=2)), at=AT + timedelta(hours=2))

    assert later.account == first.account
    assert Account.objects.get(pk=later.account).person_id == person.pk


def test_who_shares_a_number_chooses_and_proves_the_year_of_birth(tree: Tree) -> None:
    mother = _person(tree, "林秀英", date(1948, 3, 3))
    son = _person(tree, "陈建国", date(1972, 8, 8))

    step = _enter(_ask())
    wrong = commands.choose_person(
        actor=NOBODY, phone=PHONE, code_id=step.code, person=mother.pk, birth_year=1972, at=AT
    )
    right = commands.choose_person(
        actor=NOBODY, phone=PHONE, code_id=step.code, person=mother.pk, birth_year=1948, at=AT
    )

    assert step.outcome == commands.CHOOSE
    assert {pk for pk, _name in step.candidates} == {mother.pk, son.pk}
    assert wrong.outcome == commands.CHOOSE
    assert wrong.account is None
    assert Account.objects.get(pk=right.account).person_id == mother.pk


def test_guessing_years_ends_with_the_code(tree: Tree) -> None:
    mother = _person(tree, "林秀英", date(1948, 3, 3))
    _person(tree, "陈建国", date(1972, 8, 8))
    step = _enter(_ask())

    for year in range(1940, 1945):
        last = commands.choose_person(
            actor=NOBODY, phone=PHONE, code_id=step.code, person=mother.pk, birth_year=year, at=AT
        )

    assert last.outcome == commands.LOCKED


def test_a_stranger_cannot_be_chosen(tree: Tree) -> None:
    _person(tree, "林秀英", date(1948, 3, 3))
    _person(tree, "陈建国", date(1972, 8, 8))
    stranger = _person(tree, "黄大年", date(1960, 1, 1), phone="13900139000")
    step = _enter(_ask())

    tried = commands.choose_person(
        actor=NOBODY, phone=PHONE, code_id=step.code, person=stranger.pk, birth_year=1960, at=AT
    )

    assert tried.account is None


def test_a_child_with_the_mothers_number_gets_no_account(tree: Tree) -> None:
    mother = _person(tree, "林秀英", date(1985, 3, 3))
    _person(tree, "陈小宝", date(2018, 3, 3))

    step = _enter(_ask())

    assert Account.objects.get(pk=step.account).person_id == mother.pk


def test_who_died_or_moved_away_is_not_met_at_the_door(tree: Tree) -> None:
    _person(tree, "林秀英", date(1930, 3, 3), state="died", died_on=date(2025, 1, 1))

    step = _enter(_ask())

    assert Account.objects.get(pk=step.account).person_id is None


def test_a_code_opens_once_and_holds_five_minutes(tree: Tree) -> None:
    code = _ask()
    assert _enter(code, at=AT + timedelta(minutes=5)).outcome == commands.EXPIRED
    assert _enter(code, at=AT + timedelta(minutes=4, seconds=59)).outcome == commands.DONE
    assert _enter(code, at=AT + timedelta(minutes=4, seconds=59)).outcome == commands.EXPIRED


def test_a_new_code_ends_the_former_one() -> None:
    old = _ask()
    new = _ask(at=AT + timedelta(minutes=1))

    outcome = _enter(old, at=AT + timedelta(minutes=1)).outcome

    assert outcome == (commands.DONE if old == new else commands.REFUSED)


def test_five_wrong_codes_lock_the_phone_and_no_new_code_goes_out() -> None:
    code = _ask()

    outcomes = [_enter(_wrong(code)).outcome for _try in range(5)]

    assert outcomes == [commands.REFUSED] * 4 + [commands.LOCKED]
    assert _enter(code).outcome == commands.LOCKED
    with pytest.raises(commands.TooManyCodes):
        _ask(at=AT + timedelta(minutes=2))
    assert _enter(_ask(at=AT + timedelta(minutes=15)), at=AT + timedelta(minutes=15)).outcome == commands.DONE


def test_the_security_administrator_opens_a_locked_phone() -> None:
    account = Account.objects.get(pk=_enter(_ask()).account)
    later = AT + timedelta(hours=2)
    code = _ask(at=later)
    for _try in range(5):
        _enter(_wrong(code), at=later)
    _admin, security = make_staff("security_admin")

    unlock_account(actor=security, account=account.pk, at=later)

    assert _enter(code, at=later).outcome == commands.DONE


def test_one_code_a_minute_and_five_an_hour_for_a_phone() -> None:
    _ask()
    with pytest.raises(commands.TooManyCodes, match="59"):
        _ask(at=AT + timedelta(seconds=1))
    for minute in range(1, 5):
        _ask(at=AT + timedelta(minutes=minute))

    with pytest.raises(commands.TooManyCodes):
        _ask(at=AT + timedelta(minutes=6))
    assert _ask(at=AT + timedelta(minutes=60))


def test_a_machine_that_walks_through_numbers_is_stopped_by_its_address() -> None:
    for number in range(30):
        _ask(phone=f"138001380{number:02d}", at=AT + timedelta(seconds=number))

    with pytest.raises(commands.TooManyCodes):
        _ask(phone="13900139000", at=AT + timedelta(seconds=40))
    assert _ask(phone="13900139000", address="10.0.0.2", at=AT + timedelta(seconds=40))


def test_what_is_no_mobile_number_gets_a_sentence() -> None:
    with pytest.raises(Invalid) as problem:
        commands.request_phone_code(actor=NOBODY, phone="0754-88888888", address="10.0.0.1", at=AT)

    assert "phone" in problem.value.fields


def test_neither_number_nor_code_nor_address_is_stored_in_plain() -> None:
    code = _ask()

    kept = OneTimeCode.objects.values_list("phone_digest", "address_digest", "code_digest").get()
    assert not any(plain in value for plain in (PHONE, "10.0.0.1", code) for value in kept)


def test_an_account_of_staff_does_not_open_by_phone() -> None:
    staff = make_account()

    step = _enter(_ask())

    assert step.account != staff.pk
    assert Account.objects.get(pk=step.account).kind == Account.Kind.RESIDENT
