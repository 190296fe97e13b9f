"""What a voice looks like: entries of its community's list, and other voices that are on no entry yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from lianxin.domain.needs.models import Need, NeedReport, NeedVerdict
from lianxin.domain.needs.rules import similar

LOOK_AT = 2_000
COMPARED = (Need.State.OPEN, Need.State.PLANNED, Need.State.PARTLY, Need.State.MET, Need.State.UNMET)


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that a voice looks like, in which words, and what staff said of both before."""

    need: Need
    score: float
    shared: list[str]
    quote: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Alikes:
    """The entries that a voice looks like, and the other new voices, each with the words that both have."""

    entries: list[Alike] = field(default_factory=list)
    voices: list[tuple[NeedReport, list[str]]] = field(default_factory=list)


def look_alikes(*, report: NeedReport, limit: int = 5) -> Alikes:
    """Give what a voice looks like: entries, those of its likely categories first, and other new voices; one query.

    An entry for which nobody speaks any more is not compared.
    """
    said_before = NeedVerdict.objects.filter(report=report.pk, need=OuterRef("need")).values("verdict")[:1]
    rows = (
        NeedReport.objects.filter(community=report.community_id)
        .filter(Q(state=NeedReport.State.NEW) | Q(need__state__in=COMPARED))
        .exclude(pk=report.pk)
        .select_related("need__category", "category")
        .annotate(verdict=Subquery(said_before))
        .order_by("-heard_at", "pk")[:LOOK_AT]
    )
    fresh: list[NeedReport] = []
    known: dict[UUID, Need] = {}
    verdicts: dict[UUID, str] = {}
    said: dict[tuple[UUID, int], str] = {}
    for number, row in enumerate(rows, start=1):
        need = row.need
        if need is None:
            fresh.append(row)
        elif need.pk != report.need_id:
            if need.pk not in known:
                known[need.pk] = need
                said[(need.pk, 0)] = need.title
                verdicts[need.pk] = row.verdict or ""
            said[(need.pk, number)] = row.words
    return Alikes(_entries(report, known, said, verdicts, limit), _voices(report, fresh, limit))


def _entries(
    report: NeedReport,
    known: dict[UUID, Need],
    said: dict[tuple[UUID, int], str],
    verdicts: dict[UUID, str],
    limit: int,
) -> list[Alike]:
    likely = _likely(report)
    found: dict[UUID, Alike] = {}
    # Those of the likely categories are asked first; the others fill what is left.
    for of_likely in (True, False):
        part = [(key, words) for key, words in said.items() if (known[key[0]].category.code in likely) is of_likely]
        for near in similar.nearest(report.words, part, k=4 * limit):
            need = near.id[0]
            if need not in found and len(found) < limit and near.shared:
                found[need] = Alike(known[need], near.score, list(near.shared), said[near.id], verdicts[need])
    return list(found.values())


def _voices(report: NeedReport, fresh: Sequence[NeedReport], limit: int) -> list[tuple[NeedReport, list[str]]]:
    others = {row.pk: row for row in fresh}
    nearest = similar.nearest(report.words, [(pk, row.words) for pk, row in others.items()], k=limit)
    return [(others[near.id], list(near.shared)) for near in nearest if len(near.shared) > 1]


def _likely(report: NeedReport) -> set[str]:
    if report.category is not None:
        return {report.category.code}
    return {str(code) for code, _score in report.suggestions[:3]}
