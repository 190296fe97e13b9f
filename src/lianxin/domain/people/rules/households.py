"""What may happen to a household, and how its number is written."""

from collections.abc import Iterable

from lianxin.domain.people.models.households import Household
from lianxin.domain.people.models.persons import Person

TRANSITIONS: dict[str, frozenset[str]] = {
    Household.State.ACTIVE: frozenset(
        {Household.State.MERGED, Household.State.SPLIT, Household.State.MOVED, Household.State.CLOSED}
    ),
    Household.State.MERGED: frozenset(),
    Household.State.SPLIT: frozenset(),
    Household.State.MOVED: frozenset({Household.State.ACTIVE}),
    Household.State.CLOSED: frozenset({Household.State.ACTIVE}),
}


def may_become(state: str, wanted: str) -> bool:
    """Tell whether a household in a state may go to another one."""
    return wanted in TRANSITIONS.get(state, frozenset())


def number_of(sequence: int) -> str:
    """Write the running number of a community as it is printed: six digits, more when they are used up."""
    return f"{sequence:06d}"


def address_line(*, address: str, building: str, unit: str, room: str) -> str:
    """Write the whole address on one line, leaving out what is empty."""
    return " ".join(part for part in (address, building, unit, room) if part)


def successor_as_head(relations: Iterable[tuple[str, object]]) -> object | None:
    """Give the key of the member to become head when there is none: the spouse first, then the next grown generation.

    `relations` are (relation, key) pairs in the order in which they should be asked (usually oldest first).
    """
    order: dict[str, int] = {
        str(relation): place
        for place, relation in enumerate(
            (
                Person.Relation.HEAD,
                Person.Relation.SPOUSE,
                Person.Relation.CHILD,
                Person.Relation.CHILD_IN_LAW,
                Person.Relation.PARENT,
                Person.Relation.SIBLING,
            )
        )
    }
    best = min(enumerate(relations), key=lambda item: (order.get(item[1][0], 99), item[0]), default=None)
    return None if best is None else best[1][1]
