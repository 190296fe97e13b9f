"""The standard for centres: its versions, what a draft would change, and when it begins to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lianxin.domain.places import policy
from lianxin.domain.places.commands import standards as commands
from lianxin.domain.places.models import Standard, StandardItem
from lianxin.domain.places.queries import standards as queries
from lianxin.domain.places.rules.standards import MEASURES, shown
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.standards import EditStandardForm, EndStandardForm, NewStandardForm, PublishForm
from lianxin.faces.district.gate import form_for, form_for_offices, shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.kit.acting import actor_of, key_of
from lianxin.faces.kit.tables import Column, table
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed
from lianxin.platform.ids import new_id

STATES = dict(Standard.State.choices)
TONES = {"draft": "info", "in_force": "done", "retired": "quiet"}


@dataclass(frozen=True)
class ItemRow:
    """One item in words."""

    item: StandardItem
    label: str
    measure: Any
    bound: str
    group: Any
    kind: Any
    applies_to: Any


@dataclass(frozen=True)
class ChangeRow:
    """What a new version does to the score of one centre."""

    pk: UUID
    name: str
    community: str
    subdistrict: str
    old: int | None
    new: int | None
    change: int | None
    newly_short: tuple[str, ...]


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List all versions of all standards."""
    at = now()
    rows = list(queries.list_standards())
    listing = Listing(
        name="standards",
        title=_("Standards"),
        rows=[(row, STATES[row.state], TONES[row.state]) for row in rows],
        default_sort="",
        row_template="district/row_standard.html",
        cells=lambda row: (
            row[0].name,
            row[0].version,
            row[1],
            row[0].valid_from,
            row[0].valid_until,
            row[0].adopted_by,
        ),
        columns=(
            Column(_("Standard")),
            Column(_("Version"), numeric=True),
            Column(_("State")),
            Column(_("Holds from")),
            Column(_("Until, that day not included")),
            Column(_("Adopted by")),
        ),
    )
    context = {"may_edit": policy.may_edit_standards(request.actor)}  # type: ignore[attr-defined]
    return answer(request, listing, shown=shown, template="district/standards.html", context=context, at=at)


