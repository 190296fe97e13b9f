"""Reading a chain sign-up (接龙) pasted from a group: numbers, names, how many, phones, and what is in doubt."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.engines import identity
from lianxin.engines.pinyin import full_pinyin
from lianxin.engines.reasons import Reason

LINES_MOST = 500
PEOPLE_MOST = 10
NAME_LONGEST = 40
NEAR_MOST = 4

_DIGITS = "零一二三四五六七八九十"
_SMALL = {
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_NUMBERED = re.compile(r"^\s*[(\[【]?\s*(\d{1,3})\s*(?:[.、,:)\]】]|\s(?=\D)|号|(?=[^\d\s.、,:年月日点%]))\s*(.*)$")
_KEYCAP = re.compile("\ufe0f?\u20e3")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8})(?!\d)")
_MORE = re.compile(r"[+加带]\s*(\d{1,2}|[一二两俩三仨四五六七八九十])\s*(?:个|位|人|名|大|小|孩|娃)*|\+(?!\d)")
_TOTAL = re.compile(r"(?:共|一共|合计)?\s*(\d{1,2}|[一二两俩三仨四五六七八九十])\s*(?:个人|人|位|名)")
_BRACKETS = re.compile(r"[(\[【「]([^)\]】」]*)[)\]】」]")
_FOR_OTHERS = re.compile(r"^(?:我?[帮替代给为]了?|代报)")
_LEADS = re.compile(
    r"^(?:我?[帮替代给为]了?|代报)(?:我)?(?:妈妈?|爸爸?|奶奶|爷爷|外婆|外公|阿婆|阿公|老人|邻居|婆婆|公公)?"
)
_TAILS = re.compile(r"(?:报名|参加|报一个|报|来|去|谢谢|收到)+[!。~]*$")
_GIVEN_UP = re.compile(r"取消|不去|去不了|退出|不参加|撤销")
_HEADS = ("#接龙", "接龙", "例", "示例", "格式")
_LETTERS = re.compile(r"[㐀-鿿\U00020000-\U0003ffff·•]+|[A-Za-z][A-Za-z .'-]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resident of the community by name, to be matched with a line."""

    person: UUID
    name: str
    hint: str
    phone_last4: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chain: what was read, whom it may be, and why somebody should look at it."""

    index: int
    number: int | None
    raw: str
    name: str
    phone: str = ""
    count: int = 1
    note: str = ""
    person: UUID | None = None
    near: tuple[UUID, ...] = ()
    doubts: tuple[str, ...] = ()
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it was read: the words above it, and its lines."""

    heading: str
    lines: tuple[Line, ...]

    @property
    def people(self) -> int:
        """Give how many people the lines stand for, those left out not counted."""
        return sum(line.count for line in self.lines if not line.is_left_out)


def read_chain(text: str) -> Chain:
    """Read a pasted chain; what stands above the first number is its heading, lines without a number go on above."""
    heading: list[str] = []
    found: list[tuple[int | None, str]] = []
    for raw in unicodedata.normalize("NFKC", _KEYCAP.sub(".", text)).splitlines()[: LINES_MOST * 2]:
        line = "".join(c for c in raw if unicodedata.category(c) not in ("Cf", "So", "Sk", "Mn", "Cs")).strip()
        if not line:
            continue
        numbered = _NUMBERED.match(line)
        if numbered and not any(line.startswith(head) for head in _HEADS):
            found.append((int(numbered[1]), numbered[2].strip()))
        elif found:
            number, before = found[-1]
            found[-1] = (number, f"{before} {line}".strip())
        else:
            heading.append(line)
    lines = [_line(index, number, words) for index, (number, words) in enumerate(found[:LINES_MOST])]
    return Chain("\n".join(heading), tuple(_with_doubts_among(lines)))


def _line(index: int, number: int | None, raw: str) -> Line:
    doubts: list[str] = []
    words, phone = raw, ""
    if found := _PHONE.search(words):
        checked = identity.check_phone(found[1])
        if isinstance(checked, Reason):
            doubts.append(_("This is no phone number: %(number)s") % {"number": found[1]})
        else:
            phone = checked.number
        words = words.replace(found[0], " ")
    elif longer := re.search(r"\d{7,}", words):
        doubts.append(_("This is no phone number: %(number)s") % {"number": longer[0]})
        words = words.replace(longer[0], " ")
    count, words = _count(words)
    notes = [note.strip() for note in _BRACKETS.findall(words) if note.strip()]
    words = _BRACKETS.sub(" ", words).strip(" ,，。.、:-—~!")
    given_up = bool(_GIVEN_UP.search(raw))
    if _FOR_OTHERS.match(words):
        doubts.append(_("Signed up for somebody else: check the name."))
        words = _LEADS.sub("", words).strip()
    letters = _LETTERS.findall(_TAILS.sub("", _GIVEN_UP.sub("", words)).strip())
    name = (letters[0].strip() if letters else "")[:NAME_LONGEST]
    notes += [part.strip() for part in letters[1:] if part.strip()]
    if not name and not given_up:
        doubts.append(_("No name can be read here."))
    if count > PEOPLE_MOST:
        doubts.append(_("So many people at once? Check the number."))
        count = PEOPLE_MOST
    if given_up:
        doubts.append(_("This line says that somebody does not come."))
    return Line(
        index=index,
        number=number,
        raw=raw[:200],
        name=name,
        phone=phone,
        count=count,
        note=" ".join(notes)[:200],
        doubts=tuple(doubts),
        is_left_out=given_up or not name,
    )


