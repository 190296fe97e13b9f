"""One process of the activities' bench: chooses what its pages are about, and tells queries and CPU of each page."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from bench.pages_steps import cost, open_session
from lianxin.domain.activities.models import (
    Attendance,
    Certificate,
    HoursEntry,
    Occurrence,
    Shift,
    SignUp,
    Team,
    Volunteer,
)
from lianxin.domain.bookings.models import Booking, RoomTerms
from lianxin.domain.people.models import Account, Person, RoleGrant
from lianxin.domain.places.models import Division
from lianxin.domain.points.models import Book
from lianxin.platform import clock, scope

# The sheets of ten years name the people of today: nobody comes to as much as the one who came most often.
RESIDENT, STAFF, SUBDISTRICT, DISTRICT, NOBODY = "resident", "staff", "subdistrict", "district", "nobody"
State = Occurrence.State


def choose() -> None:
    """Print who asks and what the pages are about: as many as one has, of a pilot community with everything in it."""
    with scope.everything():
        at = clock.now()
        staffed = RoleGrant.objects.filter(role="community_staff", until_on=None, account__state="active")
        pilots = Book.objects.filter(community__in=staffed.values("division")).values("community")
        ahead = Occurrence.objects.filter(
            community__in=pilots, state=State.PUBLISHED, starts_at__gt=at + timedelta(days=1), takes_sign_ups=True
        ).order_by("-taken", "starts_at", "pk")[0]
        community = ahead.community_id
        here = {"community": community}
        held = Occurrence.objects.filter(**here, state=State.HELD)
        grant = staffed.filter(division=community).order_by("pk")[0]
        subdistrict = RoleGrant.objects.filter(
            role="subdistrict_staff",
            until_on=None,
            division=Division.objects.get(pk=community).parent_id,
            account__state="active",
        )
        district = RoleGrant.objects.filter(role="district_staff", until_on=None, account__state="active")
        came = Attendance.objects.filter(**here, undone_at=None, person__state=Person.State.LIVING)
        person = came.values("person").annotate(n=Count("pk")).order_by("-n", "person")[0]["person"]
        past = held.filter(takes_sign_ups=True, room__isnull=False).order_by("-taken", "pk")[0]
        service = Shift.objects.filter(**here).order_by("-taken", "pk")
        booking = Booking.objects.filter(**here, person__isnull=False).order_by("pk").first()
        lent = RoomTerms.objects.filter(**here).order_by("pk").first()
        volunteer = Volunteer.objects.filter(**here).order_by("pk")
        print(
            json.dumps(
                {
                    "accounts": {
                        RESIDENT: _resident(person),
                        STAFF: str(grant.account_id),
                        SUBDISTRICT: _account(subdistrict),
                        DISTRICT: _account(district),
                    },
                    "here": {
                        "community": str(community),
                        "venue": str(past.venue_id),
                        "past": str(past.pk),
                        "past_activity": str(past.activity_id),
                        "ahead": str(ahead.pk),
                        "ahead_activity": str(ahead.activity_id),
                        "attendance": _pk(came.filter(person=person).order_by("-came_at")),
                        "sign_up": _pk(SignUp.objects.filter(occurrence=ahead).order_by("place_no")),
                        "shift": _pk(service.filter(state="done")),
                        "open_shift": _pk(service.filter(state="open", starts_at__gt=at)),
                        "team": _pk(Team.objects.filter(**here).order_by("pk")),
                        "volunteer": _pk(volunteer),
                        "hours_entry": _pk(HoursEntry.objects.filter(**here).order_by("pk")),
                        "certificate": _pk(Certificate.objects.filter(**here).order_by("pk")),
                        "booking": str(booking.pk) if booking else "",
                        "room": str(lent.room_id) if lent else str(past.room_id),
                    },
                }
            )
        )


def _pk(rows: Any) -> str:
    row = rows.first()
    return str(row.pk) if row is not None else ""


def _account(grants: Any) -> str:
    row = grants.order_by("pk").first()
    return str(row.account_id) if row is not None else ""


def _resident(person: Any) -> str:
    """Give the account of a resident, opened if there is none."""
    found = Account.objects.filter(person=person, kind=Account.Kind.RESIDENT).first()
    if found is None:
        found = Account.objects.create(
            kind=Account.Kind.RESIDENT,
            state=Account.State.ACTIVE,
            phone_digest="bench activities",
            person_id=person,
            display_name=Person.objects.get(pk=person).name,
            created_at=clock.now(),
        )
    return str(found.pk)


def _pages(here: dict[str, str]) -> list[tuple[str, str, str]]:
    """Give who asks, what the page is called, and its address; what is not on record is left out."""
    found: list[tuple[str, str, str]] = []

    def add(who: str, name: str, asks: str = "", **named: str) -> None:
        if all(named.values()):
            title = f"{who}: {name} {asks.format(**here) if 'community' not in asks else asks}".strip()
            found.append((who, title, reverse(name, kwargs=named or None) + asks.format(**here)))

    old = "?from_on=2024-03-01&until_on=2024-12-31"
    for who in (NOBODY, RESIDENT):
        add(who, "resident:activities")
        add(who, "resident:activities", "?where=all")
        add(who, "resident:activities", "?where=all&category=L01&when=week")
        add(who, "resident:activities", "?where=all&q=讲座")
        add(who, "resident:activity", occurrence=here["ahead"])
        add(who, "resident:activity", occurrence=here["past"])
        add(who, "resident:activity_sign_up", occurrence=here["ahead"])
        add(who, "resident:volunteering")
        add(who, "resident:volunteer_shift", shift=here["open_shift"])
        add(who, "resident:rooms", community=here["community"])
        add(who, "resident:room", room=here["room"])
        add(who, "resident:calendar_community", community=here["community"])
        add(who, "resident:calendar_venue", venue=here["venue"])
    for name in ("home", "my_activities", "visits", "my_rooms", "my_volunteering", "my_hours", "my_certificates"):
        add(RESIDENT, f"resident:{name}")
    add(RESIDENT, "resident:my_activities", "?earlier=1")
    add(RESIDENT, "resident:visit", attendance=here["attendance"])
    for who in (STAFF, SUBDISTRICT, DISTRICT):
        add(who, "staff:activities")
        add(who, "staff:activities", old)
        add(who, "staff:activities", "?text=讲座")
        add(who, "staff:activities", "?state=held&category=L01")
        add(who, "staff:activities_calendar", "?month=2024-05")
        add(who, "staff:activities_calendar")
        add(who, "staff:activities_all")
        add(who, "staff:activities_all", "?text=讲座&state=ended")
        add(who, "staff:rooms")
        add(who, "staff:rooms_all")
        add(who, "staff:rooms_use")
        add(who, "staff:bookings")
        add(who, "staff:bookings", "?q=讲座")
        if who != STAFF:  # who has one community is led on to it
            add(who, "staff:volunteers")
        add(who, "staff:occurrence", occurrence=here["past"])
        add(who, "staff:attendance", occurrence=here["past"])
    for name in ("shifts", "volunteers_of", "teams", "hours", "certificates", "reportings"):
        add(STAFF, f"staff:{name}", community=here["community"])
    for name in ("occurrence", "sign_ups", "sign_ups_named", "check_in", "attendance", "occurrence_shifts", "feedback"):
        add(STAFF, f"staff:{name}", occurrence=here["ahead"])
        add(STAFF, f"staff:{name}", occurrence=here["past"])
    for name in ("pictures", "publicity", "publicity_poster"):
        add(STAFF, f"staff:{name}", occurrence=here["past"])
    for name in ("activity", "activity_dates"):
        add(STAFF, f"staff:{name}", activity=here["ahead_activity"])
    add(STAFF, "staff:activity", activity=here["past_activity"])
    add(STAFF, "staff:sign_up", sign_up=here["sign_up"])
    add(STAFF, "staff:shift", shift=here["shift"])
    add(STAFF, "staff:volunteer", volunteer=here["volunteer"])
    add(STAFF, "staff:team", team=here["team"])
    add(STAFF, "staff:certificate", certificate=here["certificate"])
    add(STAFF, "staff:room_lending", room=here["room"])
    add(STAFF, "staff:booking", booking=here["booking"])
    add(DISTRICT, "district:activities", "?period=2024")
    add(DISTRICT, "district:activity_categories", "?period=2024")
    api = reverse("resident:home") + "api/v1/"
    found.extend(
        (who, f"{who}: API {path}", api + path.format(**here))
        for who, path in (
            (NOBODY, "activities?limit=50"),
            (NOBODY, "activities?from_on=2016-01-01&q=讲座&limit=50"),
            (NOBODY, "activities/{ahead}"),
            (RESIDENT, "activities/mine?earlier=true"),
            (NOBODY, "volunteering/shifts"),
            (RESIDENT, "volunteering/mine"),
            (RESIDENT, "volunteering/hours"),
        )
    )
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
        if answer.status_code == 200:
            row["size"] = len(answer.content)
            row["cpu"] = cost(lambda: client.get(address))  # noqa: B023 - called before the next turn
        row["is_overview"] = "rooms_use" in name
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
