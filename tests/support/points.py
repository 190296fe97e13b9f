"""One object of each kind that the pages of points name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.points import ledger
from lianxin.domain.points.models import (
    Account,
    Book,
    Budget,
    Claim,
    DeclaredRelative,
    HonourRoll,
    Notice,
    Objection,
    Passbook,
    Period,
    RulesDraft,
    RulesVersion,
    TakeOver,
)
from lianxin.domain.points.rules.starter import starter_draft
from lianxin.platform import scope
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC)
DAY = date(2026, 1, 1)
LONG_AGO = date(2001, 1, 1)
# What no other object of the same book has.
NUMBER = 900


def make_points_object(kind: str, *, actor: Any, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community's book and give its id; the book has a draft of rules too."""
    return _make(actor=actor, kind=kind, community=community, household=household, at=NOW)


@command("tests.make_points_object", silent=True)
def _make(*, actor: Any, kind: str, community: UUID, household: UUID, at: datetime) -> UUID:
    with scope.everything():
        book = Book.objects.filter(community=community).exclude(state=Book.State.CLOSED).first()
        if book is None:
            book = Book.objects.create(community_id=community, state=Book.State.OPEN, switched_on=DAY)
        if not RulesDraft.objects.filter(book=book, state=RulesDraft.State.EDITING).exists():
            RulesDraft.objects.create(community_id=community, book=book, content=starter_draft())
        return MAKERS[kind](book, household, actor).pk


def _account(book: Book, kind: str, owner: UUID) -> UUID:
    return ledger.open_accounts(book=book.pk, community=book.community_id, kind=kind, owners=[owner], at=NOW)[owner]


def _claim(book: Book, household: UUID, actor: Any) -> Claim:
    return Claim.objects.create(
        community_id=book.community_id,
        book=book,
        household_id=household,
        subject=household,
        act_kind="tests",
        done_on=DAY,
        source_kind="tests",
        source_id=new_id(),
        state=Claim.State.NOTHING,
        reason=Claim.Reason.NO_ITEM,
        offered_at=NOW,
    )


def _rules(book: Book, household: UUID, actor: Any) -> RulesVersion:
    numbers = dict.fromkeys(
        ("second_person_above", "identity_check_above", "expiry_months", "estate_days", "offline_points"), 12
    )
    return RulesVersion.objects.create(
        book=book,
        number=NUMBER,
        title="积分规则",
        minutes_on=DAY,
        minutes_title="纪要",
        minutes_text="通过",
        attended=2,
        in_favour=2,
        notice_from=DAY,
        notice_until=date(2026, 1, 8),
        effective_from=date(2026, 1, 9),
        expiry="yearly",
        split="stay",
        move="follow",
        reserve_days=7,
        objection_days=7,
        published_at=NOW,
        **numbers,
    )


def _notice(book: Book, household: UUID, actor: Any, number: int = NUMBER) -> Notice:
    return Notice.objects.create(
        community_id=book.community_id,
        book=book,
        number=number,
        kind=Notice.Kind.AWARDS,
        title="公示",
        shown_from=DAY,
        shown_until=date(2036, 1, 1),
        published_at=NOW,
    )


def _objection(book: Book, household: UUID, actor: Any) -> Objection:
    notice = _notice(book, household, actor, NUMBER + 1)
    return Objection.objects.create(
        community_id=book.community_id, notice=notice, text="不对", raised_at=NOW, via="desk"
    )


def _budget(book: Book, household: UUID, actor: Any) -> Budget:
    pk = new_id()
    return Budget.objects.create(
        id=pk,
        community_id=book.community_id,
        book=book,
        account_id=_account(book, Account.Kind.BUDGET, pk),
        name="预算",
        valid_from=DAY,
        valid_until=DAY,
    )


def _passbook(book: Book, household: UUID, actor: Any) -> Passbook:
    account = _account(book, Account.Kind.HOUSEHOLD, household)
    known = Passbook.objects.filter(account=account, state=Passbook.State.VALID).first()
    return known or Passbook.objects.create(
        community_id=book.community_id, account_id=account, household_id=household, number="T-1", issued_on=DAY
    )


def _take_over(book: Book, household: UUID, actor: Any) -> TakeOver:
    return TakeOver.objects.create(community_id=book.community_id, book=book, title="旧存折", entered_at=NOW)


def _roll(book: Book, household: UUID, actor: Any) -> HonourRoll:
    return HonourRoll.objects.create(
        community_id=book.community_id, book=book, title="榜", starts_on=DAY, ends_on=DAY, size=3, drawn_at=NOW
    )


def _relative(book: Book, household: UUID, actor: Any) -> DeclaredRelative:
    return DeclaredRelative.objects.create(
        account_id=actor.account, community_id=book.community_id, household_id=household, declared_on=DAY
    )


MAKERS: dict[str, Callable[[Book, UUID, Any], Any]] = {
    "claim": _claim,
    "rules": _rules,
    "notice": _notice,
    "objection": _objection,
    "budget": _budget,
    "period": lambda book, household, actor: Period.objects.create(book=book, starts_on=LONG_AGO, ends_on=LONG_AGO),
    "passbook": _passbook,
    "take_over": _take_over,
    "roll": _roll,
    "relative": _relative,
}
