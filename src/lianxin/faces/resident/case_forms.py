"""The forms by which a resident says that something is wrong, and what they may do with its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.commands.pictures import MOST
from lianxin.domain.voice.models import CaseReport, Confidentiality, Subject
from lianxin.platform.ids import new_id

PHOTO_KINDS = "image/jpeg,image/png"


class ManyPhotos(forms.FileInput):
    """A field into which several pictures go at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Give every picture that was chosen."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class PhotosField(forms.FileField):
    """Any number of pictures; what they really are is looked at where they are kept."""

    widget = ManyPhotos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Give the pictures as they came."""
        return [one for one in data or [] if one]


class CaseForm(forms.Form):
    """One sentence or a spoken note is enough; everything else may be left as it is."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    words = forms.CharField(
        label=gettext_lazy("What is it? Say it as you would to a neighbour."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One or two sentences are enough. You may also speak it, just below."),
    )
    voice = forms.FileField(
        label=gettext_lazy("Speak it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user"}),
        help_text=gettext_lazy("Teochew is fine. Up to two minutes; somebody listens and writes it down."),
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        widget=ManyPhotos(attrs={"accept": PHOTO_KINDS, "multiple": True}),
    )
    place_words = forms.CharField(
        label=gettext_lazy("Where is it?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: beside the north gate, third floor of block 4."),
    )
    venue = forms.ChoiceField(label=gettext_lazy("Is it at one of these places?"), required=False)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    is_danger = forms.BooleanField(label=gettext_lazy("Somebody is in danger, or soon may be"), required=False)
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("Who may know of it?"), widget=forms.RadioSelect, initial=Confidentiality.OPEN
    )
    channel = forms.ChoiceField(label=gettext_lazy("How shall we tell you?"))
    guest_name = forms.CharField(label=gettext_lazy("How shall we call you?"), max_length=40, required=False)
    guest_phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("Only to answer you. You may leave it empty."),
    )
    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    for_whom = forms.ChoiceField(label=gettext_lazy("For whom do you say it?"), required=False)
    helper_name = forms.CharField(
        label=gettext_lazy("If you write this for somebody: your name"), max_length=40, required=False
    )

    def __init__(
        self, *args: Any, is_known: bool, venues: Sequence[tuple[UUID, str]], principals: Sequence[tuple[UUID, str]],
        has_voice: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.has_voice = has_voice
        fields: dict[str, Any] = self.fields
        fields["photos"].help_text = _(
            "At most %(most)d. You never need one. Faces and number plates stay with us until somebody has looked."
        ) % {"most": MOST}
        fields["venue"].choices = [("", _("None of them"))] + [(str(pk), name) for pk, name in venues]
        fields["subject"].choices = [("", _("I am not sure, please choose for me")), *Subject.choices]
        fields["confidentiality"].choices = [
            (Confidentiality.OPEN, _("Open: neighbours may read what it is about, never who said it.")),
            (Confidentiality.CONFIDENTIAL, _("Confidential: only those who work on it know of it and of you.")),
            (Confidentiality.ANONYMOUS, _("Without a name: we note nobody. You look it up with the receipt.")),
        ]
        ways = {"sms": _("By text message"), "phone": _("Call me"), "paper": _("On paper")}
        ways["none"] = _("I look it up myself with the receipt number")
        if is_known:
            del self.fields["guest_phone"], self.fields["guest_name"]
        else:
            del ways["paper"]
        fields["channel"].choices = list(ways.items())
        fields["channel"].initial = "sms" if is_known else "none"
        if principals:
            fields["for_whom"].choices = [("", _("For myself"))] + [(str(pk), name) for pk, name in principals]
        else:
            del self.fields["for_whom"]
        if not venues:
            del self.fields["venue"]

    def clean(self) -> dict[str, Any]:
        """Ask for words or a spoken note; who is not noted cannot be told either."""
        said: dict[str, Any] = super().clean() or {}
        if "words" in said and not said["words"] and not self.has_voice and not said.get("voice"):
            self.add_error("words", _("Write one sentence, or speak it."))
        if (said.get("lng") is None) != (said.get("lat") is None):
            said["lng"] = said["lat"] = None
        if said.get("confidentiality") == Confidentiality.ANONYMOUS:
            said |= {"channel": "none", "guest_name": "", "guest_phone": "", "helper_name": ""}
        return said

    def carried(self) -> list[tuple[str, str]]:
        """Give what was entered as pairs for hidden inputs, without the files, which are kept already."""
        return [
            (name, str(value))
            for name in self.fields
            if name not in ("voice", "photos") and (value := self[name].value()) not in (None, "", False)
        ]


class SayForm(forms.Form):
    """Whether it is solved, and what there is to say about it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    said = forms.ChoiceField(choices=CaseReport.Said.choices)
    words = forms.CharField(
        label=gettext_lazy("What would you like to add?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("If it is not solved: what is still missing?"),
    )


class WordsForm(forms.Form):
    """A reason in the resident's own words, for opening again or for an appeal."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    words = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Tell us in one sentence why.")},
    )


class PhotoForm(forms.Form):
    """One more photo for what was said."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        widget=forms.FileInput(attrs={"accept": PHOTO_KINDS}),
        error_messages={"required": gettext_lazy("Choose a photo first.")},
    )
    caption = forms.CharField(label=gettext_lazy("What is on it?"), max_length=100, required=False)


BOARD_STATES = (
    ("open", pgettext_lazy("case", "Under way")),
    ("done", gettext_lazy("Done, residents are asked")),
    ("closed", gettext_lazy("Done and closed")),
    ("declined", gettext_lazy("Not possible")),
)


class BoardForm(forms.Form):
    """What a community's board of cases is narrowed to."""

    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("How does it stand?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["subject"].choices = [("", pgettext("subject", "Everything")), *Subject.choices]
        fields["state"].choices = [("", pgettext("state", "Everything")), *BOARD_STATES]

    def chosen(self, name: str) -> str:
        """Give a filter as it was chosen; one that is unknown counts as none."""
        if not self.is_bound:
            return ""
        self.is_valid()
        value: str = self.cleaned_data.get(name, "")
        return value
