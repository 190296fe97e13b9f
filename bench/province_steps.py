"""One process of the province's bench: builds a province directly, or asks its pages and tells queries and CPU."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from bench.pages_steps import open_session
from bench.province_pages import DISTINCT, LAST_YEAR, PILOT_FLOW, pages_of
from lianxin.domain.people.models import Account
from lianxin.domain.places.commands.foreign_trees import ForeignDivision, found_upper_division, write_divisions
from lianxin.domain.places.models import Division
from lianxin.domain.reporting.models import DistrictFeed, LevelReading
from lianxin.domain.reporting.sample.upper import make_accounts, make_districts
from lianxin.platform import clock, deployment, keys, rows, scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id
from lianxin.platform.models import EVERYTHING, NO_VENUE, Rollup, Tally

SEED = 26_000
TIMES = 5
PILOTS_OF = 10  # one of so many communities is a pilot
FLOWS = ("cases_confirmed", "needs_heard", "occurrences_held", "person_times", "visits", PILOT_FLOW)
LEVELS = (
    ("centres", 1),
    ("stations", 1),
    ("households", 1_700),
    ("residents", 4_800),
    ("residents_60_plus", 900),
    ("pilot_communities", 1),
)
# The district whose pages are looked at: of its communities every day is there.
LOOKED_AT = 60
SYSTEM = Actor.system(via="cli")


def build(districts: int, communities: int) -> None:
    """Write the divisions, feeds, and the last year's roll-ups and readings of a province."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    at = clock.now()
    keys.create_ring(at=at)
    with scope.everything(), transaction.atomic():
        top = found_upper_division(actor=SYSTEM, code="440000000000", name="广东省", at=at)
        deployment.found_deployment(
            actor=SYSTEM, at=at, is_sample=True, seed=SEED, sample_on=date(2026, 1, 1), residents=0, district=top.pk
        )
        deployment.show_sample_logins(actor=SYSTEM, at=at, logins=make_accounts(SYSTEM, at), district=top.pk)
        deployment.finish_deployment(actor=SYSTEM, at=at)
        _divisions(districts, communities, top.pk, at)
    _write_years(LAST_YEAR, LAST_YEAR)
    _write_days()


def extend(years: int) -> None:
    """Add the years before to a province that was built."""
    _write_years(LAST_YEAR - years + 1, LAST_YEAR - 1)


def _below() -> dict[UUID, list[UUID]]:
    """Give the communities of each district."""
    below: dict[UUID, list[UUID]] = {}
    for community, district in (
        Division.objects.filter(level="community").order_by("pk").values_list("pk", "parent__parent")
    ):
        assert district, "a community lies in a district"
        below.setdefault(district, []).append(community)
    return below


