"""Staff at the entrance, through the pages."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.commands.accounts import give_recovery_codes
from lianxin.domain.people.commands.invitations import invite_staff
from lianxin.domain.people.models import Account
from lianxin.domain.people.rules.invitations import StaffRow
from lianxin.domain.people.tests.account_factories import (
    AT,
    PASSWORD,
    Tree,
    make_account,
    make_staff,
    system,
    totp,
)
from lianxin.platform.commands import command

pytestmark = pytest.mark.django_db
NEW = "seven herons over the salt fields"


@command("tests.give_codes")
def _give_codes(*, actor, account, at, key=None):
    return give_recovery_codes(account=account, at=at)


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def _password(client: Client, account: Account, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(reverse("login"), {"login_name": account.login_name, "password": password, **more})


def _code(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("login_code"), {"code": code})


def _log_in(client: Client, account: Account, at=AT) -> HttpResponse:
    _password(client, account)
    return _code(client, totp(at))


def _is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_password_and_code_lead_in_and_onward(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    first = _password(client, account, next="/account/")
    second = _code(client, totp(AT))

    assert first.url == reverse("login_code")
    assert second.url == "/account/"
    assert _is_in(client)


def test_the_password_alone_opens_nothing(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    _password(client, account)

    assert not _is_in(client)


def test_the_session_key_changes_at_each_step(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    keys = []
    _password(client, account)
    keys.append(client.session.session_key)
    _code(client, totp(AT))
    keys.append(client.session.session_key)

    assert len(set(keys)) == 2


def test_an_unknown_name_and_a_wrong_password_read_the_same(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    wrong = _password(client, account, "wrong").content.decode()
    unknown = client.post(reverse("login"), {"login_name": "nobody", "password": "wrong"}).content.decode()

    def without(page: str, name: str) -> str:
        return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page).replace(name, "")

    assert without(wrong, account.login_name) == without(unknown, "nobody")


def test_a_foreign_address_is_not_followed_after_login(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    _password(client, account, next="https://evil.example/")

    assert "evil" not in _code(client, totp(AT)).url


def test_the_fifth_wrong_code_shows_when_the_lock_opens(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _password(client, account)

    answers = [_code(client, "000000") for _try in range(5)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [403]
    assert "09:15" in answers[-1].content.decode()
    assert _code(client, totp(AT)).url == reverse("login")


def test_the_code_must_follow_the_password_within_five_minutes(client: Client, tree: Tree, clock) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _password(client, account)

    clock.shift(timedelta(minutes=5))

    assert _code(client, totp(AT + timedelta(minutes=5))).url == reverse("login")


def test_a_recovery_code_leads_in(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    code = _give_codes(actor=system(), account=account, at=AT)[0]
    _password(client, account)

    _code(client, code)

    assert _is_in(client)


def test_after_thirty_idle_minutes_the_session_is_over(client: Client, tree: Tree, clock) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _log_in(client, account)

    clock.shift(timedelta(minutes=29))
    assert _is_in(client)
    clock.shift(timedelta(minutes=30))
    answer = client.get("/account/")

    assert answer.url == "/login/?next=%2Faccount%2F"
    assert not _is_in(client)


def test_use_within_a_minute_writes_no_session(client: Client, tree: Tree, clock) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _log_in(client, account)
    seen = client.session["entrance_seen_at"]

    clock.shift(timedelta(seconds=59))
    client.get("/account/")
    assert client.session["entrance_seen_at"] == seen
    clock.shift(timedelta(seconds=1))
    client.get("/account/")

    assert client.session["entrance_seen_at"] != seen


def test_a_closed_account_is_out_at_the_next_click(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _log_in(client, account)

    Account.objects.filter(pk=account.pk).update(state="disabled")

    assert not _is_in(client)


def test_logging_out_takes_a_form_not_a_link(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _log_in(client, account)

    assert client.get(reverse("logout")).status_code == 405
    assert _is_in(client)
    client.post(reverse("logout"))
    assert not _is_in(client)


def test_forms_without_their_token_are_refused(tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)

    answer = _password(Client(enforce_csrf_checks=True), account)

    assert answer.status_code == 403


def test_a_given_password_must_be_changed_before_anything_else(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    Account.objects.filter(pk=account.pk).update(must_change_password=True)
    _log_in(client, account)

    assert client.get(reverse("account")).url == reverse("account_password")
    answer = client.post(reverse("account_password"), {"old": PASSWORD, "password": NEW, "again": NEW})

    assert answer.url == reverse("account")
    assert _is_in(client)


def test_without_a_second_factor_one_is_set_up_first(client: Client) -> None:
    account = make_account(totp=False)
    _password(client, account)

    page = client.get(reverse("account"), follow=True)
    secret = _secret_of(page)
    done = client.post(reverse("account_second_factor"), {"old": PASSWORD, "code": totp(AT, secret)})

    assert page.request["PATH_INFO"] == reverse("account_second_factor")
    assert len(_codes_of(done)) == 10
    assert _is_in(client)


def _secret_of(page: HttpResponse) -> str:
    return re.search(r"<code>([A-Z2-7 ]{32,})</code>", page.content.decode())[1].replace(" ", "")


def _codes_of(page: HttpResponse) -> list[str]:
    return re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", page.content.decode())


def test_changing_the_password_ends_the_other_sessions_only(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    other = Client()
    other.force_login(account)
    client.force_login(account)

    client.post(reverse("account_password"), {"old": PASSWORD, "password": NEW, "again": NEW})

    assert _is_in(client)
    assert not _is_in(other)


def test_a_wrong_present_password_counts_towards_the_lock(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    client.force_login(account)

    for _try in range(5):
        answer = client.post(reverse("account_password"), {"old": "wrong", "password": NEW, "again": NEW})

    account.refresh_from_db()
    assert answer.status_code == 422
    assert account.state == Account.State.LOCKED


def test_new_recovery_codes_need_the_password(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    client.force_login(account)

    refused = client.post(reverse("account_recovery_codes"), {"old": "wrong"})
    given = client.post(reverse("account_recovery_codes"), {"old": PASSWORD})

    assert _codes_of(refused) == []
    assert len(_codes_of(given)) == 10


def test_an_invitation_leads_to_a_working_login(client: Client, tree: Tree) -> None:
    row = StaffRow("李红", "li.hong", "community_staff", tree.cuiying.pk)
    invited = invite_staff(actor=system(), rows=[row], at=AT)[0]
    address = reverse("invitation", args=[invited.token])

    page = client.get(address)
    wrong = client.post(address, {"password": NEW, "again": NEW, "code": "000000"})
    done = client.post(address, {"password": NEW, "again": NEW, "code": totp(AT, _secret_of(page))})

    assert wrong.status_code == 422
    assert _secret_of(wrong) == _secret_of(page)
    assert len(_codes_of(done)) == 10
    assert client.get(address).status_code == 410
    _password(client, invited.account, NEW)
    code = re.sub("-", "", _codes_of(done)[0])
    _code(client, code)
    assert _is_in(client)


def test_a_link_that_never_was_is_gone(client: Client) -> None:
    assert client.get(reverse("invitation", args=["no-such-token"])).status_code == 410


def test_the_language_of_the_account_is_kept(client: Client, tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    client.force_login(account)

    answer = client.post(reverse("account"), {"language": "en"})

    account.refresh_from_db()
    assert account.language == "en"
    assert answer.cookies["lianxin-language"].value == "en"


@pytest.mark.parametrize("name", ["account", "account_password", "account_second_factor", "account_recovery_codes"])
def test_nobody_sees_an_account_page_without_logging_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).url.startswith(reverse("login"))


@pytest.mark.parametrize("name", ["login", "login_phone"])
def test_pages_of_the_entrance_are_not_kept_by_browsers(client: Client, name: str) -> None:
    assert "no-store" in client.get(reverse(name))["Cache-Control"]
