"""What is shown of a name, a number or an address to someone who need not see all of it."""

import re
import unicodedata

from lianxin.engines.surnames import split_name

STAR = "*"
_HOUSE = re.compile(r"[0-9０-９]|[零〇一二三四五六七八九十百]+(?=[号號幢栋棟座梯单單巷弄楼樓层層室房组組])")


def _letters(text: str) -> list[str]:
    """Split into what a reader sees as one sign, so that a variation mark never stands alone."""
    letters: list[str] = []
    for character in text:
        joins = unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf")
        if joins and letters:
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def mask_name(name: str) -> str:
    """Mask a name: 张* for 张三, 张*三 for 张小三, 欧阳** for 欧阳小三, A*** for a name in Latin letters."""
    name = name.strip()
    if not name:
        return ""
    letters = _letters(name)
    if letters[0].isascii() or "·" in name or "•" in name:
        return letters[0] + STAR * 3 if len(letters) > 1 else STAR
    letters = [letter for letter in letters if not letter.isspace()]
    surname, given = split_name("".join(letters))
    if len(surname) == 2:
        return surname + STAR * len(_letters(given))
    if len(letters) == 1:
        return STAR
    if len(letters) == 2:
        return letters[0] + STAR
    return letters[0] + STAR * (len(letters) - 2) + letters[-1]


def mask_phone(number: str) -> str:
    """Mask a telephone number: 138****1234 for a mobile, 0754-****1234 for a landline."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) in (10, 11, 12) and digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        return f"{digits[:area]}-{STAR * (len(digits) - area - 4)}{digits[-4:]}"
    return STAR * len(digits) if len(digits) < 7 else STAR * (len(digits) - 2) + digits[-2:]


def mask_id(number: str) -> str:
    """Mask a resident ID or another document's number: 4405**********1234."""
    number = "".join(unicodedata.normalize("NFKC", number).split())
    if len(number) < 12:
        return STAR * len(number)
    return number[:4] + STAR * (len(number) - 8) + number[-4:]


def mask_address(address: str) -> str:
    """Mask an address: the street or village stays, the house and everything after it does not."""
    address = address.strip()
    if not address:
        return ""
    house = _HOUSE.search(address)
    shown = address[: house.start()] if house else address[: len(address) // 2]
    return shown[:20] + STAR * 4
