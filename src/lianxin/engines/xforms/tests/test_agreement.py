"""The engine says what ODK's own engine says: on a table of expressions and while sample forms are filled."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lianxin.engines.xforms import Form, Instance, begin, read_sheets, view
from lianxin.engines.xforms.grammar import parse
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.tests.tables import FIXTURES, FORMS, fixture, form_file
from lianxin.engines.xforms.view import Shown, problem_of
from lianxin.engines.xforms.xform import with_choice_paths

ANSWERS = fixture("answers.json")
NOW = datetime.fromisoformat(ANSWERS["now"])
EXPRESSIONS = [line.split("\t") for line in (FIXTURES / "expressions.txt").read_text("utf-8").splitlines()]


def begun(path: Path) -> tuple[Instance, list[list[str]]]:
    """A sample form as a phone would get it, begun, and the steps of filling it."""
    sheets, steps = form_file(path)
    reading = read_sheets(sheets)
    assert reading.form is not None, [str(finding) for finding in reading.findings]
    numbers = count(1)
    form = Form.from_json(reading.form.to_json())
    instance = begin(form, at=NOW, uuid=lambda: f"00000000-0000-4000-8000-{next(numbers):012}", device="device-1")
    return instance, steps


def take(instance: Instance, step: list[str]) -> None:
    """Do one step of a sample form."""
    action, path, value = [*step, "", ""][:3]
    if action == "set":
        instance.set(path, value)
    elif action == "add":
        instance.add_repetition(path)
    elif action == "remove":
        instance.remove_repetition(path)
    else:
        instance.speak(path)


def flat(shown: tuple[Shown, ...]) -> Iterator[Shown]:
    """Everything that is shown."""
    for one in shown:
        yield one
        yield from flat(one.children)


def state(instance: Instance) -> dict[str, Any]:
    """What is so now, in the words of the fixture."""
    said: dict[str, Any] = {}
    labels = {one.path: one for one in flat(view(instance))}
    for node in instance.document.walk():
        path = instance.path(node)
        if node.definition <= 0 or path.startswith("/data/meta"):
            continue
        definition = instance.form.nodes[node.definition]
        one: dict[str, Any] = {"relevant": node.relevant}
        if definition.kind == "leaf":
            one |= {"value": node.value, "required": instance.holds(definition.required, node)}
            one["readonly"] = instance.is_readonly(node)
            if (problem := problem_of(instance, node)) is not None and problem.code in ("required", "constraint"):
                one["wrong"] = [problem.code, problem.message]
            if definition.items is not None:
                one["choices"] = [[item.value, instance.say(item.label, node)] for item in instance.choices(node)]
        if label := instance.say(definition.label, node):
            one["label"] = label
        if hint := instance.say(definition.hint, node):
            one["hint"] = hint
        if path in labels and definition.kind == "leaf":
            assert labels[path].label == label
        said[path] = one
    return said


def agree(given: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """The same; where pyxform marks a missing translation with a hyphen, ours is in the form's own language."""
    untranslated = {part: given.get(part) for part, text in wanted.items() if text == "-" and given.get(part)}
    return given == wanted | untranslated


@pytest.fixture(scope="module")
def filled_table() -> Instance:
    """The small form over which the expressions of the table are asked."""
    instance, steps = begun(FIXTURES / "table.md")
    for step in steps:
        take(instance, step)
    return instance


def test_fixture_is_not_small() -> None:
    assert ANSWERS["engine"] == "@getodk/xforms-engine 0.22.0"
    assert len(EXPRESSIONS) == len(ANSWERS["expressions"]) >= 400
    assert sorted(ANSWERS["forms"]) == [path.stem for path in FORMS]
    assert len(FORMS) >= 14


def test_expressions_say_the_same(filled_table: Instance) -> None:
    differences = []
    for (at, expression), wanted in zip(EXPRESSIONS, ANSWERS["expressions"], strict=True):
        ast = with_choice_paths(parse(expression))
        parents = [node for node in filled_table.document.walk() if node.name == at.rpartition("/")[2]]
        given = [filled_table.evaluator.text(ast, parent.add(Node("answer"))) for parent in parents]
        for parent in parents:
            parent.drop(parent.by_name["answer"][0])
        if given != wanted:
            differences.append(f"{at} {expression}: {given} but {wanted}")

    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_is_filled_the_same(path: Path) -> None:
    instance, steps = begun(path)
    wanted: dict[str, Any] = {}
    for at, changes in enumerate(ANSWERS["forms"][path.stem]):
        if at:
            take(instance, steps[at - 1])
        wanted = {name: one for name, one in (wanted | changes).items() if name not in changes.get("gone", ())}
        wanted.pop("gone", None)

        now = state(instance)

        assert set(now) == set(wanted), (at, steps[at - 1] if at else "begun")
        different = [f"{name}: {now[name]} but {one}" for name, one in wanted.items() if not agree(now[name], one)]
        assert not different, "\n".join([f"after {steps[at - 1] if at else 'the beginning'}", *different])
