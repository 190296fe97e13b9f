"""What a till takes along to work alone: signed, so that it sees whether anything was changed on the way."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.models import Card, Person
from lianxin.domain.points.models import Hold
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Till, TillAllowance, TillStock
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.domain.shop.queries.terms import open_book, terms_of
from lianxin.engines.masking import mask_name
from lianxin.platform import keys, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing, Refused


class TillNotOffline(Refused):
    """The till works with the network."""

    title = _("Let the till go without network first.")


def package(*, actor: Actor, till: UUID, at: datetime) -> dict[str, Any]:
    """Give what a till needs to work alone, signed: items with prices and pieces, households with their allowance.

    Names are masked; card numbers are those printed on the cards. Eight queries. Raises Missing or TillNotOffline.
    """
    with scope.within(actor.communities):
        row = Till.objects.filter(pk=till).select_related("shop_day").first()
        if row is None:
            raise Missing
        policy.require(policy.may_serve(actor, row.community_id, row.shop_day.venue_id))
        if row.state != Till.State.OFFLINE or row.expires_at is None or row.offline_at is None:
            raise TillNotOffline
        stocks = list(TillStock.objects.filter(till=row).select_related("item").order_by("item__name", "pk"))
        prices = prices_on([one.item_id for one in stocks], local_day(row.offline_at))
        terms = terms_of(open_book(row.community_id).pk, local_day(at))
        said: dict[str, Any] = {
            "version": 1,
            "till": str(row.pk),
            "name": row.name,
            "venue": str(row.shop_day.venue_id),
            "made_at": row.offline_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
            "identity_check_above": terms.identity_check_above,
            "items": [
                {
                    "id": str(one.item_id),
                    "name": one.item.name,
                    "points": prices[one.item_id],
                    "pieces": one.allotted,
                    "limit": one.item.limit_quantity,
                }
                for one in stocks
            ],
            "households": _households(row),
        }
    algorithm, key_id, signature = keys.sign(package_text(said))
    return {"package": said, "algorithm": algorithm, "key_id": key_id, "signature": signature}


def package_text(said: Mapping[str, Any]) -> bytes:
    """Give the bytes of a package that are signed."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return b"lianxin till 1\n" + text.encode()


def _households(row: Till) -> list[dict[str, Any]]:
    live = TillAllowance.objects.filter(till=row, hold__state=Hold.State.HELD).order_by("household__number", "pk")
    homes = list(live.values_list("household_id", "household__number", "points"))
    living = Person.objects.filter(
        household__in=live.order_by().values("household"), state=Person.State.LIVING
    ).order_by("pk")
    valid = Card.objects.filter(person__in=living.order_by().values("pk"), revoked_at=None)
    cards = dict(valid.values_list("person_id", "number"))
    people: dict[UUID, list[dict[str, str]]] = {}
    for pk, home, name in living.values_list("pk", "household_id", "name"):
        people.setdefault(home, []).append({"name": mask_name(name), "card": cards.get(pk, "")})
    return [
        {"id": str(home), "number": number, "points": points, "people": people.get(home, [])}
        for home, number, points in homes
    ]
