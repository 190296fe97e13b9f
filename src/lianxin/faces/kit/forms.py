"""Bring a refused command back to the form it came from, with what was typed."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from lianxin.platform.errors import Problem

PLAINER_WORDS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid time."),
    gettext_noop("Enter a valid date/time."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid value."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("No file was submitted."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
)


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
