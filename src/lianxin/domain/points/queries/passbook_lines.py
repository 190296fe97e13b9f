"""The lines of a passbook in words: what was done, by which version of the rules, entered by whom, sealed how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lianxin.domain.people.models import RoleGrant
from lianxin.domain.people.rules.roles import ROLES
from lianxin.domain.points.models import Account, Claim, Line, Txn
from lianxin.domain.points.rules.explaining import act_words, listed


@dataclass(frozen=True, slots=True)
class PassbookLine:
    """One line as it stands in the booklet, in words, with the version of the rules and the seal over it."""

    seq: int
    on: date
    posted_at: datetime
    kind: str
    kind_label: str
    what: str
    delta: int
    balance_after: int
    rules_number: int | None
    given_by: str
    txn: UUID
    hash: str
    seal_code: str

    @property
    def is_sealed(self) -> bool:
        """Tell whether a seal covers this line."""
        return bool(self.seal_code)


def lines_of(account: Account) -> QuerySet[Line]:
    """Give the lines of an account with all that their words need, in one query."""
    grants = RoleGrant.objects.filter(account=OuterRef("txn__by_account_id"))
    then = grants.filter(from_on__lte=OuterRef("txn__effective_on")).order_by("-from_on", "-pk").values("role")[:1]
    # Who had no role on the day of an act that was entered later is told by the first one.
    first = grants.order_by("from_on", "pk").values("role")[:1]
    return (
        Line.objects.filter(account=account)
        .select_related("txn__rules", "txn__note", "txn__sealed__seal")
        .annotate(role=Coalesce(Subquery(then), Subquery(first)), reversed_txn=F("txn__reverses"))
    )


def in_words(household: UUID, rows: Sequence[Line]) -> list[PassbookLine]:
    """Write lines as a passbook shows them; one query for the acts behind them."""
    acts = _acts(household, rows)
    return [_in_words(row, acts) for row in rows]


def _in_words(row: Any, acts: dict[UUID, list[Claim]]) -> PassbookLine:
    txn: Txn = row.txn
    sealed = getattr(txn, "sealed", None)
    label = str(Txn.Kind(txn.kind).label)
    note = getattr(txn, "note", None)
    claims = acts.get(txn.pk, [])
    if claims:
        done = listed(act_words(title=_title(claim), quantity=claim.quantity) for claim in claims)
        what = _labelled(label, done) if txn.kind == Txn.Kind.REVERSAL else done
    else:
        what = _labelled(label, note.text) if note is not None else label
    return PassbookLine(
        seq=row.seq,
        on=txn.effective_on,
        posted_at=txn.posted_at,
        kind=txn.kind,
        kind_label=label,
        what=what,
        delta=row.delta,
        balance_after=row.balance_after,
        rules_number=txn.rules.number if txn.rules else None,
        given_by=_giver(txn, row.role),
        txn=txn.pk,
        hash=bytes(row.hash).hex(),
        seal_code=sealed.seal.code if sealed is not None else "",
    )


def _labelled(label: str, what: str) -> str:
    return _("%(label)s: %(what)s") % {"label": label, "what": what}


def _giver(txn: Txn, role: str | None) -> str:
    if txn.by_account_id is None:
        return str(_("the program"))
    return str(ROLES[role].label) if role in ROLES else str(_("a resident"))


def _title(claim: Claim) -> str:
    return claim.item.title if claim.item else claim.evidence or claim.act_kind


def _acts(household: UUID, rows: Iterable[Any]) -> dict[UUID, list[Claim]]:
    """Find the acts of this household behind transactions: their own, or those that a reversal took back."""
    originals: dict[UUID, UUID] = {}
    parts: dict[UUID, UUID] = {}
    for row in rows:
        if row.txn.source_kind == "points.claim" and row.txn.source_id and row.txn.kind == Txn.Kind.REVERSAL:
            parts[row.txn_id] = row.txn.source_id
        else:
            originals[row.txn_id] = row.reversed_txn or row.txn_id
    if not originals and not parts:
        return {}
    wanted = Q(txn__in=set(originals.values())) | Q(pk__in=set(parts.values()))
    by_txn: dict[UUID, list[Claim]] = {}
    by_id: dict[UUID, Claim] = {}
    for claim in Claim.objects.filter(wanted, household=household).select_related("item").order_by("pk"):
        by_id[claim.pk] = claim
        if claim.txn_id:
            by_txn.setdefault(claim.txn_id, []).append(claim)
    found = {txn: by_txn.get(original, []) for txn, original in originals.items()}
    return found | {txn: [by_id[claim]] for txn, claim in parts.items() if claim in by_id}
