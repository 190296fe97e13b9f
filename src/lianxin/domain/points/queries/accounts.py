"""Which book a community keeps now, and the accounts of a household; read by commands and queries within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.people.models import Household
from lianxin.domain.points.models import Account, Book, Period
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

Kind = Account.Kind
State = Account.State


def open_book(community: UUID) -> Book | None:
    """Give the book that a community keeps now, or None."""
    return Book.objects.filter(community=community, state=Book.State.OPEN).first()


def takes_entries(book: Book, on: date) -> bool:
    """Tell whether a period of this book is open for a day, or one after it."""
    return Period.objects.filter(book=book, state=Period.State.OPEN, ends_on__gte=on).exists()


def accounts_of(book: Book, households: Sequence[UUID], kind: str = Kind.HOUSEHOLD) -> dict[UUID, UUID]:
    """Give the accounts of these households in a book that are not closed, by household."""
    rows = Account.objects.filter(book=book, kind=kind, owner__in=households).exclude(state=State.CLOSED)
    return dict(rows.values_list("owner", "pk"))


def find_account(book: Book | None, household: UUID) -> Account | None:
    """Give a household's account in a book unless it is closed."""
    if book is None:
        return None
    return Account.objects.filter(book=book, kind=Kind.HOUSEHOLD, owner=household).exclude(state=State.CLOSED).first()


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Points that wait in a book for their household, which lives in another community now."""

    household: UUID
    community: UUID
    number: str
    lives_in: str
    points: int


def find_waiting(*, actor: Actor, account: UUID) -> LeftBehind:
    """Give what waits on a passbook in scope for a household that moved away; raises Missing when nothing does."""
    with scope.within(actor.communities):
        row = Account.objects.filter(pk=account, kind=Kind.HOUSEHOLD, state=State.FROZEN).first()
    if row is None:
        raise Missing
    with scope.everything():
        home = Household.objects.filter(pk=row.owner, state=Household.State.ACTIVE).select_related("community").first()
    if home is None or home.community_id == row.community_id:
        raise Missing
    return LeftBehind(home.pk, row.community_id, home.number, home.community.short_name, row.balance)


def list_accounts(household: UUID) -> list[Account]:
    """Give a household's accounts in all books that go on; those that wait come first, as nothing is held on them."""
    rows = Account.objects.filter(kind=Kind.HOUSEHOLD, owner=household).exclude(state=State.CLOSED)
    return list(rows.exclude(book__state=Book.State.CLOSED).select_related("book").order_by("state", "pk"))
