"""The phone's evaluator says what ODK's engine says: the same fixture as the server's, in a real browser."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lianxin.engines.xforms import Form, content_digest, read_sheets, read_xml
from lianxin.engines.xforms.grammar import parse
from lianxin.engines.xforms.tests.tables import FIXTURES, FORMS, fixture, form_file
from lianxin.engines.xforms.tests.test_agreement import ANSWERS, EXPRESSIONS, NOW, begun, state, take
from lianxin.engines.xforms.xform import with_choice_paths
from tests.browser.conftest import ROOT

SCRIPTS = [ROOT / f"src/lianxin/faces/kit/static/kit/{name}.js" for name in ("xforms-values", "xforms-paths", "xforms")]
# Fills a form and gives after each step what is so, in the words of the fixture.
FILL = """
({ form, steps, now }) => {
  let given = 0;
  const uuid = () => `00000000-0000-4000-8000-${String((given += 1)).padStart(12, "0")}`;
  const filled = window.lianxinForms.begin(form, { now, uuid, device: "device-1" });
  const state = () => {
    const said = {};
    for (const node of filled.document.walk()) {
      const path = filled.path(node);
      if (node.definition <= 0 || path.startsWith("/data/meta")) continue;
      const definition = filled.definition(node);
      const one = { relevant: node.relevant };
      if (filled.kind(node.definition) === "leaf") {
        one.value = node.value;
        one.required = filled.holds(definition.required, node);
        one.readonly = filled.isReadonly(node);
        const problem = filled.problem(node);
        if (problem && ["required", "constraint"].includes(problem.code)) one.wrong = [problem.code, problem.message];
        const words = (item) => [item.cells.name, filled.say(item.label, node)];
        if (definition.items) one.choices = filled.choices(node).map(words);
      }
      const [label, hint] = [filled.say(definition.label, node), filled.say(definition.hint, node)];
      if (label) one.label = label;
      if (hint) one.hint = hint;
      said[path] = one;
    }
    return said;
  };
  const states = [state()];
  for (const [action, path, value = ""] of steps) {
    if (action === "set") filled.set(path, value);
    else if (action === "add") filled.addRepetition(path);
    else if (action === "remove") filled.removeRepetition(path);
    else filled.speak(path);
    states.push(state());
  }
  window.filled = filled;
  const xml = filled.toXml();
  const again = window.lianxinForms.restore(form, xml, { now, uuid });
  return { states, xml, again: again.toXml(), shown: filled.view().length, problems: filled.problems().length };
}
"""
ASK = """
(questions) => questions.map(([name, ast]) => {
  const parents = [...window.filled.document.walk()].filter((node) => node.name === name);
  return parents.map((parent) => {
    const node = parent.add(new window.lianxinForms.Node("answer"));
    const text = window.filled.evaluator.text(ast, node);
    parent.children.pop();
    return text;
  });
})
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with the evaluator and nothing else, on a phone far from China's time."""
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.set_content("<!doctype html><title>x</title>")
    for script in SCRIPTS:
        page.add_script_tag(path=script)
    yield page
    context.close()


def fill(page: Page, form: Form, steps: list[list[str]]) -> dict[str, Any]:
    """Fill a form in the browser."""
    given = {"form": form.to_json(), "steps": steps, "now": int(NOW.timestamp() * 1000 + 0.5)}
    return dict(page.evaluate(FILL, given))


def test_expressions_say_the_same_in_the_browser(page: Page) -> None:
    sheets, steps = form_file(FIXTURES / "table.md")
    form = read_sheets(sheets).form
    assert form is not None
    fill(page, form, steps)

    given = page.evaluate(ASK, [[at.rpartition("/")[2], with_choice_paths(parse(text))] for at, text in EXPRESSIONS])

    wanted = fixture("answers.json")["expressions"]
    pairs = zip(EXPRESSIONS, given, wanted, strict=True)
    differences = [f"{text}: {one} but {other}" for (_, text), one, other in pairs if one != other]
    assert not differences, "\n".join(differences)


def test_forms_are_filled_the_same_in_the_browser(page: Page) -> None:
    for path in FORMS:
        instance, steps = begun(path)
        filled = fill(page, instance.form, steps)

        for at, (step, said) in enumerate(zip([["", ""], *steps], filled["states"], strict=True)):
            if at:
                take(instance, step)
            assert said == state(instance), (path.stem, step)

        assert len(filled["states"]) == len(ANSWERS["forms"][path.stem])
        numbers = count(1)
        received = read_xml(instance.form, filled["xml"], at=NOW, uuid=lambda given=numbers: str(next(given)))
        assert content_digest(received) == content_digest(instance)
        assert filled["again"] == filled["xml"]
