"""Which of some classes a wish belongs to: character n-grams against each class, its nearest example, and cues.

Three opinions are added: BM25 of the wish against everything that is written about a class, the nearest single example,
and the cues that the wish holds. What a class gets in the end is turned into shares that add up to one.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lianxin.engines.words.cues import Cues, Theme
from lianxin.engines.words.grams import grams
from lianxin.engines.words.spelling import Spelling

LONGEST = 3
K1 = 1.2
B = 0.4
# How much each kind of text tells within the text of a class.
NAME_WEIGHT = 2.0
DESCRIPTION_WEIGHT = 1.5
EXAMPLE_WEIGHT = 1.5
CUE_WEIGHT = 1.0
# How the three opinions are weighed against one another.
GRAMS_SHARE = 2.0
NEAREST_SHARE = 3.0
CUES_SHARE = 1.0
# Set once on tuning sentences: how sharply the points part the classes, and when the best class is filled in without
# asking: it has this many points and the next one at most this part of them. (The ratio parts right from wrong better
# than the difference: two strong opinions against one another are no certainty, however strong.)
SHARPNESS = 0.5
SURE_POINTS = 4.0
SURE_NEXT = 0.45


@dataclass(frozen=True, slots=True)
class ClassText:
    """A class: its code, name and what its description says."""

    label: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence whose class is known."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and how much of the evidence speaks for it, between 0 and 1."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best classes of a wish, best first; none when nothing in it tells anything. `sure` needs no asking."""

    guesses: tuple[Guess, ...]
    sure: bool
    cues: tuple[str, ...] = ()

    @property
    def best(self) -> str:
        """Name the best class, or nothing."""
        return self.guesses[0].label if self.guesses else ""


class Classifier:
    """Knows some classes; the order in which anything is given makes no difference.

    A class may be known by examples alone. `taught` gives one that knows more examples and shares all the rest.
    """

    def __init__(
        self,
        *,
        classes: Iterable[ClassText],
        examples: Iterable[Example],
        themes: Iterable[Theme] = (),
        spelling: Spelling | None = None,
    ) -> None:
        self.spelling = spelling or Spelling()
        known = sorted(set(classes), key=lambda one: one.label)
        labels = [one.label for one in known]
        if len(set(labels)) != len(labels):
            raise ValueError("Two classes have the same code.")
        hints = sorted(themes, key=lambda one: (one.label, one.name))
        for theme in hints:
            if theme.label not in labels:
                raise ValueError(f"{theme.label} is no known class.")
        self.cues = Cues(hints, spell=self.spelling.spell)
        self._written: dict[str, dict[str, float]] = {label: {} for label in labels}
        for one in known:
            self._write(one.label, one.name, NAME_WEIGHT)
            self._write(one.label, one.description, DESCRIPTION_WEIGHT)
        for theme in hints:
            self._write(theme.label, " ".join(theme.cues).replace("+", " ").replace("/", " "), CUE_WEIGHT)
        self._learn(examples)

    def taught(self, examples: Iterable[Example]) -> "Classifier":
        """Give a classifier that knows these examples too."""
        other = Classifier.__new__(Classifier)
        other.spelling, other.cues, other._written = self.spelling, self.cues, self._written
        other._learn([*self.examples, *examples])
        return other

    def _learn(self, examples: Iterable[Example]) -> None:
        self.examples = tuple(sorted(set(examples), key=lambda one: (one.label, one.text)))
        read = [(one.label, self._grams(one.text)) for one in self.examples]
        self.labels = tuple(sorted({*self._written, *(label for label, _found in read)}))
        counts = {label: dict(self._written.get(label, ())) for label in self.labels}
        for label, found in read:
            held = counts[label]
            for gram, count in found.items():
                held[gram] = held.get(gram, 0.0) + EXAMPLE_WEIGHT * count
        self._weights = _class_weights(counts)
        self._nearest = _Nearest(read)

    def _write(self, label: str, text: str, weight: float) -> None:
        held = self._written[label]
        for gram, count in self._grams(text).items():
            held[gram] = held.get(gram, 0.0) + weight * count

    def _grams(self, text: str) -> Counter[str]:
        return grams(self.spelling.core(self.spelling.spell(text)), longest=LONGEST, silent=self.spelling.silent)

    def points(self, text: str) -> dict[str, float]:
        """Add up what speaks for each class; empty when nothing in the text is known."""
        return self._points(text)[0]

    def _points(self, text: str) -> tuple[dict[str, float], tuple[str, ...]]:
        spelled = self.spelling.spell(text)
        mine = self._grams(text)
        points: defaultdict[str, float] = defaultdict(float)
        # A long wish collects more of everything; its root keeps it comparable with a short one.
        scale = GRAMS_SHARE / math.sqrt(3 + sum(mine.values()))
        for gram, count in mine.items():
            for label, weight in self._weights.get(gram, ()):
                points[label] += scale * weight * min(count, 2)
        for label, alike in self._nearest.by_label(mine).items():
            points[label] += NEAREST_SHARE * alike
        found = self.cues.find(spelled)
        for label, strength in Cues.strengths(found).items():
            points[label] += CUES_SHARE * strength
        best = max(points, key=lambda label: (points[label], label), default="")
        cues = dict.fromkeys(cue for one in found if one.theme.label == best for cue in one.cues)
        return dict(points), tuple(cues)[:4]

    def classify(self, text: str, *, most: int = 5) -> Verdict:
        """Give the best classes of a wish with their shares; equal ones in the order of their codes."""
        points, cues = self._points(text)
        if not points:
            return Verdict((), sure=False)
        ranked = sorted(self.labels, key=lambda label: (-points.get(label, 0.0), label))
        top = points[ranked[0]]
        raised = {label: math.exp(SHARPNESS * (points.get(label, 0.0) - top)) for label in ranked}
        whole = sum(raised.values())
        guesses = tuple(Guess(label, round(raised[label] / whole, 4)) for label in ranked[:most])
        return Verdict(guesses, sure=top >= SURE_POINTS and points.get(ranked[1], 0.0) <= SURE_NEXT * top, cues=cues)


