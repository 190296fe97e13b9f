"""What is done with one voice: joined, categorised, closed with an answer, answered, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import answers, closing, joining
from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.needs.queries import reports
from lianxin.domain.needs.rules import titles
from lianxin.domain.needs.rules.groups import GROUPS
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope

from ..acting import ActForm, Crumbs, answer_form, long_text
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


class CloseForm(ActForm):
    """What becomes of a voice that does not come on the list, and what the asker is told."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it?"),
        choices=[
            ("not_a_need", gettext_lazy("Answered here, nothing to arrange")),
            ("referred", gettext_lazy("Handed to another office")),
        ],
        widget=forms.RadioSelect,
    )
    referred_to = forms.CharField(
        label=gettext_lazy("Which office?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example 12345, or the name of the office."),
    )
    words = long_text(gettext_lazy("What the asker is told"), most=300, required=True)


class AnswerForm(ActForm):
    """What one asker is told."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of answer is it?"),
        choices=[(kind, Answer.Kind(kind).label) for kind in ("heard", "planned", "done", "cannot")],
    )
    words = long_text(gettext_lazy("What the asker is told"), most=1000, required=True)


class ChannelForm(ActForm):
    """How an asker is told from now on."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How are they told?"),
        choices=[one for one in NeedReport.Channel.choices if one[0] != "wechat"],
    )


class MetForm(ActForm):
    """What an asker says of how it went."""

    met = forms.ChoiceField(label=gettext_lazy("Was it met?"), choices=NeedReport.Met.choices, widget=forms.RadioSelect)
    words = long_text(gettext_lazy("In their words"), most=300)


def _open(request: HttpRequest, voice: UUID) -> tuple[NeedsDesk, NeedReport]:
    desk = desk_of(request)
    return desk, open_voice(desk.actor, voice)


def _crumbs(row: NeedReport, last: Any) -> Crumbs:
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
    desk, row = _open(request, voice)
    with scope.within(desk.actor.communities):
        alike = reports.list_alike_new(report=row)
    names = [row.guest_name, *([row.person.name] if row.person else [])]
    form = BeginForm(
        request.POST or None,
        others=[(str(one.pk), one.words[:60]) for one, _shared in alike],
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
        crumbs=_crumbs(row, _("New entry")),
    )


@keeper_presses
def join(request: HttpRequest, voice: UUID, entry: UUID) -> HttpResponse:
    """Join a voice to an entry with one press, and go on with the next voice."""
    desk, row = _open(request, voice)
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
    desk, _row = _open(request, voice)
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
    desk, _row = _open(request, voice)
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
    desk, row = _open(request, voice)
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
        crumbs=_crumbs(row, _("Category")),
    )


@keeping
def close(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Close a voice that does not come on the list, and tell the asker why."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        CloseForm(request.POST or None),
        do=lambda entered: closing.close_as(
            actor=desk.actor,
            report=voice,
            outcome=entered["outcome"],
            words=entered["words"],
            referred_to=entered["referred_to"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: reverse("staff:needs_inbox"),
        said=_("Closed, and the answer is on its way."),
        title=_("Close it with an answer"),
        lead=f"“{row.words}”",
        button=_("Close and answer"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, pgettext_lazy("needs", "Close")),
    )


@keeping
def answer(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Answer one asker in person."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        AnswerForm(request.POST or None),
        do=lambda entered: answers.answer_report(
            actor=desk.actor, report=voice, words=entered["words"], kind=entered["kind"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("The answer is on its way."),
        title=_("Answer in person"),
        lead=f"“{row.words}”",
        button=_("Answer"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, _("Answer")),
    )


@keeping
def channel(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Change how an asker is told."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        ChannelForm(request.POST or None, initial={"channel": row.channel}),
        do=lambda entered: answers.change_channel(
            actor=desk.actor, report=voice, channel=entered["channel"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("Saved."),
        title=_("Change how they are told"),
        lead=_("Answers that still wait to be told follow this."),
        button=_("Save"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, pgettext_lazy("needs", "Told by")),
    )


@keeping
def met(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Note what an asker says of how it went, as heard on the phone or at the desk."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        MetForm(request.POST or None, initial={"met": row.met, "words": row.met_words}),
        do=lambda entered: answers.say_met(
            actor=desk.actor, report=voice, met=entered["met"], words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("Saved."),
        title=_("Note whether it was met"),
        lead=f"“{row.words}”",
        button=_("Save"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, _("Was it met?")),
    )


@keeping
def leave(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Take a voice out of its entry."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: joining.take_out(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("It is among the new voices again."),
        title=_("Take it out of its entry?"),
        lead=_("The words, the receipt and what they were told stay. An entry without any voice leaves the list."),
        button=_("Take it out"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, _("Take it out")),
    )


@keeping
def withdraw(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Take a voice back for whoever said it."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: closing.withdraw(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("Taken back."),
        title=_("Do they take it back?"),
        lead=_("It leaves the list; the words stay on record."),
        button=_("Take it back"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, _("Take it back")),
    )


@keeping
def reopen(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Put a closed voice among the new ones again."""
    desk, row = _open(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: closing.take_up_again(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("It is among the new voices again."),
        title=_("Take it up again?"),
        lead=_("What they were told stays on record."),
        button=_("Take it up again"),
        cancel_url=voice_url(voice),
        crumbs=_crumbs(row, _("Take it up again")),
    )
