"""What the list calls an entry when nobody wrote a title: the beginning of the words, without what names anybody."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
_NUMBERS = re.compile(r"\d[\d\-\s]{4,}\d")
_ENDS = re.compile(r"[。！？!?；;\n]")
_OPENINGS = re.compile(r"^(?:你好|您好|请问|麻烦|我想问一下|想问下|那个|就是)+[，,、\s]*")


def suggest(words: str, *, names: Iterable[str] = ()) -> str:
    """Give a first title: the first clause, without long numbers and without these names."""
    plain = hide(unicodedata.normalize("NFKC", words), names=names).replace(",", "，")
    clause = next((part.strip() for part in _ENDS.split(_OPENINGS.sub("", plain.strip())) if part.strip()), "")
    if len(clause) > LONGEST:
        cut = clause[:LONGEST]
        at = max(cut.rfind("，"), cut.rfind("、"))
        clause = (cut[:at] if at >= LONGEST // 2 else cut[: LONGEST - 1]) + "…"
    return clause or plain.strip()[:LONGEST]


def hide(words: str, *, names: Iterable[str] = ()) -> str:
    """Give the words with long numbers and these names starred."""
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        words = words.replace(name, "*" * len(name))
    return _NUMBERS.sub(lambda found: "*" * len(found.group().strip()), words)
