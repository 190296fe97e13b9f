"""Codes that people read out: their last digit finds every wrong digit and every swap of neighbours."""

from lianxin.domain.people.rules.cards import number_from

PICK_UP_BODIES = range(100_000, 1_000_000)
VOUCHER_BODIES = range(100_000_000, 1_000_000_000)
PICK_UP_DIGITS = 7
VOUCHER_DIGITS = 10


def pick_up_code(body: int) -> str:
    """Write a pick-up code of seven digits; a card's number has eight, so the two are never mixed up."""
    return number_from(body)[-PICK_UP_DIGITS:]


def voucher_code(body: int) -> str:
    """Write a voucher's code of ten digits."""
    return number_from(body)


def plain(typed: str) -> str:
    """Take away what people put between digits."""
    return "".join(ch for ch in typed if ch.isdecimal() and ch.isascii())


def is_pick_up_code(text: str) -> bool:
    """Tell whether these digits can be a pick-up code."""
    return len(text) == PICK_UP_DIGITS and int(text[:-1]) in PICK_UP_BODIES and pick_up_code(int(text[:-1])) == text


def is_voucher_code(text: str) -> bool:
    """Tell whether these digits can be a voucher's code."""
    return len(text) == VOUCHER_DIGITS and int(text[:-1]) in VOUCHER_BODIES and voucher_code(int(text[:-1])) == text
