"""What the shop forgets in time: codes that were used, limits of windows long over, the single sales of tills."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from lianxin.domain.shop.models import LimitCounter, Redemption, RedemptionLine, TillAllowance, TillSale, Voucher
from lianxin.domain.shop.rules.windows import FORMS, window_of
from lianxin.platform import scope
from lianxin.platform.clock import local_day

CODE_DAYS = 90
WINDOW_DAYS = 400
SALE_DAYS = 730
AT_ONCE = 1000


def forget_codes(at: datetime) -> int:
    """Forget the codes of orders and vouchers that were used, or ended, ninety days ago; gives how many."""
    before = at - timedelta(days=CODE_DAYS)
    with scope.everything():
        ended = Redemption.objects.exclude(state=Redemption.State.RESERVED).filter(code_digest__isnull=False)
        orders = ended.annotate(over_at=Coalesce("collected_at", "ended_at")).filter(over_at__lt=before)
        used = Voucher.objects.exclude(state=Voucher.State.ISSUED).filter(code_digest__isnull=False)
        vouchers = used.annotate(over_at=Coalesce("taken_at", "ended_at")).filter(over_at__lt=before)
        forgotten = 0
        while ids := list(orders.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            forgotten += Redemption.objects.filter(pk__in=ids).update(code=None, code_digest=None)
        while ids := list(vouchers.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            forgotten += Voucher.objects.filter(pk__in=ids).update(code=None, code_digest=None)
    return forgotten


def forget_limits(at: datetime) -> int:
    """Drop counters of windows that are long over, and the windows of their orders with them; gives how many."""
    before = local_day(at) - timedelta(days=WINDOW_DAYS)
    over = Q()
    for every, form in FORMS.items():
        over |= Q(window__regex=form, window__lt=window_of(every, before))
    with scope.everything():
        RedemptionLine.objects.exclude(window="").filter(over).update(window="")
        return LimitCounter.objects.filter(over).delete()[0]


def forget_sales(at: datetime) -> int:
    """Drop what tills reported and took along two years after they were closed; the orders stay. Gives how many."""
    closed = Q(till__state="closed", till__closed_at__lt=at - timedelta(days=SALE_DAYS))
    with scope.everything():
        gone = TillSale.objects.filter(closed).exclude(state=TillSale.State.DIFFERENCE).delete()[0]
        return gone + TillAllowance.objects.filter(closed).delete()[0]
