"""Keeping matters, votes and opinion maps findable: by all what is public, by the offices what lies in their reach."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import Case, CaseLink, Matter, OpinionMap, Subject, Vote
from lianxin.platform import search
from lianxin.platform.commands import act

MATTER, VOTE, MAP = "matter", "vote", "opinion_map"


def index(rows: Iterable[Any]) -> None:
    """Make matters, votes or opinion maps findable by what they are called now, inside the running command."""
    known = list(rows)
    sealed = _sealed([row.pk for row in known if isinstance(row, Matter)])
    search.put([entry_of(row, is_sealed=row.pk in sealed) for row in known], at=act().at)


def index_of_cases(cases: Iterable[UUID]) -> None:
    """Look at the matters that these cases led to again: what came out of a mediation is found without its words."""
    linked = CaseLink.objects.filter(kind=CaseLink.Kind.MATTER, case__in=list(cases)).values("record_id")
    rows = list(Matter.objects.filter(pk__in=linked))
    if rows:
        index(rows)


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all matters, votes and opinion maps in scope."""
    sealed = _sealed(None)
    for model in (Matter, Vote, OpinionMap):
        for row in model.objects.order_by("pk").iterator(chunk_size=500):
            yield entry_of(row, is_sealed=row.pk in sealed)


def entry_of(row: Any, *, is_sealed: bool = False) -> search.Entry:
    """Give the search entry of one; of a sealed matter its number and subject alone."""
    number, of = str(row.number), {"record_id": row.pk, "community_id": row.community_id}
    if isinstance(row, Matter):
        subject = str(Subject(row.subject).label)
        return search.Entry(
            MATTER,
            title=subject if is_sealed else row.title,
            detail=_("matter %(number)s") % {"number": number},
            words=(subject, number),
            public=row.is_public and not is_sealed,
            url_name="staff:matter",
            **of,
        )
    is_vote = isinstance(row, Vote)
    said = _("vote %(number)s") if is_vote else _("opinion map %(number)s")
    return search.Entry(
        VOTE if is_vote else MAP,
        title=row.question,
        detail=said % {"number": number},
        words=(number,),
        public=row.is_public and row.state != "draft",
        url_name="staff:vote" if is_vote else "staff:map",
        **of,
    )


def _sealed(matters: list[UUID] | None) -> frozenset[UUID]:
    """Give which of these matters, or of all, came out of a case that is mediated."""
    linked = CaseLink.objects.filter(kind=CaseLink.Kind.MATTER, case__in=Case.objects.filter(is_mediated=True))
    if matters is not None:
        if not matters:
            return frozenset()
        linked = linked.filter(record_id__in=matters)
    return frozenset(linked.values_list("record_id", flat=True))
