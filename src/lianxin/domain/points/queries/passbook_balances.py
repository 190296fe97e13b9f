"""What a household can spend now, in one query: for shop pages, which do not show the passbook itself."""

from dataclasses import dataclass

from lianxin.domain.points.models import Account, Book
from lianxin.domain.points.queries.own_homes import OwnHome
from lianxin.platform import scope
from lianxin.platform.actors import Actor


@dataclass(frozen=True, slots=True)
class Purse:
    """The points of a household: all of them, and those kept aside for what waits to be collected."""

    balance: int
    held: int
    is_open: bool

    @property
    def free(self) -> int:
        """Give the points that can be spent now."""
        return self.balance - self.held


def purse_of(*, actor: Actor, home: OwnHome) -> Purse:
    """Give what a household that this actor looks after (see `find_own_home`) can spend in its community now."""
    with scope.within(None if actor.communities is None else actor.communities | {home.community}):
        kept = Account.objects.filter(
            owner=home.household, kind=Account.Kind.HOUSEHOLD, book__community=home.community
        ).exclude(state=Account.State.CLOSED)
        found = kept.exclude(book__state=Book.State.CLOSED).first()
    if found is None:
        return Purse(0, 0, is_open=home.book_state == Book.State.OPEN)
    return Purse(found.balance, found.held, is_open=found.state == Account.State.OPEN)
