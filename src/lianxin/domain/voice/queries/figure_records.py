"""The records behind one figure of cases: those whose facts the tallies add up, so that both are always the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum

from lianxin.domain.voice.models import Case, CaseReport, CaseStep, TierDecision
from lianxin.domain.voice.queries.figures import FLOWS
from lianxin.platform.models import Fact, kind_of

MOST = 2_000
AT_ONCE = 500
PROOFS: dict[str, Any] = {kind_of(model): model for model in (CaseReport, CaseStep, TierDecision)}


@dataclass(frozen=True, slots=True)
class Record:
    """One case that a figure counts, with the day on which it is counted."""

    on: date
    case: Case


def list_records(
    *,
    figure: str,
    from_on: date,
    until_on: date,
    communities: Collection[UUID] | None = None,
    tier: str = "",
    subject: str = "",
) -> list[Record]:
    """Give the cases that one figure counts in [from_on, until_on), newest first, at most some thousand."""
    rows = Fact.objects.filter(measure=FLOWS[figure], occurred_on__gte=from_on, occurred_on__lt=until_on)
    if communities is not None:
        rows = rows.filter(community_id__in=list(communities))
    if tier:
        rows = rows.filter(category__startswith=f"{tier}:")
    if subject:
        rows = rows.filter(category__endswith=f":{subject}")
    counted = (
        rows.order_by()
        .values("record_kind", "record_id")
        .annotate(n=Sum("quantity"), on=Max("occurred_on"))
        .filter(n__gt=0)
        .order_by("-on", "record_id")
        .values_list("record_kind", "record_id", "on")[:MOST]
    )
    facts = list(counted)
    cases = _cases(facts)
    return [Record(on, cases[proof]) for _kind, proof, on in facts if proof in cases]


def _cases(facts: Iterable[tuple[str, UUID, date]]) -> dict[UUID, Case]:
    """Give the case of each proof."""
    proofs: dict[str, list[UUID]] = {}
    for kind, pk, _on in facts:
        proofs.setdefault(kind, []).append(pk)
    case_of: dict[UUID, UUID] = {}
    for kind, pks in proofs.items():
        for start in range(0, len(pks), AT_ONCE):
            part = PROOFS[kind].objects.filter(pk__in=pks[start : start + AT_ONCE])
            case_of |= dict(part.values_list("pk", "case_id"))
    wanted = sorted(set(case_of.values()))
    found: dict[UUID, Case] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Case.objects.filter(pk__in=wanted[start : start + AT_ONCE]).select_related("community")
        found |= {row.pk: row for row in rows}
    return {proof: found[pk] for proof, pk in case_of.items() if pk in found}
