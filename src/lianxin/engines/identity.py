"""Numbers that identify people and firms: resident ID (GB 11643), USCC (GB 32100), telephone."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lianxin.engines.reasons import N_, Reason

_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
PROVINCES = frozenset(_PROVINCE_CODES.split())
OLDEST_YEARS = 130
LOCAL_AREA_CODE = "0754"

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FLOAT = re.compile(r"\d(\.\d+)?E\+?\d+|\d{15,18}\.0+")


@dataclass(frozen=True, slots=True)
class ResidentId:
    """An accepted resident ID in its 18-character form; warnings are worth a look and stop nothing."""

    number: str
    birth_on: date
    sex: Literal["M", "F"]
    region: str
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Uscc:
    """An accepted unified social credit code."""

    number: str
    registrar: str
    region: str


@dataclass(frozen=True, slots=True)
class Phone:
    """An accepted telephone number, written as it is dialled: 13812341234 or 0754-88881234."""

    number: str
    kind: Literal["mobile", "landline", "service"]
    extension: str = ""


def compact(text: str) -> str:
    """Write a number as keyboards and spreadsheets should have: half width, capital letters, no blanks or dashes."""
    if not text.isascii():
        # Invisible marks (category Cf) come along when a number is copied from a chat.
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Pd"))
    return "".join(text.split()).replace("-", "").lstrip("'").upper()


def resident_id_check_character(body: str) -> str:
    """Compute the last character that belongs to the first 17 digits of a resident ID."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def check_resident_id(text: str, *, on: date, known_regions: Collection[str] | None = None) -> ResidentId | Reason:
    """Check a resident ID as of a day and read what it says, or give the reason why it is none.

    The region is never a reason to refuse: codes are younger than many who carry them. With `known_regions` (six digits
    each) an unknown one is a warning. Old 15-digit numbers are brought to 18.
    """
    number = compact(text)
    if not number:
        return Reason("id_empty", N_("The ID number is empty."))
    if _FLOAT.fullmatch(number):
        return Reason(
            "id_rounded",
            N_("The spreadsheet has turned the ID number into a rounded figure. Format the column as text."),
        )
    warnings: list[Reason] = []
    if len(number) == 15 and number.isascii() and number.isdigit():
        body = number[:6] + "19" + number[6:]
        number = body + resident_id_check_character(body)
        warnings.append(Reason("id_old", N_("This is an old 15-digit number; it was brought to 18 digits.")))
    if len(number) != 18:
        return Reason("id_length", N_("An ID number has 18 characters, not %(count)s."), {"count": len(number)})
    body, check = number[:17], number[17]
    if not (body.isascii() and body.isdigit() and check in _ID_CHECKS):
        return Reason("id_characters", N_("An ID number is 17 digits and a last digit or X."))
    foreign = body[0] == "9"
    if (body[1:3] if foreign else body[:2]) not in PROVINCES:
        return Reason("id_province", N_("No province has the first digits of this ID number."))
    try:
        birth_on = date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        return Reason("id_date", N_("Digits 7 to 14 of the ID number are not a date."))
    if resident_id_check_character(body) != check:
        if number.endswith("000"):
            return Reason(
                "id_rounded",
                N_(
                    "The ID number ends in 000 and its last character is wrong: a spreadsheet has rounded it. "
                    "Format the column as text."
                ),
            )
        return Reason("id_check", N_("The last character does not fit the rest: a digit of the ID number is mistyped."))
    if birth_on > on:
        return Reason("id_future", N_("The date of birth in the ID number lies in the future."))
    if on.year - birth_on.year > OLDEST_YEARS:
        return Reason("id_too_old", N_("By this ID number the person would be more than 130 years old."))
    if foreign:
        warnings.append(Reason("id_foreign", N_("This is the number of a foreigner's permanent residence card.")))
    elif known_regions is not None and body[:6] not in known_regions:
        warnings.append(
            Reason("id_region", N_("The region %(region)s is not in our list; old codes may be."), {"region": body[:6]})
        )
    return ResidentId(number, birth_on, "M" if int(body[16]) % 2 else "F", body[:6], tuple(warnings))


def uscc_check_character(body: str) -> str:
    """Compute the last character that belongs to the first 17 of a unified social credit code."""
    total = sum(_USCC_VALUES[character] * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


def check_uscc(text: str) -> Uscc | Reason:
    """Check a unified social credit code, rural collectives' (N…) and institutions' included."""
    number = compact(text)
    if not number:
        return Reason("uscc_empty", N_("The credit code is empty."))
    if len(number) in (13, 15) and number.isdigit():
        return Reason(
            "uscc_old", N_("This is an old registration number; take the 18-character code of the new licence.")
        )
    if len(number) != 18:
        return Reason("uscc_length", N_("A credit code has 18 characters, not %(count)s."), {"count": len(number)})
    strange = "".join(sorted({character for character in number if character not in _USCC_VALUES}))
    if strange:
        return Reason(
            "uscc_characters",
            N_("A credit code never contains %(characters)s: O, I, Z, S and V are not used."),
            {"characters": strange},
        )
    if not number[2:8].isdigit():
        return Reason("uscc_region", N_("Characters 3 to 8 of a credit code are digits."))
    if uscc_check_character(number[:17]) != number[17]:
        return Reason("uscc_check", N_("The last character does not fit the rest: the credit code is mistyped."))
    return Uscc(number, number[:2], number[2:8])


_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|X|#|,)(\d{1,6})$")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:(?:\+|00)86(?=[1-9])0?|86(?=0)0)?(0?(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})")
_SERVICE = re.compile(r"(?:1[12]\d|1[012]\d{3}|9[56]\d{3}|1234[58]|[48]00\d{7})")


def check_phone(text: str, *, area_code: str = LOCAL_AREA_CODE) -> Phone | Reason:
    """Read a mainland mobile, landline or service number; a bare local number gets the district's area code."""
    raw = unicodedata.normalize("NFKC", text)
    # 0754-88881234-805 and 0754-88881234转805 both name extension 805.
    tail = re.fullmatch(r"\s*(.*\d{7,8})\s*[-\u2010-\u2015]\s*(\d{1,4})\s*", raw)
    extension = ""
    number = re.sub(r"[().]", "", compact(raw))
    if tail and not _MOBILE.fullmatch(number):
        number, extension = re.sub(r"[().]", "", compact(tail[1])), tail[2]
    elif found := _EXTENSION.search(number):
        number, extension = number[: found.start()], found[1]
    if not number:
        return Reason("phone_empty", N_("The telephone number is empty."))
    if mobile := _MOBILE.fullmatch(number):
        return Phone(mobile[1], "mobile", extension)
    if _SERVICE.fullmatch(number):
        return Phone(number, "service", extension)
    if re.fullmatch(r"[2-9]\d{6,7}", number):
        return Phone(f"{area_code}-{number}", "landline", extension)
    if re.match(r"0|\+|86", number) and (landline := _LANDLINE.fullmatch(number)):
        area, local = landline.groups()
        return Phone(f"0{area.removeprefix('0')}-{local}", "landline", extension)
    if re.fullmatch(r"1\d+", number) and len(number) != 11:
        return Reason("phone_length", N_("A mobile number has 11 digits, not %(count)s."), {"count": len(number)})
    return Reason("phone_form", N_("This is not a mainland mobile or landline number."))
