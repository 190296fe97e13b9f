"""Books of communities, their periods and what they stand at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Sum

from lianxin.domain.points import policy
from lianxin.domain.points.models import Account, Book, Period
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class BookRow:
    """One line of a list of books."""

    id: UUID
    community: UUID
    community_name: str
    state: str
    switched_on: date | None
    passbooks: int
    outstanding: int
    held: int


def find_book(*, actor: Actor, community: UUID) -> Book | None:
    """Give the book that a community keeps now, or None; everybody in scope may know."""
    with scope.within(actor.communities):
        rows = Book.objects.filter(community=community).exclude(state=Book.State.CLOSED)
        return rows.select_related("community").first()


def find_book_by_id(*, actor: Actor, book: UUID) -> Book:
    """Give a book in scope; raises Missing."""
    with scope.within(actor.communities):
        found = Book.objects.filter(pk=book).select_related("community").first()
    if found is None:
        raise Missing
    return found


def which_go_on(ended: Sequence[UUID], into: UUID) -> tuple[Book | None, list[Book]]:
    """Tell which book goes on when communities become one, and which end in it; nothing where none has passbooks.

    An open book goes before one in preparation, and the successor's before another. Within an active scope.
    """
    books = list(Book.objects.filter(community__in=[*ended, into]).exclude(state=Book.State.CLOSED).order_by("pk"))
    if not any(book.community_id in ended for book in books):
        return None, []
    stays = min(books, key=lambda book: (book.state != Book.State.OPEN, book.community_id != into, book.pk))
    return stays, [book for book in books if book.pk != stays.pk]


def list_books(*, actor: Actor) -> list[BookRow]:
    """List the books in scope with what their passbooks hold, by the community's code; two queries."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        books = list(Book.objects.exclude(state=Book.State.CLOSED).select_related("community"))
        sums = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, book__in=[book.pk for book in books])
        totals = {
            row["book"]: row
            for row in sums.order_by().values("book").annotate(n=Count("pk"), b=Sum("balance"), h=Sum("held"))
        }
    rows = []
    for book in sorted(books, key=lambda book: (book.community.code, book.pk)):
        total = totals.get(book.pk, {"n": 0, "b": 0, "h": 0})
        rows.append(
            BookRow(
                id=book.pk,
                community=book.community_id,
                community_name=book.community.short_name,
                state=book.state,
                switched_on=book.switched_on,
                passbooks=total["n"],
                outstanding=total["b"],
                held=total["h"],
            )
        )
    return rows


def list_periods(*, actor: Actor, book: UUID) -> list[Period]:
    """List the years of a book with their closing records, newest first."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        return list(Period.objects.filter(book=book).order_by("-starts_on"))


def find_period(*, actor: Actor, period: UUID) -> Period:
    """Give one year of a book in scope; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        found = Period.objects.filter(pk=period).select_related("book").first()
    if found is None:
        raise Missing
    return found
