"""One process of the voice bench: chooses what its pages are about, and tells queries and CPU of each page."""

import json
import sys
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from bench.pages_steps import cost, open_session
from lianxin.domain.people.models import Account, RoleGrant
from lianxin.domain.places.models import Division
from lianxin.domain.voice.models import Case, CaseReport, Matter
from lianxin.domain.voice.rules import receipts
from lianxin.platform import scope

STAFF, SUBDISTRICT, DISTRICT, NOBODY = "staff", "subdistrict", "district", "nobody"


def choose() -> None:
    """Print who asks and what the pages are about."""
    with scope.everything():
        staffed = RoleGrant.objects.filter(role="community_staff", until_on=None, account__state="active")
        story = Matter.objects.order_by("pk").first()
        busiest = (
            Case.objects.filter(community__in=staffed.values("division"))
            .order_by()
            .values("community")
            .annotate(n=Count("pk"))
            .order_by("-n", "community")[0]["community"]
        )
        community = story.community_id if story is not None else busiest
        own = Case.objects.filter(community=community)
        report = CaseReport.objects.filter(community=community, case__is_public=True).order_by("pk")[0]
        above = Division.objects.get(pk=community).parent_id
        grants = {
            STAFF: staffed.filter(division=community),
            SUBDISTRICT: RoleGrant.objects.filter(
                role="subdistrict_staff", until_on=None, division=above, account__state="active"
            ),
            DISTRICT: RoleGrant.objects.filter(role="district_staff", until_on=None, account__state="active"),
        }
        print(
            json.dumps(
                {
                    "accounts": {who: str(rows.order_by("pk")[0].account_id) for who, rows in grants.items()},
                    "here": {
                        "community": str(community),
                        "live": str(own.filter(state="working").order_by("pk")[0].pk),
                        "ended": str(own.filter(state="confirmed").order_by("-pk")[0].pk),
                        "public": str(own.filter(is_public=True).order_by("-pk")[0].pk),
                        "matter": str(story.pk) if story is not None else "",
                        "number": report.receipt,
                        "token": receipts.token_for(report.pk, report.receipt),
                    },
                }
            )
        )


def _pages(here: dict[str, str]) -> list[tuple[str, str, str]]:
    """Give who asks, what the page is called, and its address."""
    found: list[tuple[str, str, str]] = []

    def add(who: str, name: str, asks: str = "", **named: str) -> None:
        if all(named.values()):
            found.append((who, f"{who}: {name} {asks}".strip(), reverse(name, kwargs=named or None) + asks))

    for who in (STAFF, SUBDISTRICT, DISTRICT):
        add(who, "staff:cases")
        add(who, "staff:cases", "?state=confirmed")
        add(who, "staff:cases", "?state=ended&subject=lift")
        add(who, "staff:cases", "?words=路灯")
        add(who, "staff:cases", "?light=late")
        add(who, "staff:cases", "?mine=on")
        add(who, "staff:search", "?q=路灯不亮")
        add(who, "staff:today")
        add(who, "staff:case", case=here["live"])
        add(who, "staff:case", case=here["ended"])
        add(who, "staff:matters")
        add(who, "staff:matter", matter=here["matter"])
    add(STAFF, "staff:case_calls")
    add(NOBODY, "resident:cases", community=here["community"])
    add(NOBODY, "resident:cases", "?subject=lift", community=here["community"])
    add(NOBODY, "resident:cases", "?state=ended", community=here["community"])
    add(NOBODY, "resident:case", community=here["community"], case=here["public"])
    add(NOBODY, "resident:case_receipt", number=here["number"], token=here["token"])
    add(DISTRICT, "district:voice")
    add(DISTRICT, "district:voice", "?period=2024")
    add(SUBDISTRICT, "district:voice")
    root = "/open311/v2/requests.json"
    found.append((NOBODY, "Open311: requests", root + "?page_size=100"))
    found.append((NOBODY, "Open311: closed lifts", root + "?status=closed&service_code=lift&page_size=100"))
    return found


def measure(chosen: dict[str, Any]) -> None:
    """Print queries and CPU seconds of each page, and of a bare one."""
    with override_settings(ROOT_URLCONF="bench.bare_page", MIDDLEWARE=[]):
        bare = Client()
        bare.get("/")
        floor = cost(lambda: bare.get("/"))
    pages: dict[str, Any] = {}
    for who, name, address in _pages(chosen["here"]):
        client = Client()
        if who != NOBODY:
            account = Account.objects.get(pk=chosen["accounts"][who])
            client.cookies[settings.SESSION_COOKIE_NAME] = open_session(account)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        row: dict[str, Any] = {"status": answer.status_code, "queries": len(queries)}
        # The whole story of a matter on one page; its queries are told, and do not grow with anything.
        row["is_story"] = ":matter" in name and "matters" not in name
        if answer.status_code == 200:
            row["size"] = len(answer.content)
            row["cpu"] = cost(lambda: client.get(address))  # noqa: B023 - called before the next turn
            row["slowest"] = max((float(query["time"]) for query in queries), default=0.0)
        pages[name] = row
    print(json.dumps({"floor": floor, "pages": pages}))


def show(chosen: dict[str, Any], wanted: str) -> None:
    """Print the statements of the pages with a word in their name, for whoever wants to mend one."""
    for who, name, address in _pages(chosen["here"]):
        if wanted not in name:
            continue
        client = Client()
        if who != NOBODY:
            client.cookies[settings.SESSION_COOKIE_NAME] = open_session(Account.objects.get(pk=chosen["accounts"][who]))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        print(f"{name}: {len(queries)}")
        for query in queries:
            print(f"  {query['time']} {query['sql'][:600]}")


if __name__ == "__main__":
    if sys.argv[1] == "choose":
        choose()
    elif sys.argv[1] == "measure":
        measure(json.loads(sys.argv[2]))
    else:
        show(json.loads(sys.argv[2]), sys.argv[3])
    connection.close()
