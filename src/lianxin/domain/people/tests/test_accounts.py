"""Making, changing and closing accounts; resets by two people; one-time links."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction

from lianxin.domain.people.commands import accounts, invitations, resets
from lianxin.domain.people.models import Account, Invitation, ResetRequest
from lianxin.domain.people.rules.invitations import StaffRow
from lianxin.domain.people.tests.account_factories import (
    AT,
    PASSWORD,
    SECRET,
    Tree,
    make_account,
    make_staff,
    system,
    totp,
)
from lianxin.platform.errors import Invalid, NotAllowed, Refused

pytestmark = pytest.mark.django_db
NEW = "seven herons over the salt fields"


@pytest.fixture
def tree() -> Tree:
    return Tree()


def _create(**values) -> Account:
    return accounts.create_account(
        **{
            "actor": system(),
            "login_name": "chen.xm",
            "display_name": "陈小明",
            "encoded_password": accounts.new_password(password=PASSWORD),
            "at": AT,
        }
        | values
    )


def test_login_names_are_one_in_any_case_and_width() -> None:
    account = _create(login_name=" Ｃhen.XM ")

    assert account.login_name == "chen.xm"
    with pytest.raises(accounts.LoginNameTaken):
        _create(login_name="CHEN.xm")


def test_the_database_refuses_a_login_name_in_capitals() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_account("Chen")


def test_only_the_system_administrator_makes_accounts() -> None:
    _account, security = make_staff("security_admin")

    with pytest.raises(NotAllowed):
        _create(actor=security)


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "x" * 200])
def test_weak_passwords_get_a_sentence(password: str) -> None:
    with pytest.raises(Invalid) as problem:
        accounts.new_password(password=password)

    assert problem.value.fields["password"]


def test_a_password_like_the_login_name_is_refused() -> None:
    account = make_account("huangxiaohong")

    with pytest.raises(Invalid):
        accounts.new_password(password="huangxiaohong", account=account)


def test_nobody_changes_the_password_of_another() -> None:
    account = make_account()
    _other, actor = make_staff("system_admin")

    with pytest.raises(NotAllowed):
        accounts.set_password(actor=actor, account=account.pk, was=account.password, encoded="x", at=AT)


def test_two_changes_at_once_do_not_both_win() -> None:
    account, actor = make_staff("district_staff")
    was = account.password
    accounts.set_password(actor=actor, account=account.pk, was=was, encoded="first", at=AT)

    with pytest.raises(accounts.PasswordChangedMeanwhile):
        accounts.set_password(actor=actor, account=account.pk, was=was, encoded="second", at=AT)


def test_a_second_factor_needs_a_matching_first_code() -> None:
    account, actor = make_staff("district_staff")
    secret = accounts.new_totp_secret()

    with pytest.raises(Invalid):
        accounts.enrol_second_factor(actor=actor, account=account.pk, secret=secret, code="000000", at=AT)
    codes = accounts.enrol_second_factor(actor=actor, account=account.pk, secret=secret, code=totp(AT, secret), at=AT)

    account.refresh_from_db()
    assert account.totp_secret.reveal() == secret
    assert len(codes) == 10


def test_closing_needs_a_reason_and_empties_the_account() -> None:
    account = make_account()
    _admin, security = make_staff("security_admin")

    with pytest.raises(Invalid):
        accounts.disable_account(actor=security, account=account.pk, reason=" ", at=AT)
    closed = accounts.disable_account(actor=security, account=account.pk, reason="left", at=AT)

    assert (closed.state, closed.totp_secret, closed.has_usable_password()) == ("disabled", None, False)
    with pytest.raises(accounts.AccountIsClosed):
        accounts.disable_account(actor=security, account=account.pk, reason="again", at=AT)


def _invite(tree: Tree, login_name: str = "li.hong") -> invitations.Invited:
    _admin, security = make_staff("security_admin")
    row = StaffRow("李红", login_name, "community_staff", tree.cuiying.pk)
    return invitations.invite_staff(actor=security, rows=[row], at=AT)[0]


def _accept(token: str, at=AT, password: str = NEW) -> list[str]:
    return invitations.accept_invitation(token=token, password=password, secret=SECRET, code=totp(at), at=at)


def test_an_invitation_opens_the_account_once(tree: Tree) -> None:
    invited = _invite(tree)

    codes = _accept(invited.token)

    account = Account.objects.get(pk=invited.account.pk)
    assert account.state == Account.State.ACTIVE
    assert check_password(NEW, account.password)
    assert len(codes) == 10
    with pytest.raises(invitations.LinkIsOver):
        _accept(invited.token)


def test_an_invitation_ends_after_seven_days(tree: Tree) -> None:
    invited = _invite(tree)

    with pytest.raises(invitations.LinkIsOver):
        _accept(invited.token, at=AT + timedelta(days=7))


def test_a_weak_password_or_wrong_code_leaves_the_link_open(tree: Tree) -> None:
    invited = _invite(tree)

    with pytest.raises(Invalid):
        _accept(invited.token, password="short")
    with pytest.raises(Invalid):
        invitations.accept_invitation(token=invited.token, password=NEW, secret=SECRET, code="000000", at=AT)

    assert _accept(invited.token)


def test_a_renewed_invitation_ends_the_former_link(tree: Tree) -> None:
    invited = _invite(tree)
    _admin, security = make_staff("security_admin")

    token = invitations.renew_invitation(actor=security, account=invited.account.pk, at=AT)

    with pytest.raises(invitations.LinkIsOver):
        _accept(invited.token)
    assert _accept(token)


def test_the_token_itself_is_not_stored(tree: Tree) -> None:
    invited = _invite(tree)

    assert invited.token not in Invitation.objects.get().token_digest


def test_a_list_is_taken_whole_or_not_at_all(tree: Tree) -> None:
    make_account("taken")
    _admin, security = make_staff("security_admin")
    rows = [
        StaffRow("李红", "li.hong", "community_staff", tree.cuiying.pk),
        StaffRow("王强", "taken", "community_staff", tree.jintao.pk),
    ]

    with pytest.raises(accounts.LoginNameTaken):
        invitations.invite_staff(actor=security, rows=rows, at=AT)

    assert not Account.objects.filter(login_name="li.hong").exists()


def test_a_sheet_is_read_with_its_units_and_roles(tree: Tree) -> None:
    _admin, security = make_staff("security_admin")
    sheet = [["姓名", "登录名", "角色", "单位"], ["李红", "li.hong", "community_staff", "翠英社区"]]

    rows, problems = invitations.read_staff_sheet(actor=security, sheet=sheet)

    assert problems == []
    assert rows == [StaffRow("李红", "li.hong", "community_staff", tree.cuiying.pk)]


def _ask_reset(account: Account, actor, at=AT, **values) -> ResetRequest:
    return resets.request_reset(actor=actor, account=account.pk, reason="lost the phone", at=at, **values)


def test_a_reset_takes_two_people_who_are_not_the_holder(tree: Tree) -> None:
    account, holder = make_staff("community_staff", division=tree.cuiying)
    _colleague, colleague = make_staff("community_staff", division=tree.cuiying)
    _admin, security = make_staff("security_admin")

    with pytest.raises(resets.SecondPersonNeeded):
        _ask_reset(account, holder)
    asked = _ask_reset(account, colleague)
    with pytest.raises(NotAllowed):
        resets.approve_reset(actor=colleague, request=asked.pk, at=AT)
    token = resets.approve_reset(actor=security, request=asked.pk, at=AT)

    assert len(_accept(token)) == 10
    account.refresh_from_db()
    assert check_password(NEW, account.password)


def test_who_asked_cannot_approve_and_neither_can_the_holder() -> None:
    account, holder = make_staff("security_admin")
    _one, one = make_staff("security_admin")
    asked = _ask_reset(account, one)

    for actor in (one, holder):
        with pytest.raises(resets.SecondPersonNeeded):
            resets.approve_reset(actor=actor, request=asked.pk, at=AT)


def test_the_database_refuses_an_approval_by_the_one_who_asked() -> None:
    account = make_account()
    one, actor = make_staff("security_admin")
    asked = _ask_reset(account, actor)

    with pytest.raises(IntegrityError), transaction.atomic():
        ResetRequest.objects.filter(pk=asked.pk).update(approved_by=one)


def test_a_request_is_decided_once_and_within_a_day() -> None:
    account = make_account()
    _one, one = make_staff("security_admin")
    _two, two = make_staff("security_admin")
    asked, late = _ask_reset(account, one), _ask_reset(account, one)
    resets.approve_reset(actor=two, request=asked.pk, at=AT)

    with pytest.raises(resets.RequestOver):
        resets.approve_reset(actor=two, request=asked.pk, at=AT)
    with pytest.raises(resets.RequestOver):
        resets.approve_reset(actor=two, request=late.pk, at=AT + timedelta(hours=24))


def test_a_reset_of_the_second_factor_only_keeps_the_password() -> None:
    account = make_account()
    _one, one = make_staff("security_admin")
    _two, two = make_staff("security_admin")
    asked = _ask_reset(account, one, password=False)
    token = resets.approve_reset(actor=two, request=asked.pk, at=AT)
    secret = accounts.new_totp_secret()

    invitations.accept_invitation(token=token, password="", secret=secret, code=totp(AT, secret), at=AT)

    account.refresh_from_db()
    assert check_password(PASSWORD, account.password)
    assert account.totp_secret.reveal() == secret


def test_a_resident_cannot_be_reset_because_there_is_nothing_to_reset() -> None:
    resident = Account.objects.create(kind="resident", state="active", phone_digest="d" * 64, created_at=AT)
    _one, one = make_staff("security_admin")

    with pytest.raises(Refused):
        _ask_reset(resident, one)
