"""Keeping entries of the needs list findable for staff; voices are not searched, as their words may name people."""

from collections.abc import Iterable, Iterator

from lianxin.domain.needs.models import Need
from lianxin.platform import search
from lianxin.platform.commands import act

NEED = "need"


def index(needs: Iterable[Need]) -> None:
    """Make entries findable by what they are called now, inside the running command."""
    rows = list(needs)
    search.put([entry_of(row) for row in rows if row.state != Need.State.WITHDRAWN], at=act().at)
    search.drop(NEED, [row.pk for row in rows if row.state == Need.State.WITHDRAWN])


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all entries in scope."""
    rows = Need.objects.exclude(state=Need.State.WITHDRAWN).select_related("category").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield entry_of(row)


def entry_of(row: Need) -> search.Entry:
    """Give the search entry of one entry, its category loaded."""
    return search.Entry(
        kind=NEED,
        record_id=row.pk,
        community_id=row.community_id,
        title=row.title,
        detail=row.category.name,
        words=(row.category.name,),
        url_name="staff:need",
    )
