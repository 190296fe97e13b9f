"""One process of the figures' bench: queries and CPU of each page over one year and over ten, and of a check-in."""

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from bench.pages_steps import cost, open_session
from lianxin.domain.activities.commands.attendance import check_in
from lianxin.domain.activities.models import Occurrence
from lianxin.domain.people.models import Person, RoleGrant
from lianxin.domain.places.models import Division
from lianxin.platform import clock, facts, scope
from lianxin.platform.actors import Actor

ONE_YEAR, TEN_YEARS = "2024", "2016-01-01..2025-12-31"
# Who asks, the page by name, what it takes.
PAGES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("district_staff", "district:overview", {}),
    ("district_staff", "district:figures", {}),
    ("district_staff", "district:figure", {"figure": "person_times"}),
    ("district_staff", "district:figure", {"figure": "visits"}),
    ("district_staff", "district:figure_records", {"figure": "person_times"}),
    ("district_staff", "district:figure_records", {"figure": "visits"}),
    ("district_staff", "district:pillars", {}),
    ("district_staff", "district:pilots", {}),
    ("district_staff", "district:reach", {}),
    ("district_staff", "district:fairness", {}),
    ("district_staff", "district:wall", {}),
    ("subdistrict_staff", "district:figures", {}),
    ("subdistrict_staff", "district:figure", {"figure": "person_times"}),
    ("community_staff", "district:figure", {"figure": "person_times"}),
)
PEOPLE, ROUNDS, FEWEST = 5, 10, 60


def measure() -> None:
    """Print what each page costs over one year and over ten."""
    with override_settings(ROOT_URLCONF="bench.bare_page", MIDDLEWARE=[]):
        bare = Client()
        bare.get("/")
        floor = cost(lambda: bare.get("/"))
    found: dict[str, Any] = {}
    absent = []
    for who, name, named in PAGES:
        try:
            address = reverse(name, kwargs=named or None)
        except NoReverseMatch:
            absent.append(name)
            continue
        title = f"{who}: {name} {' '.join(named.values())}".strip()
        found[title] = {
            "year": _page(who, f"{address}?period={ONE_YEAR}"),
            "decade": _page(who, f"{address}?period={TEN_YEARS}"),
        }
    print(json.dumps({"floor": floor, "pages": found, "absent": absent}))


def _page(who: str, address: str) -> dict[str, Any]:
    grant = RoleGrant.objects.filter(role=who, until_on=None, account__state="active").order_by("pk")[0]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = open_session(grant.account)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    row = {"status": answer.status_code, "queries": len(queries), "size": len(answer.content)}
    return row | {"cpu": cost(lambda: client.get(address))} if answer.status_code == 200 else row


def check_ins() -> None:
    """Print CPU seconds of a check-in with its facts, of the same without them, and of folding one, turn about."""
    with scope.everything():
        at = clock.now()
        ahead = Occurrence.objects.filter(state="published", starts_at__gt=at).order_by("starts_at", "pk")
        row, people = next((one, found) for one in ahead if len(found := _grown_ups(one, at)) >= FEWEST)
        Occurrence.objects.filter(pk=row.pk).update(
            starts_at=at, ends_at=at + timedelta(hours=2), takes_sign_ups=False, size=None
        )
    grant = RoleGrant.objects.filter(role="community_staff", until_on=None, division=row.community_id).first()
    actor = Actor(
        account=grant.account_id if grant else None,
        role="community_staff",
        communities=frozenset({row.community_id}),
        via="web",
        roles=frozenset({"community_staff"}),
    )
    writes = facts.record
    spent = {"with": 0.0, "without": 0.0}
    turns = iter(people)
    rounds = min(ROUNDS, len(people) // (2 * PEOPLE))
    for number in range(rounds):
        for turn in ("with", "without") if number % 2 else ("without", "with"):
            facts.record = writes if turn == "with" else _note_nothing
            began = time.process_time()
            for _n in range(PEOPLE):
                check_in(actor=actor, occurrence=row.pk, person=next(turns), how="name", at=at)
            spent[turn] += time.process_time() - began
    facts.record = writes
    began, folded = time.process_time(), 0
    while some := facts.fold(holder="bench", at=at):
        folded += some
    folding = (time.process_time() - began) / max(1, folded)
    acts = PEOPLE * rounds
    print(json.dumps({name: seconds / acts for name, seconds in spent.items()} | {"fold": folding, "folded": folded}))


def _grown_ups(row: Occurrence, at: datetime) -> list[UUID]:
    """Give the grown-ups of a date's community who are not on its list."""
    people = Person.objects.filter(
        community=row.community_id, state="living", birth_on__lt=at.date() - timedelta(days=8000)
    )
    listed = row.sign_ups.filter(person__isnull=False).values("person")
    return list(people.exclude(pk__in=listed).order_by("pk").values_list("pk", flat=True))


def _note_nothing(**_fact: Any) -> None:
    """Leave a fact out."""


def where() -> None:
    """Print how many communities there are."""
    print(Division.objects.filter(level="community").count())


if __name__ == "__main__":
    {"measure": measure, "check_ins": check_ins, "where": where}[sys.argv[1]]()
    connection.close()