def _count(words: str) -> tuple[int, str]:
    """Give how many people a line stands for ("+1" is one more, "3人" is all) and the words without that."""
    if more := _MORE.search(words):
        extra = _number(more[1]) if more[1] else 1
        return 1 + extra, words.replace(more[0], " ")
    if total := _TOTAL.search(words):
        return max(1, _number(total[1])), words.replace(total[0], " ")
    return 1, words


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _SMALL[text]


def _with_doubts_among(lines: Sequence[Line]) -> list[Line]:
    """Add doubts that only show beside the other lines: names twice, numbers twice or missing."""
    seen: dict[str, int] = {}
    numbers: set[int] = set()
    told = []
    for line in lines:
        doubts = list(line.doubts)
        left_out = line.is_left_out
        if line.name and not line.is_left_out and line.name in seen:
            doubts.append(_("The same name stands in line %(number)d.") % {"number": seen[line.name]})
            left_out = True
        elif line.name and not line.is_left_out:
            seen[line.name] = line.number or line.index + 1
        if line.number is not None and line.number in numbers:
            doubts.append(_("The number %(number)d stands there twice.") % {"number": line.number})
        if line.number is not None:
            numbers.add(line.number)
        told.append(replace(line, doubts=tuple(doubts), is_left_out=left_out))
    return told


def missing_numbers(chain: Chain) -> list[int]:
    """Give the numbers that are left out: who wrote at the same moment overwrote somebody's line."""
    numbers = {line.number for line in chain.lines if line.number is not None}
    return [number for number in range(1, max(numbers, default=0)) if number not in numbers]


def match(chain: Chain, residents: Iterable[Candidate]) -> Chain:
    """Find the residents whom the lines name: one of exactly that name, else those whose name sounds or looks alike."""
    listed = list(residents)
    by_name: dict[str, list[Candidate]] = {}
    by_sound: dict[str, list[Candidate]] = {}
    for one in listed:
        by_name.setdefault(one.name, []).append(one)
        by_sound.setdefault(full_pinyin(one.name, is_person=True), []).append(one)
    return replace(chain, lines=tuple(_matched(line, listed, by_name, by_sound) for line in chain.lines))


def _matched(
    line: Line,
    residents: Sequence[Candidate],
    by_name: dict[str, list[Candidate]],
    by_sound: dict[str, list[Candidate]],
) -> Line:
    if not line.name:
        return line
    same = by_name.get(line.name, [])
    if line.phone and len(same) > 1:
        same = [one for one in same if one.phone_last4 == line.phone[-4:]] or same
    if len(same) == 1:
        return replace(line, person=same[0].person)
    if same:
        doubt = _("%(count)d residents have this name: choose one.") % {"count": len(same)}
        return replace(line, near=tuple(one.person for one in same[:NEAR_MOST]), doubts=(*line.doubts, doubt))
    near = by_sound.get(full_pinyin(line.name, is_person=True), []) if len(line.name) > 1 else []
    if not near and len(line.name) > 2:
        near = [one for one in residents if _one_apart(one.name, line.name)]
    if near:
        doubt = _("Nobody has exactly this name, but one is near.")
        return replace(line, near=tuple(one.person for one in near[:NEAR_MOST]), doubts=(*line.doubts, doubt))
    return line


def _one_apart(one: str, other: str) -> bool:
    """Tell whether two names differ in one character, neither the first: a slip of the finger."""
    if len(one) != len(other) or one[:1] != other[:1]:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def print_chain(heading: str, names: Sequence[tuple[str, str]]) -> str:
    """Write a chain to be pasted back into the group: heading, then number, name and what became of it."""
    lines = [f"{number}. {name}{f' {state}' if state else ''}" for number, (name, state) in enumerate(names, start=1)]
    return "\n".join([*([heading.strip()] if heading.strip() else []), *lines])
