"""Into which lots points go back when a part of a redemption is brought back."""

from collections.abc import Sequence
from datetime import date, timedelta

# As the ledger does for whole reversals: points whose lot is over live on this long.
GRACE = timedelta(days=30)


def lots_to_fill(
    *, taken: Sequence[tuple[date, int]], given_back: int, points: int, on: date
) -> list[tuple[date, int]]:
    """Give (lot, points) for a return: the lots that the redemption emptied last are filled first.

    `taken` is what the redemption took, in its order; `given_back` what earlier returns have filled. A lot that has
    expired by `on` is replaced by one that lasts 30 days.
    """
    skip, missing = given_back, points
    filled: dict[date, int] = {}
    for lot, amount in reversed(taken):
        already = min(skip, amount)
        skip -= already
        part = min(amount - already, missing)
        if part:
            day = lot if lot > on else on + GRACE
            filled[day] = filled.get(day, 0) + part
            missing -= part
    if missing:
        raise ValueError("more points are given back than were taken")
    return sorted(filled.items())
