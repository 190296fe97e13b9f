"""Wishes that may say the same as another: shown with the words they share, never merged here."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lianxin.domain.needs.rules.classifying import classifier
from lianxin.engines.words import spelling
from lianxin.engines.words.similar import Nearby

# A wish that is only perhaps of the same category is a little farther away.
SECOND_GUESS = 0.9

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Near(Generic[Id]):
    """Another wish, how alike it is (0 to 1), the words that both have and the themes that both touch."""

    id: Id
    score: float
    shared: tuple[str, ...]
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish(Generic[Id]):
    """A wish among others; without a category it is compared where its own words point to."""

    id: Id
    text: str
    category: str = ""


def digest(text: str) -> str:
    """Give what exact repeats have in common: width, script, marks and blanks make no difference."""
    return spelling.digest(text)


def nearest(text: str, others: Iterable[tuple[Id, str]], *, k: int = 5) -> list[Near[Id]]:
    """Find the texts that look most like this one, nearest first; those without anything in common are left out."""
    known = classifier()
    items = list(others)
    if not items:
        return []
    near = Nearby((said for _id, said in items), spelling=known.spelling, find=known.cues.find)
    return [Near(items[one.number][0], one.score, one.shared, one.themes) for one in near.to_text(text, most=k)]


def nearest_of_each(
    wishes: Sequence[Wish[Id]], *, k: int = 5, learned: Sequence[tuple[str, str]] = ()
) -> list[list[Near[Id]]]:
    """Find for each wish its `k` nearest inside its category, in the order of the wishes.

    A wish whose category nobody gave is compared inside its best one, and where that is not sure inside the next too.
    """
    known = classifier(learned)
    homes = [_homes(wish, learned) for wish in wishes]
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, labels in enumerate(homes):
        for label in labels:
            members[label].append(place)
    found: list[dict[int, Near[Id]]] = [{} for _wish in wishes]
    for label in sorted(members):
        places = members[label]
        crowd = Nearby((wishes[place].text for place in places), spelling=known.spelling, find=known.cues.find)
        for number, place in enumerate(places):
            for one in crowd.to_one_of_them(number, most=k):
                other = places[one.number]
                is_first = homes[place][0] == label == homes[other][0]
                score = one.score if is_first else round(one.score * SECOND_GUESS, 4)
                held = found[place].get(other)
                if held is None or held.score < score:
                    found[place][other] = Near(wishes[other].id, score, one.shared, one.themes)
    return [
        [near for _place, near in sorted(one.items(), key=lambda item: (-item[1].score, item[0]))[:k]] for one in found
    ]


def _homes(wish: Wish[Id], learned: Sequence[tuple[str, str]]) -> list[str]:
    if wish.category:
        return [wish.category]
    verdict = classifier(learned).classify(wish.text, most=2)
    labels = [guess.label for guess in verdict.guesses]
    # What tells nothing is compared with what tells nothing.
    return labels[:1] if verdict.sure else labels or [""]
