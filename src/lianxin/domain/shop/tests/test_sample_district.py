"""The sample's passbooks and supermarkets: two of the three communities of the small district."""

from datetime import date

import pytest
from django.db.models import Sum

from lianxin.domain.places.models import BatchMember
from lianxin.domain.points.models import (
    Account,
    Book,
    Claim,
    HonourRoll,
    Line,
    Lot,
    Notice,
    Objection,
    Passbook,
    Period,
    RulesVersion,
    Seal,
    TakeOver,
    Txn,
    UnsealedTxn,
)
from lianxin.domain.shop.models import Donation, Item, Redemption, Settlement, StockMove, SupplyNeed, Voucher
from lianxin.domain.shop.queries.liability import liability_of
from lianxin.platform import contributions, scope
from lianxin.platform.deployment import find_deployment
from lianxin.platform.models import Fact
from lianxin.platform.sample import build_part, parts, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere(small_district_with_points):
    with scope.everything():
        yield


def test_verify_finds_no_difference_in_it():
    told = [sentence for check in contributions.every("checks") for sentence in check.run()]

    assert told == []


def test_two_communities_keep_passbooks_and_one_does_not(small_district_with_points):
    batches = dict(BatchMember.objects.values_list("community__code", "batch__number"))
    books = {book.community.code: book for book in Book.objects.select_related("community")}

    assert small_district_with_points.cuiying.code in books
    assert set(batches) == set(books)
    assert len(books) == 2
    assert sorted(book.switched_on for book in books.values()) == [date(2024, 1, 1), date(2024, 7, 1)]
    first = books[small_district_with_points.cuiying.code]
    assert list(first.rules.order_by("number").values_list("effective_from", flat=True)) == [
        date(2024, 1, 1),
        date(2025, 1, 1),
    ]
    assert RulesVersion.objects.count() == 3


def test_households_have_enough_lines_to_look_at(small_district_with_points):
    homes = Account.objects.filter(kind=Account.Kind.HOUSEHOLD)
    lines = Line.objects.filter(account__in=homes).count()

    assert homes.count() > 60
    assert 6 <= lines / homes.count() <= 14
    assert homes.aggregate(sum=Sum("balance"))["sum"] > 500
    assert Txn.objects.filter(kind=Txn.Kind.EXPIRE).exists()
    assert not Lot.objects.filter(
        remaining__gt=0, expires_on__lt=small_district_with_points.today, account__held=0
    ).exists()


def test_claims_ended_in_every_way_there_is():
    states = set(Claim.objects.values_list("state", flat=True))

    assert states == {"awarded", "nothing", "waiting", "refused", "reversed"}
    assert Claim.objects.filter(state="awarded", reason__startswith="cap_").exists()
    assert set(Objection.objects.values_list("state", flat=True)) == {"open", "upheld", "rejected"}
    assert set(Notice.objects.values_list("kind", flat=True)) == {"awards", "rules", "honours", "take_over"}
    assert TakeOver.objects.get().state == "posted"
    assert TakeOver.objects.get().first_signed_by != TakeOver.objects.get().second_signed_by


def test_the_first_year_is_closed_and_its_honour_roll_frozen():
    assert Period.objects.filter(starts_on=date(2024, 1, 1), state="closed").exclude(signature="").count() == 2
    assert HonourRoll.objects.filter(title="2024年度荣誉榜", state="frozen").count() == 2
    assert not HonourRoll.objects.exclude(state="frozen").exists()
    assert set(Passbook.objects.values_list("state", flat=True)) == {"valid", "replaced"}
    assert not UnsealedTxn.objects.exists()
    assert Seal.objects.count() > 10


def test_the_supermarkets_have_goods_orders_vouchers_and_a_sheet_for_the_merchant(small_district_with_points):
    states = set(Redemption.objects.values_list("state", "made_via"))
    kinds = set(StockMove.objects.values_list("kind", flat=True))
    liability = liability_of(
        actor=small_district_with_points.actor("cuiying1"),
        community=small_district_with_points.cuiying.pk,
        on=small_district_with_points.today,
    )

    assert Item.objects.filter(community=small_district_with_points.cuiying).count() == 17
    assert {("reserved", "online"), ("collected", "online"), ("collected", "counter")} <= states
    assert {"bought", "donated", "collected", "returned", "counted", "spoiled"} <= kinds
    assert Voucher.objects.filter(state="taken").exists()
    assert Settlement.objects.filter(state="confirmed").exists()
    assert Donation.objects.filter(need__isnull=False).exists()
    assert SupplyNeed.objects.filter(state="open").exists()
    assert liability.points_held > 0
    assert liability.cost_fen
    assert liability.goods_fen > liability.cost_fen / 4
    assert liability.goods_run_out_on is not None


def test_the_measures_count_what_happened():
    for name in ("points_awarded", "points_redeemed", "points_expired", "goods_redeemed", "goods_donated"):
        assert Fact.objects.filter(measure=name).aggregate(sum=Sum("quantity"))["sum"] > 0, name


def test_building_it_once_more_changes_nothing():
    before = (Txn.objects.count(), Claim.objects.count(), Redemption.objects.count(), Item.objects.count())

    plan = plan_of(find_deployment())
    for part in parts(background=True):
        build_part(part, plan)

    assert (Txn.objects.count(), Claim.objects.count(), Redemption.objects.count(), Item.objects.count()) == before
