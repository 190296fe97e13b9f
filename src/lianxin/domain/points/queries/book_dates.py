"""When each book was last closed and last hung something out, for lists of many books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max

from lianxin.domain.points import policy
from lianxin.domain.points.models import Notice, Period
from lianxin.platform import scope
from lianxin.platform.actors import Actor


@dataclass(frozen=True, slots=True)
class BookDates:
    """The last day of the last closed year, and the first day of the last notice; None where there was none."""

    closed_until: date | None
    noticed_on: date | None


def list_book_dates(*, actor: Actor, books: Sequence[UUID]) -> dict[UUID, BookDates]:
    """Give these days for books in scope; two queries."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        closed = Period.objects.filter(book__in=books, state=Period.State.CLOSED).order_by().values("book")
        shown = Notice.objects.filter(book__in=books).order_by().values("book")
        until = dict(closed.annotate(day=Max("ends_on")).values_list("book", "day"))
        on = dict(shown.annotate(day=Max("shown_from")).values_list("book", "day"))
    return {book: BookDates(until.get(book), on.get(book)) for book in books}
