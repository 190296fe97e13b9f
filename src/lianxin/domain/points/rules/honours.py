"""Who stands where on an honour roll, and the text that is published and signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_ON_A_ROLL = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A household and its place; households with equal points share one."""

    position: int
    household: UUID
    points: int


def follow_successors(points: Mapping[UUID, int], successors: Mapping[UUID, UUID]) -> dict[UUID, int]:
    """Count what a household earned that has ended for the one that followed it, and drop what comes to nothing."""
    counted: dict[UUID, int] = {}
    for household, earned in points.items():
        seen = {household}
        while household in successors and successors[household] not in seen:
            household = successors[household]
            seen.add(household)
        counted[household] = counted.get(household, 0) + earned
    return {household: earned for household, earned in counted.items() if earned > 0}


def rank(points: Mapping[UUID, int], *, size: int, without: Iterable[UUID] = ()) -> list[Placed]:
    """Place households by points, equal ones on one place; all who share the last place are on the roll."""
    left_out = set(without)
    ordered = sorted(
        ((earned, household) for household, earned in points.items() if earned > 0 and household not in left_out),
        key=lambda pair: (-pair[0], pair[1]),
    )
    placed: list[Placed] = []
    for index, (earned, household) in enumerate(ordered, start=1):
        is_tie = bool(placed) and placed[-1].points == earned
        position = placed[-1].position if is_tie else index
        if position > size:
            break
        placed.append(Placed(position, household, earned))
    return placed


def entry_text(*, position: int, shown_as: str, number: str, points: int) -> str:
    """Write one place as the roll's text does."""
    return ngettext(
        "%(position)d. %(name)s, household %(number)s: %(points)d point",
        "%(position)d. %(name)s, household %(number)s: %(points)d points",
        points,
    ) % {"position": position, "name": shown_as, "number": number, "points": points}


def roll_text(*, community: str, title: str, starts_on: date, ends_on: date, entries: Sequence[str]) -> str:
    """Write a roll as it is published in groups and on posters, and signed, byte for byte."""
    days = _("Points given from %(from)s to %(until)s; spending points changes nothing here.") % {
        "from": starts_on.isoformat(),
        "until": ends_on.isoformat(),
    }
    return "\n".join([f"{community} {title}", days, *entries])


def signed_bytes(digest: str) -> bytes:
    """Give the bytes of a roll that are signed: its text's digest, so that the signature outlives an erased name."""
    return f"lianxin roll 1\n{digest}".encode()
