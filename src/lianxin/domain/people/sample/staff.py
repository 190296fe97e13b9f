"""Staff of each level, and the few accounts whose names are printed."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from lianxin.domain.people.commands.accounts import create_account
from lianxin.domain.people.commands.staff import grant_role
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.roles import ROLES
from lianxin.domain.places.models import Division
from lianxin.domain.places.sample.reference import above
from lianxin.engines.pinyin import full_pinyin
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan, SampleLogin

from .logins import PASSWORD, secret_for
from .names import Names

STAFF_PER_COMMUNITY = 2
CUIYING, XINJIN = "440507004020", "440507004000"


def build_staff(plan: Plan) -> None:
    """Make the accounts: administrators, district, subdistricts, communities, host, volunteer, merchant, partner."""
    maker = _Maker(plan)
    plan.logins += [
        maker.make("system", "system_admin", title="系统管理员"),
        maker.make("security", "security_admin", title="安全管理员"),
        maker.make("audit", "audit_admin", title="审计管理员"),
        maker.make("district", "district_staff", title="区级", who="district"),
    ]
    maker.make("district2", "district_staff", title="区级")
    communities: list[Division] = plan.notes["communities"]
    taken: set[str] = set()
    for office in sorted({above(division) for division in communities}, key=lambda office: office.code):
        login = maker.make(
            _spell(office, taken), "subdistrict_staff", title=office.official_name, division=office.pk, who=office.pk
        )
        if office.code == XINJIN:
            plan.logins.append(login)
    shown = 0
    for number, division in enumerate(communities):
        word = _spell(division, taken)
        for turn in range(STAFF_PER_COMMUNITY):
            title = f"{above(division).official_name}{division.short_name}"
            login = maker.make(
                f"{word}{turn + 1}",
                "community_staff",
                title=title,
                division=division.pk,
                who=division.pk if turn == 0 else None,
            )
            if turn == 0 and (division.code == CUIYING or shown < 1 + (number == len(communities) - 1)):
                plan.logins.append(login)
                shown += 1
        plan.tell("staff", (number + 1) / len(communities))
    _outsiders(plan, maker)


def _spell(division: Division, taken: set[str]) -> str:
    """Write a division's name in pinyin; the second of two that sound alike is told by where it lies."""
    word = (
        full_pinyin(division.short_name.removesuffix("社区").removesuffix("街道").removesuffix("村")) or division.code
    )
    if word in taken:
        word = f"{word}.{full_pinyin(above(division).short_name.removesuffix('街道'))}"
    if word in taken:
        word = f"{word}{division.code[-3:]}"
    taken.add(word)
    return word


def _outsiders(plan: Plan, maker: _Maker) -> None:
    """Make a host, a volunteer, a merchant and a partner."""
    communities: list[Division] = plan.notes["communities"]
    home = next((division for division in communities if division.code == CUIYING), communities[0])
    stations = [venue for venue in plan.notes["venues"] if venue.kind == "station"]
    station = next((venue for venue in stations if venue.community_id == home.pk), stations[0] if stations else None)
    plan.logins.append(maker.make("volunteer", "volunteer", title=home.short_name, division=home.pk))
    if station is not None:
        plan.logins.append(maker.make("host", "host", title=station.name, venue=station.pk))
    for role in ("merchant", "partner"):
        organisation = plan.notes["organisations"].get(role)
        if organisation is not None:
            plan.logins.append(
                maker.make(
                    role,
                    role,
                    title=organisation.name,
                    organisation=organisation.pk,
                    kind=Account.Kind.PARTNER,
                )
            )


class _Maker:
    """Makes accounts; one password for all, so that its slow hash is made once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = Names(plan.data_dir)
        self.encoded = make_password(PASSWORD)
        self.system = Actor.system(via="cli")
        # Whoever enters what the closed year held was in office then.
        self.since = local_moment(date(plan.told_year - 1, 11, 1), time(9))

    def make(
        self,
        login_name: str,
        role: str,
        *,
        title: str,
        who: Any = None,
        kind: str = Account.Kind.STAFF,
        division: UUID | None = None,
        venue: UUID | None = None,
        organisation: UUID | None = None,
    ) -> SampleLogin:
        """Make one account with its role, and remember it as an actor when later parts need one."""
        plan = self.plan
        dice = plan.random("account", login_name)
        name = self.names.surname(dice) + self.names.given(dice, dice.choice("mf"), dice.randint(1972, 1999))
        secret = secret_for(login_name, role)
        account = create_account(
            actor=self.system,
            login_name=login_name,
            display_name=name,
            encoded_password=self.encoded,
            kind=kind,
            totp_secret=secret,
            must_change_password=False,
            at=self.since,
        )
        grant_role(
            actor=self.system,
            account=account.pk,
            role=role,
            division=division,
            venue=venue,
            organisation=organisation,
            at=self.since,
        )
        if who is not None:
            plan.actors[who] = actor_for(account=account, at=plan.at, via="cli")
        return SampleLogin(login_name, role, f"{ROLES[role].label} · {title} · {name}", PASSWORD, secret)
