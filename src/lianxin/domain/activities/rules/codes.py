"""Codes that are printed and typed again: no letter that looks like another, and a sign that finds slips."""

from collections.abc import Callable, Sequence

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
CERTIFICATE_LENGTH = 12


def _check_sign(body: str) -> str:
    total = sum((position + 1) * ALPHABET.index(sign) for position, sign in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def certificate_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Make a code of twelve signs, the last of which checks the others; `choose` picks by chance."""
    body = "".join(choose(ALPHABET) for _ in range(CERTIFICATE_LENGTH - 1))
    return body + _check_sign(body)


def plain(text: str) -> str:
    """Bring a typed code into one form: capitals, no spaces or dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def is_certificate_code(code: str) -> bool:
    """Tell whether a code can be one of ours."""
    if len(code) != CERTIFICATE_LENGTH or not set(code) <= set(ALPHABET):
        return False
    return _check_sign(code[:-1]) == code[-1]


def spaced(code: str) -> str:
    """Write a code in groups of four, as it is printed."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