def _write_days() -> None:
    """Write single days of the last year: of all districts, of one district's communities, and weeks of the pilots."""
    below = _below()
    days = [date(LAST_YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
    district = Division.objects.filter(level="district").order_by("code")[_looked_at()].pk
    pilots = sorted(one for some in below.values() for one in some if not one.int % PILOTS_OF)
    with transaction.atomic():
        names = ("measure", "span", "area_id", "category", "starts_on", "quantity")
        _insert(
            Rollup,
            names,
            (
                (measure, "D", area.hex, category, day.isoformat(), 40)
                for measure in FLOWS
                for area in sorted({EVERYTHING, *below})
                for category in ("*", "A01")
                for day in days
            ),
        )
        _insert(
            Tally,
            ("measure", "community_id", "day_on", "venue_id", "category", "quantity"),
            (
                (measure, area.hex, day.isoformat(), NO_VENUE.hex, "A01", 3)
                for measure in FLOWS
                for area in (pilots if measure == PILOT_FLOW else sorted(below[district]))
                for day in days[:: 7 if measure == PILOT_FLOW else 2]
            ),
        )
        _insert(
            LevelReading,
            ("measure", "span", "area_id", "read_on", "value"),
            (
                (DISTINCT, span, area.hex, date(LAST_YEAR, month, 1).isoformat(), 20)
                for span, every in (("M", 1), ("Q", 3), ("Y", 12))
                for area in sorted(set(below).union(*below.values()))
                for month in range(1, 13, every)
            ),
        )


def _looked_at() -> int:
    return min(LOOKED_AT, Division.objects.filter(level="district").count() - 1)


def _write_years(first: int, last: int) -> None:
    below = _below()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    for measure in FLOWS:
        with transaction.atomic():
            names = ("measure", "span", "area_id", "category", "starts_on", "quantity")
            _insert(Rollup, names, _rollups(measure, below, first, last))
    for level in LEVELS:
        with transaction.atomic():
            _insert(
                LevelReading, ("measure", "span", "area_id", "read_on", "value"), _readings(level, below, first, last)
            )


def _insert(model: Any, names: tuple[str, ...], found: Iterator[tuple[Any, ...]]) -> None:
    """Write rows past the model's own conversions: ids as the database keeps them, one after the other."""
    table, columns = model._meta.db_table, ", ".join(("id", *names))
    marks = ", ".join(["%s"] * (len(names) + 1))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        start = cursor.fetchone()[0]
        numbered: Any = ((f"{start + number:032x}", *row) for number, row in enumerate(found, start=1))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", numbered)


def _divisions(districts: int, communities: int, top: UUID, at: datetime) -> None:
    cities: dict[str, UUID] = {}
    for one in make_districts(seed=SEED, count=districts, communities=communities, top="440000000000"):
        city = f"{one.code[:4]}00000000"
        if city not in cities:
            made = found_upper_division(actor=SYSTEM, code=city, name=f"第{city[2:4]}市", parent=top, at=at)
            cities[city] = made.pk
        ids = [place.id for place in one.places]
        parents = [((cities[city], one.places[0].created_on, None),)]
        parents += [
            tuple((ids[number], start, end) for number, start, end in place.parents)  # type: ignore[misc]
            for place in one.places[1:]
        ]
        write_divisions(
            [
                ForeignDivision(p.id, p.level, p.committee, p.created_on, p.ended_on, p.names, p.codes, above)
                for p, above in zip(one.places, parents, strict=True)
            ]
        )
        card = one.card
        rows.insert(
            DistrictFeed,
            ("id", "district_id", "code", "name", "base_url", "public_key", "trusted_at", "held_until_on"),
            [(new_id(), one.id, one.code, one.name, card.base_url, card.public_key, at, clock.local_day(at))],
        )


def _rollups(measure: str, below: dict[UUID, list[UUID]], first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """Give roll-ups in the order of their index: what is written in order is written fast."""
    upper = {EVERYTHING, *below}
    everybody = sorted(upper.union(*below.values()))
    years = range(first, last + 1)
    months = [date(year, month, 1).isoformat() for year in years for month in range(1, 13)]
    whole = [date(year, 1, 1).isoformat() for year in years]
    for span in ("M", "Y"):
        for area in everybody:
            starts = whole if span == "Y" else (months if area in upper or last == LAST_YEAR else [])
            many = 40 if area in upper else 3
            for category in ("*", "A01"):
                for start in starts:
                    yield measure, span, area.hex, category, start, many


def _readings(
    level: tuple[str, int], below: dict[UUID, list[UUID]], first: int, last: int
) -> Iterator[tuple[Any, ...]]:
    measure, value = level
    everybody = sorted(set(below).union(*below.values()))
    firsts = [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]
    ends = [((one + timedelta(days=32)).replace(day=1) - timedelta(days=1)).isoformat() for one in firsts]
    for area in everybody:
        many = len(below.get(area, [area]))
        is_rare = measure == "pilot_communities" and area not in below
        if area in below or last == LAST_YEAR:
            for end in ends:
                yield measure, "D", area.hex, end, 0 if is_rare and area.int % PILOTS_OF else value * many


def _cost(ask: Callable[[], Any]) -> float:
    best = float("inf")
    for _turn in range(TIMES):
        began = time.process_time()
        ask()
        best = min(best, time.process_time() - began)
    return best


def measure() -> None:
    """Print queries and CPU seconds of each page."""
    account = Account.objects.get(login_name="city")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = open_session(account)
    settings.ALLOWED_HOSTS.append("testserver")
    district = Division.objects.filter(level="district").order_by("code")[_looked_at()]
    office = Division.objects.filter(level="subdistrict", parent=district).order_by("code")[0]
    community = Division.objects.filter(level="community", parent=office).order_by("code")[0]
    since = max(LAST_YEAR - 9, Rollup.objects.order_by("starts_on").values_list("starts_on", flat=True)[0].year)
    pages = pages_of(
        {
            "province": "",
            "city": district.parent_id,
            "district": district.pk,
            "subdistrict": office.pk,
            "community": community.pk,
        },
        since=since,
    )
    found: dict[str, Any] = {}
    for name, address in pages.items():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[name] = {"queries": len(queries), "cpu": _cost(partial(client.get, address))}
    told = {
        "pages": found,
        "districts": DistrictFeed.objects.count(),
        "communities": Division.objects.filter(level="community").count(),
        "rows": Rollup.objects.count() + LevelReading.objects.count(),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    with scope.everything():
        steps: dict[str, Callable[..., None]] = {"build": build, "extend": extend, "measure": measure}
        steps[sys.argv[1]](*map(int, sys.argv[2:]))
