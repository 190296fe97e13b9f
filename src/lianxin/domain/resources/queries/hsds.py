"""The resources list as a document of HSDS 3.0 and 3.1."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from lianxin.domain.places.models import ServiceCategory
from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules import hsds_out
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import scope
from lianxin.platform.actors import Actor

PLAIN = (
    *("kind", "title", "description", "conditions", "contact_name", "place", "needs_venue", "seats", "least_people"),
    *("minutes", "times", "every", "quantity", "unit", "cost_fen", "reach", "reach_metres", "from_on", "until_on"),
)


def services(*, actor: Actor, communities: Iterable[UUID] | None = None) -> dict[str, Any]:
    """Give the organisations' offers in scope that have not ended, as one page of services; five queries.

    What residents offer is left out: a person is no organisation of a directory.
    """
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        rows = Offer.objects.exclude(state=Offer.State.ENDED).filter(organisation__isnull=False)
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        rows = rows.select_related("organisation", "community", "venue").order_by("title", "pk")
        found = list(rows.prefetch_related("categories__category", "weekly_times"))
    categories = {
        code: (name, description)
        for code, name, description in ServiceCategory.objects.values_list("code", "name", "description")
    }
    return hsds_out.page_of([hsds_out.service_of(_told(row), categories=categories) for row in found])


def _told(row: Offer) -> hsds_out.Told:
    assert row.organisation is not None
    content = OfferContent(
        organisation=row.organisation_id,
        venue=row.venue_id,
        categories=sorted(
            ((one.category.code, one.level) for one in row.categories.all()), key=lambda c: (-c[1], c[0])
        ),
        weekly=[(one.weekday, one.starts, one.ends) for one in row.weekly_times.all()],
        **{name: getattr(row, name) for name in PLAIN},
    )
    return hsds_out.Told(
        id=row.pk,
        content=content,
        state=row.state,
        assured_on=row.assured_on,
        changed_at=row.made_at,
        organisation=row.organisation.pk,
        organisation_name=row.organisation.name,
        credit_code=row.organisation.uscc or "",
        community_code=row.community.code,
        community_name=row.community.short_name,
        venue_name=row.venue.name if row.venue else "",
        lng=row.venue.lng if row.venue else None,
        lat=row.venue.lat if row.venue else None,
    )
