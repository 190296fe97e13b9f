"""What the tests of the people pages share: a family, an office that is logged in, forms sent as browsers do."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.models import Household, Organisation, Person
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import give_role, make_account
from lianxin.domain.places.models import Division
from lianxin.domain.places.tests.factories import make_venue
from lianxin.platform import scope
from lianxin.platform.models import AuditEntry

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PHONE = "13800138000"
MASKED_PHONE = "138****8000"


def enter(client: Client, role: str, division: Division | None = None) -> Client:
    """Log somebody with one role in."""
    account = make_account()
    reach: dict[str, Any] = {"division": division}
    if role in ("merchant", "partner"):
        reach = {"organisation": Organisation.objects.create(name="长平超市", registered_on=TODAY)}
    if role == "host":
        with scope.everything():
            reach = {"venue": make_venue(division)}
    give_role(account, role, **reach)
    client.force_login(account)
    return client


def family(community: Division, *, name: str = "陈小明", **values: Any) -> Household:
    """A household of a head born in 1950 with ID number and phone, and a child born in 1980."""
    born = date(1950, 5, 1)
    members = [
        make.new_person(name, id_number=make.id_number(born, sex="m"), phone=PHONE, **values),
        make.new_person("陈大伟", "child", birth_on=date(1980, 3, 4)),
    ]
    return make.make_household(community, *members, address="长平路12号", room="301")


def head_of(household: Household) -> Person:
    """The head of a household."""
    return make.members_of(household)[0]


def page(client: Client, name: str, *args: Any, query: str = "") -> HttpResponse:
    """Open a page of the office."""
    return client.get(reverse(f"staff:{name}", args=args) + query)


def send(client: Client, name: str, *args: Any, data: dict[str, Any], query: str = "") -> HttpResponse:
    """Send a form of the office."""
    return client.post(reverse(f"staff:{name}", args=args) + query, data)


def text_of(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()


def words_in_workbook(response: HttpResponse) -> str:
    """Every text in an XLSX, as its readers would see it."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return " ".join(re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode()))


def looks() -> list[str]:
    """The reasons of every look that was logged."""
    with scope.everything():
        return list(AuditEntry.objects.filter(action__contains="reveal").values_list("reason", flat=True))
