"""A sample city or province: made-up districts whose signed files are written and taken in as real ones are."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from lianxin.domain.people.commands.accounts import create_account
from lianxin.domain.people.commands.staff import grant_role
from lianxin.domain.people.rules.roles import label_of
from lianxin.domain.people.sample.logins import PASSWORD, secret_for
from lianxin.domain.reporting.commands.feed_intake import take_file
from lianxin.domain.reporting.commands.feeds import trust_district
from lianxin.domain.reporting.commands.upper_levels import found_top
from lianxin.domain.reporting.rules.feed_format import DaySums, FeedWriter, Header, Place, Readings
from lianxin.domain.reporting.rules.feed_keys import KeyCard
from lianxin.domain.reporting.sample.upper_names import made_up
from lianxin.platform import deployment, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import deterministic_id

TOPS = {"city": ("440500000000", "汕头市"), "province": ("440000000000", "广东省")}
LOGINS = (
    ("system", "system_admin", "系统管理员"),
    ("security", "security_admin", "安全管理员"),
    ("audit", "audit_admin", "审计管理员"),
    ("city", "district_staff", "市级"),
)
COMMUNITIES = 18
OFFICES = 3
DAYS = 400
FIRST_DAY = date(2019, 1, 1)
# Half of the pilots began so many days ago, the others before their first figures.
PILOTS_FOR = timedelta(days=210)
_NAMESPACE = UUID("0c6f5f4e-7a51-5a3e-8a7e-1f5f7f6b6d20")
# measure, how often a week in a community, how many then, categories
FLOWS: tuple[tuple[str, float, tuple[int, int], tuple[str, ...]], ...] = (
    ("visits", 3.0, (8, 60), ("",)),
    ("openings", 6.0, (1, 1), ("",)),
    ("occurrences_held", 0.4, (1, 1), ("A01", "A04", "B02", "C01", "D01")),
    ("person_times", 0.4, (12, 60), ("A01", "A04", "B02", "C01", "D01")),
    ("volunteer_occurrences", 0.25, (1, 1), ("",)),
    ("volunteer_person_times", 0.25, (3, 14), ("",)),
    ("needs_heard", 0.3, (1, 2), ("",)),
    ("answers_given", 0.25, (1, 2), ("",)),
    ("cases_heard", 0.25, (1, 2), ("",)),
    ("cases_ended", 0.22, (1, 2), ("",)),
    ("cases_in_time", 0.19, (1, 2), ("",)),
    ("cases_confirmed", 0.16, (1, 2), ("",)),
    ("points_awarded", 0.5, (20, 160), ("",)),
    ("points_redeemed", 0.25, (20, 160), ("",)),
)
LEVELS: tuple[tuple[str, tuple[int, int]], ...] = (
    ("centres", (1, 1)),
    ("stations", (0, 1)),
    ("households", (900, 2_600)),
    ("residents", (2_400, 7_800)),
    ("residents_60_plus", (380, 1_300)),
    ("pilot_communities", (0, 1)),
)


@dataclass(frozen=True)
class MadeUp:
    """One made-up district."""

    number: int
    code: str
    name: str
    places: tuple[Place, ...]
    key: Ed25519PrivateKey

    @property
    def id(self) -> UUID:
        """Give the id of the district's division."""
        return self.places[0].id

    @property
    def card(self) -> KeyCard:
        """Give what the city registers."""
        public = self.key.public_key().public_bytes_raw().hex()
        return KeyCard(self.id, self.code, self.name, f"https://d{self.code[:6]}.sample.invalid", public)


