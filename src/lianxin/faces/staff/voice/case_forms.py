"""The forms of cases: what somebody said, what is done with it, how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.models import CasePause, CaseReport, Channel, Handover, Subject, Tier

from ..acting import ActForm, VersionedForm, day_field, long_text
from .case_desk import CaseDesk

TOLD_BY = [one for one in Channel.choices if one[0] != "wechat"]
SAID_HOW = [one for one in CaseReport.SaidHow.choices if one[0] != "page"]


class PhotoForm(ActForm):
    """A photo of the matter."""

    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        help_text=gettext_lazy("JPEG or PNG, at most 10 MB. Where and with what it was taken is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    caption = forms.CharField(label=gettext_lazy("What is on it"), max_length=100, required=False)


class AssignForm(VersionedForm):
    """Who looks after it: a colleague, or whoever is at the desk."""

    account = forms.ChoiceField(label=gettext_lazy("Who looks after it?"), required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.choices = [*colleagues, ("", _("Whoever is at the desk of the community"))]


class EditForm(VersionedForm):
    """How staff call it, what it is about and where."""

    title = forms.CharField(label=gettext_lazy("What staff call it"), max_length=80)
    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Subject.choices)
    place_words = forms.CharField(label=gettext_lazy("Where it is"), max_length=120, required=False)


class PublicForm(VersionedForm):
    """What everybody may read of it."""

    public_title = forms.CharField(
        label=gettext_lazy("What everybody reads"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Without names, house numbers or illnesses."),
    )
    public_answer = long_text(gettext_lazy("What became of it, for everybody"), most=500)
    is_public = forms.BooleanField(label=gettext_lazy("Show it on the community's board"), required=False)
    hidden_reason = forms.CharField(
        label=gettext_lazy("Why it is not shown"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only colleagues read this."),
    )


class ProgressForm(VersionedForm):
    """How it stands, and who reads it."""

    words = long_text(gettext_lazy("How it stands"), most=1000, required=True)
    readers = forms.ChoiceField(
        label=gettext_lazy("Who reads it?"),
        choices=[
            ("tell", gettext_lazy("Tell everybody who brought it, by the way each of them chose")),
            ("page", gettext_lazy("They find it on the page of their receipt")),
            ("office", gettext_lazy("Only colleagues")),
        ],
        widget=forms.RadioSelect,
        initial="page",
    )


class FinishForm(VersionedForm):
    """What was done."""

    words = long_text(
        gettext_lazy("What was done"),
        most=1000,
        required=True,
        help_text=gettext_lazy("Everybody who brought it is told, and asked whether it is solved."),
    )
    public_answer = long_text(
        gettext_lazy("The same for the board, without names"),
        most=500,
        help_text=gettext_lazy("Only when it is shown to everybody."),
    )


class DeclineForm(VersionedForm):
    """Why it cannot be done."""

    words = long_text(
        gettext_lazy("Why it cannot be done, and who could help"),
        most=1000,
        required=True,
        help_text=gettext_lazy("Everybody who brought it is told."),
    )


class TierForm(ActForm):
    """Another way to treat it."""

    tier = forms.ChoiceField(label=gettext_lazy("How is it treated?"), choices=Tier.choices, widget=forms.RadioSelect)
    words = long_text(gettext_lazy("Why"), most=300, required=True)


class PauseForm(VersionedForm):
    """What it waits for."""

    reason = forms.ChoiceField(label=gettext_lazy("What does it wait for?"), choices=CasePause.Reason.choices)
    words = long_text(gettext_lazy("What everybody who brought it may read of this"), most=300, required=True)
    look_again_by = day_field(gettext_lazy("Looked at again by"))


class HandOverForm(VersionedForm):
    """Who outside gets it, and until when they answer."""

    kind = forms.ChoiceField(label=gettext_lazy("To whom?"), choices=Handover.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Their name"), max_length=80)
    words = long_text(gettext_lazy("What they are asked"), most=500, required=True)
    answer_by = day_field(gettext_lazy("They answer by"))
    their_number = forms.CharField(label=gettext_lazy("Their number for it"), max_length=40, required=False)

    def __init__(self, *args: Any, desk: CaseDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].initial = desk.on + timedelta(days=5)


class ProlongForm(ActForm):
    """What it still waits for."""

    words = long_text(gettext_lazy("What it still waits for"), most=300, required=True)
    look_again_by = day_field(gettext_lazy("Looked at again by"))


class AnswerOfOthersForm(ActForm):
    """What those outside answered, and whether it is settled with that."""

    words = long_text(
        gettext_lazy("What they answered"),
        most=1000,
        required=True,
        help_text=gettext_lazy("Everybody who brought it is told."),
    )
    goes_on = forms.ChoiceField(
        label=gettext_lazy("And now?"),
        choices=[
            ("back", gettext_lazy("It is with us again")),
            ("stays", gettext_lazy("It stays with them")),
        ],
        widget=forms.RadioSelect,
        initial="back",
    )
    answer_by = day_field(
        gettext_lazy("They answer by"), required=False, help_text=gettext_lazy("Only when it stays with them.")
    )
    their_number = forms.CharField(label=gettext_lazy("Their number for it"), max_length=40, required=False)


class WhyForm(ActForm):
    """Why, if there is something to say."""

    words = long_text(gettext_lazy("Why"), most=1000)


class WordsForm(ActForm):
    """What somebody says, in their words."""

    words = long_text(gettext_lazy("In their words"), most=300, required=True)


class SaidForm(ActForm):
    """What one of those who brought it says of how it went, as staff heard it."""

    solved = forms.ChoiceField(
        label=gettext_lazy("Is it solved?"),
        choices=[("yes", gettext_lazy("Solved")), ("no", gettext_lazy("Not solved: it goes on"))],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(label=gettext_lazy("How did they say it?"), choices=SAID_HOW, initial="phone")
    words = long_text(gettext_lazy("In their words"), most=300)


class AskedForm(ActForm):
    """What one of those who brought it asks for: to be treated otherwise, or to be taken up again."""

    how = forms.ChoiceField(label=gettext_lazy("How did they say it?"), choices=SAID_HOW, initial="phone")
    words = long_text(gettext_lazy("In their words"), most=300, required=True)


class UrgeForm(ActForm):
    """How somebody asked again."""

    how = forms.ChoiceField(label=gettext_lazy("How did they say it?"), choices=SAID_HOW, initial="phone")


class ToldForm(ActForm):
    """What they said when they were told; solved or not only where that was asked."""

    reply = long_text(gettext_lazy("What they said to it"), most=300)
    solved = forms.ChoiceField(
        label=gettext_lazy("Is it solved?"),
        required=False,
        choices=[
            ("yes", gettext_lazy("Solved")),
            ("no", gettext_lazy("Not solved: it goes on")),
            ("", gettext_lazy("They did not say")),
        ],
        widget=forms.RadioSelect,
        initial="",
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["solved"]


class ChannelForm(ActForm):
    """How somebody is told from now on."""

    channel = forms.ChoiceField(label=gettext_lazy("How are they told?"), choices=TOLD_BY)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Only when it is another one than before."),
    )


class AppealAnswerForm(ActForm):
    """What the office above decides on how it is treated."""

    tier = forms.ChoiceField(
        label=gettext_lazy("How is it treated?"),
        required=False,
        choices=[("", gettext_lazy("As before")), *Tier.choices],
        widget=forms.RadioSelect,
        initial="",
    )
    words = long_text(gettext_lazy("What they are told"), most=500, required=True)
