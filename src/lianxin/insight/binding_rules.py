"""The binding rules as data: each clause, how the program keeps it, and which tests prove it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

FILE = "binding_rules.json"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in Chinese and English; as text it is the one of the page's language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is asked: how it is kept, in which parts of the program, by which tests, and what is looked at."""

    code: str
    rule: Words
    kept: Words
    where: tuple[str, ...]
    tests: tuple[str, ...]
    live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A binding rule with its clauses."""

    code: str
    title: Words
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A national rule: when and by whom, what it asks, and the clauses that answer it."""

    code: str
    on: str
    title: Words
    by: Words
    asks: Words
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BindingRules:
    """All that the file says; `kept` and `parts` are the words for what is kept and for the modules that keep it."""

    rules: tuple[Rule, ...]
    national: tuple[Source, ...]
    functions: tuple[tuple[Words, Words], ...]
    kept: Mapping[str, Words]
    parts: Mapping[str, Words]

    def clauses(self) -> Iterator[Clause]:
        """Give every clause in order."""
        for rule in self.rules:
            yield from rule.clauses


def read_rules(data_dir: Path) -> BindingRules:
    """Read the binding rules from the folder of reference data."""
    told = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    return BindingRules(
        rules=tuple(
            Rule(
                rule["code"],
                Words(**rule["title"]),
                tuple(
                    Clause(
                        code=clause["code"],
                        rule=Words(**clause["rule"]),
                        kept=Words(**clause["kept"]),
                        where=tuple(clause["where"]),
                        tests=tuple(clause["tests"]),
                        live=tuple(clause["live"]),
                    )
                    for clause in rule["clauses"]
                ),
            )
            for rule in told["rules"]
        ),
        national=tuple(
            Source(
                code=one["code"],
                on=one["on"],
                title=Words(**one["title"]),
                by=Words(**one["by"]),
                asks=Words(**one["asks"]),
                clauses=tuple(one["clauses"]),
            )
            for one in told["national"]
        ),
        functions=tuple((Words(**one["title"]), Words(**one["what"])) for one in told["functions"]),
        kept=_named(told["kept"]),
        parts=_named(told["parts"]),
    )


def _named(lines: list[dict[str, str]]) -> dict[str, Words]:
    return {line["name"]: Words(line["zh"], line["name"]) for line in lines}
