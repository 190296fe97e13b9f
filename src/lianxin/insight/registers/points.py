"""Registers of points: what was given and taken back, and what stands in the passbooks."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.points.models import Account, Claim, Passbook, Transfer, Txn
from lianxin.domain.points.models import Line as LedgerLine
from lianxin.domain.points.queries.measures import AWARD_TAKEN_BACK, AWARDED
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import names_of_people, number_of, numbers_of_households, on_days, stream, within

HOUSEHOLD = Account.Kind.HOUSEHOLD


def _given(window: Window) -> QuerySet[Transfer]:
    rows = Transfer.objects.filter(AWARDED | AWARD_TAKEN_BACK).select_related("txn__book__community", "src", "dst")
    return on_days(rows, window, "txn__effective_on", community="txn__book__community")


def _beside(rows: list[Transfer]) -> tuple[dict[Any, Claim], dict[Any, str], dict[Any, str]]:
    """Read the claims, people and households of a portion of transfers."""
    ids = {pk for row in rows for pk in (row.txn_id, row.txn.reverses_id) if pk is not None}
    named = {row.txn.source_id for row in rows if row.txn.source_kind == "points.claim"} - {None}
    claims: dict[Any, Claim] = {}
    for claim in Claim.objects.filter(Q(txn__in=ids) | Q(pk__in=named)).select_related("item"):
        claims[claim.pk] = claim
        claims[claim.txn_id] = claim
    people = names_of_people(claim.person_id for claim in claims.values())
    return claims, people, numbers_of_households(_home(row) for row in rows)


def _home(row: Transfer) -> Any:
    return next((account.owner for account in (row.dst, row.src) if account.kind == HOUSEHOLD), None)


def _given_line(row: Transfer, beside: Any) -> Line:
    claims, people, homes = beside
    txn = row.txn
    is_given = txn.kind == Txn.Kind.AWARD
    keys = (txn.pk, txn.reverses_id, txn.source_id if txn.source_kind == "points.claim" else None)
    claim = next((claims[key] for key in keys if key in claims), None)
    return (
        txn.effective_on,
        txn.book.community.short_name,
        homes.get(_home(row), ""),
        people.get(claim.person_id, "") if claim else "",
        claim.item.title if claim and claim.item else "",
        txn.get_kind_display(),
        row.points if is_given else -row.points,
    )


AWARDS = Register(
    code="points",
    title=_("register", "Points given"),
    job="points",
    about=_("register", "One line for each time a household was given points; what was taken back is subtracted."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("household", _("register", "Household number")),
        Column("name", _("register", "Person's name")),
        Column("what", _("register", "For what")),
        Column("kind", _("register", "Entered as")),
        Column("points", _("register", "Points"), "number", is_summed=True),
    ),
    rows=lambda window: stream(
        _given(window).order_by("txn__effective_on", "txn__posted_at", "pk"), _given_line, beside=_beside
    ),
    count=lambda window: _given(window).count(),
    ties=(Tie("points_awarded", "points"),),
    footnote=_("register", "Names are masked."),
)


def _accounts(window: Window) -> QuerySet[Account]:
    """Give the accounts whose passbook was valid on the last day, as the measure has it."""
    valid = Passbook.objects.filter(issued_on__lt=window.until_on).exclude(ended_on__lt=window.until_on)
    rows = Account.objects.filter(pk__in=within(valid, window).values("account"))
    lines = LedgerLine.objects.filter(txn__effective_on__lt=window.until_on, txn__effective_on__gte=window.from_on)
    since = LedgerLine.objects.filter(txn__effective_on__gte=window.until_on)
    newest = valid.filter(account=OuterRef("pk")).order_by("-issued_on", "-pk")
    return rows.select_related("community").annotate(
        passbook=Subquery(newest.values("number")[:1]),
        since_on=Subquery(newest.values("issued_on")[:1]),
        came=number_of(lines.filter(delta__gt=0), "account", Sum("delta")),
        went=number_of(lines.filter(delta__lt=0), "account", Sum("delta")),
        later=number_of(since, "account", Sum("delta")),
    )


def _account_line(row: Any, homes: dict[Any, str]) -> Line:
    closing = row.balance - row.later
    return (
        row.community.short_name,
        row.passbook,
        homes.get(row.owner, ""),
        row.since_on,
        closing - row.came - row.went,
        row.came,
        -row.went,
        closing,
    )


PASSBOOKS = Register(
    code="passbooks",
    title=_("register", "Passbooks of households"),
    job="points",
    about=_("register", "One line for each passbook that was valid on the last day, with what came and went."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("passbook", _("register", "Passbook")),
        Column("household", _("register", "Household number")),
        Column("since", _("register", "Issued on"), "day"),
        Column("opening", _("register", "Before"), "number", is_summed=True),
        Column("came", _("register", "Received"), "number", is_summed=True),
        Column("went", _("register", "Spent"), "number", is_summed=True),
        Column("closing", _("register", "On the last day"), "number", is_summed=True),
    ),
    rows=lambda window: stream(
        _accounts(window).order_by("community__code", "opened_at", "pk"),
        _account_line,
        beside=lambda rows: numbers_of_households(row.owner for row in rows),
    ),
    count=lambda window: _accounts(window).count(),
    ties=(Tie("passbooks"),),
)

REGISTERS = (AWARDS, PASSBOOKS)
