"""What all groups share and what each group stands for, by the formulas that Pol.is publishes.

With A agreeing (or D disagreeing) among S who saw a statement: p = (A + 1) / (S + 2), so that few votes say little.
Consensus is the product of p over the groups: one group that disagrees is not outvoted by larger ones. A statement
speaks for a group as far as the group's p exceeds that of all others together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod, sqrt
from typing import Any

from lianxin.engines.opinions.votes import AGREE, DISAGREE, Sheet

# One-sided, at 90 per cent.
SIGNIFICANT = 1.2816
MOST_SHARED = 5


@dataclass(slots=True)
class Count:
    """Votes on one statement within some group: who agrees, who disagrees, who saw it (a pass included)."""

    agree: int = 0
    disagree: int = 0
    seen: int = 0

    def add(self, value: int) -> None:
        """Take in one vote."""
        self.agree += value == AGREE
        self.disagree += value == DISAGREE
        self.seen += 1

    def said(self, value: int) -> int:
        """Give how many agree (1) or disagree (-1)."""
        return self.agree if value == AGREE else self.disagree


@dataclass(frozen=True, slots=True)
class GroupView:
    """How one group sees one statement; repness is by how much more probable its view is than outside."""

    agree: int
    disagree: int
    seen: int
    repness_agree: float
    repness_disagree: float
    # The order in which statements speak for the group: repness, its test, p and its test multiplied; 0 if none holds.
    weight_agree: float
    weight_disagree: float


@dataclass(frozen=True, slots=True)
class StatementResult:
    """One statement: consensus over all groups, and each group's view."""

    statement: str
    consensus_agree: float
    consensus_disagree: float
    agree: int
    disagree: int
    seen: int
    groups: Mapping[str, GroupView] = field(default_factory=dict)


def weigh(sheet: Sheet, groups: Mapping[str, str]) -> list[StatementResult]:
    """Count each statement by groups, in the sheet's order; voters without a group are left out."""
    names = sorted(set(groups.values()))
    counts = {(statement, name): Count() for statement in sheet.statements for name in names}
    for (voter, statement), value in sheet.votes.items():
        name = groups.get(voter)
        if name is not None:
            counts[statement, name].add(value)
    return [_weigh_one(statement, {name: counts[statement, name] for name in names}) for statement in sheet.statements]


def shared(results: Iterable[StatementResult], *, value: int, most: int = MOST_SHARED) -> list[StatementResult]:
    """Give the statements that the majority clearly agrees (1) or disagrees (-1) with, the clearest first."""
    found = []
    for one in results:
        count = Count(one.agree, one.disagree, one.seen)
        p, z = _probable(count, value), _test(count, value)
        if p > 0.5 and z > SIGNIFICANT:
            found.append((-p * z, one.statement, one))
    return [one for _order, _statement, one in sorted(found, key=lambda entry: entry[:2])[:most]]


def speaking_for(
    results: Sequence[StatementResult], group: str, *, most: int = MOST_SHARED
) -> list[tuple[StatementResult, int]]:
    """Give the statements that set a group apart with what it says of them (1 or -1), the most telling first."""
    found = []
    for one in results:
        view = one.groups[group]
        weight, value = max((view.weight_agree, AGREE), (view.weight_disagree, DISAGREE))
        if weight > 0:
            found.append((-weight, one.statement, one, value))
    return [(one, value) for _order, _statement, one, value in sorted(found, key=lambda entry: entry[:2])[:most]]


def in_figures(groups: Mapping[str, str], results: Iterable[StatementResult]) -> dict[str, Any]:
    """Give a map as plain data: the group of each voter, and for each statement what all share and each group says."""
    return {
        "groups": dict(groups),
        "statements": {
            one.statement: {
                "consensus_agree": one.consensus_agree,
                "consensus_disagree": one.consensus_disagree,
                "groups": {
                    name: {
                        "agree": view.agree,
                        "disagree": view.disagree,
                        "seen": view.seen,
                        "repness_agree": view.repness_agree,
                        "repness_disagree": view.repness_disagree,
                    }
                    for name, view in one.groups.items()
                },
            }
            for one in results
        },
    }


def _weigh_one(statement: str, counts: Mapping[str, Count]) -> StatementResult:
    whole = Count(
        sum(count.agree for count in counts.values()),
        sum(count.disagree for count in counts.values()),
        sum(count.seen for count in counts.values()),
    )
    views = {}
    for name, count in counts.items():
        others = Count(whole.agree - count.agree, whole.disagree - count.disagree, whole.seen - count.seen)
        views[name] = GroupView(
            count.agree,
            count.disagree,
            count.seen,
            _repness(count, others, AGREE),
            _repness(count, others, DISAGREE),
            _weight(count, others, AGREE),
            _weight(count, others, DISAGREE),
        )
    return StatementResult(
        statement,
        prod(_probable(count, AGREE) for count in counts.values()),
        prod(_probable(count, DISAGREE) for count in counts.values()),
        whole.agree,
        whole.disagree,
        whole.seen,
        views,
    )


def _probable(count: Count, value: int) -> float:
    return (count.said(value) + 1) / (count.seen + 2)


def _test(count: Count, value: int) -> float:
    """Test a share against one half: the standard score with one more vote for it."""
    return 2 * sqrt(count.seen + 1) * ((count.said(value) + 1) / (count.seen + 1) - 0.5)


def _repness(inside: Count, outside: Count, value: int) -> float:
    return _probable(inside, value) / _probable(outside, value)


def _test_two(inside: Count, outside: Count, value: int) -> float:
    """Test a share inside against the one outside: two proportions, one more vote on every count."""
    a, b = inside.said(value) + 1, outside.said(value) + 1
    n, m = inside.seen + 1, outside.seen + 1
    pooled = (a + b) / (n + m)
    if pooled >= 1:
        return 0.0
    return (a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))


def _weight(inside: Count, outside: Count, value: int) -> float:
    p, p_test = _probable(inside, value), _test(inside, value)
    r, r_test = _repness(inside, outside, value), _test_two(inside, outside, value)
    return r * r_test * p * p_test if p_test > SIGNIFICANT and r_test > SIGNIFICANT else 0.0
