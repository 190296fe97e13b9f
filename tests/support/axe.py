"""Runs axe-core on a page and fails with a report that a person can act on."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FAILING = {"serious", "critical"}


def assert_accessible(page: Page, *, leave_out: str = "") -> None:
    """Fail with each serious or critical finding; `leave_out` is a CSS selector of what is not ours."""
    context: dict[str, Any] | None = {"exclude": [[leave_out]]} if leave_out else None
    violations: list[dict[str, Any]] = Axe().run(page, context=context).response["violations"]
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
