"""What one came to, and what one thought of it: one tap on a face, words if one likes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.activities.commands.feedback import give_feedback
from lianxin.domain.activities.models import Feedback
from lianxin.domain.activities.queries.feedback import (
    OwnVisit,
    find_own_visit,
    find_picture,
    find_visit_of_ticket,
    list_own_visits,
)
from lianxin.domain.activities.rules.faces import LONGEST_WORDS
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import linked_only
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

SIGNS = {Feedback.Face.GLAD: "mood-smile", Feedback.Face.SO_SO: "mood-empty", Feedback.Face.SAD: "mood-sad"}
MET = {"yes": True, "no": False}


class OpinionForm(forms.Form):
    """A face is enough; the rest may be left out."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    face = forms.TypedChoiceField(choices=Feedback.Face.choices, coerce=int, widget=forms.HiddenInput)
    met_need = forms.ChoiceField(
        label=gettext_lazy("Was it what you needed?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Anything you would like to tell us"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show what I and my household came to in the last weeks."""
    visits = list_own_visits(actor=actor_of(request), at=now())
    context = {
        "visits": [{"visit": one, "sign": SIGNS.get(Feedback.Face(one.face)) if one.face else ""} for one in visits],
        "crumbs": my_crumbs(_("What I came to")),
    }
    return render(request, "resident/activities/visits.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, attendance: UUID) -> HttpResponse:
    """Ask how it was, or take the answer."""
    visit = find_own_visit(actor=actor_of(request), attendance=attendance, at=now())
    return _ask(request, visit, back=reverse("resident:visits"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a guest how it was, by the private link of the ticket."""
    visit = find_visit_of_ticket(token=token, at=now())
    return _ask(request, visit, back=reverse("resident:ticket", kwargs={"token": token}), token=token)


@require_safe
def picture(request: HttpRequest, picture: UUID) -> HttpResponse:
    """Give a picture that everybody may see."""
    row = find_picture(actor=None, picture=picture)
    return answer_file(files.find_file(row.file_id))


def _ask(request: HttpRequest, visit: OwnVisit, *, back: str, token: str = "") -> HttpResponse:
    met = {True: "yes", False: "no", None: ""}[visit.met_need]
    form = OpinionForm(request.POST or None, initial={"words": visit.words, "met_need": met})
    if request.method == "POST":
        done = _take(request, visit, form, token)
        if done is not None:
            return done
    context: dict[str, Any] = {
        "visit": visit,
        "form": form,
        "faces": [(face.value, SIGNS[face], face.label, face.value == visit.face) for face in Feedback.Face],
        "back": back,
        "crumbs": [(_("What I came to"), back), (visit.title, "")] if not token else [(visit.title, "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "resident/activities/opinion.html", context, status=status)


def _take(request: HttpRequest, visit: OwnVisit, form: OpinionForm, token: str) -> HttpResponse | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        give_feedback(
            actor=actor_of(request).visiting(visit.community),
            attendance=visit.attendance,
            face=said["face"],
            words=said["words"],
            met_need=MET.get(said["met_need"]),
            token=token,
            at=now(),
            key=said["key"],
        )
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        add_problem(form, problem) if problem.fields else form.add_error(None, str(problem.detail))
        return None
    messages.success(request, _("Thank you. You can change it or add words below."))
    return HttpResponseRedirect(request.path)
