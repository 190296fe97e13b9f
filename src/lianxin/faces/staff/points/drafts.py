"""The draft of the next rules: its terms, its items one by one, publishing and discarding it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.points.commands.rules_versions import discard_draft, publish_rules, save_draft
from lianxin.domain.points.models import RulesDraft
from lianxin.domain.points.queries.rules import find_draft
from lianxin.domain.points.rules.claim_words import rate_words
from lianxin.domain.points.rules.drafts import MOST_ITEMS, check_draft
from lianxin.faces.kit.acting import carry_out, key_of, press
from lianxin.platform.clock import now
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing

from ..acting import ActForm, VersionedForm, answer_form
from .desk import Desk, desk_of
from .draft_forms import ItemForm, TermsForm, item_fields, terms_of
from .gate import keeping, pressing


def open_draft(request: HttpRequest, community: UUID) -> tuple[Desk, RulesDraft]:
    """Find the draft that is being written for a community's book; raises Missing."""
    desk = desk_of(request, community)
    draft = find_draft(actor=desk.actor, book=desk.opened.pk)
    if draft is None:
        raise Missing
    return desk, draft


def draft_crumbs(desk: Desk, *more: str) -> list[tuple[Any, str]]:
    """Give the way from the book to the draft or one of its pages."""
    way = (pgettext("points", "Rules"), desk.url("points_rules"))
    if not more:
        return desk.crumbs(way, (_("Draft"), ""))
    return desk.crumbs(way, (_("Draft"), desk.url("points_draft")), (more[0], ""))


@pressing
def begin(request: HttpRequest, community: UUID) -> HttpResponse:
    """Begin a draft, from the rules of now or from a starter; one that is there already is opened."""
    desk = desk_of(request, community)
    return press(
        request,
        do=lambda: save_draft(actor=desk.actor, book=desk.opened.pk, at=now(), key=key_of(request)),
        back=desk.url("points_draft"),
        said=_("Here is the draft. Nothing holds before it is published and its public notice is over."),
    )


def _save(desk: Desk, content: dict[str, Any], version: int | None, key: UUID | None) -> RulesDraft:
    return save_draft(actor=desk.actor, book=desk.opened.pk, content=content, version=version, at=now(), key=key)


