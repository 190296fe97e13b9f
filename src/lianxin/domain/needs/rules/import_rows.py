"""Reading a sheet of needs: each row becomes one voice, or sentences about the cells that are wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.rules.similar import digest
from lianxin.domain.people.rules import contacts
from lianxin.platform.clock import local_moment
from lianxin.platform.sheets import Column

WORDS_LONGEST, NAME_LONGEST, MOST_PEOPLE = 1000, 40, 100_000
COLUMNS = (
    Column(
        "words",
        gettext_lazy("What is needed"),
        ("需求", "诉求", "需求内容", "内容", "意见", "群众需求", "原话", "需求描述"),
        required=True,
        example="想请人教老人用手机挂号",
        note=gettext_lazy("In their own words"),
    ),
    Column(
        "category",
        gettext_lazy("Category"),
        ("类别", "分类", "类型", "需求类别"),
        note=gettext_lazy("Its code or name; left out, it is suggested"),
    ),
    Column("heard_on", gettext_lazy("Heard on"), ("日期", "时间", "登记日期", "反映时间"), example="2026-11-20"),
    Column("name", gettext_lazy("Name"), ("姓名", "反映人", "居民姓名", "联系人")),
    Column("phone", gettext_lazy("Phone number"), ("电话", "手机", "手机号", "联系电话"), example="13800000000"),
    Column("people", gettext_lazy("How many people"), ("人数", "涉及人数"), example="1"),
    Column("urgent", gettext_lazy("Urgent"), ("紧急", "是否紧急", "急")),
    Column("tell_by", gettext_lazy("Tell them by"), ("答复方式", "回复方式"), example="电话"),
)
YES = frozenset({"是", "急", "紧急", "yes", "y", "1", "true", "√"})
NO = frozenset({"", "否", "不急", "no", "n", "0", "false"})
CHANNELS = {
    "短信": "sms",
    "sms": "sms",
    "电话": "phone",
    "打电话": "phone",
    "phone": "phone",
    "纸": "paper",
    "纸质": "paper",
    "书面": "paper",
    "paper": "paper",
    "不用": "none",
    "不用答复": "none",
    "none": "none",
}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")


class NeedRow(NamedTuple):
    """One voice, as the sheet says it."""

    row: int
    words: str
    category: str
    heard_at: str
    person: UUID | None
    name: str
    phone: str
    people: int
    urgent: bool
    channel: str


class NeedReader:
    """Reads the rows of one file in order; residents are found by phone number and name together."""

    def __init__(
        self,
        *,
        today: date,
        categories: Mapping[str, str],
        by_phone: Mapping[str, Sequence[tuple[UUID, str]]],
        known: frozenset[str] = frozenset(),
    ) -> None:
        """`categories` maps codes and names to codes; `known` are digests of what is on record already."""
        self.problems: list[tuple[int, str, str, bool]] = []
        self._today = today
        self._categories = categories
        self._by_phone = by_phone
        self._known = known
        self._seen: dict[tuple[str, str, str], int] = {}

    def read(self, row: int, cells: Sequence[str]) -> NeedRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        # What somebody said stays as it was typed; everything else is brought to one form.
        words = cells[0].replace("\r\n", "\n").strip()
        category, day, name, phone, people, urgent, channel = (
            " ".join(unicodedata.normalize("NFKC", cell).split()) for cell in cells[1:]
        )
        before = sum(1 for problem in self.problems if not problem[3])
        if not words:
            self._problem(row, "words", _("What is needed is missing."))
        elif len(words) > WORDS_LONGEST:
            self._problem(row, "words", _("At most %(most)d characters.") % {"most": WORDS_LONGEST})
        if len(name) > NAME_LONGEST:
            self._problem(row, "name", _("A name has at most %(most)d characters.") % {"most": NAME_LONGEST})
        code = self._category(row, category)
        heard = self._day(row, day)
        number = self._phone(row, phone)
        clean = NeedRow(
            row,
            words,
            code,
            heard,
            self._person(name, number),
            name,
            number,
            self._people(row, people),
            self._urgent(row, urgent),
            self._channel(row, channel, has_phone=bool(number)),
        )
        if sum(1 for problem in self.problems if not problem[3]) > before:
            return None
        same = (digest(words), name, number)
        earlier = self._seen.setdefault(same, row)
        if earlier != row and (name or number):
            self._problem(row, "words", _("The same one says the same in row %(row)d.") % {"row": earlier})
            return None
        if same[0] in self._known:
            self._warning(row, "words", _("The same words are on record already. It is kept as one more voice."))
        return clean._replace(name="" if clean.person else name, phone="" if clean.person else number)

    def _category(self, row: int, text: str) -> str:
        if not text:
            return ""
        code = self._categories.get(text.upper()) or self._categories.get(text)
        if code is None:
            self._problem(row, "category", _("There is no category “%(code)s”.") % {"code": text[:20]})
            return ""
        return code

    def _day(self, row: int, text: str) -> str:
        if not text:
            return ""
        found = _DAY.match(text)
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            self._problem(row, "heard_on", _("“%(text)s” is no date. Write it like 2026-11-20.") % {"text": text[:20]})
            return ""
        if day > self._today:
            self._problem(row, "heard_on", _("This lies in the future."))
        if day.year < self._today.year - 9:
            self._problem(row, "heard_on", _("This lies too far back."))
        return local_moment(day, time(12)).isoformat()

    def _phone(self, row: int, text: str) -> str:
        if not text:
            return ""
        number, wrong = contacts.check_phone(text)
        if wrong:
            self._problem(row, "phone", wrong)
        return number

    def _people(self, row: int, text: str) -> int:
        plain = text.removesuffix("人").removesuffix(".0")
        if not plain:
            return 1
        if not plain.isdecimal() or not 1 <= int(plain[:9]) <= MOST_PEOPLE:
            self._problem(row, "people", _("Give a number of people from 1."))
            return 1
        return int(plain)

    def _urgent(self, row: int, text: str) -> bool:
        plain = text.lower()
        if plain not in YES and plain not in NO:
            self._problem(row, "urgent", _("Write yes or no."))
        return plain in YES

    def _channel(self, row: int, text: str, *, has_phone: bool) -> str:
        if not text:
            return "phone" if has_phone else "none"
        channel = CHANNELS.get(text.lower())
        if channel is None:
            self._problem(row, "tell_by", _("Write text message, phone, paper or none."))
            return "none"
        if channel in ("sms", "phone") and not has_phone:
            self._problem(row, "phone", _("Leave a phone number so that we can answer, or choose another way."))
        return channel

    def _person(self, name: str, number: str) -> UUID | None:
        if not name or not number:
            return None
        for key in contacts.phone_candidates(number):
            for pk, called in self._by_phone.get(key, ()):
                if called == name:
                    return pk
        return None

    def _problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append((row, column, sentence, False))

    def _warning(self, row: int, column: str, sentence: str) -> None:
        self.problems.append((row, column, sentence, True))


def moment_of(row: NeedRow, *, at: datetime) -> datetime:
    """Give when it was heard, never after the import itself."""
    return min(datetime.fromisoformat(row.heard_at), at) if row.heard_at else at


def unpack(row: list[Any]) -> NeedRow:
    """Make a clean row again from its JSON."""
    number, words, category, heard_at, person, name, phone, people, urgent, channel = row
    who = UUID(person) if person else None
    return NeedRow(number, words, category, heard_at, who, name, phone, people, urgent, channel)
