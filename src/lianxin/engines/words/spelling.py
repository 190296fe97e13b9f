"""One spelling for what people say: simplified characters, one word for each thing, nothing said around it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lianxin.engines.text import normalise
from lianxin.engines.words.traditional import SIMPLIFIED

# A wish is a sentence; what somebody pastes after a page of text tells nothing new about its category.
READ_CHARACTERS = 600
_MARKS = re.compile(r"[^\w]|_")
_BLANKS = re.compile(r" +")


@dataclass(frozen=True, slots=True)
class Synonym:
    """Ways to say one thing; with an empty `canonical` they are said around anything and tell nothing."""

    canonical: str
    variants: tuple[str, ...]


def plain(text: str) -> str:
    """Write a text in simplified characters of one width, with single blanks for all marks."""
    text = unicodedata.normalize("NFKC", normalise(text).translate(SIMPLIFIED))
    return _BLANKS.sub(" ", _MARKS.sub(" ", text)).strip()


def digest(text: str) -> str:
    """Give what exact repeats have in common: SHA-256 of the letters and digits alone.

    A text of marks only keeps its marks, so that "？" is no repeat of "。".
    """
    core = plain(text).replace(" ", "") or normalise(text)
    return hashlib.sha256(core.encode("utf-8", "surrogatepass")).hexdigest()


class Spelling:
    """Puts one word for each of its variants (the longest first), and knows what is said around anything."""

    def __init__(self, synonyms: Iterable[Synonym] = ()) -> None:
        self._canonical: dict[str, str] = {}
        fillers: set[str] = set()
        for synonym in synonyms:
            if not synonym.canonical:
                fillers.update(synonym.variants)
                continue
            for variant in (*synonym.variants, synonym.canonical):
                # Its own name protects a word from what would be replaced inside it.
                if self._canonical.setdefault(variant, synonym.canonical) != synonym.canonical:
                    raise ValueError(f"{variant} stands for {self._canonical[variant]} and {synonym.canonical}.")
        self.silent = frozenset(word for word in fillers if len(word) == 1)
        self._variants = _longest_first(self._canonical)
        self._fillers = _longest_first(word for word in fillers if len(word) > 1)
        self.spell = lru_cache(maxsize=4096)(self._spell)

    def _spell(self, text: str) -> str:
        """Write a text in one spelling; only its beginning is read."""
        text = plain(text[:READ_CHARACTERS])
        if self._variants:
            # Twice: 唔见了 is 不见了 first, and that is 丢.
            for _ in range(2):
                text = self._variants.sub(lambda match: self._canonical[match[0]], text)
        return text

    def core(self, spelled: str) -> str:
        """Leave out of a spelled text what is said around anything."""
        return self._fillers.sub(" ", spelled) if self._fillers else spelled


def _longest_first(words: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
