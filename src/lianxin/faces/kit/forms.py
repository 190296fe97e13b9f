"""Bring a refused command back to the form it came from, with what was typed."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import HttpRequest

from lianxin.platform.errors import Problem


def add_problem(form: BaseForm, problem: Problem) -> None:
    """Show a problem's sentences at their fields; what names no field of this form goes to the summary."""
    placed = False
    for name, sentences in problem.fields.items():
        field = name if name in form.fields else None
        for sentence in sentences:
            form.add_error(field, str(sentence))
            placed = True
    if not placed:
        form.add_error(None, str(problem.detail))


def hidden_filters(request: HttpRequest, *, but: tuple[str, ...] = ("page",)) -> list[tuple[str, str]]:
    """Give the query of this page as pairs for hidden inputs, leaving out what a form sets itself."""
    return [(name, value) for name in request.GET if name not in but for value in request.GET.getlist(name)]