def build_upper(
    *,
    at: datetime,
    today: date,
    seed: int,
    districts: int,
    tell: Callable[[str, float], None],
    communities: int = COMMUNITIES,
    days: int = DAYS,
) -> None:
    """Set up a sample city or province and take in a file of each of its made-up districts."""
    actor = Actor.system(via="cli")
    code, name = TOPS[settings.LEVEL]
    with scope.everything():
        with transaction.atomic():
            top = found_top(actor=actor, code=code, name=name, at=at)
            deployment.found_deployment(
                actor=actor,
                at=at,
                is_sample=True,
                seed=seed,
                sample_on=today,
                residents=0,
                communities=min(districts * communities, 32_767),
                district=top.pk,
            )
            logins = make_accounts(actor, at)
            deployment.show_sample_logins(actor=actor, at=at, logins=logins, district=top.pk)
            deployment.finish_deployment(actor=actor, at=at)
        deployment.forget()
        with tempfile.TemporaryDirectory() as folder:
            for one in make_districts(seed=seed, count=districts, communities=communities, top=code):
                tell("districts", one.number / districts)
                trust_district(actor=actor, card=one.card, at=at)
                # The last one is late, as somebody always is.
                until = today - timedelta(days=9 if one.number == districts - 1 and districts > 1 else 0)
                path = Path(folder) / f"{one.code}.gz"
                write_sample_file(one, path=path, seed=seed, until_on=until, days=days)
                take_file(actor=actor, path=path, at=at)
        tell("districts", 1.0)


def make_accounts(actor: Actor, at: datetime) -> list[dict[str, str]]:
    """Make the few accounts of a sample city or province, and give what is printed about them."""
    encoded = make_password(PASSWORD)
    listed = []
    for login, role, title in LOGINS:
        account = create_account(
            actor=actor,
            login_name=login,
            display_name=title,
            encoded_password=encoded,
            totp_secret=secret_for(login, role),
            must_change_password=False,
            at=at,
        )
        grant_role(actor=actor, account=account.pk, role=role, at=at)
        shown = f"{label_of(role, level=settings.LEVEL)} · {title}"
        listed.append({"login_name": login, "role": role, "title": shown, "phone": ""})
    return listed


def make_districts(*, seed: int, count: int, communities: int, top: str) -> Iterator[MadeUp]:
    """Give made-up districts with their divisions; the same for the same seed."""
    dice = Random(f"{seed} districts")  # noqa: S311 - no secret
    names = made_up(dice, count)
    is_city = not top.startswith("00", 2) and top[2:4] != "00"
    for number in range(count):
        six = f"{top[:4]}{number + 2:02d}" if is_city else f"{top[:2]}{number // 12 + 1:02d}{number % 12 + 2:02d}"
        own = Random(f"{seed} {six}")  # noqa: S311 - no secret
        key = Ed25519PrivateKey.from_private_bytes(own.randbytes(32))
        name = names[number] + "区"
        yield MadeUp(number, f"{six}000000", name, tuple(_places(six, name, communities, own)), key)


def _places(six: str, name: str, communities: int, dice: Random) -> Iterator[Place]:
    offices = max(OFFICES, math.ceil(communities / 40))
    names = made_up(dice, offices + communities)
    yield _place(0, f"{six}000000", "district", name, name, None)
    for number in range(offices):
        official = f"{names[number]}街道"
        yield _place(number + 1, f"{six}{number + 1:03d}000", "subdistrict", official, official, 0)
    for number in range(communities):
        office, place = number % offices, number // offices
        bare = names[offices + number]
        code = f"{six}{office + 1:03d}{place + 1:03d}"
        yield _place(offices + 1 + number, code, "community", f"{bare}社区居委会", f"{bare}社区", office + 1)


def _place(number: int, code: str, level: str, official: str, spoken: str, above: int | None) -> Place:
    short = spoken.removesuffix("社区").removesuffix("街道").removesuffix("区")
    return Place(
        number=number,
        id=deterministic_id(_NAMESPACE, code),
        level=level,
        committee="residents" if level == "community" else "none",
        created_on=FIRST_DAY,
        ended_on=None,
        names=tuple(
            (kind, text, FIRST_DAY, None)
            for kind, text in (("official", official), ("short", short), ("spoken", spoken))
        ),
        codes=((code, FIRST_DAY, None),),
        parents=() if above is None else ((above, FIRST_DAY, None),),
    )


