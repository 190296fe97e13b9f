"""What the office's lists call a case: the beginning of its words without what names anybody, or only its subject."""

from collections.abc import Iterable

from lianxin.domain.needs.rules import titles

LONGEST = 80


def suggest(words: str, *, subject: str, is_open: bool, names: Iterable[str] = ()) -> str:
    """Give a first title; of what is confidential or anonymous, and of a spoken note, it is the subject alone."""
    told = titles.suggest(words, names=names) if is_open and words.strip() else ""
    return (told or subject)[:LONGEST]


def hide(words: str, *, names: Iterable[str] = ()) -> str:
    """Give the words with long numbers and these names starred."""
    return titles.hide(words, names=names)