def _class_weights(counts: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[tuple[str, float], ...]]:
    """Work out once what each n-gram adds to each class (BM25 over one merged text per class)."""
    lengths = {label: sum(found.values()) for label, found in counts.items()}
    mean = sum(lengths.values()) / max(1, len(lengths)) or 1.0
    spread = Counter(gram for found in counts.values() for gram in found)
    rare = {gram: math.log(1 + (len(counts) - held + 0.5) / (held + 0.5)) for gram, held in spread.items()}
    weights: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for label, found in counts.items():
        damp = K1 * (1 - B + B * lengths[label] / mean)
        for gram, count in found.items():
            weights[gram].append((label, rare[gram] * count * (K1 + 1) / (count + damp)))
    return {gram: tuple(held) for gram, held in weights.items()}


class _Nearest:
    """Cosine of TF-IDF with each example; each class keeps its nearest.

    Runs of three are left out and weights are kept to three digits: thousands of learned sentences stay small.
    """

    def __init__(self, examples: Sequence[tuple[str, Counter[str]]]) -> None:
        self._labels = [label for label, _grams in examples]
        spread = Counter(gram for _label, found in examples for gram in found if len(gram) < LONGEST)
        self._rare = {gram: math.log((1 + len(examples)) / (1 + count)) + 1 for gram, count in spread.items()}
        self._unknown = math.log(1 + len(examples)) + 1
        postings: defaultdict[str, list[float]] = defaultdict(list)
        shared: dict[float, float] = {}
        for number, (_label, found) in enumerate(examples):
            for gram, weight in self._vector(found).items():
                kept = round(weight, 3)
                postings[gram] += (number, shared.setdefault(kept, kept))
        self._postings = {gram: tuple(flat) for gram, flat in postings.items()}

    def _vector(self, found: Counter[str]) -> dict[str, float]:
        raw = {
            gram: (1 + math.log(n)) * self._rare.get(gram, self._unknown)
            for gram, n in found.items()
            if len(gram) < LONGEST
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}

    def by_label(self, mine: Counter[str]) -> dict[str, float]:
        """Find how alike the nearest example of each class is; classes without anything in common are left out."""
        alike: defaultdict[float, float] = defaultdict(float)
        for gram, weight in self._vector(mine).items():
            flat = self._postings.get(gram, ())
            for number, other in zip(flat[::2], flat[1::2], strict=True):
                alike[number] += weight * other
        best: dict[str, float] = {}
        for number, value in sorted(alike.items()):
            label = self._labels[int(number)]
            best[label] = max(best.get(label, 0.0), value)
        return best