def write_sample_file(
    one: MadeUp,
    *,
    path: Path,
    seed: int,
    until_on: date,
    days: int = DAYS,
    number: int = 1,
    made_at: datetime | None = None,
) -> None:
    """Write one district's signed file of so many days, with figures that differ by place, season and weekday."""
    card = one.card
    since = until_on - timedelta(days=days)
    header = Header(
        number=number,
        previous="",
        district_id=one.id,
        code=one.code,
        name=one.name,
        base_url=card.base_url,
        since_on=since,
        until_on=until_on,
        made_at=made_at or local_moment(until_on) + timedelta(hours=2),
        key=card.public_key,
        flows=tuple(sorted(name for name, *_rest in FLOWS)),
        above=_above(one.code),
        is_sample=True,
    )
    dice = Random(f"{seed} {one.code} days")  # noqa: S311 - no secret
    communities = [place.number for place in one.places if place.level == "community"]
    zeal = {place: dice.uniform(0.4, 1.7) for place in communities}
    with path.open("wb") as out:
        writer = FeedWriter(out, header)
        for place in one.places:
            writer.place(place)
        held: list[tuple[date, int, str]] = []
        for offset in range(days):
            day = since + timedelta(days=offset)
            for measure, community, category, _many in _write_day(writer, day, zeal, dice):
                if measure == "occurrences_held":
                    held.append((day, community, category))
        for readings in (*_sample_readings(communities, since, until_on, dice), *_sample_distincts(held)):
            writer.readings(readings)
        writer.close(lambda message: ("ed25519", one.key.sign(message).hex()))


def _above(code: str) -> tuple[tuple[str, str, str], ...]:
    if settings.LEVEL != "province":
        return ()
    return (("city", f"{code[:4]}00000000", f"第{int(code[2:4])}示例市"),)


def _write_day(writer: FeedWriter, on: date, zeal: dict[int, float], dice: Random) -> list[tuple[str, int, str, int]]:
    season = (0.5 if on.month == 2 else 1.0) * (1.4 if on.weekday() in (4, 5) else 0.9)
    rows: list[tuple[str, int, str, int]] = []
    for measure, weekly, (least, most), categories in FLOWS:
        for place, factor in zeal.items():
            if dice.random() < weekly * factor * season / 7:
                rows.append((measure, place, dice.choice(categories), dice.randint(least, most)))
    for measure, found in groupby(sorted(rows), key=lambda row: row[0]):
        writer.sums(DaySums(on, measure, tuple((place, category, many) for _m, place, category, many in found)))
    return rows


def _sample_distincts(held: list[tuple[date, int, str]]) -> Iterator[Readings]:
    """Read off in how many categories anything was held; every category of a community is one activity there."""
    starts: dict[str, Callable[[date], date]] = {
        "M": lambda day: day.replace(day=1),
        "Q": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        "Y": lambda day: date(day.year, 1, 1),
    }
    for span, start_of in starts.items():
        found: dict[date, dict[int, set[str]]] = {}
        for day, place, category in held:
            found.setdefault(start_of(day), {}).setdefault(place, set()).add(category)
        for start, by_place in sorted(found.items()):
            own = [(place, len(names)) for place, names in sorted(by_place.items())]
            everything = len(set().union(*by_place.values()))
            yield Readings(start, span, "activities", ((0, sum(many for _place, many in own)), *own))
            yield Readings(start, span, "categories", ((0, everything), *own))


def _sample_readings(communities: list[int], since: date, until: date, dice: Random) -> Iterator[Readings]:
    values = {name: {place: dice.randint(*span) for place in communities} for name, span in LEVELS}
    began = {place: until - PILOTS_FOR if place % 2 else since for place in communities}
    ends, day = [], since
    while day < until:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        ends.append(min(following, until) - timedelta(days=1))
        day = following
    for on in ends:
        for name, by_place in values.items():
            if name == "pilot_communities":
                by_place = {place: value if on >= began[place] else 0 for place, value in by_place.items()}
            yield Readings(on, "D", name, ((0, sum(by_place.values())), *by_place.items()))
