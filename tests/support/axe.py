"""Runs axe-core on a page and fails with a report that a person can act on."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FAILING = ["serious", "critical"]
# A rule tells beforehand how serious its findings are; those that could fail nobody need not look.
RUN = """
([failing, leaveOut]) => {
  const mild = axe._audit.rules.filter((rule) => !failing.includes(rule.impact));
  const rules = Object.fromEntries(mild.map((rule) => [rule.id, {enabled: false}]));
  const context = leaveOut ? {exclude: [[leaveOut]]} : document;
  return axe.run(context, {resultTypes: ["violations"], rules}).then((found) => [
    found.violations, axe._audit.rules.length - mild.length,
  ]);
}
"""


def assert_accessible(page: Page, *, leave_out: str = "") -> None:
    """Fail with each serious or critical finding; `leave_out` is a CSS selector of what is not ours."""
    page.evaluate(Axe().axe_script)
    found: tuple[list[dict[str, Any]], int] = page.evaluate(RUN, [FAILING, leave_out])
    violations, rules = found
    assert rules > 50, f"axe knew only {rules} rules that matter"
    wrong = [violation for violation in violations if violation["impact"] in FAILING]
    assert not wrong, f"axe on {page.url}:\n" + "\n".join(report(violation) for violation in wrong)


def report(violation: dict[str, Any]) -> str:
    """Give one finding: what is wrong, then each place with how to mend it."""
    lines = [f"{violation['impact']} {violation['id']}: {violation['help']}"]
    for node in violation["nodes"][:8]:
        lines.append(f"  {' '.join(str(part) for part in node['target'])}")
        lines.append(f"    {node['html'][:160]}")
        lines += [f"    {line.strip()}" for line in (node.get("failureSummary") or "").splitlines()[1:4]]
    if len(violation["nodes"]) > 8:
        lines.append(f"  and {len(violation['nodes']) - 8} more places")
    return "\n".join(lines)
