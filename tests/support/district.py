"""A small sample district for tests: built once in a run, then copied row by row into each test's database.

`small_district` gives a district of three communities (翠英社区, and 金洲 twice) with everything that
`lianxin demo` builds: centres, two stations, staff of each level, 300 residents. The first test of a run waits about
three seconds, every other one a fraction of that. The sample's day is the day of the run, as views read the clock.

    def test_something(small_district, client):
        small_district.log_in(client, "cuiying1")
        client.get(f"/staff/venues/{small_district.centre.pk}/")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

COMMUNITIES, RESIDENTS, SEED = 3, 300, 440507
CUIYING, JINZHOU_TOWN, JINZHOU_VILLAGE = "440507004020", "440507005008", "440507009207"
BACKEND = "django.contrib.auth.backends.ModelBackend"

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass
class SmallDistrict:
    """What tests ask about the small district; rows are read anew in the running test."""

    today: Any

    def community(self, code: str) -> Any:
        """Give a community by its code."""
        return apps.get_model("places.Division").objects.get(code=code, ended_on=None)

    @cached_property
    def cuiying(self) -> Any:
        """翠英社区, where `cuiying1` works."""
        return self.community(CUIYING)

    @cached_property
    def jinzhou_town(self) -> Any:
        """金洲社区 in 鸥汀街道, where `jinzhou1` works."""
        return self.community(JINZHOU_TOWN)

    @cached_property
    def jinzhou_village(self) -> Any:
        """金洲村 in 外砂街道, where `jinzhou.waisha1` works and whose centre is being upgraded."""
        return self.community(JINZHOU_VILLAGE)

    @cached_property
    def centre(self) -> Any:
        """The centre of 翠英."""
        return self.first("places.Venue", community=self.cuiying, kind="centre")

    @cached_property
    def station(self) -> Any:
        """The station in 翠英 whose host is `host`."""
        return self.first("places.Venue", community=self.cuiying, kind="station")

    @cached_property
    def foreign_centre(self) -> Any:
        """The centre of 金洲村."""
        return self.first("places.Venue", community=self.jinzhou_village, kind="centre")

    def first(self, model: str, **wanted: Any) -> Any:
        """Give the first row of a model ("people.Person") by its key, over the whole district."""
        from lianxin.platform import scope

        with scope.everything():
            return apps.get_model(model)._default_manager.filter(**wanted).order_by("pk").first()

    def account(self, login_name: str) -> Any:
        """Give an account: system, security, audit, district, xinjin, cuiying1, jinzhou1, host, merchant …"""
        return apps.get_model("people.Account").objects.get(login_name=login_name)

    def actor(self, login_name: str) -> Any:
        """Give the actor that an account is on the sample's day."""
        from lianxin.domain.people.queries.accounts import actor_for

        return actor_for(account=self.account(login_name), at=datetime.now(UTC))

    def log_in(self, client: Client, login_name: str) -> Any:
        """Let a client go on as somebody who has come in; gives the account."""
        from lianxin.faces.entrance.session import SEEN

        account = self.account(login_name)
        client.force_login(account, backend=BACKEND)
        session = client.session
        session[SEEN] = datetime.now(UTC).isoformat()
        session.save()
        return account

    def log_in_resident(self, client: Client, person: Any = None) -> Any:
        """Let a client go on as a resident of 翠英 (or the given person); gives the person."""
        from lianxin.faces.entrance.session import SEEN

        person = person or self.first("people.Person", community=self.cuiying, relation="head", phone__isnull=False)
        account, _created = apps.get_model("people.Account").objects.get_or_create(
            kind="resident",
            person_id=person.pk,
            defaults={"state": "active", "phone_digest": person.phone_digest, "created_at": datetime.now(UTC)},
        )
        client.force_login(account, backend=BACKEND)
        session = client.session
        session[SEEN] = datetime.now(UTC).isoformat()
        session.save()
        return person


_copies: dict[str, Rows] = {}


@pytest.fixture
def small_district(db: None) -> Iterator[SmallDistrict]:
    """Fill the test's database with the small district."""
    yield from _filled("ground", build)


