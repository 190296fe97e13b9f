"""Whose passbook a resident opens: the own household's, or that of somebody for whom the resident acts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.points import policy
from lianxin.domain.points.models import Book
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, NotAllowed


@dataclass(frozen=True, slots=True)
class OwnHome:
    """A household whose points a resident looks after; `book_state` is empty where its community keeps no book."""

    person: UUID
    household: UUID
    number: str
    community: UUID
    community_name: str
    book_state: str
    switched_on: date | None

    def has_book(self, on: date) -> bool:
        """Tell whether points of this community count on a day."""
        return self.book_state == Book.State.OPEN and self.switched_on is not None and self.switched_on <= on


def find_own_home(*, actor: Actor, person: UUID, on: date) -> OwnHome:
    """Give the household of a resident, or of somebody the resident may act for in points; raises Missing, NotAllowed.

    One query for oneself, two for somebody else.
    """
    if actor.person is None:
        raise Missing
    if person != actor.person:
        link = next((one for one in list_principals(actor=actor, on=on) if one.person == person), None)
        if link is None:
            raise Missing
        if not link.may(policy.PROXY_ACT):
            raise NotAllowed(_("This person has not agreed that you look after the points."))
    with scope.everything():
        kept = Book.objects.filter(community=OuterRef("household__community")).exclude(state=Book.State.CLOSED)
        rows = Person.objects.filter(pk=person, state=Person.State.LIVING).select_related("household__community")
        found = rows.annotate(
            book_state=Subquery(kept.values("state")[:1]), switched_on=Subquery(kept.values("switched_on")[:1])
        ).first()
    if found is None:
        raise Missing
    return OwnHome(
        person=found.pk,
        household=found.household_id,
        number=found.household.number,
        community=found.household.community_id,
        community_name=found.household.community.short_name,
        book_state=found.book_state or "",
        switched_on=found.switched_on,
    )
