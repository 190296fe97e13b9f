"""Wall screens: an address that is shown once, and ended."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models.walls import Wall
from lianxin.domain.reporting.queries.feeds import find_feed, is_upper
from lianxin.domain.reporting.queries.walls import may_keep_walls, walls_of
from lianxin.domain.reporting.rules.walls import LONGEST_NAME, MOST_DAYS, USUAL_DAYS, digest_of
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed


@command("reporting.make_wall")
def make_wall(
    *,
    actor: Actor,
    name: str,
    subdistrict: UUID | None = None,
    days: int = USUAL_DAYS,
    at: datetime,
    key: UUID | None = None,
) -> Wall:
    """Make a wall screen's address; its token stands on the row that is given (`secret`), once, kept as a digest."""
    if not may_keep_walls(actor):
        raise NotAllowed
    name = " ".join(name.split())
    wrong: dict[str, list[str]] = {}
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = [_("Write this in at most %(most)d characters.") % {"most": LONGEST_NAME}]
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = [_("Choose between 1 and %(most)d days.") % {"most": MOST_DAYS}]
    if not _may_show(actor, subdistrict):
        wrong["subdistrict"] = [_not_yours()]
    if wrong:
        raise Invalid(fields=wrong)
    token = base64.b32encode(secrets.token_bytes(17)).decode().rstrip("=").lower()[:26]
    row = Wall.objects.create(
        name=name,
        subdistrict_id=subdistrict,
        token_digest=digest_of(token),
        made_by=actor.account,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    act().target(row, "made", {"name": [None, row.name], "expires_at": [None, row.expires_at]})
    row.secret = token  # type: ignore[attr-defined]
    return row


def _not_yours() -> str:
    if is_upper():
        return _("Choose a district that hands figures up.")
    return _("Choose a subdistrict that your office answers for.")


def _may_show(actor: Actor, subdistrict: UUID | None) -> bool:
    """Tell whether an office may show a whole subdistrict; the whole district only whoever answers for all of it.

    A city or province shows one of its districts instead.
    """
    if subdistrict is None:
        return actor.communities is None
    if is_upper():
        return actor.communities is None and find_feed(subdistrict) is not None
    below = Division.objects.filter(level=Level.COMMUNITY, ended_on=None, parent=subdistrict)
    ids = list(below.values_list("pk", flat=True))
    return bool(ids) and all(actor.covers(community) for community in ids)


@command("reporting.end_wall")
def end_wall(*, actor: Actor, wall: UUID, at: datetime, key: UUID | None = None) -> Wall:
    """Let a wall screen's address lead nowhere from now on. Said twice it stays ended."""
    if not may_keep_walls(actor):
        raise NotAllowed
    row: Wall | None = locks.lock_one(walls_of(actor).filter(pk=wall))
    if row is None:
        raise Missing
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        act().target(row, "ended")
    return row
