"""What is done with an opinion map: begun, changed, opened, ended, worked out; statements decided, cards entered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.commands import opinion_maps, opinions, statements
from lianxin.domain.voice.commands.opinion_maps import MapContent
from lianxin.domain.voice.models import OpinionMap, Statement
from lianxin.domain.voice.queries import opinion_maps as reading_maps
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope
from lianxin.platform.errors import Missing

from ..acting import ActForm, Crumbs, VersionedForm, answer_form, long_text
from ..choices import CHOOSE, community_choices
from .vote_desk import COMMUNITY, HOMES, VoteDesk, desk_of, map_url, only_community
from .vote_forms import moment_field
from .vote_gate import keeper_presses, keeping, open_map, open_statement


class MapForm(VersionedForm):
    """What is asked, and how."""

    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=120,
        help_text=gettext_lazy("One open question that people can answer."),
    )
    words = long_text(gettext_lazy("About it"), most=500, help_text=gettext_lazy("What people should know first."))
    may_add = forms.BooleanField(
        label=gettext_lazy("People may add statements of their own"), required=False, initial=True
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Everybody in the community may answer"), required=False, initial=True
    )
    min_group = forms.IntegerField(
        label=gettext_lazy("Smallest group that is shown"),
        min_value=3,
        initial=5,
        help_text=gettext_lazy("Groups with fewer people are shown nowhere."),
    )
    groups_wanted = forms.IntegerField(
        label=gettext_lazy("How many groups"),
        required=False,
        min_value=1,
        max_value=12,
        help_text=gettext_lazy("Empty: as many as lie apart clearly."),
    )
    closes_at = moment_field(gettext_lazy("Ends"), help_text=gettext_lazy("Empty: when you end it."))

    def content(self, entered: dict[str, Any]) -> MapContent:
        """Give what was entered as the command takes it."""
        return MapContent(
            **{
                name: entered[name]
                for name in ("question", "words", "min_group", "groups_wanted", "may_add", "is_public", "closes_at")
            }
        )


class NewMapForm(MapForm):
    """What is asked, where, and the statements that it opens with."""

    community = forms.ChoiceField(label=COMMUNITY)
    statements = long_text(
        gettext_lazy("First statements, one a line"),
        most=40_000,
        rows=8,
        required=True,
        help_text=gettext_lazy("At least three. Each says one thing, in at most 140 characters, for and against."),
    )
    field_order = ("community", "question", "words", "statements")

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if choices:
            fields["community"].choices = [("", CHOOSE), *choices]
        else:
            del fields["community"]


class StatementForm(ActForm):
    """One statement."""

    words = forms.CharField(
        label=gettext_lazy("Statement"),
        max_length=140,
        help_text=gettext_lazy("One thing that one can agree with or not."),
    )


class DecideForm(ActForm):
    """Whether others see it."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Do others see it?"),
        widget=forms.RadioSelect,
        choices=[("shown", gettext_lazy("Yes, show it")), ("hidden", gettext_lazy("No"))],
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("If not: why"),
        required=False,
        choices=[("", gettext_lazy("Please choose")), *Statement.Reason.choices],
    )


