"""Neighbouring characters as the words of a text: nothing has to be cut, so nothing is cut wrongly."""

from collections import Counter
from collections.abc import Collection


def grams(text: str, *, longest: int, silent: Collection[str] = frozenset()) -> Counter[str]:
    """Count the runs of up to `longest` characters inside each word; single `silent` characters are left out."""
    found: Counter[str] = Counter()
    for run in text.split():
        for size in range(1, min(longest, len(run)) + 1):
            found.update(run[start : start + size] for start in range(len(run) - size + 1))
    for character in silent:
        found.pop(character, None)
    return found


def shared_words(one: str, other: str, *, silent: Collection[str] = frozenset(), most: int = 6) -> list[str]:
    """Name the longest runs that two texts share, in the order of the first; single characters when nothing is longer.

    A run of silent characters only is no word.
    """
    found: list[str] = []
    for run in one.split():
        start = 0
        while start < len(run):
            end = start
            while end < len(run) and run[start : end + 1] in other:
                end += 1
            word = run[start:end]
            if word and not all(character in silent for character in word):
                found.append(word)
            start = max(end, start + 1)
    long = [word for word in found if len(word) > 1]
    return list(dict.fromkeys(long or found))[:most]
