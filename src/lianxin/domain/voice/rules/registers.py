"""Reading a register of owners: each row becomes a flat with its exact area, or sentences about what is wrong."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.engines.ballots.assent import owners_in
from lianxin.platform.sheets import Column

FLAT_LONGEST, OWNER_LONGEST, MOST_OWNERS = 40, 40, 30
# In 0.01 m²: a hundred hectares, more than any flat, shop or garage has.
LARGEST = 100_000_000
COLUMNS = (
    Column(
        "flat",
        gettext_lazy("Flat"),
        ("房号", "房屋", "门牌", "门牌号", "房间号", "单元房号", "专有部分", "房屋坐落"),
        required=True,
        example="1栋2单元301",
    ),
    Column(
        "area",
        gettext_lazy("Area in m²"),
        ("面积", "建筑面积", "专有面积", "专有部分面积", "建筑面积(m2)", "建筑面积（㎡）", "面积（㎡）"),
        required=True,
        example="89.52",
        note=gettext_lazy("As in the property certificate, with two decimals at most"),
    ),
    Column(
        "owners",
        gettext_lazy("Owners"),
        ("业主", "业主姓名", "产权人", "所有权人", "权利人", "共有人"),
        required=True,
        example="陈大明、林小英",
        note=gettext_lazy("All owners of the flat in one cell; the same owners of several flats are one head"),
    ),
)
_UNIT = re.compile(r"(?:m2|m²|平方米|平米|平方)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?$")
# Spreadsheets keep 89.35 as 89.349999999999994: so many decimals were never typed.
_BINARY_DECIMALS = 10


class RegisterRow(NamedTuple):
    """One flat, as the sheet says it."""

    row: int
    flat: str
    area_dm2: int
    owners: str
    owners_count: int


def plain_flat(text: str) -> str:
    """Give a flat's number in the one form by which it is found again."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_area(text: str) -> tuple[int, str]:
    """Read square metres as whole 0.01 m²; gives 0 and a sentence when that is not possible."""
    plain = _UNIT.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
    shown = text.strip()[:20]
    if not plain:
        return 0, _("The area is missing.")
    if not plain.isascii() or not _NUMBER.match(plain):
        return 0, _("“%(text)s” is no area. Write square metres like 89.52.") % {"text": shown}
    plain = plain.replace(",", "")
    _whole, _point, decimals = plain.partition(".")
    exact = Decimal(repr(float(plain)) if len(decimals) > _BINARY_DECIMALS else plain) * 100
    if exact != exact.to_integral_value():
        return 0, _("“%(text)s” has more than two decimals. Write it as the certificate does.") % {"text": shown}
    if exact <= 0:
        return 0, _("An area is more than 0.")
    if exact > LARGEST:
        return 0, _("“%(text)s” m² is larger than any flat. Is a point missing?") % {"text": shown}
    return int(exact), ""


def read_owners(text: str) -> tuple[tuple[str, ...], str]:
    """Read the owners of one cell; gives none and a sentence when there are none, too many, or a name is too long."""
    found = owners_in(unicodedata.normalize("NFKC", text))
    if not found:
        return (), _("The owner is missing.")
    if len(found) > MOST_OWNERS:
        return (), _("A flat has at most %(most)d owners.") % {"most": MOST_OWNERS}
    if any(len(one) > OWNER_LONGEST for one in found):
        return (), _("An owner's name has at most %(most)d characters.") % {"most": OWNER_LONGEST}
    return found, ""


class RegisterReader:
    """Reads the rows of one file in order; a flat stands there once."""

    def __init__(self, *, known: Collection[str] = ()) -> None:
        """`known` are the flats that the register has already."""
        self.problems: list[tuple[int, str, str, bool]] = []
        self._known = frozenset(known)
        self._flats: dict[str, int] = {}
        self._heads: dict[frozenset[str], int] = {}

    def read(self, row: int, cells: Sequence[Any]) -> RegisterRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        flat = plain_flat(str(cells[0]))
        area, wrong_area = read_area(str(cells[1]))
        owners, wrong_owners = read_owners(str(cells[2]))
        wrong_flat = self._wrong_flat(row, flat)
        for column, sentence in (("flat", wrong_flat), ("area", wrong_area), ("owners", wrong_owners)):
            if sentence:
                self.problems.append((row, column, sentence, False))
        if wrong_flat or wrong_area or wrong_owners:
            return None
        head = frozenset(owners)
        first = self._heads.setdefault(head, row)
        if first != row:
            sentence = _(
                "The same owners as in row %(row)d: both flats are one head. If these are different people, "
                "add something to a name that tells them apart."
            )
            self.problems.append((row, "owners", sentence % {"row": first}, True))
        return RegisterRow(row, flat, area, "、".join(owners), len(owners))

    def _wrong_flat(self, row: int, flat: str) -> str:
        if not flat:
            return _("The flat is missing.")
        if len(flat) > FLAT_LONGEST:
            return _("A flat has at most %(most)d characters.") % {"most": FLAT_LONGEST}
        if flat in self._known:
            return _("%(flat)s is in the register already.") % {"flat": flat}
        first = self._flats.setdefault(flat, row)
        if first != row:
            return _("%(flat)s stands in row %(row)d already.") % {"flat": flat, "row": first}
        return ""


def unpack(row: list[Any]) -> RegisterRow:
    """Make a clean row again from its JSON."""
    return RegisterRow(*row)


def natural(flat: str) -> tuple[tuple[int, int, str], ...]:
    """Give the order of flats as people read it: 2-101 before 10-101."""
    parts = re.findall(r"\d+|\D+", flat)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def square_metres(area_dm2: int) -> str:
    """Give an area as it is written: 8952 is 89.52."""
    return f"{area_dm2 // 100}.{area_dm2 % 100:02d}"
