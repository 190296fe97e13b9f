"""The second person: agrees to an award that waits, or refuses it."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.points import policy
from lianxin.domain.points.commands import awarding
from lianxin.domain.points.commands.books import BookNotOpen
from lianxin.domain.points.commands.claims import close_duty
from lianxin.domain.points.commands.relatives import households_near
from lianxin.domain.points.models import Book, Claim, RulesVersion
from lianxin.domain.points.queries.grounds import BudgetChoice
from lianxin.domain.points.queries.rules import terms_of
from lianxin.domain.points.rules.deciding import Offered
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

LONGEST_REASON = 300


class DecidedAlready(Refused):
    """A claim waits no more."""

    title = gettext_lazy("This award was decided already.")


class SameHands(Refused):
    """The second person is somebody else than the first, and not near to the household."""

    title = gettext_lazy("A second person has to agree: somebody other than who entered this.")


@command("points.approve_award")
def approve(*, actor: Actor, claim: UUID, at: datetime, key: UUID | None = None) -> Claim:
    """Agree to an award as the second person; caps and budget hold as they stand now.

    Raises SameHands or DecidedAlready.
    """
    row = _waiting(actor, claim)
    if households_near(actor, {row.household_id}, at=at)(row):
        raise SameHands(_("This goes to your own household or relatives. Ask another colleague to decide."))
    if row.book_id is None or row.rules_id is None:
        raise Missing
    book = Book.objects.get(pk=row.book_id)
    if book.state != Book.State.OPEN:
        raise BookNotOpen
    terms = terms_of(RulesVersion.objects.select_related("end").prefetch_related("items__caps").get(pk=row.rules_id))
    item = next(item for item in terms.items if item.id == row.item_id)
    named = {row.budget_id} if row.budget_id else set()
    choice = BudgetChoice([book], named)
    # The budget that was chosen then; when that is closed by now, the general one of the day.
    budget = choice.choose(book.pk, row.budget_id, row.done_on) or choice.choose(book.pk, None, row.done_on)
    case = awarding.Case(
        claim=row,
        book=book,
        terms=terms,
        item=item,
        offered=Offered(row.act_kind, row.quantity, row.minutes, item.code, row.person_id is not None),
        budget=budget,
        note=row.note,
    )
    row.budget_id = None if budget is None else budget.pk
    row.approved_by = actor.account
    if Household.objects.filter(pk=row.household_id, state=Household.State.ACTIVE).exists():
        locked = awarding.lock_accounts([case], at=at)
        versions = {book.pk: RulesVersion.objects.filter(book=book).count()}
        awarding.award([case], locked, actor=actor, at=at, versions=versions)
    else:
        row.state, row.reason, row.decided_at = Claim.State.NOTHING, Claim.Reason.CLOSED, at
    row.note = ""
    row.save(
        update_fields=[
            *("asked", "points", "state", "reason", "note", "txn", "budget", "approved_by", "decided_at"),
        ]
    )
    close_duty(row)
    act().target(row, "approved", {"state": [Claim.State.WAITING, row.state], "points": [0, row.points]})
    return row


@command("points.refuse_award")
def refuse(*, actor: Actor, claim: UUID, reason: str, at: datetime, key: UUID | None = None) -> Claim:
    """Refuse an award that waits, with a reason; who entered it may withdraw it in the same way."""
    row = _waiting(actor, claim, may_be_first=True)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say in at most %(most)d characters why not.") % {"most": LONGEST_REASON}]})
    row.state, row.note, row.decided_at = Claim.State.REFUSED, words, at
    row.approved_by = None if actor.account == row.awarded_by else actor.account
    row.save(update_fields=["state", "note", "decided_at", "approved_by"])
    close_duty(row)
    act().target(row, "refused", {"state": [Claim.State.WAITING, row.state]})
    act().note(reason=words)
    return row


def _waiting(actor: Actor, claim: UUID, *, may_be_first: bool = False) -> Claim:
    """Lock a claim that waits and which this actor may decide."""
    row: Claim | None = locks.lock_one(Claim.objects.filter(pk=claim))
    if row is None:
        raise Missing
    is_first = actor.account is not None and actor.account == row.awarded_by
    # The program withdraws what rested on an act that was undone.
    policy.require(policy.may_approve_something(actor) or (may_be_first and (is_first or actor.is_system)))
    if is_first and not may_be_first:
        raise SameHands
    if row.state != Claim.State.WAITING:
        raise DecidedAlready
    return row