@form_for_offices
def standard(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Show a version with its items; a POST copies it as the next draft."""
    found = queries.find_standard(standard)
    may_edit = policy.may_edit_standards(request.actor)  # type: ignore[attr-defined]
    if request.method == "POST":
        if not may_edit:
            raise NotAllowed
        made = commands.draft_standard(
            actor=request.actor,  # type: ignore[attr-defined]
            at=now(),
            name=found.name,
            copy_of=found.pk,
            key=key_of(request),
        )
        messages.success(
            request, _("Version %(version)s is a draft now. Change its items.") % {"version": made.version}
        )
        return redirect("district:standard", made.pk)
    rows = [item_row(item) for item in queries.list_items(found.pk)]
    return render(
        request,
        "district/standard.html",
        {
            "standard": found,
            "title": title_of(found),
            "rows": rows,
            "is_draft": found.state == Standard.State.DRAFT,
            "may_edit": may_edit,
            "key": new_id(),
            "state_label": STATES[found.state],
            "state_tone": TONES[found.state],
            "weight": sum(row.item.weight for row in rows),
            "crumbs": crumbs_of(found),
        },
    )


def item_row(item: StandardItem) -> ItemRow:
    """Put an item into words."""
    english = (get_language() or "").startswith("en")
    info = MEASURES[item.measure]
    bound = f"{StandardItem.Comparison(item.comparison).label} {shown(item.measure, item.threshold)} {info.unit}"
    return ItemRow(
        item=item,
        label=(english and item.label_en) or item.label,
        measure=info.label,
        bound=bound.strip(),
        group=StandardItem.Group(item.group).label,
        kind=StandardItem.Kind(item.kind).label,
        applies_to=StandardItem.AppliesTo(item.applies_to).label,
    )


def crumbs_of(found: Standard) -> list[tuple[Any, str]]:
    """Give the way to a version."""
    return [
        (_("Overview"), reverse("district:overview")),
        (_("Standards"), reverse("district:standards")),
        (title_of(found), ""),
    ]


def title_of(found: Standard) -> str:
    """Name a version."""
    return _("%(name)s, version %(version)s") % {"name": found.spoken_name, "version": found.version}


def crumbs_below(found: Standard, here: Any) -> list[tuple[Any, str]]:
    """Give the way to a page below a version."""
    page = reverse("district:standard", args=[found.pk])
    return [*crumbs_of(found)[:-1], (title_of(found), page), (here, "")]


def draft_or_missing(standard: UUID) -> Standard:
    """Give a draft; what is published is not edited."""
    found = queries.find_standard(standard)
    if found.state != Standard.State.DRAFT:
        raise Missing
    return found


@form_for(policy.may_edit_standards)
def new(request: HttpRequest) -> HttpResponse:
    """Start a standard with nothing in it."""
    actor = actor_of(request)
    form = NewStandardForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda values: commands.draft_standard(actor=actor, at=now(), **values),
        then=lambda made: reverse("district:standard", args=[made.pk]),
        said=_("The draft is there. Add its items now."),
        cancel_url=reverse("district:standards"),
        title=_("New standard"),
        text=_("To change the standard that holds, open it and copy it as a draft instead."),
        button_text=_("Start the draft"),
        crumbs=[
            (_("Overview"), reverse("district:overview")),
            (_("Standards"), reverse("district:standards")),
            (_("New standard"), ""),
        ],
    )


@form_for(policy.may_edit_standards)
def edit(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Change what a draft says of itself."""
    actor = actor_of(request)
    found = draft_or_missing(standard)
    initial = {"note": found.note, "adopted_by": found.adopted_by, "revision": found.revision}
    form = EditStandardForm(request.POST or None, initial=initial)
    page = reverse("district:standard", args=[found.pk])
    return answer_form(
        request,
        form,
        do=lambda values: commands.edit_standard(actor=actor, at=now(), standard=found.pk, **values),
        then=lambda _done: page,
        said=_("Saved."),
        cancel_url=page,
        title=_("Edit the draft"),
        button_text=_("Save"),
        crumbs=crumbs_below(found, _("Edit")),
    )


@shown_to_offices
def preview(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Show old and new score of every centre, those that change most first."""
    today = local_day(now())
    found = queries.find_standard(standard)
    held = queries.find_standard_on(on=today)
    if held is None or held.pk == found.pk:
        pairs = []
    else:
        pairs = queries.compare_standards(on=today, old=held.pk, new=found.pk)
    rows = [_change(old, fresh) for old, fresh in pairs]
    columns = (
        Column(_("Centre"), sort="name"),
        Column(_("Community"), sort="community"),
        Column(_("Subdistrict"), sort="subdistrict"),
        Column(_("Score now"), sort="old", numeric=True),
        Column(_("Score by this version"), sort="new", numeric=True),
        Column(pgettext("score", "Change"), sort="change", numeric=True),
        Column(_("Newly not met")),
    )
    return render(
        request,
        "district/standard_preview.html",
        {
            "standard": found,
            "held": held,
            "table": table(request, rows=rows, columns=columns, default_sort="change"),
            "row_template": "district/row_change.html",
            "caption": _("Scores now and by this version"),
            "worse": sum(1 for row in rows if (row.change or 0) < 0),
            "better": sum(1 for row in rows if (row.change or 0) > 0),
            "same": sum(1 for row in rows if row.change == 0),
            "crumbs": crumbs_below(found, _("What would change")),
        },
    )


def _change(old: queries.VenueScore, fresh: queries.VenueScore) -> ChangeRow:
    before = {outcome.item.code for outcome in old.score.shortfalls}
    known = old.score.total is not None and fresh.score.total is not None
    return ChangeRow(
        pk=old.venue,
        name=old.seen.name,
        community=old.seen.community_name,
        subdistrict=old.seen.subdistrict_name,
        old=old.score.total,
        new=fresh.score.total,
        change=(fresh.score.total or 0) - (old.score.total or 0) if known else None,
        newly_short=tuple(o.sentence for o in fresh.score.shortfalls if o.item.code not in before),
    )


@form_for(policy.may_edit_standards)
def publish(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Let a draft hold from a day."""
    actor = actor_of(request)
    found = draft_or_missing(standard)
    today = local_day(now())
    held = queries.find_standard_on(on=today)
    first = today + timedelta(days=1) if held is not None and held.valid_from == today else today
    initial = {"valid_from": first, "adopted_by": found.adopted_by, "revision": found.revision}
    form = PublishForm(request.POST or None, initial=initial)
    page = reverse("district:standard", args=[found.pk])
    consequences = [
        _("From that day every centre is scored by this version."),
        _("Its items can no longer be changed; a correction is a new version."),
    ]
    if held is not None and held.name == found.name:
        consequences.append(_("“%(held)s” ends that day and still counts for its own days.") % {"held": title_of(held)})
    return answer_question(
        request,
        form,
        do=lambda values: commands.publish_standard(actor=actor, at=now(), standard=found.pk, **values),
        back=page,
        said=_("The version is published."),
        question=_("Publish “%(title)s”?") % {"title": title_of(found)},
        consequences=consequences,
        button_text=_("Publish"),
        crumbs=crumbs_below(found, _("Publish")),
    )


@form_for(policy.may_edit_standards)
def end(request: HttpRequest, standard: UUID) -> HttpResponse:
    """End a published version without a successor."""
    actor = actor_of(request)
    found = queries.find_standard(standard)
    form = EndStandardForm(request.POST or None, initial={"valid_until": local_day(now())})
    page = reverse("district:standard", args=[found.pk])
    if found.state != Standard.State.IN_FORCE:
        raise Missing
    return answer_question(
        request,
        form,
        do=lambda values: commands.retire_standard(actor=actor, at=now(), standard=found.pk, **values),
        back=page,
        said=_("The version ends on that day."),
        question=_("End “%(title)s”?") % {"title": title_of(found)},
        consequences=[_("From that day no centre has a score, until another version holds.")],
        button_text=_("End the version"),
        danger=True,
        crumbs=crumbs_below(found, _("End")),
    )


@form_for(policy.may_edit_standards)
def discard(request: HttpRequest, standard: UUID) -> HttpResponse:
    """Throw a draft away."""
    found = draft_or_missing(standard)
    if request.method == "POST":
        commands.discard_standard_draft(actor=request.actor, at=now(), standard=found.pk)  # type: ignore[attr-defined]
        messages.success(request, _("The draft is thrown away."))
        return redirect("district:standards")
    context = {
        "question": _("Throw “%(title)s” away?") % {"title": title_of(found)},
        "consequences": [_("The draft and its items go. No score changes.")],
        "button_text": _("Throw away"),
        "danger": True,
        "cancel_url": reverse("district:standard", args=[found.pk]),
        "crumbs": crumbs_below(found, _("Throw away")),
    }
    return render(request, "district/confirm.html", context)
