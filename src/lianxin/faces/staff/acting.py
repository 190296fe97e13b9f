"""The office's forms: each becomes one command, and comes back as it was filled in when that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.faces.kit.acting import carry_out, tell, tell_bad_luck
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

Crumbs = list[tuple[Any, str]]
FORM = "staff/form.html"


class ActForm(forms.Form):
    """A form that becomes one command; its key makes a second sending of the same form do nothing."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    meanwhile: list[tuple[Any, str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile = []

    def values(self, *names: str) -> dict[str, Any]:
        """Give what was entered in some fields."""
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class VersionedForm(ActForm):
    """A form that knows which version of the record it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DayInput(forms.DateInput):
    """A day, entered with the browser's calendar or as 2026-11-22."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def day_field(label: Any, *, required: bool = True, help_text: Any = "", initial: Any = None) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DayInput, initial=initial)


def long_text(label: Any, *, most: int, rows: int = 3, help_text: Any = "", required: bool = False) -> forms.CharField:
    """Make a field for some lines of text."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=most, widget=area, help_text=help_text)


def answer_form(
    request: HttpRequest,
    form: ActForm,
    *,
    do: Callable[[dict[str, Any]], Any],
    then: Callable[[Any], str],
    said: Any = "",
    fresh: Callable[[], Mapping[str, Any]] | None = None,
    template: str = FORM,
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it asks for and go on to `then`; a problem shows the form again as it was filled in.

    `fresh` gives the record as it is now: shown beside what was typed when somebody else saved meanwhile.
    """
    done = carry_out(request, form, do=do, then=then, said=said, fresh=fresh)
    if done is not None:
        return done
    sent = request.method == "POST"
    return render(request, template, {"form": form, **context}, status=422 if sent else 200)


def confirm_first(
    request: HttpRequest,
    form: ActForm,
    *,
    do: Callable[[dict[str, Any]], Any],
    preview: Callable[[dict[str, Any]], list[str]],
    then: Callable[[Any], str],
    said: Any,
    question: Any,
    button: Any,
    cancel_url: str,
    crumbs: Crumbs,
    text: Any = "",
    danger: bool = False,
) -> HttpResponse:
    """Ask, tell what will happen, and do it only when the telling was confirmed."""
    consequences: list[str] = []
    asked = request.method == "POST" and request.POST.get("confirmed") != "yes"
    if request.method == "POST" and form.is_valid():
        try:
            consequences = preview(form.cleaned_data)
            if not asked:
                outcome = do(form.cleaned_data)
                messages.success(request, str(said))
                return redirect(then(outcome))
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            tell(form, problem)
            asked = True
        except DatabaseError as error:
            tell_bad_luck(request, form, error)
            asked = True
    told = request.method == "POST" and not form.errors
    return render(
        request,
        "staff/confirm.html",
        {
            "form": form,
            "question": question,
            "text": text,
            "told": told,
            "consequences": consequences,
            "button_text": button if told else _("See what will happen"),
            "danger": danger,
            "cancel_url": cancel_url,
            "crumbs": crumbs,
        },
        status=422 if form.errors else 200,
    )


REASON = gettext_lazy("Reason")