class CardForm(ActForm):
    """A paper card: its number, and its boxes in a row."""

    card = forms.CharField(
        label=gettext_lazy("Number of the card"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    marks = forms.CharField(
        label=gettext_lazy("The boxes in their order"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("+ agree, - disagree, 0 pass, a dot for an empty box. Spaces do not matter."),
    )
    instead = forms.BooleanField(
        label=gettext_lazy("These answers replace the ones that were entered for this card"), required=False
    )


def _crumbs(row: OpinionMap | None, last: Any) -> Crumbs:
    way: Crumbs = [(HOMES["opinion_maps"], reverse("staff:opinion_maps"))]
    return [*way, *([(row.question, map_url(row.pk))] if row is not None else []), (last, "")]


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Begin a map."""
    desk = desk_of(request)
    form = NewMapForm(request.POST or None, choices=community_choices(desk.actor, subdistricts=False))
    matter = request.GET.get("matter", "")

    def do(entered: dict[str, Any]) -> OpinionMap:
        community = entered.get("community") or only_community(desk.actor)
        if community is None:
            raise Missing
        made: OpinionMap = opinion_maps.draft(
            actor=desk.actor,
            community=UUID(str(community)),
            content=form.content(entered),
            statements=entered["statements"].splitlines(),
            matter=UUID(matter) if len(matter) == 36 else None,
            at=desk.at,
            key=entered["key"],
        )
        return made

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: map_url(row.pk),
        said=_("Kept as a draft. Nobody sees it until you open it."),
        title=_("New opinion map"),
        button=_("Keep the draft"),
        cancel_url=reverse("staff:opinion_maps"),
        crumbs=_crumbs(None, _("New opinion map")),
    )


def _fresh(row: OpinionMap) -> dict[str, Any]:
    names = ("question", "words", "min_group", "groups_wanted", "may_add", "is_public", "closes_at", "version")
    return {name: getattr(row, name) for name in names}


@keeping
def edit(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002 - the address names it so
    """Change a map."""
    desk = desk_of(request)
    row = open_map(desk.actor, map)
    form = MapForm(request.POST or None, initial=_fresh(row))
    return answer_form(
        request,
        form,
        do=lambda entered: opinion_maps.change(
            actor=desk.actor,
            opinion_map=map,
            content=form.content(entered),
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: map_url(map),
        said=_("Saved."),
        fresh=lambda: _fresh(open_map(desk.actor, map)),
        title=_("Change it"),
        button=_("Save"),
        cancel_url=map_url(map),
        crumbs=_crumbs(row, _("Change")),
    )


def _press(request: HttpRequest, opinion_map: UUID, command: Any, said: Any) -> HttpResponse:
    desk = desk_of(request)
    open_map(desk.actor, opinion_map)
    return press(
        request,
        do=lambda: command(actor=desk.actor, opinion_map=opinion_map, at=desk.at, key=key_of(request)),
        back=map_url(opinion_map),
        said=said,
    )


@keeper_presses
def open_it(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Open a map for answers."""
    return _press(request, map, opinion_maps.open_map, _("It is open for answers."))


@keeper_presses
def close(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """End a map."""
    return _press(request, map, opinion_maps.close, _("Ended. The result is being worked out."))


@keeper_presses
def draw(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Let the map be worked out as it is now."""
    return _press(request, map, opinion_maps.ask_for_result, _("The map is being worked out. Look again in a minute."))


@keeping
def statement_new(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Add a statement of the office's own."""
    desk = desk_of(request)
    row = open_map(desk.actor, map)
    return answer_form(
        request,
        StatementForm(request.POST or None),
        do=lambda entered: statements.seed(
            actor=desk.actor, opinion_map=map, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: map_url(map),
        said=_("Added. It is shown to those who answer."),
        title=_("Add a statement"),
        button=_("Add it"),
        cancel_url=map_url(map),
        crumbs=_crumbs(row, _("Add a statement")),
    )


@keeping
def decide(request: HttpRequest, statement: UUID) -> HttpResponse:
    """Look at one statement and say whether others see it."""
    desk = desk_of(request)
    one = open_statement(desk.actor, statement)
    is_first = one.state == Statement.State.WAITING
    back = reverse("staff:opinion_map_waiting") if is_first else map_url(one.map_id)
    initial = {"reason": one.reason} if is_first else {"reason": one.reason, "decision": one.state}
    return answer_form(
        request,
        DecideForm(request.POST or None, initial=initial),
        do=lambda entered: statements.decide(
            actor=desk.actor,
            statement=statement,
            is_shown=entered["decision"] == "shown",
            reason=entered["reason"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: back,
        said=_("Decided."),
        title=pgettext_lazy("voice", "Look at a statement"),
        lead=f"“{one.words}”",
        lines=[
            _("Its words stay as they were sent, whatever you decide. To say it better, add a statement of your own."),
        ],
        button=_("Decide"),
        cancel_url=back,
        crumbs=_crumbs(one.map, _("Statement %(number)d") % {"number": one.number}),
    )


@keeping
def cards(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Enter one paper card and come back for the next one."""
    desk = desk_of(request)
    row = open_map(desk.actor, map)
    return answer_form(
        request,
        CardForm(request.POST or None),
        do=lambda entered: opinions.enter_card(
            actor=desk.actor,
            opinion_map=map,
            card=entered["card"],
            marks=entered["marks"],
            instead=entered["instead"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: reverse("staff:opinion_map_cards", kwargs={"map": map}),
        said=_("The card is entered. Take the next one."),
        title=_("Enter paper cards"),
        lead=row.question,
        lines=_order_of(desk, row),
        button=_("Enter the card"),
        cancel_url=map_url(map),
        crumbs=_crumbs(row, _("Enter paper cards")),
    )


def _order_of(desk: VoteDesk, row: OpinionMap) -> list[str]:
    with scope.within(desk.actor.communities):
        words = sorted(reading_maps.words_of(row.pk).items())
    return [f"{number}. {text}" for number, text in words]
