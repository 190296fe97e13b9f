"""The order of those who wait: as they were accepted, or after a draw as it came out."""

from collections.abc import Iterable
from uuid import UUID

from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.rules import draws

State = SignUp.State


def in_order(place: Occurrence, rows: Iterable[SignUp]) -> list[SignUp]:
    """Put waiting sign-ups into the order in which they get places; those of a party stand together."""
    listed = list(rows)
    if not place.is_drawn or place.drawn_at is None:
        first: dict[UUID, int] = {}
        for row in listed:
            first[row.party] = min(first.get(row.party, row.place_no), row.place_no)
        return sorted(listed, key=lambda row: (first[row.party], row.place_no))
    drawn_at = place.drawn_at
    # Who came after the draw stands behind it.
    return sorted(
        listed,
        key=lambda row: (
            row.accepted_at > drawn_at,
            draws.rank(place.seed, row.party) if row.accepted_at <= drawn_at else "",
            row.place_no,
        ),
    )


def position_of(place: Occurrence, row: SignUp) -> int | None:
    """Give how many wait before somebody, plus one; None for who does not wait. To be asked within the scope."""
    if row.state != State.WAITING:
        return None
    waiting = SignUp.objects.filter(occurrence=place.pk, state=State.WAITING)
    if not place.is_drawn or place.drawn_at is None:
        return waiting.filter(place_no__lt=row.place_no).count() + 1
    fields = ("party", "place_no", "accepted_at", "community", "occurrence")
    ordered = [one.pk for one in in_order(place, waiting.only(*fields))]
    return ordered.index(row.pk) + 1 if row.pk in ordered else None


def positions(place: Occurrence) -> dict[UUID, int]:
    """Give the position by sign-up of everybody who waits. To be asked within the scope."""
    waiting = SignUp.objects.filter(occurrence=place.pk, state=State.WAITING)
    fields = ("party", "place_no", "accepted_at", "community", "occurrence")
    return {row.pk: number for number, row in enumerate(in_order(place, waiting.only(*fields)), start=1)}
