"""Reading a list of paper passbooks: each row becomes a clean row, or sentences about the cells that are wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform.sheets import Column

MOST_POINTS = 1_000_000
FARTHEST = timedelta(days=366 * 10)
LONGEST_NUMBER = 40
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")

COLUMNS = (
    Column(
        "household_number",
        gettext_lazy("Household number"),
        ("户号", "户编号", "家庭编号", "户籍编号", "档案号"),
        required=True,
        example="000001",
    ),
    Column(
        "paper_number",
        gettext_lazy("Number of the paper passbook"),
        ("存折号", "纸质存折号", "存折编号", "积分存折号", "旧存折号", "本号"),
        example="旧-0001",
        note=gettext_lazy("As it is printed on the paper passbook; may be empty"),
    ),
    Column(
        "points",
        gettext_lazy("Points"),
        ("积分", "结余积分", "剩余积分", "积分余额", "余额", "分数"),
        required=True,
        example="120",
        note=gettext_lazy("A whole number"),
    ),
    Column(
        "expires_on",
        gettext_lazy("Valid until"),
        ("有效期至", "有效期", "到期日", "到期日期", "失效日期", "截止日期"),
        required=True,
        example="2027-12-31",
        note=gettext_lazy("One row for each day, when a passbook has points with several last days"),
    ),
)


class CellProblem(NamedTuple):
    """One sentence about one cell."""

    row: int
    column: str
    sentence: str
    is_warning: bool


class TakeOverRow(NamedTuple):
    """The points with one last day in one household's paper passbook."""

    household: UUID
    paper_number: str
    points: int
    expires_on: date


def unpack(row: list[Any]) -> TakeOverRow:
    """Make a clean row again from its JSON."""
    return TakeOverRow(UUID(row[0]), row[1], row[2], date.fromisoformat(row[3]))


class TakeOverReader:
    """Reads the rows of one file in order.

    `households` maps the printed numbers of the community's households to their ids; `taken` are those whose points
    stand in another list. `on` is the day of the reading.
    """

    def __init__(self, *, households: Mapping[str, UUID], taken: AbstractSet[UUID], on: date) -> None:
        self.problems: list[CellProblem] = []
        self._households = households
        self._taken = taken
        self._on = on
        self._seen: dict[tuple[UUID, date], int] = {}
        self._papers: dict[str, UUID] = {}

    def read(self, row: int, cells: Sequence[str]) -> TakeOverRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        before = len(self.problems)
        number, paper, points_text, day_text = (unicodedata.normalize("NFKC", cell).strip() for cell in cells)

        def problem(column: str, sentence: str) -> None:
            self.problems.append(CellProblem(row, column, sentence, is_warning=False))

        household = self._households.get(number) or self._households.get(number.zfill(6))
        if not number:
            problem("household_number", _("The household number is missing."))
        elif household is None:
            unknown = _("No household of this community has the number %(number)s.")
            problem("household_number", unknown % {"number": number[:32]})
        elif household in self._taken:
            problem("household_number", _("The points of this household were taken over in another list."))
        if len(paper) > LONGEST_NUMBER:
            problem("paper_number", _("Longer than %(most)d characters.") % {"most": LONGEST_NUMBER})
        points = read_points(points_text)
        if isinstance(points, str):
            problem("points", points)
        expires_on = read_day(day_text)
        if isinstance(expires_on, str):
            problem("expires_on", expires_on)
        elif expires_on < self._on:
            problem("expires_on", _("These points have run out already, so they are not taken over."))
        elif expires_on > self._on + FARTHEST:
            problem("expires_on", _("This day lies more than ten years ahead."))
        if len(self.problems) > before or household is None:
            return None
        assert isinstance(points, int)
        assert isinstance(expires_on, date)
        first = self._seen.setdefault((household, expires_on), row)
        if first != row:
            twice = _("Row %(row)d has this household with the same day. Add the points up in one row.")
            problem("household_number", twice % {"row": first})
        if paper and self._papers.setdefault(paper, household) != household:
            problem("paper_number", _("Another household in this list has the same paper passbook."))
        return None if len(self.problems) > before else TakeOverRow(household, paper, points, expires_on)


def read_points(text: str) -> int | str:
    """Read a number of points, or give the sentence that says what is wrong."""
    plain = text.replace(",", "").removesuffix("分")
    whole, _dot, rest = plain.partition(".")
    if not plain:
        return _("The points are missing.")
    if not whole.lstrip("-").isdecimal() or not (rest == "" or rest.isdecimal()):
        return _("“%(text)s” is not a number of points.") % {"text": text[:20]}
    if rest.strip("0"):
        return _("Points are whole numbers.")
    points = int(whole)
    if points <= 0:
        return _("Points must be more than zero. Leave a passbook without points out.")
    if points > MOST_POINTS:
        return _("That is more points than a passbook can have.")
    return points


def read_day(text: str) -> date | str:
    """Read a day as people write it, or give the sentence that says what is wrong."""
    if not text:
        return _("The last day is missing.")
    try:
        if found := _DAY.match(text):
            return date(*map(int, found.groups()))
        if len(text) == 8 and text.isdecimal():
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if len(text) == 5 and text.isdecimal():
            return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    except ValueError:
        pass
    return _("“%(text)s” is not a day. Write it like 2027-12-31.") % {"text": text[:20]}
