"""Who may open the pages of the shop; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.domain.people.queries.households import find_household
from lianxin.domain.places.queries import divisions
from lianxin.domain.shop import policy
from lianxin.domain.shop.queries.catalogue import find_item
from lianxin.domain.shop.queries.orders import find_order, find_voucher
from lianxin.domain.shop.queries.stock import find_donation, find_need, find_stock
from lianxin.domain.shop.queries.tills import find_sale, find_shop_day, find_till
from lianxin.domain.shop.queries.vouchers import find_settlement
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def works_in_shops(actor: Actor) -> bool:
    """Tell whether somebody has a shop to work in: the offices, and the hosts of venues."""
    return actor.holds(*policy.READERS, "host") and not is_administrator(actor)


def keeps_shops(actor: Actor) -> bool:
    """Tell whether somebody looks after shops, whichever."""
    return policy.may_take_in_stock(actor)


def serves(actor: Actor) -> bool:
    """Tell whether somebody gives out goods somewhere."""
    return keeps_shops(actor) or actor.holds("host")


def is_firm(actor: Actor) -> bool:
    """Tell whether somebody works for a merchant."""
    return actor.holds("merchant") and not is_administrator(actor)


def covered(actor: Actor, community: UUID) -> str:
    """Give the name of a community that this actor answers for; raises Missing."""
    name = divisions.names_of([community]).get(community)
    if name is None or not actor.covers(community):
        raise Missing
    return name


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "community": covered,
    "item": lambda actor, pk: find_item(actor=actor, item=pk),
    "stock": lambda actor, pk: find_stock(actor=actor, stock=pk),
    "household": lambda actor, pk: find_household(actor=actor, household=pk, on=local_day(now())),
    "order": lambda actor, pk: find_order(actor=actor, redemption=pk, on=local_day(now())),
    "voucher": lambda actor, pk: find_voucher(actor=actor, voucher=pk),
    "settlement": lambda actor, pk: find_settlement(actor=actor, settlement=pk),
    "need": lambda actor, pk: find_need(actor=actor, need=pk),
    "donation": lambda actor, pk: find_donation(actor=actor, donation=pk),
    "shop_day": lambda actor, pk: find_shop_day(actor=actor, shop_day=pk),
    "till": lambda actor, pk: find_till(actor=actor, till=pk),
    "sale": lambda actor, pk: find_sale(actor=actor, sale=pk),
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let those who work in shops read a page."""
    return guard(READ, seen_by=works_in_shops)(view)


def keeping(view: View) -> View:
    """Let those who look after shops open and send a form."""
    return guard(SEND, seen_by=works_in_shops, allowed=keeps_shops, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who look after shops."""
    return guard(PRESS, seen_by=works_in_shops, allowed=keeps_shops, there=_there)(view)


def serving(view: View) -> View:
    """Let those who give out goods open and send a form."""
    return guard(SEND, seen_by=works_in_shops, allowed=serves, there=_there)(view)


def server_presses(view: View) -> View:
    """Take a button from those who give out goods."""
    return guard(PRESS, seen_by=works_in_shops, allowed=serves, there=_there)(view)


def firms_reading(view: View) -> View:
    """Let merchants read a page."""
    return guard(READ, seen_by=is_firm)(view)


def firms_form(view: View) -> View:
    """Let merchants open and send a form."""
    return guard(SEND, seen_by=is_firm)(view)


def both_sides(view: View) -> View:
    """Let the offices and the merchants read a sheet; the query behind it decides whose it is."""
    return guard(READ, seen_by=lambda actor: works_in_shops(actor) or is_firm(actor))(view)


def both_press(view: View) -> View:
    """Take a button from the offices and the merchants; the command behind it decides whose it is."""
    return guard(PRESS, seen_by=lambda actor: works_in_shops(actor) or is_firm(actor))(view)
