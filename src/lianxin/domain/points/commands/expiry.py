"""Expiry: points whose last day is over leave the passbook, and households are told 30, 7 and 1 days before."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from lianxin.domain.people.models import Person
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands.moves import Kind, State
from lianxin.domain.points.ledger import Move, NoOpenPeriod, Posting
from lianxin.domain.points.models import Account, Book, ExpiryWarning, Lot, Txn
from lianxin.domain.points.rules import life
from lianxin.domain.points.rules.day_words import day_words
from lianxin.platform import facts, locks, outbox, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.ids import deterministic_id
from lianxin.platform.sensitive import Unreadable

log = logging.getLogger(__name__)

AT_ONCE = 1000
WARNED_AT_ONCE = 200
ONE_DAY = timedelta(days=1)
TEMPLATE = "points_expiring"


def expire_points(*, actor: Actor, at: datetime) -> int:
    """Let all points expire whose last day lies before the moment's day in Shanghai; gives how many did.

    Points kept aside stay for a later run. A run that was missed is made good by the next one.
    """
    ended = 0
    for book, expires_on, accounts in _due(local_day(at)):
        try:
            for start in range(0, len(accounts), AT_ONCE):
                part = accounts[start : start + AT_ONCE]
                ended += expire_part(actor=actor, book=book, expires_on=expires_on, accounts=part, at=at)
        except NoOpenPeriod:
            log.warning("book %s has no open period, so points of %s have not expired yet", book, expires_on)
    return ended


def _due(today: date) -> Iterator[tuple[UUID, date, list[UUID]]]:
    """Give what is over by book and last day, the earliest day first."""
    with scope.everything():
        lots = Lot.objects.filter(
            account__book__state=Book.State.OPEN,
            account__state__in=[State.OPEN, State.FROZEN],
            expires_on__lt=today,
            remaining__gt=0,
        )
        rows = list(
            lots.order_by("account__book_id", "expires_on", "account_id").values_list(
                "account__book_id", "expires_on", "account_id"
            )
        )
    for (book, expires_on), found in groupby(rows, key=itemgetter(0, 1)):
        yield book, expires_on, [account for _book, _on, account in found]


@command("points.expire_part")
def expire_part(*, actor: Actor, book: UUID, expires_on: date, accounts: Sequence[UUID], at: datetime) -> int:
    """Let the points of some passbooks with one last day expire in one transaction; gives how many did.

    What is over is asked anew under the lock, so that two runs take nothing twice, whenever they run.
    """
    policy.require(actor.is_system)
    if expires_on >= local_day(at):
        return 0
    found = Book.objects.get(pk=book)
    community = found.community_id
    expired = ledger.system_account(book=book, community=community, kind=Kind.EXPIRED, at=at)
    rows = ledger.lock_accounts([*accounts, expired])
    lots = Lot.objects.filter(account__in=accounts, expires_on=expires_on, remaining__gt=0).order_by("account_id")
    moves = [
        Move(lot.account_id, expired, min(lot.remaining, rows[lot.account_id].free), src_lot_on=expires_on)
        for lot in lots
        if rows[lot.account_id].free > 0 and rows[lot.account_id].state != State.CLOSED
    ]
    if not moves:
        return 0
    # The accounts stand where their last line left them: the same work has the same key, later work another.
    stand = hashlib.sha256("".join(f"{m.src.hex}{rows[m.src].seq}" for m in moves).encode()).hexdigest()
    posted = ledger.post(
        Posting(
            book=book,
            kind=Txn.Kind.EXPIRE,
            moves=moves,
            effective_on=expires_on + ONE_DAY,
            at=at,
            key=deterministic_id(book, f"expire:{expires_on}:{stand}"),
            via=actor.via,
        ),
        locked=rows,
    )
    points = sum(move.points for move in moves)
    txn = Txn(pk=posted.txn, book=found)
    on = expires_on + ONE_DAY
    facts.record(measure="points_expired", record=txn, quantity=points, community_id=community, on=on)
    act().target(txn, "expired", {"points": [points, 0], "passbooks": [None, len(moves)]})
    act().note(community_id=community)
    return points


def warn_of_expiry(*, actor: Actor, at: datetime) -> int:
    """Tell households of points that end within 30, 7 and 1 days, once each; gives how many were told."""
    today = local_day(at)
    told = 0
    with scope.everything():
        lots = Lot.objects.filter(
            account__book__state=Book.State.OPEN,
            account__state=State.OPEN,
            expires_on__gte=today,
            expires_on__lte=life.horizon(today),
            remaining__gt=0,
        )
        wanted = lots.order_by("account__book_id", "account_id", "expires_on")
        rows = list(wanted.values_list("account__book_id", "account_id", "expires_on"))
        known = set(
            ExpiryWarning.objects.filter(expires_on__gte=today, expires_on__lte=life.horizon(today)).values_list(
                "account_id", "expires_on", "days_ahead"
            )
        )
    due = [(book, account, on) for book, account, on in rows if (account, on, life.warning_of(on, today)) not in known]
    for book, found in groupby(due, key=itemgetter(0)):
        accounts = sorted({account for _book, account, _on in found})
        for start in range(0, len(accounts), WARNED_AT_ONCE):
            told += warn_part(actor=actor, book=book, accounts=accounts[start : start + WARNED_AT_ONCE], at=at)
    return told


@command("points.warn_part")
def warn_part(*, actor: Actor, book: UUID, accounts: Sequence[UUID], at: datetime) -> int:
    """Tell some households of a book, those with a phone by message; gives how many warnings were kept."""
    policy.require(actor.is_system)
    found = locks.lock_one(Book.objects.filter(pk=book))
    today = local_day(at)
    lots = Lot.objects.filter(
        account__in=accounts, expires_on__gte=today, expires_on__lte=life.horizon(today), remaining__gt=0
    ).select_related("account")
    known = set(
        ExpiryWarning.objects.filter(account__in=accounts, expires_on__gte=today).values_list(
            "account_id", "expires_on", "days_ahead"
        )
    )
    new: list[tuple[Account, ExpiryWarning]] = []
    for lot in lots.order_by("account_id", "expires_on"):
        days = life.warning_of(lot.expires_on, today)
        if days is not None and (lot.account_id, lot.expires_on, days) not in known:
            warning = ExpiryWarning(
                account=lot.account, expires_on=lot.expires_on, days_ahead=days, points=lot.remaining, sent_at=at
            )
            new.append((lot.account, warning))
    ExpiryWarning.objects.bulk_create([warning for _account, warning in new], batch_size=500)
    phones = _phones_of_heads({account.owner for account, _warning in new})
    for account, warning in new:
        if phone := phones.get(account.owner):
            outbox.send(
                channel="sms",
                address=phone,
                template=TEMPLATE,
                context={"points": warning.points, "day": day_words(warning.expires_on)},
                community_id=found.community_id,
            )
    if new:
        act().target(found, "warned of expiry", {"warnings": [None, len(new)]})
    return len(new)


def _phones_of_heads(households: set[UUID]) -> dict[UUID, str]:
    heads = Person.objects.filter(
        household__in=households, relation=Person.Relation.HEAD, state=Person.State.LIVING, phone__isnull=False
    )
    phones = {}
    for head in heads.only("household_id", "phone"):
        try:
            phones[head.household_id] = head.phone.reveal() if head.phone else ""
        except Unreadable:
            log.warning("the phone of person %s cannot be read, so no warning was sent", head.pk)
    return phones