@keeping
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show the draft: its items, its terms, and what it still lacks."""
    desk, draft = open_draft(request, community)
    content = draft.content
    form = TermsForm(request.POST or None, initial=terms_of(content) | {"version": draft.version})
    done = carry_out(
        request,
        form,
        do=lambda wanted: _save(desk, {**content, **form.content()}, wanted["version"], wanted["key"]),
        then=lambda _row: desk.url("points_draft"),
        said=_("The draft is saved."),
    )
    if done is not None:
        return done
    lacks = check_draft(content, today=desk.on)
    context = desk.context("points_rules", _("Draft of the rules"))
    context |= {
        "crumbs": draft_crumbs(desk),
        "form": form,
        "items": [_shown(place, item, lacks) for place, item in enumerate(content.get("items", []))],
        "may_add": len(content.get("items", [])) < MOST_ITEMS,
        "lacks": len(lacks),
        "version": draft.version,
    }
    return render(request, "staff/points/draft.html", context, status=422 if form.errors else 200)


def _shown(place: int, item: dict[str, Any], lacks: dict[str, list[str]]) -> dict[str, Any]:
    rate = ""
    if item.get("points") and item.get("per") and item.get("unit"):
        rate = rate_words(points=item["points"], unit=item["unit"], per=item["per"])
    wrong = [sentence for name, found in lacks.items() if name.startswith(f"items.{place}.") for sentence in found]
    return {
        "place": place,
        "title": item.get("title", ""),
        "rate": rate,
        "caps": len(item.get("caps", [])),
        "wrong": wrong,
    }


def _place(request: HttpRequest, items: list[Any]) -> int | None:
    text = request.GET.get("place", "")
    if not text:
        return None
    if not text.isdecimal() or int(text) >= len(items):
        raise Missing
    return int(text)


@keeping
def edit_item(request: HttpRequest, community: UUID) -> HttpResponse:
    """Change an item of the draft, take it out, move it up, or add one."""
    desk, draft = open_draft(request, community)
    items = list(draft.content.get("items", []))
    place = _place(request, items)
    item = items[place] if place is not None else {}
    form = ItemForm(request.POST or None, initial=item_fields(item) | {"version": draft.version})

    def do(wanted: dict[str, Any]) -> RulesDraft:
        changed = list(items)
        act = request.POST.get("act")
        if place is not None and act == "remove":
            del changed[place]
        elif place is not None and act == "up" and place:
            changed.insert(place - 1, changed.pop(place))
        else:
            taken = {one.get("code") for number, one in enumerate(items) if number != place}
            code = wanted["code"] or item.get("code") or _free_code(taken)
            if code in taken:
                raise Invalid(fields={"code": [_("Two items have this name.")]})
            made = form.item(code, item.get("act_kind", "") if code == item.get("code") else "")
            if place is None:
                changed.append(made)
            else:
                changed[place] = made
        return _save(desk, {**draft.content, "items": changed}, wanted["version"], wanted["key"])

    done = carry_out(
        request,
        form,
        do=do,
        then=lambda _row: desk.url("points_draft"),
        said=_("The draft is saved."),
    )
    if done is not None:
        return done
    title = _("Item of the rules") if place is not None else _("New item of the rules")
    context = desk.context("points_rules", title)
    context |= {
        "crumbs": draft_crumbs(desk, title),
        "form": form,
        "place": place,
        "cancel_url": desk.url("points_draft"),
    }
    return render(request, "staff/points/draft_item.html", context, status=422 if form.errors else 200)


def _free_code(taken: set[Any]) -> str:
    return next(f"item-{number}" for number in range(1, MOST_ITEMS + 2) if f"item-{number}" not in taken)


@keeping
def publish(request: HttpRequest, community: UUID) -> HttpResponse:
    """Say what is still missing, or publish the draft as the next version."""
    desk, draft = open_draft(request, community)
    lacks = check_draft(draft.content, today=desk.on)
    form = VersionedForm(request.POST or None, initial={"version": draft.version})
    if request.method == "POST" and form.is_valid() and not lacks:
        try:
            made = publish_rules(
                actor=desk.actor,
                draft=draft.pk,
                version=form.cleaned_data["version"],
                at=now(),
                key=form.cleaned_data["key"],
            )
        except EditedMeanwhile as problem:
            messages.error(request, str(problem.title))
            return redirect(desk.url("points_draft"))
        except Invalid as problem:
            lacks = {name: [str(one) for one in found] for name, found in problem.fields.items()}
        else:
            messages.success(request, _("Version %(number)d is published and hangs out.") % {"number": made.number})
            return redirect("staff:points_rules_version", rules=made.pk)
    labels = TermsForm().fields
    item_labels = ItemForm().fields
    context = desk.context("points_rules", _("Publish the rules"))
    context |= {
        "crumbs": draft_crumbs(desk, _("Publish")),
        "form": form,
        "items_count": len(draft.content.get("items", [])),
        "lacks": [(_label(name, draft.content, labels, item_labels), found) for name, found in lacks.items()],
        "terms": terms_of(draft.content),
    }
    return render(request, "staff/points/publish.html", context, status=422 if request.method == "POST" else 200)


def _label(name: str, content: dict[str, Any], labels: Any, item_labels: Any) -> str:
    """Say which field of the draft a sentence is about: the item by its title, the field by its label."""
    parts = name.split(".")
    if parts[0] != "items" or len(parts) < 3:
        return str(labels[name].label) if name in labels else _("Items of the rules")
    item = content["items"][int(parts[1])].get("title") or _("Item %(number)d") % {"number": int(parts[1]) + 1}
    field = _("Limits") if parts[2] == "caps" else item_labels[parts[2]].label if parts[2] in item_labels else ""
    return f"{item} · {field}" if field else str(item)


@keeping
def discard(request: HttpRequest, community: UUID) -> HttpResponse:
    """Put the draft aside for good."""
    desk, draft = open_draft(request, community)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: discard_draft(actor=desk.actor, draft=draft.pk, at=now(), **wanted),
        then=lambda _row: desk.url("points_rules"),
        said=_("The draft is discarded."),
        title=_("Discard the draft"),
        lead=_("What was written in it is gone. Published rules stay as they are."),
        button=_("Discard"),
        cancel_url=desk.url("points_draft"),
        crumbs=draft_crumbs(desk, _("Discard")),
    )
