"""Builders for tests of accounts and staff: a district of two subdistricts and three communities."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from lianxin.domain.people.commands.accounts import TOTP_PURPOSE
from lianxin.domain.people.models import Account, RoleGrant
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules import login
from lianxin.domain.places.models import Division, Level
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import seal

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
PASSWORD = "a quiet street of lychee trees"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

_number = count(1)


class Tree:
    """Longhu with Jinxia (two communities) and Waisha (one)."""

    def __init__(self) -> None:
        self.district = self._add("龙湖区", Level.DISTRICT, "440507000000", None)
        self.jinxia = self._add("金霞街道", Level.SUBDISTRICT, "440507001000", self.district)
        self.waisha = self._add("外砂街道", Level.SUBDISTRICT, "440507002000", self.district)
        self.cuiying = self._add("翠英社区", Level.COMMUNITY, "440507001001", self.jinxia)
        self.jintao = self._add("金涛社区", Level.COMMUNITY, "440507001002", self.jinxia)
        self.daya = self._add("大衙村", Level.COMMUNITY, "440507002001", self.waisha)

    @staticmethod
    def _add(name: str, level: str, code: str, parent: Division | None) -> Division:
        return Division.objects.create(
            level=level,
            created_on=date(2020, 1, 1),
            official_name=name,
            short_name=name,
            code=code,
            parent=parent,
        )


def make_account(login_name: str = "", *, totp: bool = True, **values: Any) -> Account:
    """A member of staff who is in, with PASSWORD and SECRET."""
    name = login_name or f"staff{next(_number)}"
    return Account.objects.create(
        **{
            "kind": Account.Kind.STAFF,
            "state": Account.State.ACTIVE,
            "login_name": name,
            "display_name": name,
            "password": make_password(PASSWORD),
            "totp_secret": seal(SECRET, TOTP_PURPOSE) if totp else None,
            "created_at": AT,
        }
        | values
    )


def give_role(account: Account, role: str, *, division: Division | None = None, **values: Any) -> RoleGrant:
    """A role from long ago, without asking who may give it."""
    return RoleGrant.objects.create(
        **{"account": account, "role": role, "division": division, "from_on": date(2025, 1, 1), "granted_at": AT}
        | values
    )


def make_staff(role: str, *, division: Division | None = None, login_name: str = "") -> tuple[Account, Actor]:
    """An account with one role, and the actor it is."""
    account = make_account(login_name)
    give_role(account, role, division=division)
    return account, actor_for(account=account, at=AT)


def totp(at: datetime, secret: str = SECRET) -> str:
    """What the authenticator shows at a moment."""
    return login.totp_at(secret, int(at.timestamp()) // login.TOTP_STEP)


def system() -> Actor:
    """The command line."""
    return Actor.system(via="cli")


def ids(*divisions: Division) -> frozenset[UUID]:
    """The ids of divisions."""
    return frozenset(division.pk for division in divisions)
