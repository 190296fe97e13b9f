"""Owners' assent by head and by area, as the Civil Code of the PRC asks for (article 278).

Owners of two thirds of the area and two thirds of the heads must take part. An ordinary matter then needs more than
half of the area and more than half of the heads that take part, a major one three quarters of both. One flat is one
head, however many people own it together; several flats of the same owners are one head (Supreme People's Court, Fa
Shi 2020/17, article 9). Areas are whole numbers of 0.01 m², shares are fractions: nothing is rounded before it is
compared.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

SEPARATORS = re.compile(r"[;；,，、|/&\n]+")
PARTICIPATION = Fraction(2, 3)
ORDINARY = Fraction(1, 2)
MAJOR = Fraction(3, 4)


class Choice(StrEnum):
    """What a flat says."""

    AGREE = "agree"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Flat:
    """One flat of the register with its vote; `choice` is None when nobody voted for it or it could not be reached."""

    flat: str
    area: int
    owners: frozenset[str]
    choice: Choice | None = None
    proxy: str = ""

    def __post_init__(self) -> None:
        if self.area <= 0:
            raise ValueError(f"Flat {self.flat} has no area.")
        if not self.owners:
            raise ValueError(f"Flat {self.flat} has no owner.")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, by area and by heads."""

    area: int
    heads: int

    def of(self, whole: "Share") -> tuple[Fraction, Fraction]:
        """Give which part of a whole this is; nothing of nothing is 0."""
        return (
            Fraction(self.area, whole.area) if whole.area else Fraction(0),
            Fraction(self.heads, whole.heads) if whole.heads else Fraction(0),
        )

    def at_least(self, part: Fraction, *, of: "Share") -> bool:
        """Whether both area and heads reach a part of a whole."""
        return all(one >= part for one in self.of(of))

    def more_than(self, part: Fraction, *, of: "Share") -> bool:
        """Whether both area and heads exceed a part of a whole."""
        return all(one > part for one in self.of(of))


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A vote that was given and does not count, and why."""

    flat: str
    reason: str


@dataclass(frozen=True)
class Assent:
    """The result, and all that leads to it."""

    whole: Share
    took_part: Share
    agree: Share
    against: Share
    abstain: Share
    # Owners whose flats say different things take part by head and stand on no side.
    split_heads: int
    uncounted: tuple[Uncounted, ...] = field(default=())

    @property
    def enough_took_part(self) -> bool:
        """Whether two thirds of area and heads took part."""
        return self.took_part.at_least(PARTICIPATION, of=self.whole)

    @property
    def carries_ordinary(self) -> bool:
        """Whether an ordinary matter is carried."""
        return self.enough_took_part and self.agree.more_than(ORDINARY, of=self.took_part)

    @property
    def carries_major(self) -> bool:
        """Whether a major matter is carried: rebuilding, raising the repair fund, other use of common parts."""
        return self.enough_took_part and self.agree.at_least(MAJOR, of=self.took_part)

    def missing(self, part: Fraction) -> Share:
        """Give how much area and how many heads must still agree for a part of those who took part; 0 when reached."""
        area = max(0, -((-part.numerator * self.took_part.area) // part.denominator) - self.agree.area)
        heads = max(0, -((-part.numerator * self.took_part.heads) // part.denominator) - self.agree.heads)
        return Share(area, heads)


class FlatTwice(ValueError):
    """A flat stands on the register more than once."""


def count_assent(flats: Sequence[Flat], *, proxy_limit: int | None = None) -> Assent:
    """Count the register; a proxy speaks for at most so many flats, later ones do not count; raises FlatTwice."""
    known: set[str] = set()
    for one in flats:
        if one.flat in known:
            raise FlatTwice(one.flat)
        known.add(one.flat)
    over = _over_the_limit(flats, proxy_limit)
    counted = [(one, None if one.flat in over else one.choice) for one in flats]
    by_head: dict[frozenset[str], set[Choice]] = {one.owners: set() for one in flats}
    for one, choice in counted:
        if choice is not None:
            by_head[one.owners].add(choice)

    def side(choice: Choice) -> Share:
        area = sum(one.area for one, said in counted if said is choice)
        return Share(area, sum(said == {choice} for said in by_head.values()))

    return Assent(
        whole=Share(sum(one.area for one in flats), len(by_head)),
        took_part=Share(
            sum(one.area for one, said in counted if said is not None), sum(bool(said) for said in by_head.values())
        ),
        agree=side(Choice.AGREE),
        against=side(Choice.AGAINST),
        abstain=side(Choice.ABSTAIN),
        split_heads=sum(len(said) > 1 for said in by_head.values()),
        uncounted=tuple(
            Uncounted(one.flat, f"{one.proxy} already speaks for {proxy_limit}") for one in flats if one.flat in over
        ),
    )


def owners_in(text: str) -> tuple[str, ...]:
    """Read the owners of a flat out of one cell, each once, in the order in which they stand there."""
    return tuple(dict.fromkeys(part for part in (" ".join(one.split()) for one in SEPARATORS.split(text)) if part))


def in_figures(result: Assent) -> dict[str, Any]:
    """Give a result as plain data: area and heads as numbers, exact fractions and percentages."""

    def share(part: Share, whole: Share) -> dict[str, Any]:
        area, heads = part.of(whole)
        exact = {"area_share": str(area), "heads_share": str(heads)}
        rounded = {"area_percent": round(float(100 * area), 4), "heads_percent": round(float(100 * heads), 4)}
        return {"area": part.area, "heads": part.heads} | exact | rounded

    return {
        "whole": {"area": result.whole.area, "heads": result.whole.heads},
        "took_part": share(result.took_part, result.whole) | {"enough": result.enough_took_part},
        "agree": share(result.agree, result.took_part),
        "against": share(result.against, result.took_part),
        "abstain": share(result.abstain, result.took_part),
        "split_heads": result.split_heads,
        "uncounted": [{"flat": one.flat, "reason": one.reason} for one in result.uncounted],
        "ordinary": {"needs": "more than 1/2 of area and heads that took part", "carried": result.carries_ordinary},
        "major": {"needs": "3/4 of area and heads that took part", "carried": result.carries_major},
    }


def _over_the_limit(flats: Iterable[Flat], limit: int | None) -> set[str]:
    """Name the flats whose proxy already speaks for as many as allowed, in the register's order."""
    over: set[str] = set()
    spoken: dict[str, int] = {}
    for one in flats:
        if limit is None or not one.proxy or one.choice is None:
            continue
        spoken[one.proxy] = spoken.get(one.proxy, 0) + 1
        if spoken[one.proxy] > limit:
            over.add(one.flat)
    return over
