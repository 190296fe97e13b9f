"""Claims: what was offered for points, what came of it, what waits for a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.people.models import Account
from lianxin.domain.points import policy
from lianxin.domain.points.models import Claim
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One line of a list of claims; names are masked."""

    id: UUID
    community: UUID
    household: UUID
    household_number: str
    person: UUID | None
    masked_name: str
    act_kind: str
    title: str
    quantity: int
    minutes: int
    unit: str
    done_on: date
    asked: int
    points: int
    state: str
    state_label: str
    reason: str
    reason_label: str
    evidence: str
    note: str
    awarded_by: UUID | None
    awarded_by_name: str
    approved_by: UUID | None
    approved_by_name: str
    offered_at: datetime
    decided_at: datetime | None
    source_kind: str
    source_id: UUID
    rules_number: int | None
    txn: UUID | None


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """A page of claims, newest first; `after` fetches the next one."""

    rows: list[ClaimRow]
    after: str


def list_claims(
    *,
    actor: Actor,
    on: date,
    community: UUID | None = None,
    household: UUID | None = None,
    person: UUID | None = None,
    state: str = "",
    reason: str = "",
    code: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    after: str = "",
    limit: int = PAGE,
) -> ClaimsPage:
    """List the claims that this actor may see, newest first; days are those of the acts, `until_on` included."""
    size = min(max(limit, 1), MOST_SHOWN)
    conditions: dict[str, object] = {
        "community": community,
        "household": household,
        "person": person,
        "state": state,
        "reason": reason,
        "item__code": code,
        "done_on__gte": from_on,
        "done_on__lte": until_on,
    }
    with scope.within(actor.communities):
        rows = policy.visible_claims(actor, Claim.objects.all(), on)
        rows = rows.filter(**{name: value for name, value in conditions.items() if value})
        return _page(rows, after, size, newest_first=True)


def list_waiting(*, actor: Actor, community: UUID | None = None, after: str = "", limit: int = PAGE) -> ClaimsPage:
    """List the awards for which this actor could be the second person, oldest first."""
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = policy.visible_waiting(actor, Claim.objects.all())
        return _page(rows.filter(community=community) if community else rows, after, size, newest_first=False)


def count_waiting(*, actor: Actor) -> int:
    """Count the awards for which this actor could be the second person."""
    with scope.within(actor.communities):
        return policy.visible_waiting(actor, Claim.objects.all()).count()


def find_claim(*, actor: Actor, claim: UUID, on: date) -> ClaimRow:
    """Give one claim that this actor may see; raises Missing."""
    with scope.within(actor.communities):
        found = _rows(policy.visible_claims(actor, Claim.objects.filter(pk=claim), on))
    if not found:
        raise Missing
    return found[0]


def find_claims_of_source(*, actor: Actor, source_kind: str, source_id: UUID, on: date) -> list[ClaimRow]:
    """Give what came of the acts of one source, by household number; only what this actor may see."""
    with scope.within(actor.communities):
        rows = Claim.objects.filter(source_kind=source_kind, source_id=source_id)
        found = _rows(policy.visible_claims(actor, rows, on))
    return sorted(found, key=lambda row: (row.household_number, row.id))


def _page(rows: QuerySet[Claim], after: str, size: int, *, newest_first: bool) -> ClaimsPage:
    if after:
        try:
            last = UUID(after)
        except ValueError:
            raise Missing from None
        rows = rows.filter(Q(pk__lt=last) if newest_first else Q(pk__gt=last))
    found = _rows(rows.order_by("-pk" if newest_first else "pk")[: size + 1])
    return ClaimsPage(found[:size], str(found[size - 1].id) if len(found) > size else "")


def _rows(claims: QuerySet[Claim]) -> list[ClaimRow]:
    rows = list(claims.select_related("household", "person", "item", "rules"))
    names = _names(account for row in rows for account in (row.awarded_by, row.approved_by))
    return [
        ClaimRow(
            id=row.pk,
            community=row.community_id,
            household=row.household_id,
            household_number=row.household.number,
            person=row.person_id,
            masked_name=mask_name(row.person.name) if row.person else "",
            act_kind=row.act_kind,
            title=row.item.title if row.item else "",
            quantity=row.quantity,
            minutes=row.minutes,
            unit=row.item.unit if row.item else "",
            done_on=row.done_on,
            asked=row.asked,
            points=row.points,
            state=row.state,
            state_label=str(Claim.State(row.state).label),
            reason=row.reason,
            reason_label=str(Claim.Reason(row.reason).label),
            evidence=row.evidence,
            note=row.note,
            awarded_by=row.awarded_by,
            awarded_by_name=names.get(row.awarded_by, ""),
            approved_by=row.approved_by,
            approved_by_name=names.get(row.approved_by, ""),
            offered_at=row.offered_at,
            decided_at=row.decided_at,
            source_kind=row.source_kind,
            source_id=row.source_id,
            rules_number=row.rules.number if row.rules else None,
            txn=row.txn_id,
        )
        for row in rows
    ]


def _names(accounts: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {account for account in accounts if account}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "display_name"))
