"""Where one voice goes: its category, an entry of the list that it joins or begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import joining
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.queries import alike
from lianxin.domain.needs.rules import titles
from lianxin.domain.needs.rules.groups import GROUPS
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope

from ..acting import ActForm, Crumbs, answer_form
from .desk import NeedsDesk, category_choices, desk_of, entry_url, voice_url
from .gate import keeper_presses, keeping, open_voice

CATEGORY = gettext_lazy("Category")
GROUP_CHOICES = [("", gettext_lazy("everybody")), *GROUPS.items()]


class BeginForm(ActForm):
    """What the list calls it, its category, for whom, and which other new voices join it at once."""

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
    others = forms.MultipleChoiceField(
        label=gettext_lazy("These new voices say the same"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = category_choices(_("Please choose"))
        fields["others"].choices = others
        if not others:
            del fields["others"]


class CategoryForm(ActForm):
    """Another category than the suggested ones."""

    category = forms.ChoiceField(label=CATEGORY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = category_choices(_("Please choose"))


def open_one(request: HttpRequest, voice: UUID) -> tuple[NeedsDesk, NeedReport]:
    """Open a voice in scope; raises Missing."""
    desk = desk_of(request)
    return desk, open_voice(desk.actor, voice)


def crumbs_of(row: NeedReport, last: Any) -> Crumbs:
    """Give the way to a form about a voice."""
    title = row.words if len(row.words) <= 20 else row.words[:20] + "…"
    return [
        (pgettext_lazy("needs", "Needs"), reverse("staff:needs")),
        (_("New voices"), reverse("staff:needs_inbox")),
        (title, voice_url(row.pk)),
        (last, ""),
    ]


@keeping
def begin(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Begin a new entry with a voice, and with others that say the same."""
    desk, row = open_one(request, voice)
    with scope.within(desk.actor.communities):
        others = alike.look_alikes(report=row).voices
    names = [row.guest_name, *([row.person.name] if row.person else [])]
    form = BeginForm(
        request.POST or None,
        others=[(str(one.pk), one.words[:60]) for one, _shared in others],
        initial={
            "title": titles.suggest(row.words, names=names),
            "category": row.category.code if row.category else "",
        },
    )

    def do(entered: dict[str, Any]) -> Any:
        return joining.join_many(
            actor=desk.actor,
            reports=[row.pk, *map(UUID, entered.get("others", []))],
            title=entered["title"],
            category=entered["category"],
            target_group=entered["target_group"],
            reach_metres=entered["reach_metres"],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _entry: reverse("staff:needs_inbox"),
        said=_("On the list now."),
        title=_("Begin a new entry"),
        lead=f"“{row.words}”",
        button=_("Put on the list"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("New entry")),
    )


@keeper_presses
def join(request: HttpRequest, voice: UUID, entry: UUID) -> HttpResponse:
    """Join a voice to an entry with one press, and go on with the next voice."""
    desk, row = open_one(request, voice)
    return press(
        request,
        do=lambda: joining.judge(
            actor=desk.actor, report=voice, need=entry, verdict="same", at=desk.at, key=key_of(request)
        ),
        back=reverse("staff:needs_inbox") if row.state == NeedReport.State.NEW else entry_url(entry),
        said=_("Joined. Their own words and receipt stay with them."),
    )


@keeper_presses
def differs(request: HttpRequest, voice: UUID, entry: UUID) -> HttpResponse:
    """Keep that a voice and an entry are different things."""
    desk, _row = open_one(request, voice)
    return press(
        request,
        do=lambda: joining.judge(
            actor=desk.actor, report=voice, need=entry, verdict="different", at=desk.at, key=key_of(request)
        ),
        back=voice_url(voice),
        said=_("Noted. You are not asked about these two again."),
    )


@keeper_presses
def category(request: HttpRequest, voice: UUID, code: str) -> HttpResponse:
    """Decide on a suggested category with one press."""
    desk, _row = open_one(request, voice)
    return press(
        request,
        do=lambda: joining.decide_category(
            actor=desk.actor, report=voice, category=code, at=desk.at, key=key_of(request)
        ),
        back=voice_url(voice),
        said=_("Noted. Later voices are read with it."),
    )


@keeping
def choose(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Choose any category."""
    desk, row = open_one(request, voice)
    form = CategoryForm(request.POST or None, initial={"category": row.category.code if row.category else ""})
    return answer_form(
        request,
        form,
        do=lambda entered: joining.decide_category(
            actor=desk.actor, report=voice, category=entered["category"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("Noted. Later voices are read with it."),
        title=_("Choose a category"),
        lead=f"“{row.words}”",
        button=_("Save"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Category")),
    )
