"""Reading the answers of a kept form quickly, without working out what was asked: for counting and for tables."""

from dataclasses import dataclass, field

from lianxin.engines.xforms.submission import BadSubmission, parse_submission
from lianxin.engines.xforms.xform import bare


@dataclass(slots=True)
class Plain:
    """The answers of one form by path; each with the number of its repetition, counted through the form from 1."""

    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """path without numbers → (path of the repetition around it with numbers, answer)"""

    def first(self, path: str) -> str:
        """Give the first answer at a path, or an empty text."""
        return next((value for _around, value in self.answers.get(path, ()) if value), "")

    def all(self, path: str) -> list[str]:
        """Give every answer at a path."""
        return [value for _around, value in self.answers.get(path, ())]

    def was_asked(self, path: str) -> bool:
        """Tell whether the form held the question, answered or not."""
        return path in self.answers


def read_plain(xml: str) -> Plain:
    """Read a kept form; one that cannot be read has no answers."""
    found = Plain()
    try:
        root = parse_submission(xml)
    except BadSubmission:
        return found
    waiting = [(root, f"/{bare(root.tag)}", "")]
    while waiting:
        element, path, around = waiting.pop()
        below = list(element)
        if not below:
            found.answers.setdefault(path, []).append((around, element.text or ""))
            continue
        count: dict[str, int] = {}
        later = []
        for child in below:
            name = bare(child.tag)
            count[name] = count.get(name, 0) + 1
            inner = f"{path}/{name}"
            later.append((child, inner, f"{around}/{name}[{count[name]}]" if len(child) else around))
        waiting += reversed(later)
    return found
