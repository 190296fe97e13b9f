"""What deciding on acts rests on: their households, the open books of these, the books' rules and budgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.points.models import Book, Budget
from lianxin.domain.points.queries.homes import Homes, Subject, read_homes
from lianxin.domain.points.queries.rules import load_terms
from lianxin.domain.points.rules.deciding import Terms


@dataclass(frozen=True, slots=True)
class Ground:
    """The households of some acts, the open book of each community, and all versions of its rules."""

    homes: Homes
    books: Mapping[UUID, Book]
    terms: Mapping[UUID, Sequence[Terms]]


def read_ground(subjects: Sequence[Subject], communities: Iterable[UUID] = ()) -> Ground:
    """Read what deciding on acts of these subjects needs, within an active scope; raises Missing outside it."""
    homes = read_homes(subjects)
    wanted = {homes.of(household, person).community for household, person, _on in subjects} | set(communities)
    books = {book.community_id: book for book in Book.objects.filter(community__in=wanted, state=Book.State.OPEN)}
    return Ground(homes, books, load_terms([book.pk for book in books.values()]))


class BudgetChoice:
    """Which budget an act draws on: the one it names, else the general one of its day."""

    def __init__(self, books: Iterable[Book], named: set[UUID]) -> None:
        self._general: dict[UUID, list[Budget]] = {}
        general = Budget.objects.filter(book__in=[book.pk for book in books], is_general=True, closed_on=None)
        for budget in general.order_by("-valid_from"):
            self._general.setdefault(budget.book_id, []).append(budget)
        self._named = {budget.pk: budget for budget in Budget.objects.filter(pk__in=named)} if named else {}
        self._chosen: dict[tuple[UUID, UUID | None, date], Budget | None] = {}

    def choose(self, book: UUID, named: UUID | None, on: date) -> Budget | None:
        """Give the open budget of a book for a day, or None."""
        key = (book, named, on)
        if key not in self._chosen:
            known = self._named.get(named) if named else None
            budgets = ([known] if known else []) if named else self._general.get(book, [])
            fits = (b for b in budgets if b.book_id == book and not b.closed_on and b.valid_from <= on <= b.valid_until)
            self._chosen[key] = next(fits, None)
        return self._chosen[key]
