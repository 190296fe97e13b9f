"""Reading a list of awards: each row becomes a clean row, or sentences about the cells that are wrong."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.rules.take_over_rows import CellProblem, read_day
from lianxin.platform.sheets import Column

LONGEST_EVIDENCE = 200

COLUMNS = (
    Column(
        "household_number",
        gettext_lazy("Household number"),
        ("户号", "户编号", "家庭编号", "户籍编号", "档案号"),
        example="000001",
        note=gettext_lazy("With the name of who did it; or give the card number"),
    ),
    Column(
        "card_number",
        gettext_lazy("Card number"),
        ("卡号", "居民卡号", "连心卡号", "居民卡"),
        note=gettext_lazy("As it is printed on the card"),
    ),
    Column("name", gettext_lazy("Name"), ("姓名", "居民姓名", "名字", "参加人"), example="陈示例"),
    Column(
        "item",
        gettext_lazy("Item of the rules"),
        ("积分项目", "项目", "积分事项", "事项", "加分项"),
        required=True,
        example="邻里互助",
        note=gettext_lazy("As the rules name it"),
    ),
    Column(
        "quantity",
        gettext_lazy("How much"),
        ("数量", "次数", "分钟", "时长", "时长(分钟)"),
        example="1",
        note=gettext_lazy("In the unit of the item; empty means once"),
    ),
    Column(
        "done_on",
        gettext_lazy("Day"),
        ("日期", "参加日期", "活动日期", "时间", "发生日期"),
        required=True,
        example="2026-03-01",
    ),
    Column("evidence", gettext_lazy("Evidence"), ("依据", "凭证", "证明", "佐证", "备注"), example="签到表"),
)


class AwardRow(NamedTuple):
    """One award of a list, as it was read."""

    row: int
    household: UUID
    person: UUID | None
    item: str
    quantity: int
    done_on: date
    evidence: str


def unpack(row: list[Any]) -> AwardRow:
    """Make a clean row again from its JSON."""
    number, household, person, item, quantity, done_on, evidence = row
    return AwardRow(
        number,
        UUID(household),
        UUID(person) if person else None,
        item,
        quantity,
        date.fromisoformat(done_on),
        evidence,
    )


class AwardReader:
    """Reads the rows of one file in order.

    `households` maps printed numbers to ids, `members` a household and a name to the people of that name, `cards` the
    numbers of valid cards to person and household; `items` gives the code of an item named by title or code on a day,
    and `why_not` the sentences, by column, that keep a row from being given.
    """

    def __init__(
        self,
        *,
        households: Mapping[str, UUID],
        members: Mapping[tuple[UUID, str], Sequence[UUID]],
        cards: Mapping[str, tuple[UUID, UUID]],
        items: Callable[[str, date], str | None],
        why_not: Callable[[AwardRow], Mapping[str, Sequence[str]]],
    ) -> None:
        self.problems: list[CellProblem] = []
        self._households = households
        self._members = members
        self._cards = cards
        self._items = items
        self._why_not = why_not
        self._seen: dict[tuple[Any, ...], int] = {}

    def read(self, row: int, cells: Sequence[str]) -> AwardRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        before = len(self.problems)
        number, card, name, item_text, quantity_text, day_text, evidence = (
            unicodedata.normalize("NFKC", cell).strip() for cell in cells
        )

        def problem(column: str, sentence: str, *, is_warning: bool = False) -> None:
            self.problems.append(CellProblem(row, column, sentence, is_warning=is_warning))

        household, person = self._who(number, card, name, problem)
        day = read_day(day_text) if day_text else _("The day is missing.")
        code = None
        if isinstance(day, str):
            problem("done_on", day)
        elif not item_text:
            problem("item", _("The item is missing."))
        else:
            code = self._items(item_text, day)
            if code is None:
                problem("item", _("The rules of that day have no item “%(item)s”.") % {"item": item_text[:40]})
        quantity = 1 if not quantity_text else int(quantity_text) if quantity_text.isdecimal() else 0
        if quantity < 1 or len(quantity_text) > 6:
            problem("quantity", _("“%(text)s” is not a whole number above zero.") % {"text": quantity_text[:20]})
        if len(evidence) > LONGEST_EVIDENCE:
            problem("evidence", _("Longer than %(most)d characters.") % {"most": LONGEST_EVIDENCE})
        if len(self.problems) > before or household is None or code is None or isinstance(day, str):
            return None
        clean = AwardRow(row, household, person, code, quantity, day, evidence)
        for column, sentences in self._why_not(clean).items():
            problem(column, " ".join(map(str, sentences)))
        if len(self.problems) > before:
            return None
        first = self._seen.setdefault(clean[1:6], row)
        if first != row:
            problem("item", _("Row %(row)d says the same. Both are entered.") % {"row": first}, is_warning=True)
        return clean

    def _who(
        self, number: str, card: str, name: str, problem: Callable[[str, str], None]
    ) -> tuple[UUID | None, UUID | None]:
        """Find the household, and the person where one is named."""
        if card:
            found = self._cards.get(card.replace(" ", "").replace("-", ""))
            if found is None:
                problem("card_number", _("No valid card of this community has this number."))
                return None, None
            return found[1], found[0]
        if not number:
            problem("household_number", _("Give the household number or the card number: names are not unique."))
            return None, None
        household = self._households.get(number) or self._households.get(number.zfill(6))
        if household is None:
            unknown = _("No household of this community has the number %(number)s.")
            problem("household_number", unknown % {"number": number[:32]})
            return None, None
        if not name:
            return household, None
        people = self._members.get((household, name), ())
        if len(people) == 1:
            return household, people[0]
        if people:
            problem("name", _("Two people of this household have this name. Give the card number."))
        else:
            problem("name", _("Nobody of this name lives in this household."))
        return None, None
