"""Questions, kinds of places and volunteers as staff type them: one a line, read and written back the same way."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from lianxin.domain.activities.rules.contents import QuestionText
from lianxin.domain.activities.rules.plans import LimitPlan, ShiftPlan
from lianxin.platform.errors import Invalid

YES_NO = (("是", "否"), ("yes", "no"))
REQUIRED = "*"
_LIMIT = re.compile(r"(?P<name>.+?)\s+(?P<size>\d{1,5})(?:\s+(?P<least>\d{1,3})?\s*-\s*(?P<most>\d{1,3})?)?")
_SHIFT = re.compile(r"(?P<role>.+?)\s+(?P<least>\d{1,4})(?:\s*-\s*(?P<most>\d{1,4}))?(?:\s+(?P<before>\d{1,3}))?")


def _lines(text: str) -> Iterator[str]:
    for line in unicodedata.normalize("NFKC", text).replace("–", "-").replace("~", "-").splitlines():
        if line.strip():
            yield line.strip()


def read_questions(text: str) -> tuple[QuestionText, ...]:
    """Read questions: “会骑车吗: 是/否”, “几点到: 九点/十点 *”; a star at the end makes an answer necessary."""
    found = []
    for line in _lines(text):
        required = line.endswith(REQUIRED)
        asked, _colon, given = line.removesuffix(REQUIRED).strip().partition(":")
        choices = tuple(one.strip() for one in given.split("/") if one.strip())
        kind = "text"
        if choices:
            kind = "yes_no" if tuple(one.lower() for one in choices) in YES_NO else "choice"
        found.append(QuestionText(asked.strip(), kind, choices if kind == "choice" else (), required))
    return tuple(found)


def write_questions(questions: Sequence[QuestionText]) -> str:
    """Write questions as `read_questions` reads them."""
    written = []
    for one in questions:
        given = "/".join(one.choices) if one.kind == "choice" else "/".join(YES_NO[0]) if one.kind == "yes_no" else ""
        words = f"{one.text}: {given}" if given else one.text
        written.append(f"{words} {REQUIRED}" if one.is_required else words)
    return "\n".join(written)


def read_limits(text: str) -> tuple[LimitPlan, ...]:
    """Read kinds of places: “儿童 10 3-12” is ten places for children of 3 to 12; the ages may be left out."""
    found = []
    for line in _lines(text):
        match = _LIMIT.fullmatch(line)
        if match is None:
            raise _unreadable("limits", line, "儿童 10 3-12")
        least, most = match["least"], match["most"]
        ages = (int(least) if least else None, int(most) if most else None)
        found.append(LimitPlan(match["name"].strip(), int(match["size"]), *ages))
    return tuple(found)


def write_limits(limits: Sequence[LimitPlan]) -> str:
    """Write kinds of places as `read_limits` reads them."""
    written = []
    for one in limits:
        ages = ""
        if one.min_age is not None or one.max_age is not None:
            ages = f" {_or_empty(one.min_age)}-{_or_empty(one.max_age)}"
        written.append(f"{one.name} {one.size}{ages}")
    return "\n".join(written)


def read_shifts(text: str, *, known: Sequence[ShiftPlan] = ()) -> tuple[ShiftPlan, ...]:
    """Read volunteers: “签到引导 2-4 30” is two to four people, half an hour before the start.

    What a line does not say (skills, team, what exactly) is kept from the shift of the same name in `known`.
    """
    before = {one.role: one for one in known}
    found = []
    for line in _lines(text):
        match = _SHIFT.fullmatch(line)
        if match is None:
            raise _unreadable("shifts", line, "签到引导 2-4 30")
        role = match["role"].strip()
        old = before.get(role, ShiftPlan(role))
        found.append(
            ShiftPlan(
                role=role,
                least=int(match["least"]),
                most=int(match["most"] or match["least"]),
                what=old.what,
                skills=old.skills,
                team=old.team,
                before=int(match["before"] or 0),
                after=old.after,
            )
        )
    return tuple(found)


def write_shifts(shifts: Sequence[ShiftPlan]) -> str:
    """Write volunteers as `read_shifts` reads them."""
    return "\n".join(f"{one.role} {one.least}-{one.most}" + (f" {one.before}" if one.before else "") for one in shifts)


def _or_empty(value: int | None) -> str:
    return "" if value is None else str(value)


def _unreadable(field: str, line: str, example: str) -> Invalid:
    return Invalid(
        fields={
            field: [_("“%(line)s” cannot be read. Write it like: %(example)s") % {"line": line, "example": example}]
        }
    )
