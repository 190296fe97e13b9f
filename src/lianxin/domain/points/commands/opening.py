"""Posting taken-over balances as opening entries, once their public notice is over and nobody objects any more."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models import Household
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands.moves import Kind
from lianxin.domain.points.commands.moves import State as AccountState
from lianxin.domain.points.commands.take_overs import State, WrongStep
from lianxin.domain.points.ledger import Move, Posting
from lianxin.domain.points.models import Account, Book, Objection, TakeOver, TakeOverLine, Txn
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.ids import deterministic_id

log = logging.getLogger(__name__)

AT_ONCE = 1000


def post_due_take_overs(*, actor: Actor, at: datetime) -> int:
    """Post every take-over whose notice is over and against which nothing is open; gives how many were posted."""
    with scope.everything():
        shown = TakeOver.objects.filter(state=State.SHOWN, notice__shown_until__lt=local_day(at))
        ids = list(shown.order_by("pk").values_list("pk", flat=True))
    posted = 0
    for pk in ids:
        try:
            post_take_over(actor=actor, take_over=pk, at=at)
            posted += 1
        except Refused as refusal:
            log.info("take-over %s waits: %s", pk, type(refusal).__name__)
    return posted


@command("points.post_take_over")
def post_take_over(*, actor: Actor, take_over: UUID, at: datetime, key: UUID | None = None) -> TakeOver:
    """Put the balances into the passbooks, with the last days they had on paper; raises WrongStep or Missing."""
    policy.require(policy.may_keep_rules(actor))
    row = locks.lock_one(TakeOver.objects.filter(pk=take_over))
    if row is None:
        raise Missing
    if row.state == State.POSTED:
        return row  # type: ignore[no-any-return]
    today = local_day(at)
    if row.state != State.SHOWN or row.notice is None or row.notice.shown_until >= today:
        raise WrongStep(_("The points can be used after the public notice only."))
    objections = Objection.objects.filter(notice=row.notice_id)
    if objections.filter(state=Objection.State.OPEN).exists():
        raise WrongStep(_("Somebody objects to this list. Answer the objection first."))
    if objections.filter(state=Objection.State.UPHELD).exists():
        raise WrongStep(_("An objection to this list was upheld. Withdraw it and enter it anew."))
    book = Book.objects.get(pk=row.book_id)
    if book.state != Book.State.OPEN:
        raise WrongStep(_("Points are not switched on in this community yet."))
    with scope.everything():
        lines = list(TakeOverLine.objects.filter(take_over=row, txn=None).order_by("household_id", "expires_on"))
        _post_lines(row, book, lines, actor, at)
    row.state, row.posted_at = State.POSTED, at
    row.version += 1
    row.save(update_fields=["state", "posted_at", "version"])
    act().target(row, "posted", {"state": [State.SHOWN, row.state]})
    return row  # type: ignore[no-any-return]


def _post_lines(row: TakeOver, book: Book, lines: Sequence[TakeOverLine], actor: Actor, at: datetime) -> None:
    owners = _who_has_them_now({line.household_id for line in lines}, book)
    community = book.community_id
    opening = ledger.system_account(book=book.pk, community=community, kind=Kind.OPENING, at=at)
    accounts = ledger.open_accounts(
        book=book.pk, community=community, kind=Kind.HOUSEHOLD, owners=sorted(set(owners.values())), at=at
    )
    ledger.lock_accounts([*accounts.values(), opening])
    asleep = Account.objects.filter(pk__in=accounts.values()).exclude(state=AccountState.OPEN)
    states = dict(asleep.values_list("pk", "state"))
    if states:
        ledger.set_state(states, AccountState.OPEN)
    for part, start in enumerate(range(0, len(lines), AT_ONCE)):
        some = lines[start : start + AT_ONCE]
        moves = [
            Move(opening, accounts[owners[line.household_id]], line.points, dst_lot_on=line.expires_on) for line in some
        ]
        posted = ledger.post(
            Posting(
                book=book.pk,
                kind=Txn.Kind.OPENING,
                moves=moves,
                effective_on=local_day(at),
                at=at,
                key=deterministic_id(row.pk, f"post:{part}"),
                by=actor.account,
                via=actor.via,
                source_kind="points.takeover",
                source_id=row.pk,
            ),
            locked=ledger.read_locked([*accounts.values(), opening]),
        )
        TakeOverLine.objects.filter(pk__in=[line.pk for line in some]).update(txn_id=posted.txn)
        act().target(Txn(pk=posted.txn, book=book), "opening")
    if states:
        # What waits for an heir or for another community's book goes on waiting, now with these points.
        ledger.set_state(states, AccountState.FROZEN)


def _who_has_them_now(households: set[UUID], book: Book) -> dict[UUID, UUID]:
    """Give the household in which each one went on, if it was merged since the list was entered."""
    now = {pk: pk for pk in households}
    homes = Household.objects.in_bulk(households)
    for pk in households:
        home = homes.get(pk)
        while home is not None and home.state == Household.State.MERGED and home.successor_id:
            home = Household.objects.filter(pk=home.successor_id).first()
        if home is not None:
            now[pk] = home.pk
    return now
