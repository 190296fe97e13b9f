"""Wishes that may say the same: nearest by what they share, for people to judge; nothing is merged here.

Inside one class the rare word is what tells. Compared are runs of one and two characters (TF-IDF, cosine) and the
themes that both touch, so that "the lamp is out" finds "the lane is pitch dark".
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lianxin.engines.words.cues import Found
from lianxin.engines.words.grams import grams, shared_words
from lianxin.engines.words.spelling import Spelling

LONGEST = 2
# A theme counts as much as this many shared characters of middling rarity.
THEME_SHARE = 1.5
# In a large crowd, what more than one text in ten has parts none from another and only costs time.
CROWD = 400
COMMON = 0.1


@dataclass(frozen=True, slots=True)
class Near:
    """Another text, how alike it is (0 to 1) and the words and themes that both have."""

    number: int
    score: float
    shared: tuple[str, ...]
    themes: tuple[str, ...] = ()


class Nearby:
    """Some texts that are to be compared with one another, or with a new one."""

    def __init__(
        self,
        texts: Iterable[str],
        *,
        spelling: Spelling | None = None,
        find: Callable[[str], Iterable[Found]] | None = None,
    ) -> None:
        self._spelling = spelling or Spelling()
        self._find = find
        self._cores: list[str] = []
        self._themes: list[frozenset[str]] = []
        counts: list[Counter[str]] = []
        for text in texts:
            core, themes, count = self._read(text)
            self._cores.append(core)
            self._themes.append(themes)
            counts.append(count)
        spread = Counter(feature for count in counts for feature in count)
        total = len(counts)
        if total > CROWD:
            common = {feature for feature, held in spread.items() if held > COMMON * total}
            counts = [
                Counter({feature: held for feature, held in count.items() if feature not in common}) or count
                for count in counts
            ]
        self._rare = {feature: math.log((1 + total) / (1 + held)) + 1 for feature, held in spread.items()}
        self._new = math.log(1 + total) + 1
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._vectors = [self._vector(count) for count in counts]
        for number, vector in enumerate(self._vectors):
            for feature, weight in vector.items():
                self._postings[feature].append((number, weight))

    def _read(self, text: str) -> tuple[str, frozenset[str], Counter[str]]:
        spelled = self._spelling.spell(text)
        core = self._spelling.core(spelled)
        themes = frozenset(f"{one.theme.label} {one.theme.name}" for one in self._find(spelled)) if self._find else None
        count = grams(core, longest=LONGEST, silent=self._spelling.silent)
        for theme in themes or ():
            # A blank is in no n-gram, so a theme is never taken for one.
            count[f" {theme}"] = 1
        return core, themes or frozenset(), count

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        raw = {
            feature: (1 + math.log(held))
            * self._rare.get(feature, self._new)
            * (THEME_SHARE if feature[0] == " " else 1.0)
            for feature, held in sorted(count.items())
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {feature: weight / length for feature, weight in raw.items()}

    def to_one_of_them(self, number: int, *, most: int = 5) -> list[Near]:
        """Find what is nearest to the text with this number among the others."""
        return self._nearest(
            self._cores[number], self._themes[number], self._vectors[number], most=most, leave_out=number
        )

    def to_text(self, text: str, *, most: int = 5) -> list[Near]:
        """Find what is nearest to a new text."""
        core, themes, count = self._read(text)
        return self._nearest(core, themes, self._vector(count), most=most, leave_out=None)

    def _nearest(
        self, core: str, themes: frozenset[str], vector: dict[str, float], *, most: int, leave_out: int | None
    ) -> list[Near]:
        alike: defaultdict[int, float] = defaultdict(float)
        for feature, weight in vector.items():
            for other, held in self._postings.get(feature, ()):
                alike[other] += weight * held
        if leave_out is not None:
            alike.pop(leave_out, None)
        ranked = sorted(alike, key=lambda other: (-round(alike[other], 9), other))[:most]
        return [
            Near(
                other,
                round(min(1.0, alike[other]), 4),
                tuple(shared_words(core, self._cores[other], silent=self._spelling.silent)),
                tuple(sorted(theme.partition(" ")[2] for theme in themes & self._themes[other])),
            )
            for other in ranked
        ]
