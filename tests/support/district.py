"""A small sample district for tests: built once in a run, in a database of its own that each test leaves as it was.

`small_district` gives a district of three communities (翠英社区, and 金洲 twice) with everything that
`lianxin demo` builds: centres, two stations, staff of each level, 300 residents. The first test of a run waits about
three seconds, no other one waits. The sample's day is the day of the run, as views read the clock.

    def test_something(small_district, client):
        small_district.log_in(client, "cuiying1")
        client.get(f"/staff/venues/{small_district.centre.pk}/")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test import Client

COMMUNITIES, RESIDENTS, SEED = 3, 300, 440507
CUIYING, JINZHOU_TOWN, JINZHOU_VILLAGE = "440507004020", "440507005008", "440507009207"
BACKEND = "django.contrib.auth.backends.ModelBackend"

Databases = dict[str, Any]


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


@pytest.fixture
def small_district(db: None) -> Iterator[SmallDistrict]:
    """Give the small district; the test's database holds it."""
    yield from _given()


@pytest.fixture
def small_district_with_points(db: None) -> Iterator[SmallDistrict]:
    """Give the small district and what the worker adds to it: passbooks and supermarkets.

    翠英 keeps passbooks since the first batch, one 金洲 since the second, the other one keeps none. The first test of a
    run waits some ten seconds.
    """
    yield from _given()


def _given() -> Iterator[SmallDistrict]:
    from lianxin.platform import clock, deployment

    deployment.forget()
    yield SmallDistrict(today=clock.local_day(datetime.now(UTC)))
    deployment.forget()


@pytest.fixture(scope="session")
def filled_databases() -> Iterator[Databases]:
    """Keep the databases that hold a district, each with its connection, by what is in them."""
    databases: Databases = {}
    yield databases
    for one in databases.values():
        one.close()


@pytest.fixture
def _database_with_what_is_asked_for(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, filled_databases: Databases
) -> Iterator[None]:
    """Let a test that asks for a district work in the database that holds it, and others in the empty one.

    A test's changes are taken back there as anywhere, so nothing is ever copied. A test with real transactions would
    leave the database empty.
    """
    from lianxin.platform.clock import local_day

    wanted = next((name for name in BUILDERS if name in request.fixturenames), None)
    if wanted is None:
        yield
        return
    marker = request.node.get_closest_marker("django_db")
    assert not (marker and marker.kwargs.get("transaction")), "the small district is for tests that are rolled back"
    empty, today = connections[DEFAULT_DB_ALIAS], local_day(datetime.now(UTC))
    name = f"{wanted}_{today:%Y%m%d}"
    try:
        if name not in filled_databases:
            with django_db_blocker.unblock():
                connections[DEFAULT_DB_ALIAS] = filled = _copy_of(empty, name)
                _fill(BUILDERS[wanted], today)
            filled_databases[name] = filled
        connections[DEFAULT_DB_ALIAS] = filled_databases[name]
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = empty


@pytest.fixture
def _django_db_helper(_database_with_what_is_asked_for: None, _django_db_helper: None) -> None:
    """Choose the database before pytest-django opens the test's transaction in it."""


def _copy_of(empty: Any, name: str) -> Any:
    """Make a database like the empty one, which nothing may be connected to, and a connection to it."""
    empty.close()
    empty.creation.clone_test_db(suffix=name, verbosity=0, autoclobber=True)
    return type(empty)(empty.creation.get_test_db_clone_settings(name), DEFAULT_DB_ALIAS)


def _fill(build_it: Callable[..., None], today: Any) -> None:
    from lianxin.platform import deployment, scope

    deployment.forget()
    with scope.everything():
        with transaction.atomic():
            build_it(today=today)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


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
    from lianxin.platform.sample import build_background, plan_of

    build(today=today, is_complete=False)
    row = deployment.find_deployment()
    assert row is not None
    build_background(plan=plan_of(row), at=max(datetime.now(UTC), local_moment(today)))


# Which fixture asks for what; one that asks for more comes first.
BUILDERS: dict[str, Callable[..., None]] = {
    "small_district_with_points": build_with_background,
    "small_district": build,
}
