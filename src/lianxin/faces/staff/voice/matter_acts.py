"""What is done with a matter: changed, agreed, ended, laid to rest, taken up again; its sides come and go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people.queries.organisations import list_names
from lianxin.domain.voice.commands import matters as commands
from lianxin.domain.voice.commands import parties
from lianxin.domain.voice.models import Matter, Party
from lianxin.domain.voice.queries import matters
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope

from ..acting import ActForm, VersionedForm, answer_form, long_text
from .case_desk import CaseDesk, desk_of
from .matter_desk import matter_url, offered, uuid_or_none, way_to
from .matter_gate import keeper_presses, keeping, open_matter, open_side
from .matter_list import MatterForm
from .meeting_forms import WordsForm


@keeping
def edit(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Change what a matter says of itself."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    named = {name: getattr(row, name) for name in ("title", "subject", "summary", "is_public", "version")}
    form = MatterForm(request.POST or None, initial=named)
    return answer_form(
        request,
        form,
        do=lambda entered: commands.edit_matter(
            actor=desk.actor,
            matter=matter,
            **form.values("title", "subject", "summary", "is_public", "version", "key"),
            at=desk.at,
        ),
        then=lambda _row: matter_url(matter),
        said=_("Saved."),
        fresh=lambda: {name: getattr(open_matter(desk.actor, matter), name) for name in named},
        title=_("Change the matter"),
        button=_("Save"),
        cancel_url=matter_url(matter),
        crumbs=way_to(matter=row, here=_("Change")),
    )


class EndForm(VersionedForm):
    """What came of it."""

    state = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        widget=forms.RadioSelect,
        choices=[
            (Matter.State.AGREED, gettext_lazy("All agreed; it is being carried out")),
            (Matter.State.DONE, gettext_lazy("It is carried out")),
            (Matter.State.FAILED, gettext_lazy("No agreement was found")),
        ],
    )
    outcome = long_text(
        gettext_lazy("In plain words"),
        most=2000,
        rows=5,
        required=True,
        help_text=gettext_lazy("Residents may read it. Name nobody."),
    )


@keeping
def close(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Say what came of a matter."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    form = EndForm(request.POST or None, initial={"outcome": row.outcome, "version": row.version})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.close(
            actor=desk.actor, matter=matter, **form.values("state", "outcome", "version", "key"), at=desk.at
        ),
        then=lambda _row: matter_url(matter),
        said=_("Saved."),
        title=_("Say what came of it"),
        button=_("Save"),
        cancel_url=matter_url(matter),
        crumbs=way_to(matter=row, here=_("What came of it")),
    )


def _with_words(do: Callable[..., Any], title: Any, said: Any) -> Any:
    @keeping
    def answer(request: HttpRequest, matter: UUID) -> HttpResponse:
        desk = desk_of(request)
        row = open_matter(desk.actor, matter)
        form = WordsForm(request.POST or None, initial={"version": row.version})
        return answer_form(
            request,
            form,
            do=lambda entered: do(
                actor=desk.actor, matter=matter, **form.values("words", "version", "key"), at=desk.at
            ),
            then=lambda _row: matter_url(matter),
            said=said,
            title=title,
            button=title,
            cancel_url=matter_url(matter),
            crumbs=way_to(matter=row, here=title),
        )

    return answer


suspend = _with_words(commands.suspend, gettext_lazy("Let it rest"), gettext_lazy("It rests."))
resume = _with_words(commands.resume, gettext_lazy("Take it up again"), gettext_lazy("It is talked over again."))


class SideForm(ActForm):
    """A side and who speaks for it."""

    kind = forms.ChoiceField(label=gettext_lazy("Which side"), choices=Party.Kind.choices)
    name = forms.CharField(
        label=pgettext_lazy("side", "Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Such as: residents of block 3. Empty: the organisation, or the kind of side."),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    speaker_name = forms.CharField(label=gettext_lazy("Who speaks for it"), max_length=40, required=False)
    speaker_phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=20, required=False)

    def __init__(self, *args: Any, desk: CaseDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with scope.within(desk.actor.communities):
            firms = [(str(pk), name) for pk, name in list_names(actor=desk.actor)]
        offered(self, organisation=[("", _("none of the list")), *firms])

    def side(self) -> dict[str, Any]:
        """Give what was entered as the command takes it."""
        return {
            **self.values("kind", "name", "speaker_name", "key"),
            "organisation": uuid_or_none(self.cleaned_data["organisation"]),
        }


@keeping
def side_new(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Let one more side take part."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    form = SideForm(request.POST or None, desk=desk)
    return answer_form(
        request,
        form,
        do=lambda entered: parties.add_party(
            actor=desk.actor, matter=matter, speaker_phone=entered["speaker_phone"], **form.side(), at=desk.at
        ),
        then=lambda _row: matter_url(matter),
        said=_("Saved."),
        title=_("Add a side"),
        button=_("Add it"),
        cancel_url=matter_url(matter),
        crumbs=way_to(matter=row, here=_("Add a side")),
    )


@keeping
def side_edit(request: HttpRequest, matter: UUID, side: UUID) -> HttpResponse:
    """Change a side or who speaks for it."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    party = open_side(desk.actor, side, matter)
    initial = {
        "kind": party.kind,
        "name": party.name,
        "organisation": str(party.organisation_id or ""),
        "speaker_name": party.speaker_name,
        "speaker_phone": matters.phone_of(party),
    }
    form = SideForm(request.POST or None, desk=desk, initial=initial)
    return answer_form(
        request,
        form,
        do=lambda entered: parties.edit_party(
            actor=desk.actor,
            party=side,
            person=party.person_id,
            speaker_phone=entered["speaker_phone"],
            **form.side(),
            at=desk.at,
        ),
        then=lambda _row: matter_url(matter),
        said=_("Saved."),
        title=_("Change a side"),
        button=_("Save"),
        cancel_url=matter_url(matter),
        crumbs=way_to(matter=row, here=party.name),
    )


@keeper_presses
def side_end(request: HttpRequest, matter: UUID, side: UUID) -> HttpResponse:
    """Note that a side left."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        open_side(desk.actor, side, matter)
    return press(
        request,
        do=lambda: parties.end_party(actor=desk.actor, party=side, at=desk.at, key=key_of(request)),
        back=matter_url(matter),
        said=_("Noted."),
    )