@pytest.fixture
def small_district_with_points(db: None) -> Iterator[SmallDistrict]:
    """Fill the test's database with the small district and what the worker adds to it: passbooks and supermarkets.

    翠英 keeps passbooks since the first batch, one 金洲 since the second, the other one keeps none. The first test of a
    run waits some ten seconds.
    """
    yield from _filled("background", build_with_background)


def _filled(what: str, build_it: Callable[..., None]) -> Iterator[SmallDistrict]:
    from lianxin.platform import clock, deployment

    today = clock.local_day(datetime.now(UTC))
    deployment.forget()
    with _whole_district():
        copy = _copies.get(f"{connection.vendor} {what} {today}")
        if copy is None:
            build_it(today=today)
            _copies[f"{connection.vendor} {what} {today}"] = _read_rows()
        else:
            _write_rows(copy)
    yield SmallDistrict(today=today)
    deployment.forget()


def build(
    *,
    today: Any,
    seed: int = SEED,
    residents: int = RESIDENTS,
    communities: int | None = COMMUNITIES,
    is_complete: bool = True,
) -> None:
    """Build a sample district as `lianxin demo` does, without what the worker adds to it.

    It is said to be complete, so that a test which lets the worker work does not wait for the background parts.
    """
    from lianxin.platform import deployment
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import local_moment
    from lianxin.platform.sample import Plan, build_ground, settle

    plan = Plan(seed=seed, today=today, residents=residents, communities=communities)
    at = max(datetime.now(UTC), local_moment(today))
    build_ground(plan=plan, at=at)
    if is_complete:
        deployment.finish_deployment(actor=Actor.system(via="cli"), at=plan.at)
        settle(at=at)


def build_with_background(*, today: Any) -> None:
    """Build the small district with the parts that the worker adds."""
    from lianxin.platform import deployment
    from lianxin.platform.clock import local_moment
    from lianxin.platform.sample import parts, plan_of, settle

    build(today=today)
    row = deployment.find_deployment()
    assert row is not None
    plan = plan_of(row)
    for part in parts(background=True):
        part.build(plan)
    settle(at=max(datetime.now(UTC), local_moment(today)))


@contextmanager
def _whole_district() -> Iterator[None]:
    from lianxin.platform import scope

    with scope.everything():
        yield


def _tables() -> list[str]:
    """Give the tables of the project, those referred to before those that refer."""
    ordered: list[Any] = []

    def visit(model: Any) -> None:
        if model in ordered:
            return
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is not model:
                visit(field.related_model)
        ordered.append(model)

    for model in apps.get_models():
        if model.__module__.startswith("lianxin."):
            visit(model)
    return [model._meta.db_table for model in ordered]


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _read_rows() -> Rows:
    """Read every row as the database has it; a sign before the column keeps the driver from making an object of it."""
    found: Rows = {}
    mark = "+{}" if connection.vendor == "sqlite" else "{}::text"
    for table in _tables():
        columns = _columns(table)
        listed = ", ".join(mark.format(f'"{column}"') for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {listed} FROM "{table}"')
            rows = cursor.fetchall()
        if rows:
            found[table] = (columns, rows)
    return found


def _write_rows(copy: Rows) -> None:
    with transaction.atomic():
        for table, (columns, rows) in copy.items():
            names = ", ".join(f'"{column}"' for column in columns)
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    marks = ", ".join(["%s"] * len(columns))
                    cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
                    continue
                cursor.execute(
                    "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
                    " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped",
                    [table],
                )
                types = dict(cursor.fetchall())
                cells = ", ".join(f'r."{column}"::{types[column]}' for column in columns)
                arrays = ", ".join(["%s::text[]"] * len(columns))
                cursor.execute(
                    f'INSERT INTO "{table}" ({names}) SELECT {cells} FROM unnest({arrays}) AS r({names})',
                    [list(column) for column in zip(*rows, strict=True)],
                )
        _move_sequences_on()


def _move_sequences_on() -> None:
    """Bring along what the database keeps beside the rows: sequences, and on SQLite the index of the search."""
    if connection.vendor != "postgresql":
        from lianxin.platform import search_index

        search_index.index_new(connection, 0)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('platform_searchdoc', 'id'), max(id)) FROM platform_searchdoc"
        )
