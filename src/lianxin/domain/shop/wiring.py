"""What the shop module registers."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.events import (
    HouseholdClosed,
    HouseholdMoved,
    HouseholdsMerged,
    OrganisationsMerged,
    PersonMerged,
)
from lianxin.domain.places.events import DivisionsMerged, VenueClosed, VenueMoved
from lianxin.domain.points.events import PassbookClosing
from lianxin.domain.shop.commands import consequences, reservations, retention, stock_imports, vouchers
from lianxin.domain.shop.queries import checks, measures
from lianxin.platform import clock, locks, scope
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    Retention,
    SamplePart,
    Schedule,
)
from lianxin.platform.tasks import Running, task


def _nothing_to_tell(event: object) -> list[str]:
    return []


@task("shop.expire_reservations")
def expire_reservations(job: Running) -> None:
    """Let the reservations end whose time is over."""
    at = clock.now()
    while reservations.expire_reservations(actor=job.actor, at=at) == reservations.EXPIRE_AT_MOST:
        job.beat()


@task("shop.expire_vouchers")
def expire_vouchers(job: Running) -> None:
    """Give back the points of vouchers that were not used in time."""
    at = clock.now()
    with scope.everything():
        while due := vouchers.list_expired(on=clock.local_day(at)):
            ended = [vouchers.expire_voucher(actor=job.actor, voucher=pk, at=at) for pk in due]
            job.beat()
            if not any(ended):
                return


CONTRIBUTION = Contribution(
    module="shop",
    consequences=(
        Consequence(PassbookClosing, consequences.follow_passbook_closing, _nothing_to_tell),
        Consequence(HouseholdMoved, consequences.nothing_more, consequences.preview_household),
        Consequence(HouseholdsMerged, consequences.nothing_more, consequences.preview_household),
        Consequence(HouseholdClosed, consequences.nothing_more, consequences.preview_household),
        Consequence(PersonMerged, consequences.follow_person_merged, _nothing_to_tell),
        Consequence(VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed, locks.STOCK),
        Consequence(VenueMoved, consequences.follow_venue_moved, consequences.preview_venue_closed, locks.STOCK),
        Consequence(
            OrganisationsMerged, consequences.follow_organisations_merged, consequences.preview_organisations_merged
        ),
        Consequence(
            DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged, locks.STOCK
        ),
    ),
    personal_data=(PersonalData("shop", consequences.export_rows, consequences.erase_rows),),
    measures=(
        Measure(
            "goods_redeemed",
            _("Goods and services redeemed"),
            _("pieces"),
            "flow",
            measures.goods_redeemed,
            "shop.Redemption",
            _("Pieces and vouchers given out for points, less those that came back."),
        ),
        Measure("goods_donated", _("Goods donated"), _("pieces"), "flow", measures.goods_donated, "shop.Donation"),
        Measure(
            "shops",
            _("Service supermarkets"),
            _("communities"),
            "level",
            measures.shops,
            "shop.Item",
            _("Communities that have something on offer."),
            rows=measures.on_sale,
            per="community",
            is_now=True,
        ),
    ),
    checks=(
        Check("stock equals its moves", checks.stock_equals_moves),
        Check("reserved stock is promised", checks.reserved_is_promised),
        Check("limits equal orders", checks.limits_equal_lines),
        Check("orders hold their points", checks.orders_hold_points),
        Check("orders add up", checks.lines_add_up),
        Check("vouchers add up", checks.vouchers_add_up),
    ),
    schedules=(
        Schedule("expire reservations", task="shop.expire_reservations", every=timedelta(minutes=1)),
        Schedule("expire vouchers", task="shop.expire_vouchers", daily_at=time(0, 20)),
    ),
    retention=(
        Retention("used codes of the shop", retention.CODE_DAYS, retention.forget_codes),
        Retention("limits of windows long over", retention.WINDOW_DAYS, retention.forget_limits),
        Retention("sales of closed tills", retention.SALE_DAYS, retention.forget_sales),
    ),
    references=(
        Reference("shop.Item", "merchant", "organisation"),
        Reference("shop.Voucher", "merchant", "organisation"),
        Reference("shop.Settlement", "merchant", "organisation"),
        Reference("shop.Donation", "donor", "organisation"),
        Reference("shop.Redemption", "person", "person"),
        Reference("shop.Redemption", "household", "household"),
        Reference("shop.Redemption", "venue", "venue"),
        Reference("shop.Stock", "venue", "venue"),
        Reference("shop.ShopDay", "venue", "venue"),
        Reference("shop.LimitCounter", "household", "household"),
        Reference("shop.TillAllowance", "household", "household"),
    ),
    run_kinds=(stock_imports.RUN_KIND,),
    sample=(
        SamplePart("supermarkets", "lianxin.domain.shop.sample.parts:plan_supermarkets", order=105, background=True),
    ),
)
