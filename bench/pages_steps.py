"""One process of the pages' bench: asks each page as its reader would and tells queries and CPU, or makes sessions."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from lianxin.domain.people.models import Account, Person, RoleGrant
from lianxin.domain.places.models import Venue
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.platform import clock, scope

TIMES, ROUNDS = 10, 3
# The department's figures of everything: its queries are told, and may be more than those of the daily pages.
OVERVIEW = "district:overview"
# Who asks, the address by name, what it takes, and what is asked.
PAGES: tuple[tuple[str, str, str, str], ...] = (
    ("resident", "resident:home", "", ""),
    ("resident", "resident:places", "", ""),
    ("resident", "resident:place", "venue", ""),
    ("resident", "resident:search", "", "?q=翠英"),
    ("community_staff", "staff:today", "", ""),
    ("subdistrict_staff", "staff:today", "", ""),
    ("district_staff", "staff:today", "", ""),
    ("community_staff", "staff:places", "", ""),
    ("district_staff", "staff:places", "", ""),
    ("community_staff", "staff:people", "", ""),
    ("community_staff", "staff:search", "", "?q=陈"),
    ("subdistrict_staff", "staff:people", "", ""),
    ("district_staff", "staff:people", "", ""),
    ("subdistrict_staff", "staff:search", "", "?q=陈"),
    ("district_staff", "staff:search", "", "?q=陈"),
    ("district_staff", "staff:search", "", "?q=chen"),
    ("district_staff", "staff:search", "", "?q=NAME"),
    ("district_staff", OVERVIEW, "", ""),
)


def _resident() -> Account:
    """Give the bench's own resident, living where the sample's first page leads."""
    found = Account.objects.filter(phone_digest="bench").first()
    if found is None:
        with scope.everything():
            person = Person.objects.filter(state=Person.State.LIVING, accounts=None).order_by("pk")[100]
        found = Account.objects.create(
            kind=Account.Kind.RESIDENT,
            state=Account.State.ACTIVE,
            phone_digest="bench",
            person=person,
            display_name=person.name,
            created_at=clock.now(),
        )
    return found


def _account(role: str) -> Account:
    if role == "resident":
        return _resident()
    grant = RoleGrant.objects.filter(role=role, until_on=None, account__state=Account.State.ACTIVE).order_by("pk")[0]
    return grant.account


def open_session(account: Account) -> str:
    """Open a session as the entrance does after the second factor; give its key."""
    session = SessionStore()
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = clock.now().isoformat()
    session.create()
    return str(session.session_key)


def _targets() -> tuple[list[tuple[str, str, str]], list[str]]:
    """Give (who, name, address) of the pages that there are, and the names of those that are not."""
    with scope.everything():
        # Somebody whom both districts hold: an answer without a hit needs one query less.
        called = Person.objects.filter(state=Person.State.LIVING).order_by("pk").values_list("name", flat=True)[0]
        venue = Venue.objects.filter(state="open", kind="centre").order_by("pk").values_list("pk", flat=True)[0]
    found, absent = [], []
    for who, name, takes, asks in PAGES:
        try:
            address = reverse(name, args=[venue] if takes else None)
        except NoReverseMatch:
            absent.append(name)
            continue
        found.append((who, f"{name} {asks}".strip(), address + asks.replace("NAME", called)))
    return found, absent


def cost(ask: Callable[[], Any]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(TIMES):
            ask()
        best = min(best, (time.process_time() - began) / TIMES)
    return best


def measure() -> None:
    """Print queries and CPU seconds of each page, and of the bare one."""
    targets, absent = _targets()
    pages: dict[str, Any] = {}
    with override_settings(ROOT_URLCONF="bench.bare_page", MIDDLEWARE=[]):
        bare = Client()
        bare.get("/")
        floor = cost(lambda: bare.get("/"))
    for who, name, address in targets:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = open_session(_account(who))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        row: dict[str, Any] = {
            "status": answer.status_code,
            "queries": len(queries),
            "is_overview": name == OVERVIEW,
        }
        if answer.status_code == 200:
            row["cpu"] = cost(lambda: client.get(address))  # noqa: B023 - called before the next turn
        pages[f"{who}: {name}"] = row
    with scope.everything():
        people = Person.objects.count()
    print(json.dumps({"floor": floor, "pages": pages, "absent": absent, "people": people}))


def sessions() -> None:
    """Print the addresses with the session key of the one who asks, for a server that is asked from outside."""
    keys: dict[str, str] = {}
    targets, _absent = _targets()
    for who, _name, _address in targets:
        keys.setdefault(who, open_session(_account(who)))
    print(json.dumps([[address, keys[who]] for who, _name, address in targets]))


if __name__ == "__main__":
    {"measure": measure, "sessions": sessions}[sys.argv[1]]()
    connection.close()
