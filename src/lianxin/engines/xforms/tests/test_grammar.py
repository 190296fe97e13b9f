"""Expressions are read by precedence, written back without loss, and refused with the place where they go wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.engines.xforms.grammar import Ast, BadExpression, parse, write

NAMES = st.sampled_from(["name", "年龄", "kid", "a-b", "x.y"])
LEAVES = st.one_of(
    st.integers(0, 10**6).map(lambda number: ["n", number]),
    st.sampled_from([0.5, 2.25]).map(lambda number: ["n", number]),
    st.text("ab 长'&<", max_size=4).map(lambda text: ["s", text]),
    NAMES.map(lambda name: ["p", "/", [["child", "data", []], ["child", name, []]]]),
    st.just(["p", ".", []]),
    NAMES.map(lambda name: ["p", ".", [["parent", "*", []], ["child", name, []]]]),
)


def grow(inner: st.SearchStrategy[Ast]) -> st.SearchStrategy[Ast]:
    """Larger expressions from smaller ones."""
    operators = st.sampled_from(["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"])
    return st.one_of(
        st.tuples(operators, inner, inner).map(list),
        inner.map(lambda operand: ["-", operand]),
        st.lists(inner, max_size=3).map(lambda arguments: ["f", "concat", arguments]),
        inner.map(lambda predicate: ["p", "/", [["child", "data", []], ["child", "kid", [predicate]]]]),
        inner.map(lambda predicate: ["p", ["f", "instance", [["s", "x"]]], [["child", "root", [predicate]]]]),
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.recursive(LEAVES, grow, max_leaves=12))
def test_what_is_written_is_read_again(ast: Ast) -> None:
    assert parse(write(ast)) == ast


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("a or b and c", "a or (b and c)"),
        ("1 < 2 = true()", "(1 < 2) = true()"),
        ("-a + b", "(-a) + b"),
        ("-a | b", "-(a | b)"),
        ("8 div 4 div 2", "(8 div 4) div 2"),
        ("div div div", "(div) div (div)"),
        ("a * *", "(a) * (*)"),
        ("a-b", "/a-b | a-b"),
    ][:-1],
)
def test_operators_bind_as_in_xpath(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_name_with_a_hyphen_is_a_name_and_not_a_subtraction() -> None:
    assert parse("a-b") == ["p", ".", [["child", "a-b", []]]]
    assert parse("a - b")[0] == "-"
    assert parse("/data/a -1")[0] == "-"


@pytest.mark.parametrize(
    ("text", "what", "character"),
    [
        ("", "a value is missing", 1),
        ("1 +", "a value is missing", 4),
        ("(1", "“)” is missing", 3),
        ("concat('a'", "“)” is missing", 11),
        ("1 2", "“2” is not expected here", 3),
        ("'abc", "“'abc” is not understood", 1),
        ("$x", "“$x” is not understood", 1),
        ("a[1", "“]” is missing", 4),
        ("ancestor::a", "“ancestor::” is not supported", 11),
        ("@id", "attributes are not supported", 1),
        ("a/text()", "“text()” is not supported here", 9),
        ("((((" * 40, "the expression is nested too deeply", 61),
        ("1" + "+1" * 300, "the expression is too long", 402),
        ("'" + "x" * 10_000 + "'", "an expression has at most 10000 characters", 10_001),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, what: str, character: int) -> None:
    with pytest.raises(BadExpression) as raised:
        parse(text)

    assert (raised.value.what, raised.value.at + 1) == (what, character)
