"""Keeping offers findable."""

from collections.abc import Iterable, Iterator

from lianxin.domain.resources.models import Offer
from lianxin.platform import search
from lianxin.platform.commands import act

OFFER = "offer"


def index_offer(row: Offer) -> None:
    """Make an offer findable by what it is called now, inside the running command."""
    index_many([row])


def index_many(rows: Iterable[Offer]) -> None:
    """Make offers findable in a few statements, inside the running command."""
    found = list(rows)
    search.drop(OFFER, [row.pk for row in found if row.state == Offer.State.ENDED])
    search.put([_entry(row) for row in found if row.state != Offer.State.ENDED], at=act().at)


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all offers in scope that have not ended."""
    rows = Offer.objects.exclude(state=Offer.State.ENDED).select_related("organisation").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield _entry(row)


def _entry(row: Offer) -> search.Entry:
    # A person's name is no word of an offer: it is found under their own record.
    giver = row.organisation.name if row.organisation else ""
    return search.Entry(
        kind=OFFER,
        record_id=row.pk,
        community_id=row.community_id,
        title=row.title,
        detail=giver,
        words=(giver,) if giver else (),
        url_name="staff:offer",
    )
