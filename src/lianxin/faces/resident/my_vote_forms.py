"""The forms by which a resident votes: one for each way of voting that a page can hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.voice.commands.ballots import REASON_LONGEST
from lianxin.domain.voice.models import Vote
from lianxin.domain.voice.queries.own_votes import Say
from lianxin.domain.voice.rules import ballot_words
from lianxin.domain.voice.rules import ballots as rules
from lianxin.platform.ids import new_id

Method = Vote.Method


class OwnForm(forms.Form):
    """What every ballot has: the key by which it counts once, and whether it takes the place of an earlier one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    instead = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, say: Say, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote = say.vote
        self.lead = self.lead_of(say.vote)
        fields: dict[str, Any] = self.fields
        fields |= self.own_fields(say)
        if say.has_co_owners:
            fields["for_all"] = forms.BooleanField(
                label=gettext_lazy("The other owners of the flat agree that I vote for all of us"), required=False
            )

    def lead_of(self, vote: Vote) -> str:
        """Say how it is done, where the fields do not say so themselves."""
        return ""

    def own_fields(self, say: Say) -> dict[str, forms.Field]:
        """Give the fields of this way of voting."""
        return {}

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give what was entered as a ballot keeps it."""
        return {"choice": entered.get("choice", "")}

    def clean(self) -> dict[str, Any]:
        """Say what is wrong before anything is confirmed, as the command would."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.vote.method not in FORMS:
            return entered
        for name, sentences in rules.wrong_choice(self.vote, self.choice(entered), entered.get("reason", "")).items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        if "for_all" in self.fields and not entered.get("for_all"):
            self.add_error("for_all", _("A flat with several owners has one vote. Say that the others agree."))
        return entered


class AssentForm(OwnForm):
    """For, against, or neither."""

    def own_fields(self, say: Say) -> dict[str, forms.Field]:
        """Ask for the choice, once for all flats."""
        many = len(say.slots)
        words = ngettext("Your vote", "Your vote, for all %(n)d flats", many) % {"n": many}
        return {"choice": _radio(words, ballot_words.ASSENT)}


class ConsentForm(OwnForm):
    """Where one stands, and why."""

    def own_fields(self, say: Say) -> dict[str, forms.Field]:
        """Ask for the position and the reason."""
        return {
            "choice": _radio(gettext_lazy("Where do you stand?"), ballot_words.CONSENT),
            "reason": forms.CharField(
                label=pgettext_lazy("own ballot", "Why"),
                max_length=REASON_LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=gettext_lazy("An objection and a concern need their reason. Please name nobody."),
            ),
        }


class ScoreForm(OwnForm):
    """Points for each choice."""

    def lead_of(self, vote: Vote) -> str:
        """Say how many points there are."""
        return _("Give each choice 0 to %(most)d points, the more the better. You may leave choices out.") % {
            "most": rules.most_points(vote)
        }

    def own_fields(self, say: Say) -> dict[str, forms.Field]:
        """Ask for the points of each choice; one left empty is given none."""
        points = [(str(number), str(number)) for number in range(rules.most_points(say.vote), -1, -1)]
        return _selects(say.vote, points, gettext_lazy("no points given"))

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give the points of the choices that got some."""
        return {"scores": _by_code(entered)}


class OrderForm(OwnForm):
    """The place of each choice."""

    def lead_of(self, vote: Vote) -> str:
        """Say what a place means."""
        return _("Say which one should come first, second and so on. Two may have the same place.")

    def own_fields(self, say: Say) -> dict[str, forms.Field]:
        """Ask for the place of each choice; equal places are equal, what is empty comes last."""
        places = [(str(at), _("place %(n)d") % {"n": at}) for at in range(1, len(say.vote.options) + 1)]
        return _selects(say.vote, places, gettext_lazy("no place: comes last"))

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give the choices place by place."""
        placed = _by_code(entered)
        places = sorted(set(placed.values()))
        return {"order": [sorted(code for code, at in placed.items() if at == place) for place in places]}


FORMS: dict[str, type[OwnForm]] = {
    Method.ASSENT: AssentForm,
    Method.CONSENT: ConsentForm,
    Method.SCORE: ScoreForm,
    Method.SCHULZE: OrderForm,
}


def form_of(say: Say, data: Any = None, *, is_change: bool = False) -> OwnForm:
    """Give the form of a vote; a hall's hands have no choice on a page."""
    return FORMS.get(say.vote.method, OwnForm)(data, say=say, initial={"instead": is_change})


def _radio(label: Any, words: dict[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(str(code), said) for code, said in words.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )


def _selects(vote: Vote, values: list[tuple[str, str]], empty: Any) -> dict[str, forms.Field]:
    return {
        f"option_{one['code']}": forms.TypedChoiceField(
            label=one["words"], choices=[("", empty), *values], coerce=int, empty_value=None, required=False
        )
        for one in vote.options
    }


def _by_code(entered: dict[str, Any]) -> dict[str, int]:
    return {
        name.removeprefix("option_"): value
        for name, value in entered.items()
        if name.startswith("option_") and value is not None
    }
