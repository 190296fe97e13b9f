"""The form of what somebody brings forward, and what may come with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people.policy import may_see_people
from lianxin.domain.places.queries.venues import list_venues
from lianxin.domain.voice.models import Channel, Confidentiality, How, Subject

from ..acting import ActForm, day_field, long_text
from ..choices import CHOOSE, community_choices
from .case_desk import CaseDesk
from .case_forms import TOLD_BY

HEARD = ("desk", "phone", "visit", "paper", "reception")
LANGUAGES = [
    ("", gettext_lazy("Mandarin")),
    ("nan", gettext_lazy("Teochew")),
    ("yue", gettext_lazy("Cantonese")),
    ("sign", gettext_lazy("sign language")),
    ("other", pgettext_lazy("language", "another one")),
]
CONFIDENTIALITY = [
    (Confidentiality.OPEN, gettext_lazy("Colleagues here may know who said it")),
    (Confidentiality.CONFIDENTIAL, gettext_lazy("Confidential: only who works on it sees who it is")),
    (Confidentiality.ANONYMOUS, gettext_lazy("Anonymous: no name and no number is kept")),
]


class HearForm(ActForm):
    """What was said, by whom, about which place, and how they want to be answered."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    words = long_text(
        gettext_lazy("In their own words"),
        most=2000,
        rows=4,
        required=True,
        help_text=gettext_lazy("As they say it. One sentence is enough."),
    )
    case = forms.UUIDField(required=False)
    is_danger = forms.BooleanField(label=gettext_lazy("Somebody is in danger, or soon will be"), required=False)
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("Who may know who said it?"),
        choices=CONFIDENTIALITY,
        widget=forms.RadioSelect,
        initial=Confidentiality.OPEN,
    )
    seek = forms.CharField(
        label=gettext_lazy("Look up a resident"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Name, pinyin, phone or household number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    person = forms.UUIDField(required=False)
    guest_name = forms.CharField(
        label=gettext_lazy("Name of somebody who is not on record"), max_length=40, required=False
    )
    guest_phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=30, required=False)
    helper_name = forms.CharField(
        label=gettext_lazy("Who helps them say it"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("A relative, a neighbour, a volunteer. Empty: nobody."),
    )
    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Subject.choices, initial=Subject.OTHER)
    venue = forms.ChoiceField(label=gettext_lazy("At one of our places"), required=False)
    place_words = forms.CharField(
        label=gettext_lazy("Where it is"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("As people call it: the lamp by the east gate, building 3."),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How did they tell it?"), choices=[one for one in How.choices if one[0] in HEARD]
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How do they want to be answered?"), choices=TOLD_BY, initial=Channel.PHONE
    )
    heard_on = day_field(gettext_lazy("Said on"), required=False, help_text=gettext_lazy("Empty: today."))
    language = forms.ChoiceField(label=gettext_lazy("In which language"), choices=LANGUAGES, required=False)

    def __init__(self, *args: Any, desk: CaseDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        # Drawn as radio buttons of what was found.
        self.drawn_apart = ("case", "person")
        choices = community_choices(desk.actor, subdistricts=False, alone=True)
        self.communities = {value: label for _group, some in choices for value, label in some}
        if len(self.communities) == 1:
            only = next(iter(self.communities.items()))
            fields["community"] = forms.ChoiceField(choices=[only], widget=forms.HiddenInput, initial=only[0])
        else:
            fields["community"].choices = [("", CHOOSE), *choices]
        if not may_see_people(desk.actor):
            del fields["seek"], fields["person"]
        venues = list(list_venues(communities=desk.actor.communities)) if len(self.communities) == 1 else []
        if venues:
            fields["venue"].choices = [("", _("Somewhere else")), *((str(one.pk), one.name) for one in venues)]
        else:
            del fields["venue"]

    def hidden_fields(self) -> list[Any]:
        """Give the hidden fields but for those that are drawn as choices of what was found."""
        return [one for one in super().hidden_fields() if one.name not in self.drawn_apart]


class AttachForm(forms.Form):
    """What may come with the words, and never has to."""

    voice_note = forms.FileField(
        label=gettext_lazy("Voice note"),
        required=False,
        help_text=gettext_lazy("M4A, MP3, OGG or WAV, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*"}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        help_text=gettext_lazy("JPEG or PNG, at most 10 MB. Where and with what it was taken is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
