"""What stands on a phone's button or a paper card, read as agree, disagree or pass."""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

WORDS_LONGEST = 140
AGREE, PASS, DISAGREE = 1, 0, -1
SIGNS = {
    **dict.fromkeys("+√✓是", AGREE),
    **dict.fromkeys("-−–—×x✗否", DISAGREE),
    **dict.fromkeys("0○〇o", PASS),
    **dict.fromkeys(".·?_", None),
}


def read_marks(text: str, numbers: Sequence[int]) -> tuple[dict[int, int], str]:
    """Read a card's row of + - 0 in the order of the statements; a dot is a box left empty.

    Gives the answers by number of the statement, or none and a sentence.
    """
    signs = [sign for sign in unicodedata.normalize("NFKC", text).lower() if not sign.isspace() and sign not in ",、;"]
    unknown = next((sign for sign in signs if sign not in SIGNS), "")
    if unknown:
        return {}, _(
            "“%(sign)s” is no mark. Write + for agree, - for disagree, 0 for pass, a dot for an empty box."
        ) % {"sign": unknown}
    if len(signs) != len(numbers):
        return {}, _("The card has %(wanted)d statements, and %(given)d marks stand here.") % {
            "wanted": len(numbers),
            "given": len(signs),
        }
    found = {number: value for number, sign in zip(numbers, signs, strict=True) if (value := SIGNS[sign]) is not None}
    return (found, "") if found else ({}, _("No box of this card is marked."))


def read_card(text: str) -> str:
    """Give the number of a paper card in one form, or nothing when it is none."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lstrip("0")
    return plain if plain.isascii() and plain.isdecimal() and len(plain) <= 6 else ""


def plain_words(text: str) -> str:
    """Give a statement as it is kept: one line."""
    return " ".join(text.split())


def alike(text: str) -> str:
    """Give what two statements share that say the same letter by letter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
