"""What the tests of the pages of points share: a community with points in force, and its office logged in."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.tests.account_factories import give_role, make_account
from lianxin.domain.places.models import Division
from lianxin.domain.points.commands.awards import award
from lianxin.domain.points.models import Claim
from lianxin.domain.points.tests.rules_factories import AT, TODAY, Town, make_town
from lianxin.platform import scope
from lianxin.platform.ids import new_id

__all__ = ["AT", "TODAY", "Town", "give", "make_town"]


def enter(client: Client, role: str, division: Division) -> Client:
    """Log somebody of an office in."""
    account = make_account()
    give_role(account, role, division=division)
    client.force_login(account)
    return client


def page(client: Client, name: str, query: str = "", **named: Any) -> HttpResponse:
    """Open a page of the office."""
    return client.get(reverse(f"staff:{name}", kwargs=named) + query)


def send(client: Client, name: str, data: dict[str, Any] | None = None, query: str = "", **named: Any) -> HttpResponse:
    """Send a form of the office, with a key as browsers do."""
    return client.post(reverse(f"staff:{name}", kwargs=named) + query, {"key": str(new_id()), **(data or {})})


def text_of(response: HttpResponse) -> str:
    """The page as text."""
    return response.content.decode()


def give(town: Town, number: int = 0, *, quantity: int = 1, item: str = "help", on: date = TODAY) -> Claim:
    """Points for a household, given by the town's staff."""
    home, head = town.households[number], town.heads[number]
    return award(
        actor=town.staff,
        household=home.pk,
        person=head.pk,
        item=item,
        quantity=quantity,
        done_on=on,
        at=AT,
        key=new_id(),
    )


def claim_now(pk: UUID) -> Claim:
    """The claim as it is now."""
    with scope.everything():
        return Claim.objects.get(pk=pk)
