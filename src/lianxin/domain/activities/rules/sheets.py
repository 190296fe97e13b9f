"""The sign-in sheet on paper: codes of its rows, and reading what was typed back from it."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.engines import identity
from lianxin.engines.reasons import Reason

CHECK_DIGITS = 2
MOST_LINES = 600
NAME_LONGEST = 40
BLANK_ROWS = 15
ROWS_ON_A_PAGE = 25
_CODES = re.compile(r"[\d\s,，、;；.。\-–—－]+")
# On the sheet a dash stands before the check digits.
_DASH = re.compile(r"(?<=\d)\s*[-–—－]\s*(?=\d)")
_CODE = re.compile(r"\d+")
_PHONE = re.compile(r"(?<!\d)(\+?\d[\d\-\s]{5,16}\d)(?!\d)")
_NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.．、)）]\s*")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What one line or code of the typed text is: a row of the sheet, somebody by name, or a sentence why neither."""

    text: str
    place_no: int | None = None
    name: str = ""
    phone: str = ""
    problem: str = ""


def row_code(occurrence: UUID, place_no: int) -> str:
    """Give the code of a row: the number and two check digits that belong to this sheet alone."""
    return f"{place_no}{_check(occurrence, place_no):02d}"


def spaced(code: str) -> str:
    """Write a code as it is printed, the check digits apart."""
    return f"{code[:-CHECK_DIGITS]}-{code[-CHECK_DIGITS:]}"


def read_typed(occurrence: UUID, text: str, *, known: Sequence[int]) -> list[TypedLine]:
    """Read codes (many on a line) and names with phone numbers (one on a line) in the order in which they stand."""
    there = set(known)
    found: list[TypedLine] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        if _CODES.fullmatch(line) and not _is_phone(line):
            found += [_of_code(occurrence, code, there) for code in _CODE.findall(_DASH.sub("", line))]
        else:
            found.append(_of_name(line))
    return found


def _is_phone(line: str) -> bool:
    """A number alone on a line with as many digits as a telephone has is no code."""
    digits = re.sub(r"\D", "", line)
    return len(digits) >= 11 and not isinstance(identity.check_phone(line), Reason)


def _of_code(occurrence: UUID, code: str, known: set[int]) -> TypedLine:
    if len(code) <= CHECK_DIGITS or len(code) > 8:
        return TypedLine(
            code, problem=_("“%(code)s” is no code of a row. Type all of its digits.") % {"code": code[:12]}
        )
    place_no = int(code[:-CHECK_DIGITS])
    if int(code[-CHECK_DIGITS:]) != _check(occurrence, place_no):
        return TypedLine(
            code, problem=_("“%(code)s” is mistyped, or stands on the sheet of another date.") % {"code": code}
        )
    if place_no not in known:
        return TypedLine(code, problem=_("Row %(code)s: nobody is signed up under this number.") % {"code": code})
    return TypedLine(code, place_no=place_no)


def _of_name(line: str) -> TypedLine:
    rest = _NUMBERED.sub("", line)
    phone = ""
    if found := _PHONE.search(rest):
        read = identity.check_phone(found.group(1))
        if isinstance(read, Reason):
            return TypedLine(
                line[:60], problem=_("“%(text)s” is no phone number.") % {"text": found.group(1).strip()[:20]}
            )
        phone = read.number
        rest = rest.replace(found.group(1), " ")
    name = " ".join(rest.replace(",", " ").replace("，", " ").replace("\t", " ").split())
    if not name:
        return TypedLine(line[:60], problem=_("There is a phone number without a name: %(phone)s") % {"phone": phone})
    if len(name) > NAME_LONGEST:
        return TypedLine(
            line[:60], problem=_("“%(name)s…” is too long for a name: one person on each line.") % {"name": name[:20]}
        )
    return TypedLine(line, name=name, phone=phone)


def _check(occurrence: UUID, place_no: int) -> int:
    return zlib.crc32(f"{occurrence.hex}/{place_no}".encode()) % 97
