"""How a form of these pages becomes one command: on its own page, or below a sentence that says what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.faces.kit.acting import carry_out

FORM, CONFIRM = "district/form.html", "district/confirm.html"
Do = Callable[[dict[str, Any]], Any]


def answer_form(
    request: HttpRequest,
    form: BaseForm,
    *,
    do: Do,
    then: Callable[[Any], str],
    said: Any,
    template: str = FORM,
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it asks for and go on to `then`; a problem shows the form again as it was filled in."""
    done = carry_out(request, form, do=do, then=then, said=said)
    if done is not None:
        return done
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def answer_question(
    request: HttpRequest, form: BaseForm, *, do: Do, back: str, said: Any, **context: Any
) -> HttpResponse:
    """Ask and say what follows, or do it and go back to the page that the question came from."""
    return answer_form(
        request, form, do=do, then=lambda _done: back, said=said, template=CONFIRM, cancel_url=back, **context
    )
