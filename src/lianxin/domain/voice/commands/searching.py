"""Keeping cases findable for staff by number, title and place; what was said is not searched, as it may name people."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import searching_matters
from lianxin.domain.voice.models import Case, Subject
from lianxin.platform import search
from lianxin.platform.commands import act

CASE = "case"


def index(cases: Iterable[Case]) -> None:
    """Make cases findable by what they are called now, inside the running command."""
    rows = list(cases)
    search.put([entry_of(row) for row in rows if row.state != Case.State.JOINED], at=act().at)
    search.drop(CASE, [row.pk for row in rows if row.state == Case.State.JOINED])
    if sealed := [row.pk for row in rows if row.is_mediated]:
        searching_matters.index_of_cases(sealed)


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all cases in scope."""
    for row in Case.objects.exclude(state=Case.State.JOINED).order_by("pk").iterator(chunk_size=500):
        yield entry_of(row)


def entry_of(row: Case) -> search.Entry:
    """Give the search entry of one case; what is sealed is found by its number and subject alone."""
    is_plain = row.confidentiality == "open" and not row.is_mediated
    subject = str(Subject(row.subject).label)
    return search.Entry(
        kind=CASE,
        record_id=row.pk,
        community_id=row.community_id,
        title=row.title if is_plain else subject,
        detail=_("case %(number)d") % {"number": row.number},
        words=(subject, str(row.number), *((row.place_words,) if is_plain and row.place_words else ())),
        url_name="staff:case",
    )
