"""What a community's book stands at, for the first page of those who keep it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Sum

from lianxin.domain.points import policy
from lianxin.domain.points.models import Account, Book, Claim, Lot, Notice, Objection, Passbook, Period, RulesDraft
from lianxin.domain.points.queries.budgets import BudgetRow, usable_budgets
from lianxin.domain.points.queries.rules import load_terms
from lianxin.domain.points.rules.deciding import Terms, terms_on
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice that hangs out now."""

    id: UUID
    number: int
    title: str
    shown_until: date


@dataclass(frozen=True, slots=True)
class Overview:
    """A book at a glance; `coming` are published rules that have not begun, `overdue` years that may be closed."""

    book: Book
    accounts: int
    booklets: int
    outstanding: int
    held: int
    waiting: int
    objections: int
    ending_points: int
    ending_passbooks: int
    notices: list[ShownNotice]
    rules: Terms | None
    coming: Terms | None
    has_draft: bool
    budgets: list[BudgetRow]
    overdue: list[Period]


def book_overview(*, actor: Actor, book: UUID, on: date) -> Overview:
    """Give what a book stands at; at most twelve queries, whatever its size. Raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        row = Book.objects.filter(pk=book).first()
        if row is None:
            raise Missing
        accounts = Account.objects.filter(book=row, kind=Account.Kind.HOUSEHOLD)
        sums = accounts.exclude(state=Account.State.CLOSED).aggregate(
            n=Count("pk"), points=Sum("balance", default=0), held=Sum("held", default=0)
        )
        lots = Lot.objects.filter(
            account__book=row, remaining__gt=0, expires_on__gte=on, expires_on__lte=on + SOON
        ).aggregate(points=Sum("remaining", default=0), n=Count("account", distinct=True))
        shown = Notice.objects.filter(
            book=row, state=Notice.State.SHOWN, shown_from__lte=on, shown_until__gte=on
        ).order_by("shown_until", "number")
        versions = load_terms([row.pk]).get(row.pk, [])
        later = [terms for terms in versions if terms.effective_from > on and terms.ended_on is None]
        return Overview(
            book=row,
            accounts=sums["n"],
            booklets=Passbook.objects.filter(account__book=row, state=Passbook.State.VALID).count(),
            outstanding=sums["points"],
            held=sums["held"],
            waiting=Claim.objects.filter(book=row, state=Claim.State.WAITING).count(),
            objections=Objection.objects.filter(notice__book=row, state=Objection.State.OPEN).count(),
            ending_points=lots["points"],
            ending_passbooks=lots["n"],
            notices=[
                ShownNotice(pk, number, title, until)
                for pk, number, title, until in shown.values_list("pk", "number", "title", "shown_until")[:5]
            ],
            rules=terms_on(versions, on),
            coming=max(later, key=lambda terms: terms.number, default=None),
            has_draft=RulesDraft.objects.filter(book=row, state=RulesDraft.State.EDITING).exists(),
            budgets=usable_budgets(actor=actor, book=row.pk, on=on),
            overdue=list(
                Period.objects.filter(book=row, state=Period.State.OPEN, ends_on__lt=on).order_by("starts_on")
            ),
        )
