"""Budgets and what is left of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Sum

from lianxin.domain.points import policy
from lianxin.domain.points.models import Budget, Claim
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget as a list shows it: what is left, what was given out of it, what was asked for beyond it."""

    id: UUID
    book: UUID
    name: str
    valid_from: date
    valid_until: date
    is_general: bool
    source_kind: str
    source_id: UUID | None
    closed_on: date | None
    left: int
    given: int
    not_given: int


def list_budgets(*, actor: Actor, book: UUID, with_closed: bool = False) -> list[BudgetRow]:
    """List the budgets of a book, newest first; two queries."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        rows = Budget.objects.filter(book=book)
        if not with_closed:
            rows = rows.filter(closed_on=None)
        return _rows_of(list(rows.select_related("account").order_by("-valid_from", "-pk")))


def find_budget(*, actor: Actor, budget: UUID) -> BudgetRow:
    """Give one budget in scope; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        found = _rows_of(list(Budget.objects.filter(pk=budget).select_related("account")))
    if not found:
        raise Missing
    return found[0]


def find_budget_of_source(*, actor: Actor, source_id: UUID) -> BudgetRow | None:
    """Give the budget that an activity or another source has of its own, or None."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        found = _rows_of(list(Budget.objects.filter(source_id=source_id).select_related("account")))
    return found[0] if found else None


def usable_budgets(*, actor: Actor, book: UUID, on: date) -> list[BudgetRow]:
    """List the open budgets that hold for acts of a day, the general one first."""
    rows = [row for row in list_budgets(actor=actor, book=book) if row.valid_from <= on <= row.valid_until]
    return sorted(rows, key=lambda row: not row.is_general)


def _rows_of(budgets: list[Budget]) -> list[BudgetRow]:
    given: dict[UUID, tuple[int, int]] = {}
    claims = Claim.objects.filter(budget__in=[budget.pk for budget in budgets]).order_by()
    for row in claims.values("budget").annotate(
        given=Sum("points", filter=Q(state=Claim.State.AWARDED), default=0),
        asked=Sum("asked", filter=Q(state=Claim.State.AWARDED) | Q(state=Claim.State.NOTHING), default=0),
    ):
        given[row["budget"]] = (row["given"], row["asked"])
    found = []
    for budget in budgets:
        points, asked = given.get(budget.pk, (0, 0))
        found.append(
            BudgetRow(
                id=budget.pk,
                book=budget.book_id,
                name=budget.name,
                valid_from=budget.valid_from,
                valid_until=budget.valid_until,
                is_general=budget.is_general,
                source_kind=budget.source_kind,
                source_id=budget.source_id,
                closed_on=budget.closed_on,
                left=budget.account.balance,
                given=points,
                not_given=asked - points,
            )
        )
    return found
