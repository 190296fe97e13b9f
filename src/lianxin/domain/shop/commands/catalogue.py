"""The catalogue: what is offered, for how many points from which day on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import OrganisationRole
from lianxin.domain.points.ledger.requests import MOST_POINTS
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import found
from lianxin.domain.shop.models import Every, Item, ItemPrice
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.models import StoredFile

MOST_FEN = 100_000_000
EDITABLE = frozenset(
    {"name", "description", "category", "merchant", "cost_fen", "limit_quantity", "limit_every", "valid_days"}
    | {"picture_id"}
)


class NameTaken(Refused):
    """Two things on offer may not have one name."""

    title = gettext_lazy("Something of this name is in the catalogue already.")


class ItemEnded(Refused):
    """The item is no longer offered."""

    title = gettext_lazy("This is no longer offered. Enter it anew to offer it again.")


@command("shop.create_item")
def create_item(
    *,
    actor: Actor,
    community: UUID,
    kind: str,
    name: str,
    points: int,
    description: str = "",
    category: str = "",
    merchant: UUID | None = None,
    cost_fen: int = 0,
    limit_quantity: int | None = None,
    limit_every: str = "",
    valid_days: int = 90,
    picture_id: UUID | None = None,
    from_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Item:
    """Enter something to be redeemed, as a draft, with its first price."""
    policy.require(policy.may_keep_shop(actor, community))
    if kind not in Item.Kind.values:
        raise Invalid(fields={"kind": [_("Choose goods, a service or an honour.")]})
    row = Item(community_id=community, kind=kind, needs_stock=kind == Item.Kind.GOODS)
    _fill(
        row,
        {
            "name": name,
            "description": description,
            "category": category,
            "merchant": merchant,
            "cost_fen": cost_fen,
            "limit_quantity": limit_quantity,
            "limit_every": limit_every,
            "valid_days": valid_days,
            "picture_id": picture_id,
        },
    )
    row.save(force_insert=True)
    act().target(row, "entered", {"name": [None, row.name], "points": [None, points]})
    _set_price(row, points=points, from_on=from_on or local_day(at), actor=actor, at=at)
    return row


@command("shop.edit_item")
def edit_item(
    *, actor: Actor, item: UUID, version: int | None = None, at: datetime, key: UUID | None = None, **values: Any
) -> Item:
    """Change what an item says of itself (EDITABLE); its price has versions of its own."""
    row = found.item(item)
    policy.require(policy.may_keep_shop(actor, row.community_id))
    found.require_version(row, version)
    if row.state == Item.State.ENDED:
        raise ItemEnded
    change = _fill(row, values)
    if change:
        row.version += 1
        row.save()
        act().target(row, "changed", change)
    return row


@command("shop.set_price")
def set_price(
    *, actor: Actor, item: UUID, points: int, from_on: date, at: datetime, key: UUID | None = None
) -> ItemPrice:
    """Set the points for one piece from a day on, today or later; what is reserved keeps its price."""
    row = found.item(item)
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if row.state == Item.State.ENDED:
        raise ItemEnded
    made = _set_price(row, points=points, from_on=from_on, actor=actor, at=at)
    act().target(row, "price set", {"points": [None, points], "from_on": [None, from_on]})
    return made


@command("shop.put_on_sale")
def put_on_sale(*, actor: Actor, item: UUID, at: datetime) -> Item:
    """Offer an item to the residents."""
    row = found.item(item)
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if row.state == Item.State.ENDED:
        raise ItemEnded
    return _move(row, Item.State.ON_SALE)


@command("shop.end_item")
def end_item(*, actor: Actor, item: UUID, reason: str = "", at: datetime) -> Item:
    """Offer an item no longer; what is reserved can still be collected, and vouchers can be used."""
    row = found.item(item)
    policy.require(policy.may_keep_shop(actor, row.community_id))
    act().note(reason=reason.strip())
    return _move(row, Item.State.ENDED)


def _move(row: Item, state: str) -> Item:
    if row.state != state:
        act().target(row, state, {"state": [row.state, state]})
        row.state = state
        row.version += 1
        row.save(update_fields=["state", "version"])
    return row


def _set_price(row: Item, *, points: object, from_on: date, actor: Actor, at: datetime) -> ItemPrice:
    if not isinstance(points, int) or isinstance(points, bool) or points < 0:
        raise Invalid(fields={"points": [_("A price is a whole number of points, nought or more.")]})
    if points > MOST_POINTS:
        raise Invalid(fields={"points": [_("That is more points than one entry can hold.")]})
    if from_on < local_day(at):
        raise Invalid(fields={"from_on": [_("A price begins today or later.")]})
    return ItemPrice.objects.create(item=row, points=points, from_on=from_on, set_at=at, set_by=actor.account)


def _fill(row: Item, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Set fields and give what changed; raises Invalid with a sentence for each field."""
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    change: dict[str, list[Any]] = {}
    for name, value in values.items():
        value = value.strip() if isinstance(value, str) else value
        attribute = "merchant_id" if name == "merchant" else name
        if getattr(row, attribute) != value:
            change[name] = [getattr(row, attribute), value]
            setattr(row, attribute, value)
    errors = dict(_errors(row))
    if errors:
        raise Invalid(fields={name: [sentence] for name, sentence in errors.items()})
    same = Item.objects.filter(community=row.community_id, name=row.name).exclude(state=Item.State.ENDED)
    if same.exclude(pk=row.pk).exists():
        raise NameTaken(fields={"name": [NameTaken.title]})
    if "merchant" in change and row.merchant_id is not None:
        found.organisation(row.merchant_id, "merchant")
        if not OrganisationRole.objects.filter(
            organisation=row.merchant_id, kind=OrganisationRole.Kind.MERCHANT
        ).exists():
            raise Invalid(fields={"merchant": [_("This organisation is not entered as a merchant.")]})
    if "picture_id" in change and row.picture_id and not StoredFile.objects.filter(pk=row.picture_id).exists():
        raise Invalid(fields={"picture_id": [_("The picture is not there any more. Send it again.")]})
    return change


def _errors(row: Item) -> list[tuple[str, str]]:
    wrong = []
    if not row.name:
        wrong.append(("name", _("The name is missing.")))
    for field, most in (("name", 60), ("description", 500), ("category", 30)):
        if len(getattr(row, field)) > most:
            wrong.append((field, _("At most %(most)d characters.") % {"most": most}))
    if not _is_whole(row.cost_fen, 0, MOST_FEN):
        wrong.append(("cost_fen", _("What one piece costs is an amount of money, nought or more.")))
    if not _is_whole(row.valid_days, 1, 3_650):
        wrong.append(("valid_days", _("A voucher is valid for 1 to 3650 days.")))
    if row.kind == Item.Kind.HONOUR and row.merchant_id is not None:
        wrong.append(("merchant", _("An honour is given by the community itself.")))
    if (row.limit_quantity is None) != (not row.limit_every):
        wrong.append(("limit_quantity", _("Give both the number of pieces and the time in which it counts.")))
    elif row.limit_quantity is not None and not _is_whole(row.limit_quantity, 1, 100_000):
        wrong.append(("limit_quantity", _("A limit is a whole number of pieces, at least 1.")))
    elif row.limit_every and row.limit_every not in Every.values:
        wrong.append(("limit_every", _("Choose a day, week, month or year.")))
    return wrong


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
