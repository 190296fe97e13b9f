"""Writing what an offer says into its rows."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.places.models import Division, Level, ServiceCategory, Venue
from lianxin.domain.resources.models import (
    Offer,
    OfferCategory,
    OfferCommunity,
    OfferException,
    OfferTime,
)
from lianxin.domain.resources.queries.terms import terms_of
from lianxin.domain.resources.rules.contents import OfferContent, problems_of
from lianxin.platform import scope
from lianxin.platform.errors import Invalid

ASSURED_FOR = timedelta(days=180)
PLAIN_FIELDS = (
    *("kind", "title", "description", "conditions", "contact_name", "place", "needs_venue", "seats", "least_people"),
    *("minutes", "times", "every", "quantity", "unit", "cost_fen", "reach", "reach_metres", "from_on", "until_on"),
)
WORDS = ("title", "description", "conditions", "contact_name", "place", "unit")
PLANNED_BY = frozenset(PLAIN_FIELDS) - {"title", "description", "conditions", "contact_name"} | {"venue_id"}
"""What the plan reads: when a giver changes it, somebody has to ask again."""


def category_ids() -> Mapping[str, UUID]:
    """Give the id of each category in use by its code; one query."""
    return dict(ServiceCategory.objects.values_list("code", "pk"))


def check(content: OfferContent, *, community: UUID) -> Mapping[str, UUID]:
    """Raise Invalid with a sentence for each field that is wrong; give the categories' ids."""
    codes = category_ids()
    problems = problems_of(content, categories=codes.keys())
    if content.organisation is not None:
        there = Organisation.objects.exclude(state__in=[Organisation.State.MERGED, Organisation.State.CLOSED])
        if not there.filter(pk=content.organisation).exists():
            problems["organisation"] = [_("This organisation is not on record, or has ended.")]
    if content.person is not None:
        living = Person.objects.filter(pk=content.person, state=Person.State.LIVING)
        if not living.exists():
            problems["person"] = [_("This person no longer lives here, so nothing new is recorded.")]
    if content.venue is not None and not _venue_works(content.venue):
        problems["venue"] = [_("This place is not on record, or was closed.")]
    named = {*content.only, *content.never}
    if named and _communities(named) < len(named):
        problems["only"] = [_("One of the communities named is not on record, or has ended.")]
    if community not in named and content.only:
        problems.setdefault("only", []).append(
            _("The community that keeps the offer has to be among those it goes to.")
        )
    if problems:
        raise Invalid(fields=problems)
    return codes


def _venue_works(venue: UUID) -> bool:
    with scope.everything():
        return Venue.objects.filter(pk=venue).exclude(state="closed").exists()


def _communities(named: Iterable[UUID]) -> int:
    return Division.objects.filter(pk__in=list(named), level=Level.COMMUNITY, ended_on=None).count()


def fill(row: Offer, content: OfferContent) -> None:
    """Set the plain fields of an offer."""
    for name in PLAIN_FIELDS:
        value = getattr(content, name)
        setattr(row, name, " ".join(value.split()) if name in WORDS else value)
    if row.reach != Offer.Reach.RADIUS:
        row.reach_metres = None
    row.organisation_id, row.person_id, row.venue_id = content.organisation, content.person, content.venue


class Parts:
    """The rows that belong to offers, gathered and then written in a few statements."""

    def __init__(self) -> None:
        self.categories: list[OfferCategory] = []
        self.times: list[OfferTime] = []
        self.exceptions: list[OfferException] = []
        self.communities: list[OfferCommunity] = []

    def add(self, row: Offer, content: OfferContent, codes: Mapping[str, UUID]) -> None:
        """Add what belongs to one offer."""
        self.categories += [
            OfferCategory(offer=row, category_id=codes[code], level=level) for code, level in content.categories
        ]
        self.times += [
            OfferTime(offer=row, weekday=day, starts=starts, ends=ends) for day, starts, ends in content.weekly
        ]
        self.exceptions += [
            OfferException(offer=row, first_on=first, last_on=last, reason=reason)
            for first, last, reason in content.exceptions
        ]
        self.communities += [
            OfferCommunity(offer=row, community_id=community, is_excluded=excluded)
            for named, excluded in ((content.only, False), (content.never, True))
            for community in named
        ]

    def write(self) -> None:
        """Write all that was added; what an offer names may lie beyond the scope of who writes it."""
        with scope.everything():
            OfferCategory.objects.bulk_create(self.categories)
            OfferTime.objects.bulk_create(self.times)
            OfferException.objects.bulk_create(self.exceptions)
            OfferCommunity.objects.bulk_create(self.communities)


def write_parts(row: Offer, content: OfferContent, codes: Mapping[str, UUID]) -> None:
    """Write the rows that belong to an offer in place of those that were there."""
    with scope.everything():
        OfferCategory.objects.filter(offer=row).delete()
        OfferTime.objects.filter(offer=row).delete()
        OfferException.objects.filter(offer=row).delete()
        OfferCommunity.objects.filter(offer=row).delete()
    parts = Parts()
    parts.add(row, content, codes)
    parts.write()


def content_of(row: Offer) -> OfferContent:
    """Read what an offer says, from its rows; one query."""
    terms = terms_of(row)
    return OfferContent(
        organisation=row.organisation_id,
        person=row.person_id,
        venue=row.venue_id,
        categories=tuple(terms.categories),
        weekly=tuple(terms.weekly),
        exceptions=tuple(terms.exceptions),
        only=tuple(sorted(pk for pk, _name in terms.only)),
        never=tuple(sorted(pk for pk, _name in terms.never)),
        **{name: getattr(row, name) for name in PLAIN_FIELDS},
    )


def assured_until(on: date, until_on: date | None) -> date:
    """Give the day until which an offer that was assured on a day counts as assured."""
    by = on + ASSURED_FOR
    return min(by, until_on) if until_on is not None and until_on >= on else by
