"""What is done with an entry of the list: changed, weighed, answered, closed, put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import answers, confirming, lists
from lianxin.domain.needs.models import Answer, Need
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform.ids import new_id

from ..acting import REASON, ActForm, Crumbs, VersionedForm, answer_form, long_text
from .desk import NeedsDesk, category_choices, desk_of, entry_url
from .gate import keeper_presses, keeping, open_entry
from .voice_acts import CATEGORY, GROUP_CHOICES


class EntryForm(VersionedForm):
    """How the list says it, its category, for whom, how far they would go."""

    title = forms.CharField(
        label=gettext_lazy("What the list calls it"),
        max_length=80,
        help_text=gettext_lazy("Everybody reads this. Write no names, numbers or addresses."),
    )
    category = forms.ChoiceField(label=CATEGORY)
    target_group = forms.ChoiceField(label=pgettext_lazy("needs", "For whom"), required=False, choices=GROUP_CHOICES)
    reach_metres = forms.IntegerField(
        label=gettext_lazy("How far they would go, in metres"),
        required=False,
        min_value=100,
        max_value=50_000,
        help_text=gettext_lazy("Empty: within the community."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = category_choices()


class PriorityForm(VersionedForm):
    """A priority of one's own, with the reason; or back to the count."""

    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("As it is counted")), *((str(n), str(n)) for n in range(5, 0, -1))],
    )
    words = forms.CharField(label=REASON, max_length=200, required=False)


class UnmetForm(VersionedForm):
    """Why it cannot be met, in a word for the figures and in a sentence for those who asked."""

    reason = forms.ChoiceField(label=REASON, choices=Need.Reason.choices)
    words = long_text(
        gettext_lazy("What those who asked are told"),
        most=300,
        required=True,
        help_text=gettext_lazy("Say why, and what they can do meanwhile. It also stands on the public board."),
    )


class TellForm(ActForm):
    """What everybody who asked is told."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of answer is it?"),
        choices=[(kind, Answer.Kind(kind).label) for kind in ("heard", "planned", "done", "cannot")],
    )
    words = long_text(gettext_lazy("What those who asked are told"), most=1000, required=True)


class ReasonForm(ActForm):
    """Why."""

    words = forms.CharField(label=REASON, max_length=200)


def _open(request: HttpRequest, entry: UUID) -> tuple[NeedsDesk, Need]:
    desk = desk_of(request)
    return desk, open_entry(desk.actor, entry)


def _crumbs(row: Need, last: Any) -> Crumbs:
    return [
        (pgettext_lazy("needs", "Needs"), reverse("staff:needs")),
        (row.title, entry_url(row.pk)),
        (last, ""),
    ]


def _fresh(desk: NeedsDesk, entry: UUID) -> dict[str, Any]:
    row = open_entry(desk.actor, entry)
    return {
        "title": row.title,
        "category": row.category.code,
        "target_group": row.target_group,
        "reach_metres": row.reach_metres,
        "priority": row.priority if row.priority_by else None,
        "words": row.priority_words,
        "version": row.version,
    }


@keeping
def edit(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Change how the list says an entry."""
    desk, row = _open(request, entry)
    return answer_form(
        request,
        EntryForm(request.POST or None, initial=_fresh(desk, entry)),
        do=lambda entered: lists.edit_entry(
            actor=desk.actor,
            need=entry,
            title=entered["title"],
            category=entered["category"],
            target_group=entered["target_group"],
            reach_metres=entered["reach_metres"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: entry_url(entry),
        said=_("Saved."),
        fresh=lambda: _fresh(desk, entry),
        title=_("Change the entry"),
        button=_("Save"),
        cancel_url=entry_url(entry),
        crumbs=_crumbs(row, _("Change")),
    )


@keeping
def priority(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Set an entry's priority by hand."""
    desk, row = _open(request, entry)
    return answer_form(
        request,
        PriorityForm(request.POST or None, initial=_fresh(desk, entry)),
        do=lambda entered: lists.set_priority(
            actor=desk.actor,
            need=entry,
            priority=entered["priority"],
            words=entered["words"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: entry_url(entry),
        said=_("Saved."),
        fresh=lambda: _fresh(desk, entry),
        title=_("Set the priority"),
        lead=_("5 is the most pressing. Until you give it back to the count it stays as you set it."),
        button=_("Save"),
        cancel_url=entry_url(entry),
        crumbs=_crumbs(row, _("Priority")),
    )


@keeping
def unmet(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Say that an entry cannot be met, and tell those who asked."""
    desk, row = _open(request, entry)
    return answer_form(
        request,
        UnmetForm(request.POST or None, initial={"version": row.version}),
        do=lambda entered: lists.mark_unmet(
            actor=desk.actor,
            need=entry,
            reason=entered["reason"],
            words=entered["words"],
            tell=True,
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: entry_url(entry),
        said=_("Closed. Those who asked are told why."),
        fresh=lambda: {"version": open_entry(desk.actor, entry).version},
        title=_("It cannot be met"),
        lead=row.title,
        button=_("Close and tell them"),
        cancel_url=entry_url(entry),
        crumbs=_crumbs(row, _("It cannot be met")),
    )


@keeping
def tell(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Tell everybody who asked for an entry."""
    desk, row = _open(request, entry)
    return answer_form(
        request,
        TellForm(request.POST or None),
        do=lambda entered: answers.answer_askers(
            actor=desk.actor,
            needs=[entry],
            kind=entered["kind"],
            words=entered["words"],
            record_kind="needs.need",
            # A further answer by hand is one of its own; the form's key keeps it from being sent twice.
            record_id=entered["key"] or new_id(),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _count: entry_url(entry),
        said=lambda count: _("%(count)d askers are told.") % {"count": count},
        title=_("Tell those who asked"),
        lead=_("By the channel that each of them chose; by phone and on paper it stands under “To be told”."),
        button=_("Tell them"),
        cancel_url=entry_url(entry),
        crumbs=_crumbs(row, _("Answer")),
    )


@keeping
def reopen(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Put a closed entry back on the list."""
    desk, row = _open(request, entry)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda entered: lists.reopen(
            actor=desk.actor, need=entry, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: entry_url(entry),
        said=_("On the list again."),
        title=_("Put it back on the list"),
        lead=row.title,
        button=_("Put back"),
        cancel_url=entry_url(entry),
        crumbs=_crumbs(row, _("Put it back on the list")),
    )


@keeper_presses
def confirm(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Note that an entry still holds, as somebody who asked for it said."""
    desk, _row = _open(request, entry)
    to_list = request.POST.get("from") == "list"
    return press(
        request,
        do=lambda: confirming.confirm_entry(actor=desk.actor, need=entry, at=desk.at, key=key_of(request)),
        back=reverse("staff:needs_confirm") if to_list else entry_url(entry),
        said=_("Noted. It is planned for again."),
    )
