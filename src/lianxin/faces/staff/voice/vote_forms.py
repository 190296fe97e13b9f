"""The forms of votes: what is voted on, a ballot of each kind, and what is said of a vote when it changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import AssentRegister, Ballot, RegisterFlat, Vote
from lianxin.domain.voice.rules import ballots as rules
from lianxin.domain.voice.rules.vote_terms import VoteContent

from ..acting import ActForm, VersionedForm, long_text
from ..choices import CHOOSE, community_choices
from .vote_desk import COMMUNITY, VoteDesk
from .vote_words import ASSENT_CHOICES, CONSENT_CHOICES

Method = Vote.Method
WITH_OPTIONS = (Method.SCORE, Method.SCHULZE)


class MomentInput(forms.DateTimeInput):
    """A day with its time, entered with the browser's calendar or as 2026-11-22T18:00."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateTimeField:
    """Make a field for a moment."""
    return forms.DateTimeField(label=label, required=required, widget=MomentInput, help_text=help_text)


class VoteForm(VersionedForm):
    """What is voted on, and how; only what the way of voting needs is asked."""

    community = forms.ChoiceField(label=COMMUNITY)
    question = forms.CharField(
        label=gettext_lazy("What is voted on"),
        max_length=200,
        help_text=gettext_lazy("One question that can be answered. Everybody reads it."),
    )
    register = forms.ChoiceField(label=gettext_lazy("Register of owners"))
    weight = forms.ChoiceField(
        label=gettext_lazy("Which share is needed"),
        choices=Vote.Weight.choices,
        widget=forms.RadioSelect,
        initial=Vote.Weight.ORDINARY,
        help_text=gettext_lazy(
            "Major: rebuilding, raising the repair fund, using common parts otherwise or for profit "
            "(Civil Code, article 278)."
        ),
    )
    proxy_limit = forms.IntegerField(
        label=gettext_lazy("For how many flats one proxy may speak"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Empty: no limit."),
    )
    options = long_text(
        gettext_lazy("Choices, one a line"), most=2000, rows=5, required=True, help_text=gettext_lazy("Two to twenty.")
    )
    most_points = forms.IntegerField(
        label=gettext_lazy("Highest number of points"), min_value=1, max_value=10, initial=5
    )
    quorum = forms.IntegerField(
        label=gettext_lazy("How many must take part"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Empty: any."),
    )
    eligible = forms.IntegerField(
        label=gettext_lazy("How many may vote"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("If it is known: then the result shows which share took part."),
    )
    opens_at = moment_field(gettext_lazy("Begins"), help_text=gettext_lazy("Empty: when you open it."))
    closes_at = moment_field(
        gettext_lazy("Ends"),
        help_text=gettext_lazy("Empty: when you count it. Once it is open it can run longer, never shorter."),
    )

    on_page = forms.BooleanField(
        label=gettext_lazy("Those who have a say may vote on a page"),
        required=False,
        help_text=gettext_lazy(
            "Owners whose flat is linked to their household; otherwise every resident of 18 years or more, once "
            "everybody sees the vote."
        ),
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("Secret: nobody at the centre sees who voted what"), required=False
    )

    def __init__(self, *args: Any, desk: VoteDesk, method: str, registers: list[AssentRegister], **kwargs: Any) -> None:
        is_new = kwargs.pop("is_new", True)
        super().__init__(*args, **kwargs)
        self.method = method
        fields: dict[str, Any] = self.fields
        fields["on_page"].initial = method == Method.ASSENT
        communities = community_choices(desk.actor, subdistricts=False)
        if communities and is_new and method != Method.ASSENT:
            fields["community"].choices = [("", CHOOSE), *communities]
        else:
            del fields["community"]
        if method == Method.ASSENT:
            fields["register"].choices = [("", CHOOSE), *((str(one.pk), _named(one, desk)) for one in registers)]
        unused = {
            Method.ASSENT: ("options", "most_points", "quorum", "eligible", "is_secret"),
            Method.HANDS: ("register", "weight", "proxy_limit", "most_points", "on_page", "is_secret"),
            Method.SCORE: ("register", "weight", "proxy_limit"),
        }.get(Method(method), ("register", "weight", "proxy_limit", "most_points"))
        for name in unused:
            del fields[name]
        if method not in WITH_OPTIONS and "options" in fields:
            del fields["options"]

    def content(self, entered: dict[str, Any]) -> VoteContent:
        """Give what was entered as the command takes it."""
        return VoteContent(
            question=entered["question"],
            method=self.method,
            weight=entered.get("weight") or Vote.Weight.ORDINARY,
            options=tuple(entered.get("options", "").splitlines()),
            quorum=entered.get("quorum") or 0,
            proxy_limit=entered.get("proxy_limit"),
            most_points=entered.get("most_points") or 5,
            eligible=entered.get("eligible") or 0,
            opens_at=entered["opens_at"],
            closes_at=entered["closes_at"],
            on_page=bool(entered.get("on_page")),
            is_secret=bool(entered.get("is_secret")),
        )


def _named(row: AssentRegister, desk: VoteDesk) -> str:
    words = _("%(name)s, %(flats)d flats, %(state)s") % {
        "name": row.name,
        "flats": row.flats,
        "state": row.get_state_display(),
    }
    return f"{row.community.short_name} · {words}" if desk.has_many else words


HOW = [(one.value, one.label) for one in Ballot.How if one is not Ballot.How.PAGE]


class BallotForm(ActForm):
    """One ballot of a vote; how it came stays chosen for the next one."""

    how = forms.ChoiceField(label=gettext_lazy("How the ballot came"), choices=HOW)
    cast_at = moment_field(gettext_lazy("Cast at"), help_text=gettext_lazy("Empty: now."))
    instead = forms.BooleanField(label=gettext_lazy("It replaces the ballot that is entered already"), required=False)

    def __init__(self, *args: Any, vote: Vote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields |= self.own_fields(vote)
        last = ("how", "cast_at", "instead")
        self.order_fields([name for name in fields if name not in last] + list(last))

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Give the fields of this way of voting."""
        return {}

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give what was entered as the ballot keeps it."""
        return {"choice": entered["choice"]}


class AssentForm(BallotForm):
    """The ballot of a flat, by its owners or by a proxy with a proof."""

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Ask for the flat, its choice, and who speaks for it."""
        return {
            "flat_number": forms.CharField(label=gettext_lazy("Flat"), max_length=40),
            "choice": forms.ChoiceField(
                label=gettext_lazy("What the ballot says"), choices=ASSENT_CHOICES, widget=forms.RadioSelect
            ),
            "proxy_name": forms.CharField(
                label=gettext_lazy("Proxy"),
                max_length=40,
                required=False,
                help_text=gettext_lazy("Only where somebody votes who owns nothing of the flat."),
            ),
            "proof_words": forms.CharField(
                label=gettext_lazy("Where the written authority is kept"), max_length=100, required=False
            ),
            "proof": forms.FileField(
                label=gettext_lazy("Picture of the written authority"),
                required=False,
                widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
            ),
        }


class ConsentForm(BallotForm):
    """Where one stands on a proposal, and why."""

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Ask for the name, the position and the reason."""
        return {
            "voter_name": _voter(),
            "choice": forms.ChoiceField(
                label=gettext_lazy("What they say"), choices=CONSENT_CHOICES, widget=forms.RadioSelect
            ),
            "reason": long_text(
                pgettext_lazy("ballot", "Why"),
                most=300,
                help_text=gettext_lazy("An objection and a concern need their reason. Write no names."),
            ),
        }


class HandsForm(BallotForm):
    """The hands of a hall, counted."""

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Ask for the numbers."""
        labels = {
            "present": gettext_lazy("People present"),
            "for": gettext_lazy("Hands for it"),
            "against": gettext_lazy("Hands against it"),
            "abstain": gettext_lazy("Hands that abstain"),
        }
        return {name: forms.IntegerField(label=label, min_value=0) for name, label in labels.items()}

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give the numbers."""
        return {name: entered[name] for name in ("present", "for", "against", "abstain")}


class ScoreForm(BallotForm):
    """Points for each choice."""

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Ask for the name and the points; a choice left empty is given none."""
        most = rules.most_points(vote)
        return {"voter_name": _voter()} | {
            f"option_{one['code']}": forms.IntegerField(
                label=one["words"],
                min_value=0,
                max_value=most,
                required=False,
                help_text=_("0 to %(most)d points, or empty") % {"most": most},
            )
            for one in vote.options
        }

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give the points of the choices that got some."""
        return {"scores": _by_code(entered)}


class OrderForm(BallotForm):
    """The place of each choice."""

    def own_fields(self, vote: Vote) -> dict[str, forms.Field]:
        """Ask for the name and the places; equal places are equal, what is empty comes last."""
        return {"voter_name": _voter()} | {
            f"option_{one['code']}": forms.IntegerField(
                label=one["words"],
                min_value=1,
                max_value=len(vote.options),
                required=False,
                help_text=gettext_lazy("1 is the best place; equal places are allowed, empty comes last"),
            )
            for one in vote.options
        }

    def choice(self, entered: dict[str, Any]) -> dict[str, Any]:
        """Give the choices place by place."""
        placed = _by_code(entered)
        return {"order": [sorted(code for code, at in placed.items() if at == place)
                          for place in sorted(set(placed.values()))]}  # fmt: skip


def _by_code(entered: dict[str, Any]) -> dict[str, int]:
    return {
        name.removeprefix("option_"): value
        for name, value in entered.items()
        if name.startswith("option_") and value is not None
    }


def _voter() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Who votes"),
        max_length=40,
        help_text=gettext_lazy("A name, or the number on the paper."),
    )


BALLOTS: dict[str, type[BallotForm]] = {
    Method.ASSENT: AssentForm,
    Method.CONSENT: ConsentForm,
    Method.HANDS: HandsForm,
    Method.SCORE: ScoreForm,
    Method.SCHULZE: OrderForm,
}


class WhyForm(VersionedForm):
    """Why."""

    words = long_text(gettext_lazy("Reason"), most=300, required=True)


class ProlongForm(VersionedForm):
    """Until when a vote now runs, and why."""

    closes_at = moment_field(gettext_lazy("It now ends"), required=True)
    words = long_text(gettext_lazy("Reason"), most=300, required=True, help_text=gettext_lazy("Everybody reads it."))


class AnswerForm(ActForm):
    """What an objection is answered."""

    answer = long_text(gettext_lazy("Our answer"), most=300, required=True)


class TryForm(ActForm):
    """How it went to reach the owners of a flat."""

    reach = forms.ChoiceField(
        label=gettext_lazy("How it went"), choices=RegisterFlat.Reach.choices, widget=forms.RadioSelect
    )
    tried_at = moment_field(gettext_lazy("Tried at"), help_text=gettext_lazy("Empty: now."))
