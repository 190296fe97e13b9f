"""Budgets: points that may be given away for something in some days."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands.books import ensure_period
from lianxin.domain.points.ledger.requests import check_points
from lianxin.domain.points.models import Account, Book, Budget
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

LONGEST_NAME = 80


class BudgetClosed(Refused):
    """The budget was closed and its rest went back."""

    title = gettext_lazy("This budget is closed.")


@command("points.set_budget")
def set_budget(
    *,
    actor: Actor,
    book: UUID,
    name: str,
    valid_from: date,
    valid_until: date,
    points: int,
    is_general: bool = False,
    source_kind: str = "",
    source_id: UUID | None = None,
    note: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Budget:
    """Set points aside for something (an activity names itself as source) or, general, for whatever names no budget."""
    policy.require(policy.may_keep_rules(actor))
    locks.advisory(f"points.budgets.{book}")
    row = Book.objects.filter(pk=book).first()
    if row is None:
        raise Missing
    if row.state == Book.State.CLOSED:
        raise Refused(_("This book was closed. Prepare a new one."))
    title = name.strip()
    problems: dict[str, list[str]] = {}
    if not title or len(title) > LONGEST_NAME:
        problems["name"] = [_("Give the budget a name of at most %(most)d characters.") % {"most": LONGEST_NAME}]
    if valid_until < valid_from:
        problems["valid_until"] = [_("The last day lies before the first day.")]
    try:
        check_points(points)
    except Invalid as problem:
        problems["points"] = [str(problem.detail)]
    if is_general and not problems:
        general = Budget.objects.filter(book=row, is_general=True, closed_on=None)
        clash = general.filter(valid_from__lte=valid_until, valid_until__gte=valid_from).first()
        if clash is not None:
            problems["valid_from"] = [
                _("“%(name)s” is the general budget of these days already. Add points to it instead.")
                % {"name": clash.name}
            ]
        elif Budget.objects.filter(book=row, is_general=True, valid_from=valid_from).exists():
            problems["valid_from"] = [_("A closed general budget began on this day. Choose another first day.")]
    if source_id is not None and Budget.objects.filter(source_id=source_id).exists():
        problems["source_id"] = [_("There is a budget for this already. Add points to it instead.")]
    if problems:
        raise Invalid(fields=problems)
    pk = new_id()
    opened = ledger.open_accounts(book=row.pk, community=row.community_id, kind=Account.Kind.BUDGET, owners=[pk], at=at)
    budget = Budget.objects.create(
        id=pk,
        community_id=row.community_id,
        book=row,
        account_id=opened[pk],
        name=title,
        valid_from=valid_from,
        valid_until=valid_until,
        is_general=is_general,
        source_kind=source_kind,
        source_id=source_id,
    )
    _fund(actor, budget, points, at, note)
    act().target(budget, "set", {"points": [0, points]})
    return budget


@command("points.add_to_budget")
def add_to_budget(
    *, actor: Actor, budget: UUID, points: int, note: str = "", at: datetime, key: UUID | None = None
) -> Budget:
    """Set more points aside in an open budget."""
    policy.require(policy.may_keep_rules(actor))
    row = locked_budget(budget)
    if row.closed_on is not None:
        raise BudgetClosed
    try:
        check_points(points)
    except Invalid as problem:
        raise Invalid(fields={"points": [problem.detail]}) from None
    _fund(actor, row, points, at, note)
    row.version += 1
    row.save(update_fields=["version"])
    act().target(row, "added to", {"points": [0, points]})
    return row


@command("points.close_budget")
def close_budget(*, actor: Actor, budget: UUID, at: datetime, key: UUID | None = None) -> Budget:
    """Close a budget; what is left goes back to where points come from. Closed already, give it."""
    policy.require(policy.may_keep_rules(actor))
    row = locked_budget(budget)
    if row.closed_on is not None:
        return row
    left = give_rest_back(actor=actor, budget=row, at=at)
    row.closed_on, row.version = local_day(at), row.version + 1
    row.save(update_fields=["closed_on", "version"])
    act().target(row, "closed", {"points": [left, 0]})
    return row


def give_rest_back(*, actor: Actor, budget: Budget, at: datetime) -> int:
    """Post what a budget holds back to issuance; give how many points."""
    issuance = _issuance(budget, at)
    locked = ledger.lock_accounts([budget.account_id, issuance])
    left = locked[budget.account_id].free
    if left:
        _post(actor, budget, ledger.Move(budget.account_id, issuance, left), at, "")
    return left


def locked_budget(budget: UUID) -> Budget:
    """Give a budget in scope that nobody else changes now; raises Missing."""
    # Not a row lock: awards hold the budget's account while they refer to its row, which would be the other way round.
    locks.advisory(f"points.budget.{budget}")
    row = Budget.objects.filter(pk=budget).first()
    if row is None:
        raise Missing
    return row


def _issuance(budget: Budget, at: datetime) -> UUID:
    return ledger.system_account(book=budget.book_id, community=budget.community_id, kind=Account.Kind.ISSUANCE, at=at)


def _fund(actor: Actor, budget: Budget, points: int, at: datetime, note: str) -> None:
    _post(actor, budget, ledger.Move(_issuance(budget, at), budget.account_id, points), at, note)


def _post(actor: Actor, budget: Budget, move: ledger.Move, at: datetime, note: str) -> None:
    on = local_day(at)
    ensure_period(budget.book_id, on.year)
    ledger.post(
        ledger.Posting(
            book=budget.book_id,
            kind="fund",
            moves=[move],
            effective_on=on,
            at=at,
            key=new_id(),
            by=actor.account,
            via=actor.via,
            source_kind="points.budget",
            source_id=budget.pk,
            note=note.strip()[:500],
        )
    )
