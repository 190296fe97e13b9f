"""How a form or a button becomes one command, and how its problems come back without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.problems import busy_of
from lianxin.platform.actors import Actor
from lianxin.platform.errors import EditedMeanwhile, Missing, NotAllowed, Problem


def actor_of(request: HttpRequest) -> Actor:
    """Give who is logged in."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def carry_out(
    request: HttpRequest,
    form: BaseForm,
    *,
    do: Callable[[dict[str, Any]], Any],
    then: Callable[[Any], str],
    said: Any = "",
    fresh: Callable[[], Mapping[str, Any]] | None = None,
) -> HttpResponse | None:
    """Do what a sent form asks for and go on to `then`; None when the form has to be shown, with its problems if any.

    `said` is a sentence, or makes one of what was done. `fresh` gives the record as it is now: it is shown beside what
    was typed when somebody else saved meanwhile.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        outcome = do(form.cleaned_data)
    except (Missing, NotAllowed):
        raise
    except EditedMeanwhile as problem:
        if fresh is not None:
            _lay_beside(form, fresh())
        tell(form, problem)
        return None
    except Problem as problem:
        tell(form, problem)
        return None
    except DatabaseError as error:
        tell_bad_luck(request, form, error)
        return None
    if said:
        messages.success(request, str(said(outcome) if callable(said) else said))
    return redirect(then(outcome))


def tell(form: BaseForm, problem: Problem) -> None:
    """Show a problem at its fields, and above the form what it says beyond them."""
    add_problem(form, problem)
    if problem.fields and str(problem.detail) != str(problem.title):
        form.add_error(None, str(problem.detail))


def tell_bad_luck(request: HttpRequest, form: BaseForm, error: DatabaseError) -> None:
    """Show on the form that it has only to be sent again, and which files to choose again; raises what is our fault."""
    busy = busy_of(error, request=request)
    if busy is None:
        raise error
    tell(form, busy)
    names = [one.name or "" for field in request.FILES for one in request.FILES.getlist(field)]
    if names:
        form.add_error(None, _("Choose again: %(files)s") % {"files": _(", ").join(names)})
    request.bad_luck = busy  # type: ignore[attr-defined]


def as_bad_luck_has_it(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the form that comes back after bad luck its status, in whichever face it was."""
    busy = getattr(request, "bad_luck", None)
    if busy is not None and response.status_code in (200, 422):
        response.status_code = busy.status
    return response


def key_of(request: HttpRequest) -> UUID | None:
    """Give the key that came with a button; a button without a good one still works once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def press(request: HttpRequest, *, do: Callable[[], Any], back: str, said: Any) -> HttpResponse:
    """Do what a single button asks for, and return with a sentence, whether it worked or not."""
    try:
        do()
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        sentences = [str(sentence) for field in problem.fields.values() for sentence in field]
        messages.error(request, " ".join(sentences) or str(problem.detail))
    else:
        messages.success(request, str(said))
    return redirect(back)


def _lay_beside(form: BaseForm, now: Mapping[str, Any]) -> None:
    """Keep what was typed, show what is there now where it differs, and let the next saving know of it."""
    form.meanwhile = [  # type: ignore[attr-defined]
        (form[name].label, _shown(form, name, now[name]), _shown(form, name, form.cleaned_data[name]))
        for name in form.fields
        if name in now and name in form.cleaned_data and name != "version" and now[name] != form.cleaned_data[name]
    ]
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("version")] = str(now["version"])
    form.data = data


def _shown(form: BaseForm, name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = getattr(form.fields[name], "choices", None)
    if choices:
        return str({str(key): label for key, label in choices}.get(str(value), value))
    return str(value)
