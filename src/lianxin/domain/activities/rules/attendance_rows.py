"""Reading a sheet of who came: each row becomes a resident or a guest, or sentences about the cells that are wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.rules.sheets import NAME_LONGEST
from lianxin.domain.people.rules import contacts
from lianxin.platform.clock import LOCAL
from lianxin.platform.sheets import Column

COLUMNS = (
    Column(
        "name",
        gettext_lazy("Name"),
        ("姓名", "签到人", "参加人", "名字", "居民姓名"),
        required=True,
        example="陈示例",
    ),
    Column(
        "phone",
        gettext_lazy("Phone number"),
        ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式"),
        example="13800000000",
        note=gettext_lazy("With it the resident is found for certain"),
    ),
    Column(
        "card_number",
        gettext_lazy("Card number"),
        ("卡号", "居民卡号", "连心卡号", "居民卡"),
        note=gettext_lazy("As it is printed on the card"),
    ),
    Column(
        "came_at",
        gettext_lazy("Came at"),
        ("签到时间", "到场时间", "时间"),
        example="9:05",
        note=gettext_lazy("May be left out"),
    ),
)
_CLOCK = re.compile(r"(?:.*[ T])?(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?$")


class AttendanceRow(NamedTuple):
    """One who came, as the sheet says it."""

    row: int
    person: UUID | None
    name: str
    phone: str
    came_at: str


class AttendanceReader:
    """Reads the rows of one file in order; residents are found by card, by phone number, or by a name that only one
    of those signed up has."""

    def __init__(
        self,
        *,
        starts_at: datetime,
        cards: Mapping[str, tuple[UUID, str]],
        by_phone: Mapping[str, Sequence[tuple[UUID, str]]],
        signed_up: Mapping[str, Sequence[UUID]],
    ) -> None:
        self.problems: list[tuple[int, str, str, bool]] = []
        self._starts_at = starts_at
        self._cards = cards
        self._by_phone = by_phone
        self._signed_up = signed_up
        self._seen: dict[Any, int] = {}

    def read(self, row: int, cells: Sequence[str]) -> AttendanceRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        name, phone, card, came = (" ".join(unicodedata.normalize("NFKC", cell).split()) for cell in cells)
        before = len(self.problems)
        if not name:
            self._problem(row, "name", _("The name is missing."))
        elif len(name) > NAME_LONGEST:
            self._problem(row, "name", _("A name has at most %(most)d characters.") % {"most": NAME_LONGEST})
        number = self._phone(row, phone)
        came_at = self._moment(row, came)
        person = self._person(row, name, number, card)
        if len(self.problems) > before:
            return None
        key = person or (name, number)
        earlier = self._seen.setdefault(key, row)
        if earlier != row and (person is not None or number):
            self._problem(row, "name", _("The same person is in row %(row)d.") % {"row": earlier})
            return None
        return AttendanceRow(row, person, "" if person else name, "" if person else number, came_at.isoformat())

    def _phone(self, row: int, text: str) -> str:
        if not text:
            return ""
        number, wrong = contacts.check_phone(text)
        if wrong:
            self._problem(row, "phone", wrong)
        return number

    def _moment(self, row: int, text: str) -> datetime:
        if not text:
            return self._starts_at
        found = _CLOCK.match(text)
        try:
            clock = time(int(found.group(1)), int(found.group(2))) if found else None
        except ValueError:
            clock = None
        if clock is None:
            self._problem(row, "came_at", _("“%(text)s” is no time of day. Write it like 9:05.") % {"text": text[:20]})
            return self._starts_at
        return datetime.combine(self._starts_at.astimezone(LOCAL).date(), clock, tzinfo=LOCAL)

    def _person(self, row: int, name: str, number: str, card: str) -> UUID | None:
        if card:
            holder = self._cards.get(card.replace(" ", "").replace("-", ""))
            if holder is None:
                self._problem(row, "card_number", _("No valid card has this number."))
                return None
            if holder[1] != name:
                self._problem(row, "card_number", _("This card belongs to somebody with another name."))
            return holder[0]
        if number:
            for digest in contacts.phone_candidates(number):
                for pk, called in self._by_phone.get(digest, ()):
                    if called == name:
                        return pk
            return None
        mine = self._signed_up.get(name, ())
        return mine[0] if len(mine) == 1 else None

    def _problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append((row, column, sentence, False))


def unpack(row: list[Any]) -> AttendanceRow:
    """Make a clean row again from its JSON."""
    number, person, name, phone, came_at = row
    return AttendanceRow(number, UUID(person) if person else None, name, phone, came_at)
