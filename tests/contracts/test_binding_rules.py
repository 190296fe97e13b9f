"""The self-check tells the truth: each test that it names exists and runs, and each of its words has its place."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from lianxin.insight.binding_rules import read_rules
from lianxin.insight.live_checks import CHECKS
from lianxin.platform import contributions

ROOT = Path(__file__).resolve().parents[2]
TOLD = read_rules(ROOT / "data")
TESTS = sorted({test for clause in TOLD.clauses() for test in clause.tests})
LEFT_OUT = ("skip", "skipif", "xfail", "importorskip")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def marks_of_file(path: str) -> str:
    """Give what a file says about all of its tests: its `pytestmark` and what it leaves out at import."""
    lines = [
        ast.unparse(node)
        for node in tree(path).body
        if (isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0])) or isinstance(node, ast.Expr)
    ]
    return "\n".join(line for line in lines if "pytest." in line)


def what_is_wrong(node_id: str) -> str:
    """Say why a test does not prove anything; nothing when it does."""
    path, _separator, name = node_id.partition("::")
    if not (ROOT / path).is_file():
        return "no such file"
    if not Path(path).name.startswith("test_") or not path.startswith(("src/", "tests/")):
        return "pytest does not collect this file"
    found = [one for one in tree(path).body if isinstance(one, ast.FunctionDef) and one.name == name]
    if len(found) != 1:
        return "no such test" if not found else "two tests of one name: only the last one runs"
    said = [ast.unparse(one) for one in found[0].decorator_list]
    if any(word in line for line in [*said, marks_of_file(path)] for word in LEFT_OUT):
        return "it is skipped or expected to fail"
    asserts = [one for one in ast.walk(found[0]) if isinstance(one, ast.Assert | ast.With | ast.Call)]
    return "" if asserts else "it can not fail"


@pytest.mark.parametrize("node_id", TESTS)
def test_named_test_exists_and_runs(node_id: str) -> None:
    assert what_is_wrong(node_id) == ""


@pytest.mark.parametrize(
    "node_id",
    [
        "tests/contracts/test_nothing.py::test_x",
        "tests/contracts/test_no_formalism.py::test_that_nobody_wrote",
        "tests/support/walk.py::is_public",
    ],
)
def test_test_that_is_not_there_is_noticed(node_id: str) -> None:
    assert what_is_wrong(node_id)


def test_every_clause_is_kept_somewhere_and_proved() -> None:
    clauses = list(TOLD.clauses())

    assert len({clause.code for clause in clauses}) == len(clauses)
    assert [clause.code for clause in clauses if not clause.tests] == []
    assert [place for clause in clauses for place in clause.where if not (ROOT / place).exists()] == []
    assert [code for clause in clauses for code in clause.live if code not in CHECKS] == []
    assert set(CHECKS) == {code for clause in clauses for code in clause.live}
    assert {rule.code for rule in TOLD.rules} == {
        "formalism", "pipl", "protection", "elders", "no_balance", "divisions", "time",
    }  # fmt: skip


def test_every_national_rule_is_answered_by_clauses() -> None:
    known = {clause.code for clause in TOLD.clauses()}

    assert [source.on[:7] for source in TOLD.national] == ["2023-12", "2024-08", "2026-01"]
    assert all(source.clauses and set(source.clauses) <= known for source in TOLD.national)


def test_filing_names_everything_that_is_kept_and_removed() -> None:
    """A new kind of data gets its Chinese words in data/binding_rules.json, which the filing material prints."""
    assert {one.name for one in contributions.every("retention")} - set(TOLD.kept) == set()
    assert {one.name for one in contributions.every("personal_data")} - set(TOLD.parts) == set()
