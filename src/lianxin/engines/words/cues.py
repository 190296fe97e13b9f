"""Expressions that point to a class: a symptom often names no service ("nobody cooks at noon" asks for a canteen).

A cue is written `楼上/隔壁+吵/闹`: every part joined by `+` must occur, of the words parted by `/` one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# What else of a theme is found beside its strongest cue, and further themes of a class, count less and less.
SAME_THEME = 0.3
NEXT_THEME = 0.6
# A cue of one character is half as telling as the usual one of two to three; a longer one somewhat more.
LENGTHS = (0.0, 0.55, 0.9, 1.0, 1.15, 1.25)


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that people say about a class in several ways; `weight` 1 is a hint, 5 leaves no doubt."""

    label: str
    name: str
    weight: float
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A theme that a text touches: how strongly, and by which cues."""

    theme: Theme
    strength: float
    cues: tuple[str, ...]


def spell_cue(cue: str, spell: Callable[[str], str]) -> tuple[tuple[str, ...], ...]:
    """Take a cue apart: the parts that must occur, and in each the words of which one will do."""
    return tuple(tuple(spell(word) for word in part.split("/")) for part in cue.split("+"))


class Cues:
    """All cues of all themes; a text is looked through once, whatever their number."""

    def __init__(self, themes: Iterable[Theme], *, spell: Callable[[str], str]) -> None:
        self.themes = sorted(themes, key=lambda theme: (theme.label, theme.name))
        self._wanted: list[tuple[int, str, int, float]] = []
        atoms: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for place, theme in enumerate(self.themes):
            # Two ways of writing one cue are one.
            for cue in {spell_cue(cue, spell): cue for cue in reversed(theme.cues)}.values():
                parts = spell_cue(cue, spell)
                if not all(word for part in parts for word in part):
                    raise ValueError(f"{theme.label} {theme.name}: the cue {cue} has an empty part.")
                length = sum(min(map(len, part)) for part in parts)
                number = len(self._wanted)
                self._wanted.append((place, cue, len(parts), theme.weight * LENGTHS[min(length, len(LENGTHS) - 1)]))
                for index, part in enumerate(parts):
                    for word in part:
                        atoms[word].add((number, index))
        self._atoms = {word: tuple(sorted(uses)) for word, uses in atoms.items()}
        self._sizes = sorted({len(word) for word in self._atoms})

    def find(self, spelled: str) -> list[Found]:
        """List the themes that a spelled text touches, in the order of classes."""
        parts: defaultdict[int, set[int]] = defaultdict(set)
        for word in {
            spelled[start : start + size] for size in self._sizes for start in range(len(spelled) - size + 1)
        } & self._atoms.keys():
            for number, index in self._atoms[word]:
                parts[number].add(index)
        by_theme: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
        for number, have in parts.items():
            place, cue, needed, weight = self._wanted[number]
            if len(have) == needed:
                by_theme[place].append((weight, cue))
        found = []
        for place in sorted(by_theme):
            hits = sorted(by_theme[place], key=lambda hit: (-hit[0], hit[1]))
            strength = hits[0][0] + SAME_THEME * sum(weight for weight, _cue in hits[1:4])
            found.append(Found(self.themes[place], strength, tuple(cue for _weight, cue in hits)))
        return found

    @staticmethod
    def strengths(found: Iterable[Found]) -> dict[str, float]:
        """Add the themes up by class: the strongest whole, each further one less."""
        by_label: defaultdict[str, list[float]] = defaultdict(list)
        for one in found:
            by_label[one.theme.label].append(one.strength)
        return {
            label: sum(strength * NEXT_THEME**rank for rank, strength in enumerate(sorted(values, reverse=True)))
            for label, values in sorted(by_label.items())
        }
