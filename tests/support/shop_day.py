"""A program that prepares a shop day with one till in a site's database, or tells what became of it, as JSON.

It runs beside a site: `python -m tests.support.shop_day open`, then `… tell <till>`.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any


def open_day() -> dict[str, Any]:
    """Open a shop in a community that keeps no passbooks, and let a till go with 5 pieces and 40 points a household."""
    from django.db import transaction

    from lianxin.domain.people.models import Person
    from lianxin.domain.places.models import BatchMember, Division, Venue
    from lianxin.domain.points.models import Book, RulesVersion
    from lianxin.domain.points.tests import factories as points
    from lianxin.domain.shop.commands import catalogue, offline_tills, shop_days, stock
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import local_day, now

    at, keeper = now(), Actor.system(via="cli")
    today = local_day(at)
    taken = {
        *BatchMember.objects.values_list("community", flat=True),
        *Book.objects.values_list("community", flat=True),
    }
    communities = Division.objects.filter(level="community", ended_on=None).order_by("-code")
    community = next(one for one in communities if one.pk not in taken)
    heads = Person.objects.filter(community=community, relation="head", state="living", household__state="active")
    first, second = heads.select_related("household").order_by("household__number")[:2]
    with transaction.atomic():
        book = points.make_book(
            community=community.pk, owners=[first.household_id, second.household_id], year=today.year
        )
        for account in book.households:
            points.award(book, account, 100, until=today + timedelta(days=365))
        RulesVersion.objects.create(book_id=book.id, number=1, **_rules(today, at))
    venue = Venue.objects.create(
        community=community, kind="centre", name="集市", state="open", opened_on=date(2024, 3, 1)
    )
    item = catalogue.create_item(
        actor=keeper, community=community.pk, kind="goods", name="洗洁精", points=10, at=at,
        limit_quantity=4, limit_every="day",
    )  # fmt: skip
    catalogue.put_on_sale(actor=keeper, item=item.pk, at=at)
    stock.receive_purchase(actor=keeper, item=item.pk, venue=venue.pk, quantity=8, at=at)
    day = shop_days.open_shop_day(actor=keeper, venue=venue.pk, community=community.pk, on=today, at=at)
    [till] = shop_days.add_tills(actor=keeper, shop_day=day.pk, names=["1号台"], at=at)
    plan = offline_tills.TillPlan(till.till, {item.pk: 5})
    offline_tills.take_offline(actor=keeper, shop_day=day.pk, plans=[plan], at=at)
    homes = [first.household.number, second.household.number]
    return {"till": str(till.till), "token": till.token, "homes": homes}


def _rules(today: date, at: Any) -> dict[str, Any]:
    shown = dict.fromkeys(("minutes_on", "notice_from", "notice_until"), date(today.year - 1, 12, 1))
    days = shown | {"notice_until": date(today.year - 1, 12, 8), "effective_from": date(today.year, 1, 1)}
    words = dict.fromkeys(("title", "minutes_title", "minutes_text"), "测试")
    numbers = {
        "attended": 30, "in_favour": 30, "second_person_above": 500, "identity_check_above": 20, "expiry_months": 12,
        "estate_days": 90, "reserve_days": 3, "offline_points": 40, "objection_days": 7,
    }  # fmt: skip
    return {**days, **words, **numbers, "expiry": "yearly", "split": "stay", "move": "follow", "published_at": at}


def tell(till: str) -> dict[str, Any]:
    """Tell what the books say of a till's day."""
    from lianxin.domain.points.models import Account
    from lianxin.domain.shop.models import Stock, Till, TillSale
    from lianxin.domain.shop.queries import checks

    row = Till.objects.get(pk=till)
    shelf = Stock.objects.get(community=row.community)
    accounts = Account.objects.filter(community=row.community, kind="household").order_by("-balance")
    every = (
        checks.stock_equals_moves,
        checks.reserved_is_promised,
        checks.limits_equal_lines,
        checks.orders_hold_points,
    )
    return {
        "state": row.state,
        "on_hand": shelf.on_hand,
        "reserved": shelf.reserved,
        "balances": [account.balance for account in accounts],
        "held": [account.held for account in accounts],
        "sales": sorted(TillSale.objects.filter(till=row).values_list("state", flat=True)),
        "wrong": [sentence for check in every for sentence in check()],
    }


if __name__ == "__main__":
    import django

    django.setup()
    from lianxin.platform import scope

    with scope.everything():
        sys.stdout.write(json.dumps(open_day() if sys.argv[1] == "open" else tell(sys.argv[2])) + "\n")
