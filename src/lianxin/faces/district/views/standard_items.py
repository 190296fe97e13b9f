"""The items of a draft: add one, change one, take one out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places import policy
from lianxin.domain.places.commands.standards import put_standard_item, remove_standard_item
from lianxin.domain.places.models import Standard, StandardItem
from lianxin.domain.places.queries.standards import list_items
from lianxin.faces.district.forms.standards import ItemForm
from lianxin.faces.district.gate import form_for
from lianxin.faces.district.views.standards import crumbs_below, draft_or_missing, item_row
from lianxin.faces.kit.forms import add_problem
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, Problem

FIELDS = (
    "code",
    "label",
    "label_en",
    "measure",
    "comparison",
    "group",
    "weight",
    "kind",
    "applies_to",
    "source",
    "note",
)


def _item(draft: Standard, code: str) -> StandardItem:
    found = next((one for one in list_items(draft.pk) if one.code == code), None)
    if found is None:
        raise Missing
    return found


@form_for(policy.may_edit_standards)
def new(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Add an item to a draft; a code that is in use already is refused, so that nothing is overwritten."""
    draft = draft_or_missing(standard)
    form = ItemForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if any(one.code == code for one in list_items(draft.pk)):
            form.add_error("code", _("There is an item with this code already."))
        elif _save(request, draft, form):
            messages.success(request, _("The item is added."))
            return redirect("district:standard", draft.pk)
    return _page(request, draft, form, _("New item"))


@form_for(policy.may_edit_standards)
def edit(request: HttpRequest, standard: UUID, code: str) -> HttpResponse:
    """Change an item of a draft."""
    draft = draft_or_missing(standard)
    item = _item(draft, code)
    initial = {name: getattr(item, name) for name in FIELDS}
    initial |= {"threshold": f"{item.threshold.normalize():f}", "revision": draft.revision}
    form = ItemForm(request.POST or None, initial=initial, code=code)
    if request.method == "POST" and form.is_valid() and _save(request, draft, form):
        messages.success(request, _("The item is saved."))
        return redirect("district:standard", draft.pk)
    return _page(request, draft, form, item_row(item).label)


@form_for(policy.may_edit_standards)
def remove(request: HttpRequest, standard: UUID, code: str) -> HttpResponse:
    """Take an item out of a draft."""
    draft = draft_or_missing(standard)
    label = item_row(_item(draft, code)).label
    if request.method == "POST":
        remove_standard_item(actor=request.actor, at=now(), standard=draft.pk, code=code)  # type: ignore[attr-defined]
        messages.success(request, _("The item is taken out."))
        return redirect("district:standard", draft.pk)
    context = {
        "question": _("Take “%(label)s” out of the draft?") % {"label": label},
        "consequences": [_("This version no longer asks for it. Earlier versions keep it.")],
        "button_text": _("Take out"),
        "danger": True,
        "cancel_url": reverse("district:standard", args=[draft.pk]),
        "crumbs": crumbs_below(draft, label),
    }
    return render(request, "district/confirm.html", context)


def _save(request: HttpRequest, draft: Standard, form: ItemForm) -> bool:
    try:
        put_standard_item(actor=request.actor, at=now(), standard=draft.pk, **form.cleaned_data)  # type: ignore[attr-defined]
    except Missing:
        raise
    except Problem as problem:
        add_problem(form, problem)
        return False
    return True


def _page(request: HttpRequest, draft: Standard, form: ItemForm, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "button_text": _("Save"),
        "cancel_url": reverse("district:standard", args=[draft.pk]),
        "crumbs": crumbs_below(draft, title),
    }
    return render(request, "district/form.html", context, status=422 if form.errors else 200)
