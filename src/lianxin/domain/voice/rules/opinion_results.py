"""An opinion map worked out from its votes, what may be shown of it, and the votes as anybody may have them."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.engines import opinions
from lianxin.engines.opinions.groups import SEED, TooFew

MOST_TOLD = 5
Latest = Mapping[tuple[int, int], int]
"""What counts: (number of the voter, number of the statement) to 1, 0 or -1."""


@dataclass(frozen=True, slots=True)
class Line:
    """One statement as it may be shown: who says what among the groups that are large enough."""

    number: int
    agree: int
    disagree: int
    seen: int
    # The product of the groups' shares: one group that disagrees is not outvoted by larger ones.
    consensus: float

    @property
    def passed(self) -> int:
        """Give how many saw it and passed."""
        return self.seen - self.agree - self.disagree

    @property
    def percents(self) -> tuple[int, int, int]:
        """Give agree, disagree and pass in whole percent that add up to 100, or zeros where nobody saw it."""
        if not self.seen:
            return 0, 0, 0
        agree, disagree = round(100 * self.agree / self.seen), round(100 * self.disagree / self.seen)
        disagree = min(disagree, 100 - agree)
        return agree, disagree, 100 - agree - disagree


@dataclass(frozen=True, slots=True)
class GroupLines:
    """One group that is large enough: how many it has, and what sets it apart with what it says (1 or -1)."""

    name: str
    size: int
    lines: tuple[tuple[Line, int], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a map."""

    people: int
    # How many stand in groups that are too small to be shown; they are in no figure here.
    unshown: int
    statements: tuple[Line, ...]
    together: tuple[tuple[Line, int], ...]
    groups: tuple[GroupLines, ...]


def work_out(latest: Latest, *, groups_wanted: int | None) -> dict[str, Any] | None:
    """Work a map out; None while nobody voted. `figures` are those that `lianxin voice opinion-map` works out."""
    if not latest:
        return None
    sheet = opinions.Sheet({(str(voter), str(statement)): value for (voter, statement), value in latest.items()})
    try:
        found = opinions.find_groups(sheet, groups=groups_wanted)
    except TooFew:
        found = opinions.find_groups(sheet, groups=1)
    results = opinions.weigh(sheet, found.groups)
    names = sorted(set(found.groups.values()))
    return {
        "figures": opinions.in_figures(found.groups, results),
        "clearness": found.clearness,
        "seed": SEED,
        "groups_wanted": groups_wanted,
        "sizes": {name: sum(group == name for group in found.groups.values()) for name in names},
        "speaking": {
            name: [[one.statement, value] for one, value in opinions.speaking_for(results, name)] for name in names
        },
    }


def figures_again(latest: Latest, groups: Mapping[str, str]) -> dict[str, Any]:
    """Weigh the statements anew by groups as they are kept."""
    sheet = opinions.Sheet({(str(voter), str(statement)): value for (voter, statement), value in latest.items()})
    return opinions.in_figures(groups, opinions.weigh(sheet, groups))


def shown(content: Mapping[str, Any], *, min_group: int) -> Shown | None:
    """Give what may be shown of a result; None where no group is large enough."""
    sizes: Mapping[str, int] = content["sizes"]
    large = [name for name, size in sizes.items() if size >= min_group]
    if not large:
        return None
    lines = {number: _line(number, one, large) for number, one in content["figures"]["statements"].items()}
    consensus = {value: _shared(content, lines, large, value) for value in (1, -1)}
    both = sorted(
        ((line, value) for value, found in consensus.items() for line in found),
        key=lambda pair: (-_consensus(content, pair[0].number, pair[1]), pair[0].number),
    )
    groups = tuple(
        GroupLines(
            name,
            sizes[name],
            tuple((lines[number], value) for number, value in content["speaking"][name])[:MOST_TOLD],
        )
        for name in large
    )
    ordered = tuple(sorted(lines.values(), key=lambda one: (-one.consensus, one.number)))
    people = sum(sizes[name] for name in large)
    return Shown(people, sum(sizes.values()) - people, ordered, tuple(both[:MOST_TOLD]), groups)


def as_json(content: Mapping[str, Any], *, min_group: int) -> dict[str, Any] | None:
    """Give the published result: groups that are too small are left out of it."""
    seen = shown(content, min_group=min_group)
    if seen is None:
        return None
    large = {one.name for one in seen.groups}
    return {
        "seed": content["seed"],
        "groups_wanted": content["groups_wanted"],
        "people": seen.people,
        "groups": {name: size for name, size in content["sizes"].items() if name in large},
        "statements": {
            number: {
                **{name: one[name] for name in ("consensus_agree", "consensus_disagree")},
                "groups": {name: view for name, view in one["groups"].items() if name in large},
            }
            for number, one in content["figures"]["statements"].items()
        },
    }


def votes_as_csv(latest: Latest) -> bytes:
    """Write votes as `lianxin voice opinion-map` reads them: numbers only, each voter's last word, no moment."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("voter", "statement", "vote", "at"))
    for (voter, statement), value in sorted(latest.items()):
        writer.writerow((voter, statement, value, 0))
    return out.getvalue().encode()


def digest(latest: Latest) -> str:
    """Give the SHA-256 of the published votes."""
    return hashlib.sha256(votes_as_csv(latest)).hexdigest()


def _line(number: str, one: Mapping[str, Any], large: Sequence[str]) -> Line:
    views = [one["groups"][name] for name in large]
    return Line(
        int(number),
        sum(view["agree"] for view in views),
        sum(view["disagree"] for view in views),
        sum(view["seen"] for view in views),
        one["consensus_agree"],
    )


def _consensus(content: Mapping[str, Any], number: int, value: int) -> float:
    one = content["figures"]["statements"][str(number)]
    return float(one["consensus_agree"] if value == 1 else one["consensus_disagree"])


def _shared(content: Mapping[str, Any], lines: Mapping[str, Line], large: Sequence[str], value: int) -> list[Line]:
    """Give what more than half of every group that is shown say: one group that says otherwise is not outvoted."""
    said = "agree" if value == 1 else "disagree"
    statements = content["figures"]["statements"]
    return [
        line
        for number, line in lines.items()
        if all(
            2 * statements[number]["groups"][name][said] > statements[number]["groups"][name]["seen"] for name in large
        )
    ]
