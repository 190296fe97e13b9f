"""The picture of something on offer: sent in, taken out."""

from datetime import datetime
from uuid import UUID

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import found
from lianxin.domain.shop.commands.catalogue import ItemEnded
from lianxin.domain.shop.models import Item
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command

PURPOSE = "shop.item_picture"
PICTURE_BYTES = 5 * 1_048_576


@command("shop.put_picture")
def put_picture(*, actor: Actor, item: UUID, fileobj: files.Readable, name: str, at: datetime) -> Item:
    """Show a picture of an item from now on, instead of the one before; a sentence for what is none or too large."""
    row = _item(actor, item)
    stored = files.store(
        fileobj=fileobj,
        name=name,
        purpose=PURPOSE,
        limit_bytes=PICTURE_BYTES,
        community_id=row.community_id,
        at=at,
    )
    return _show(row, stored.pk)


@command("shop.remove_picture")
def remove_picture(*, actor: Actor, item: UUID, at: datetime, key: UUID | None = None) -> Item:
    """Show no picture of an item any more."""
    row = _item(actor, item)
    return row if row.picture_id is None else _show(row, None)


def _item(actor: Actor, pk: UUID) -> Item:
    row = found.item(pk)
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if row.state == Item.State.ENDED:
        raise ItemEnded
    return row


def _show(row: Item, picture: UUID | None) -> Item:
    act().target(row, "picture changed", {"picture": [row.picture_id, picture]})
    row.picture_id = picture
    row.version += 1
    row.save(update_fields=["picture_id", "version"])
    return row
