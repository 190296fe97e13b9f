"""Residents at the entrance, through the pages."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse

from lianxin.domain.people.models import Account, Household, Person
from lianxin.domain.people.rules.contacts import sealed_phone
from lianxin.domain.people.tests.account_factories import AT, Tree
from lianxin.faces.entrance.session import network_of
from lianxin.platform import scope
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def family() -> list[Person]:
    tree = Tree()
    number = sealed_phone(PHONE)
    with scope.everything():
        household = Household.objects.create(community=tree.cuiying, number="1", created_on=date(2020, 1, 1))
        return [
            Person.objects.create(
                community=tree.cuiying,
                household=household,
                name=name,
                birth_on=born,
                phone=number.sealed,
                phone_digest=number.digest,
                phone_last4=number.last4,
                relation="head",
                residence="registered",
                registered_on=date(2020, 1, 1),
            )
            for name, born in (("林秀英", date(1948, 3, 3)), ("陈建国", date(1972, 8, 8)))
        ]


def _code() -> str:
    with scope.everything():
        return json.loads(Message.objects.order_by("-id").first().context.reveal())["code"]


def _ask(client: Client, phone: str = PHONE):
    return client.post(reverse("login_phone"), {"phone": phone})


def test_number_and_code_lead_in(client: Client) -> None:
    asked = _ask(client)
    page = client.get(asked.url).content.decode()
    done = client.post(asked.url, {"code": _code()})

    assert asked.url == reverse("login_phone_code")
    assert "138****8000" in page
    assert PHONE not in page
    assert done.status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_the_number_is_not_readable_in_the_session(client: Client) -> None:
    _ask(client)

    assert PHONE not in json.dumps(dict(client.session))


def test_a_wrong_number_keeps_what_was_typed(client: Client) -> None:
    answer = _ask(client, "1380013")

    assert answer.status_code == 422
    assert "1380013" in answer.content.decode()


def test_asking_twice_at_once_gets_a_sentence(client: Client) -> None:
    _ask(client)

    again = _ask(client)

    assert again.status_code == 422
    assert "60" in again.content.decode()


def test_a_family_chooses_by_masked_name_and_year(client: Client, family: list[Person]) -> None:
    _ask(client)
    chosen = client.post(reverse("login_phone_code"), {"code": _code()})
    page = client.get(chosen.url).content.decode()
    wrong = client.post(chosen.url, {"person": str(family[0].pk), "birth_year": "1972"})
    right = client.post(chosen.url, {"person": str(family[0].pk), "birth_year": "1948"})

    assert chosen.url == reverse("login_phone_who")
    assert "林秀英" not in page
    assert "林*英" in page
    assert wrong.status_code == 422
    assert right.status_code == 302
    assert Account.objects.get().person_id == family[0].pk


def test_a_code_that_is_too_old_offers_a_new_one(client: Client, clock) -> None:
    _ask(client)
    code = _code()

    clock.shift(timedelta(minutes=5))
    answer = client.post(reverse("login_phone_code"), {"code": code})

    assert answer.status_code == 410
    assert reverse("login_phone") in answer.content.decode()


def test_five_wrong_codes_show_when_to_try_again(client: Client) -> None:
    _ask(client)
    wrong = f"{(int(_code()) + 1) % 1_000_000:06d}"

    answers = [client.post(reverse("login_phone_code"), {"code": wrong}).status_code for _try in range(5)]

    assert answers == [422] * 4 + [403]


def test_a_residents_session_outlives_half_an_hour(client: Client, clock) -> None:
    _ask(client)
    client.post(reverse("login_phone_code"), {"code": _code()})

    clock.shift(timedelta(hours=2))

    assert client.get(reverse("account")).status_code == 200


def test_password_pages_do_not_exist_for_residents(client: Client) -> None:
    _ask(client)
    client.post(reverse("login_phone_code"), {"code": _code()})

    assert client.get(reverse("account_password")).status_code == 404


def test_the_steps_cannot_be_entered_in_the_middle(client: Client) -> None:
    for name in ("login_phone_code", "login_phone_who"):
        assert client.get(reverse(name)).url == reverse("login_phone")
    assert client.get(reverse("login_code")).url == reverse("login")


def test_the_address_is_the_proxys_word_only_behind_a_trusted_proxy(settings) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 9.9.9.9"}, REMOTE_ADDR="10.0.0.1")

    settings.SECURE_PROXY_SSL_HEADER = None
    assert network_of(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert network_of(request) == "9.9.9.9"


def test_a_household_of_the_new_internet_counts_as_one_address() -> None:
    one, other = (RequestFactory().get("/", REMOTE_ADDR=f"2408:8256:1:2::{end}") for end in ("1", "ffff"))

    assert network_of(one) == network_of(other) == "2408:8256:0001:0002"
