"""Limits per household: a counter in each window, raised by a conditional UPDATE under a CHECK."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.models import Item, LimitCounter
from lianxin.domain.shop.rules.windows import window_of
from lianxin.platform import locks
from lianxin.platform.errors import Refused


class LimitReached(Refused):
    """A household may take no more of this in this window."""

    title = gettext_lazy("Your household has taken as much of this as the limit allows for now.")


class Counted(NamedTuple):
    """Pieces that count in a window."""

    item: UUID
    household: UUID
    window: str
    quantity: int


def count_in(*, household: UUID, lines: Iterable[tuple[Item, int]], on: date) -> dict[UUID, str]:
    """Count pieces in their windows; gives the window of each item that has a limit. Raises LimitReached."""
    locks.reach(locks.CAP)
    windows: dict[UUID, str] = {}
    for item, quantity in sorted(lines, key=lambda line: line[0].pk):
        if item.limit_quantity is None:
            continue
        window = window_of(item.limit_every, on)
        if not _raise(item, household, window, quantity):
            used = (
                LimitCounter.objects.filter(item=item, household=household, window=window)
                .values_list("used", flat=True)
                .first()
            )
            raise LimitReached(
                _("%(name)s: at most %(most)d for each household per %(every)s; %(used)d were taken already.")
                % {
                    "name": item.name,
                    "most": item.limit_quantity,
                    "every": item.get_limit_every_display(),
                    "used": used or 0,
                }
            )
        windows[item.pk] = window
    return windows


def _raise(item: Item, household: UUID, window: str, quantity: int) -> bool:
    most = item.limit_quantity or 0
    room = LimitCounter.objects.filter(item=item, household=household, window=window, used__lte=most - quantity)
    if quantity > most:
        return False
    if room.update(used=F("used") + quantity, most=most):
        return True
    LimitCounter.objects.bulk_create(
        [
            LimitCounter(
                community_id=item.community_id, item=item, household_id=household, window=window, used=0, most=most
            )
        ],
        ignore_conflicts=True,
    )
    return bool(room.update(used=F("used") + quantity, most=most))


def count_out(counted: Iterable[Counted]) -> None:
    """Give back what counted."""
    locks.reach(locks.CAP)
    for item, household, window, quantity in sorted(counted):
        if window and quantity:
            LimitCounter.objects.filter(item=item, household=household, window=window).update(used=F("used") - quantity)
