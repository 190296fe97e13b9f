"""The self-check: every binding rule with what was found just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lianxin.insight.binding_rules import BindingRules, Clause, Rule, read_rules
from lianxin.insight.live_checks import Finding, look
from lianxin.platform import verified
from lianxin.platform.verified import Verified


@dataclass(frozen=True, slots=True)
class Examined:
    """A clause and what was found of it now."""

    clause: Clause
    findings: tuple[Finding, ...]

    @property
    def is_ok(self) -> bool:
        """Tell whether nothing asks for attention."""
        return all(one.is_ok for one in self.findings)


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Everything that the page shows."""

    told: BindingRules
    rules: tuple[tuple[Rule, tuple[Examined, ...]], ...]
    verified: Verified | None

    @property
    def clauses(self) -> int:
        """How many clauses there are."""
        return sum(len(found) for _rule, found in self.rules)

    @property
    def tests(self) -> int:
        """How many tests prove them."""
        return len({test for clause in self.told.clauses() for test in clause.tests})

    @property
    def attention(self) -> tuple[Examined, ...]:
        """The clauses of which something asks for attention."""
        return tuple(one for _rule, found in self.rules for one in found if not one.is_ok)

    @property
    def looked_at(self) -> int:
        """How many things were looked at now."""
        return len({code for clause in self.told.clauses() for code in clause.live})


def examine(*, data_dir: Path, at: datetime) -> SelfCheck:
    """Read the binding rules and look at what can be looked at now; each thing once."""
    told = read_rules(data_dir)
    found = {code: look(code, at=at) for code in sorted({code for clause in told.clauses() for code in clause.live})}
    return SelfCheck(
        told=told,
        rules=tuple(
            (rule, tuple(Examined(clause, tuple(found[code] for code in clause.live)) for clause in rule.clauses))
            for rule in told.rules
        ),
        verified=verified.last(),
    )
