"""What the measures of this module are, counted over the ledger; flows must agree with the facts of the commands."""

from datetime import date

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lianxin.domain.points.models import Account, Line, Passbook, Transfer, Txn
from lianxin.platform.contributions import Window

Kind = Txn.Kind
AWARDED = Q(txn__kind=Kind.AWARD)
# A part of an award is taken back by a transaction of its own, which names the claim.
AWARD_TAKEN_BACK = Q(txn__kind=Kind.REVERSAL) & (Q(txn__source_kind="points.claim") | Q(txn__reverses__kind=Kind.AWARD))
REDEEMED = Q(txn__kind=Kind.REDEEM)
GIVEN_BACK = Q(txn__kind=Kind.RETURN) | Q(txn__kind=Kind.REVERSAL, txn__reverses__kind=Kind.REDEEM)
EXPIRED = Q(txn__kind=Kind.EXPIRE)
NOTHING = Q(pk__in=[])
# measure → what adds to it and what takes from it
FLOWS: dict[str, tuple[Q, Q]] = {
    "points_awarded": (AWARDED, AWARD_TAKEN_BACK),
    "points_redeemed": (REDEEMED, GIVEN_BACK),
    "points_expired": (EXPIRED, NOTHING),
}


def by_day(measure: str) -> dict[date, int]:
    """Give a flow by day over the whole scope, as the ledger has it."""
    adds, takes = FLOWS[measure]
    found: dict[date, int] = {}
    for condition, sign in ((adds, 1), (takes, -1)):
        rows = Transfer.objects.filter(condition).order_by().values_list("txn__effective_on")
        for on, points in rows.annotate(points=Sum("points")):
            found[on] = found.get(on, 0) + sign * points
    return found


def points_awarded(window: Window) -> int:
    """Add up the points given for acts of a window's days, less what was taken back on them."""
    return _flow("points_awarded", window)


def points_redeemed(window: Window) -> int:
    """Add up the points spent on a window's days, less what was given back on them."""
    return _flow("points_redeemed", window)


def points_expired(window: Window) -> int:
    """Add up the points whose last day was over on a window's days."""
    return _flow("points_expired", window)


def passbooks(window: Window) -> int:
    """Count the households' passbooks that were valid at the end of a window."""
    return valid_passbooks(window).values("account").distinct().count()


def valid_passbooks(window: Window) -> QuerySet[Passbook]:
    """Give the passbooks that were valid at the end of a window."""
    valid = Passbook.objects.filter(issued_on__lt=window.until_on).exclude(ended_on__lt=window.until_on)
    return valid if window.communities is None else valid.filter(community__in=window.communities)


def points_outstanding(window: Window) -> int:
    """Add up what households had in their passbooks at the end of a window: what they have, less what came since."""
    accounts = Account.objects.filter(kind=Account.Kind.HOUSEHOLD)
    since = Line.objects.filter(account__kind=Account.Kind.HOUSEHOLD, txn__effective_on__gte=window.until_on)
    if window.communities is not None:
        accounts = accounts.filter(community__in=window.communities)
        since = since.filter(account__community__in=window.communities)
    return _sum(accounts, "balance") - _sum(since, "delta")


def filled_passbooks(window: Window) -> QuerySet[Account]:
    """Give the households' accounts that held anything at the end of a window, each with its points as `had`."""
    accounts = Account.objects.filter(kind=Account.Kind.HOUSEHOLD)
    if window.communities is not None:
        accounts = accounts.filter(community__in=window.communities)
    lines = Line.objects.filter(account=OuterRef("pk"), txn__effective_on__gte=window.until_on).order_by()
    since = Subquery(lines.values("account").annotate(points=Sum("delta")).values("points"))
    had = F("balance") - Coalesce(since, 0, output_field=BigIntegerField())
    return accounts.annotate(had=had).exclude(had=0)


def _flow(measure: str, window: Window) -> int:
    adds, takes = FLOWS[measure]
    rows = Transfer.objects.filter(txn__effective_on__gte=window.from_on, txn__effective_on__lt=window.until_on)
    if window.communities is not None:
        rows = rows.filter(txn__book__community__in=window.communities)
    return _sum(rows.filter(adds), "points") - _sum(rows.filter(takes), "points")


def _sum(rows: QuerySet, field: str) -> int:
    return rows.order_by().aggregate(total=Sum(field))["total"] or 0
