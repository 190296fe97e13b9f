"""Which of the categories a wish belongs to, from what is shipped and what staff's corrections taught.

The tables in `data/` are read once, when the first wish is classified; no database, no network.
"""

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lianxin.engines.words.classifier import Classifier, ClassText, Example
from lianxin.engines.words.cues import Theme
from lianxin.engines.words.spelling import Spelling, Synonym


class Reading(NamedTuple):
    """The best categories with their share of the evidence, whether the first may be filled in, and what told it."""

    best: list[tuple[str, float]]
    sure: bool
    because: tuple[str, ...]


def classify(text: str, *, learned: Iterable[tuple[str, str]] = (), most: int = 5) -> Reading:
    """Suggest categories for a wish; `learned` are sentences that staff decided, each with the code of its category.

    Nothing is suggested where nothing in the words tells anything.
    """
    verdict = classifier(learned).classify(text, most=most)
    return Reading([(guess.label, guess.score) for guess in verdict.guesses], verdict.sure, verdict.cues)


def classifier(learned: Iterable[tuple[str, str]] = ()) -> Classifier:
    """Give the classifier of the shipped tables, with these sentences learned."""
    given = tuple(learned)
    return _taught(given, _data_dir()) if given else _shipped(_data_dir())


def category_names() -> dict[str, str]:
    """Give the codes and Chinese names of the shipped categories."""
    return {row["code"]: row["name_zh"] for row in _table(_data_dir() / "categories.csv")}


def _data_dir() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR)


# Only the last: a thousand learned sentences take some megabytes.
@lru_cache(maxsize=1)
def _taught(learned: tuple[tuple[str, str], ...], data: Path) -> Classifier:
    return _shipped(data).taught(Example(label=code, text=words) for words, code in learned)


@lru_cache(maxsize=1)
def _shipped(data: Path) -> Classifier:
    return Classifier(
        classes=[
            ClassText(label=row["code"], name=row["name_zh"], description=row["description"])
            for row in _table(data / "categories.csv")
        ],
        examples=[Example(label=row["code"], text=row["example"]) for row in _table(data / "category_examples.csv")],
        themes=[
            Theme(
                label=row["category"],
                name=row["theme"],
                weight=float(row["weight"]),
                cues=tuple(row["words"].split()),
            )
            for row in _table(data / "category_words.csv")
        ],
        spelling=Spelling(
            Synonym(canonical=row["canonical"], variants=tuple(row["variants"].split()))
            for row in _table(data / "need_synonyms.csv")
        ),
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
