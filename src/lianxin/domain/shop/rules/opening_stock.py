"""Reading rows of an opening-stock workbook."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.shop.rules.quantities import MOST_PIECES
from lianxin.platform.sheets import Column

COLUMNS = (
    Column(
        "item",
        gettext_lazy("Item"),
        ("物品", "商品", "品名", "物品名称", "商品名称", "名称"),
        required=True,
        example="洗衣液",
        note=gettext_lazy("The name as it is in the catalogue"),
    ),
    Column(
        "quantity",
        gettext_lazy("Pieces"),
        ("数量", "库存", "件数", "现有数量"),
        required=True,
        example="24",
    ),
    Column(
        "venue",
        pgettext_lazy("stock", "Place"),
        ("地点", "场所", "存放地点", "站点"),
        example="翠英社区党群服务中心",
        note=gettext_lazy("May be left out when all lies in one place"),
    ),
    Column(
        "value",
        gettext_lazy("Value of all pieces (yuan)"),
        ("金额", "价值", "总价", "价值(元)", "金额(元)"),
        example="360.00",
    ),
)


class OpeningRow(NamedTuple):
    """A clean row."""

    row: int
    item: UUID
    venue: UUID
    quantity: int
    value_fen: int | None


class OpeningReader:
    """Reads the rows of one file in order; names are those of one community's catalogue and venues."""

    def __init__(self, *, items: Mapping[str, UUID], venues: Mapping[str, UUID], default_venue: UUID | None) -> None:
        self.problems: list[tuple[int, str, str, bool]] = []
        self._items = items
        self._venues = venues
        self._default_venue = default_venue
        self._seen: dict[tuple[UUID, UUID], int] = {}

    def read(self, row: int, cells: Sequence[str]) -> OpeningRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        name, pieces, place, value = (cell.strip() for cell in cells)
        before = len(self.problems)
        item = self._items.get(name)
        if not name:
            self._problem(row, "item", _("The name is missing."))
        elif item is None:
            self._problem(
                row, "item", _("“%(name)s” is not in the catalogue as goods. Enter it there first.") % {"name": name}
            )
        venue = self._venues.get(place) if place else self._default_venue
        if venue is None:
            sentence = _("There is no place “%(name)s” here.") % {"name": place} if place else _("Say where it lies.")
            self._problem(row, "venue", sentence)
        quantity = _whole(pieces)
        if quantity is None or not 0 < quantity <= MOST_PIECES:
            self._problem(row, "quantity", _("Give a whole number of pieces, at least 1."))
        fen = _fen(value)
        if value and fen is None:
            self._problem(
                row, "value", _("“%(text)s” is no amount of money. Write it as 360.00.") % {"text": value[:20]}
            )
        if len(self.problems) > before or item is None or venue is None or quantity is None:
            return None
        earlier = self._seen.setdefault((item, venue), row)
        if earlier != row:
            self._problem(row, "item", _("The same is in row %(row)d. Add the two up.") % {"row": earlier})
            return None
        return OpeningRow(row, item, venue, quantity, fen)

    def _problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append((row, column, sentence, False))


def _whole(text: str) -> int | None:
    digits = text.removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def _fen(text: str) -> int | None:
    """Read an amount in yuan as fen, without passing through a fraction."""
    whole, _dot, cents = text.replace(",", "").removeprefix("¥").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 9):
        return None
    if cents and not (cents.isascii() and cents.isdigit() and len(cents) <= 2):
        return None
    return int(whole) * 100 + int((cents + "00")[:2])
