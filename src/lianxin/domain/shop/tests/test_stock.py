"""Stock that comes, is counted, spoils and moves; supplies and thanks; opening stock from a workbook."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lianxin.domain.people.models import Organisation
from lianxin.domain.shop.commands import reservations, stock, stock_imports, supplies
from lianxin.domain.shop.commands.stock_counter import NotEnoughStock
from lianxin.domain.shop.models import ItemPrice, Stock, StockMove, SupplyNeed
from lianxin.domain.shop.queries import checks
from lianxin.domain.shop.queries.stock import list_donations, list_donors, list_moves, list_needs, list_stock
from lianxin.domain.shop.rules.opening_stock import OpeningReader
from lianxin.domain.shop.tests.factories import AT, TODAY, counters, make_item, make_shop
from lianxin.platform import facts, scope
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Run
from lianxin.platform.runs import SomethingDepends


@pytest.mark.django_db
def test_donation_is_stock_a_donor_and_progress_of_a_need() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=0)
    donor = Organisation.objects.create(name="爱心商会", registered_on=TODAY)
    need = supplies.ask_for_supplies(
        actor=shop.keeper, community=shop.community.pk, what="洗衣液", quantity=20, item=item.pk, at=AT
    )

    made = stock.receive_donation(
        actor=shop.keeper, item=item.pk, venue=shop.venue.pk, quantity=20, donor=donor.pk, need=need.pk, at=AT
    )

    assert counters(item, shop.venue) == (20, 0)
    assert list_needs(community=shop.community.pk) == []
    [row] = list_donors(community=shop.community.pk, from_on=TODAY, until_on=TODAY.replace(day=3))
    assert (row.name, row.pieces) == ("爱心商会", 20)
    supplies.thank_donor(actor=shop.keeper, donation=made.pk, how="上门致谢", at=AT)
    assert list_donations(actor=shop.keeper, community=shop.community.pk, unthanked_only=True) == []
    with scope.everything():
        assert SupplyNeed.objects.get(pk=need.pk).state == "met"
        assert facts.figure("goods_donated", from_on=TODAY, until_on=TODAY.replace(day=3)) == 20


@pytest.mark.django_db
def test_donor_without_a_wish_to_be_named_is_on_no_public_list() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=0)

    stock.receive_donation(
        actor=shop.keeper,
        item=item.pk,
        venue=shop.venue.pk,
        quantity=1,
        donor_name="一位邻居",
        wants_name_shown=False,
        at=AT,
    )

    assert list_donors(community=shop.community.pk, from_on=TODAY, until_on=TODAY.replace(day=3)) == []
    assert len(list_donations(actor=shop.keeper, community=shop.community.pk)) == 1


@pytest.mark.django_db
def test_counting_writes_the_difference_and_asks_why() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=10)
    where = {"actor": shop.keeper, "item": item.pk, "venue": shop.venue.pk, "at": AT}

    with pytest.raises(Invalid):
        stock.count_stock(counted=8, reason="", **where)
    move = stock.count_stock(counted=8, reason="盘点少两件", **where)

    assert move is not None
    assert (move.kind, move.quantity) == ("counted", -2)
    assert stock.count_stock(counted=8, reason="", **where) is None
    assert list(checks.stock_equals_moves()) == []


@pytest.mark.django_db
def test_fewer_than_promised_cannot_be_counted_or_written_off() -> None:
    shop = make_shop()
    item = make_item(shop, points=1, pieces=5)
    reservations.reserve(
        actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 4}, at=AT
    )
    where = {"actor": shop.keeper, "item": item.pk, "venue": shop.venue.pk, "at": AT}

    with pytest.raises(stock.PiecesPromised):
        stock.count_stock(counted=3, reason="少了", **where)
    with pytest.raises(NotEnoughStock):
        stock.write_off(quantity=2, reason="破损", **where)

    stock.write_off(quantity=1, reason="破损", **where)
    assert counters(item, shop.venue) == (4, 4)


@pytest.mark.django_db
def test_free_pieces_go_to_another_place() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=5)

    stock.move_stock(
        actor=shop.keeper,
        item=item.pk,
        from_venue=shop.venue.pk,
        to_venue=shop.other_venue.pk,
        quantity=2,
        at=AT,
    )

    assert (counters(item, shop.venue), counters(item, shop.other_venue)) == ((3, 0), (2, 0))
    rows = list_stock(actor=shop.keeper, community=shop.community.pk)
    assert sum(row.on_hand for row in rows) == 5
    kinds = [row.kind for row in list_moves(actor=shop.keeper, community=shop.community.pk).rows]
    assert kinds == ["moved_in", "moved_out", "bought"]


@pytest.mark.django_db
def test_moves_and_prices_only_grow() -> None:
    shop = make_shop()
    make_item(shop)

    for rows in (StockMove.objects, ItemPrice.objects):
        for act in (lambda found: found.update(id=uuid4()), lambda found: found.delete()):
            with scope.everything(), pytest.raises(DatabaseError), transaction.atomic():
                act(rows.all())


@pytest.mark.django_db
def test_database_itself_keeps_promised_pieces_within_those_on_hand() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=2)

    for wrong in ({"reserved": 3}, {"on_hand": 0, "reserved": 1}, {"reserved": -1}):
        with scope.everything(), pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.filter(item=item).update(**wrong)


@pytest.mark.django_db
def test_residents_do_not_see_the_back_of_the_shop() -> None:
    shop = make_shop()

    with pytest.raises(NotAllowed):
        list_stock(actor=shop.resident(), community=shop.community.pk)
    with pytest.raises(NotAllowed):
        list_moves(actor=shop.resident(), community=shop.community.pk)


@pytest.mark.django_db
def test_opening_stock_is_entered_and_taken_back_as_a_run() -> None:
    shop = make_shop()
    item = make_item(shop, pieces=0)
    run = Run(id=uuid4(), kind="shop.opening_stock", options={"community": str(shop.community.pk)})
    with scope.within([shop.community.pk]):
        reader = stock_imports.reader(run=run, actor=shop.keeper, at=AT)
        row = reader.read(2, ["洗衣液", "24", "翠英党群服务中心", "360.5"])
        assert reader.problems == []
        assert row is not None

    from lianxin.platform.commands import command

    @command("tests.apply_stock")
    def apply(*, actor, at):  # type: ignore[no-untyped-def]
        return stock_imports.apply(run=run, rows=[stock_imports.unpack(list(map(plain, row)))], actor=actor, at=at)

    @command("tests.undo_stock")
    def undo(*, actor, ids, at):  # type: ignore[no-untyped-def]
        stock_imports.undo(run=run, ids=ids, actor=actor, at=at)

    made = apply(actor=shop.keeper, at=AT)
    assert counters(item, shop.venue) == (24, 0)
    with scope.everything():
        assert StockMove.objects.get(pk=made[0]).value_fen == 36_050

    reservations.reserve(
        actor=shop.resident(), household=shop.homes[0].pk, venue=shop.venue.pk, items={item.pk: 1}, at=AT
    )
    with pytest.raises(SomethingDepends):
        undo(actor=shop.keeper, ids=made, at=AT)


def plain(value):  # type: ignore[no-untyped-def]
    return value if value is None or isinstance(value, int) else str(value)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (["没有的", "1", "", ""], "item"),
        (["", "1", "", ""], "item"),
        (["洗衣液", "1.5", "", ""], "quantity"),
        (["洗衣液", "0", "", ""], "quantity"),
        (["洗衣液", "-3", "", ""], "quantity"),
        (["洗衣液", "1", "别处", ""], "venue"),
        (["洗衣液", "1", "", "三百"], "value"),
    ],
)
def test_rows_that_cannot_be_are_told_by_column(cells: list[str], column: str) -> None:
    reader = OpeningReader(items={"洗衣液": uuid4()}, venues={}, default_venue=uuid4())

    assert reader.read(2, cells) is None
    assert [problem[1] for problem in reader.problems] == [column]


def test_same_item_twice_is_told() -> None:
    reader = OpeningReader(items={"洗衣液": uuid4()}, venues={}, default_venue=uuid4())

    assert reader.read(2, ["洗衣液", "3", "", "12"]) is not None
    assert reader.read(3, ["洗衣液", "4", "", ""]) is None
    assert reader.problems[0][0] == 3
