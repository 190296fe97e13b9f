"""Writing down what somebody needs, at the desk or on the phone."""

from __future__ import annotations

from datetime import datetime
from datetime import time as wall_time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import hearing
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.rules import receipts, times
from lianxin.faces.kit.dates import spoken
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Invalid

from ..acting import ActForm, answer_form, day_field, long_text
from ..choices import CHOOSE, community_choices
from ..rooms.residents import add_resident_fields, resident_of
from .desk import NeedsDesk, desk_of, voice_url
from .gate import taking


class HearForm(ActForm):
    """What was said, by whom, and how they want to be told."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    words = long_text(
        gettext_lazy("What do they need?"),
        most=1000,
        required=True,
        help_text=gettext_lazy("In their own words, as they said it."),
    )
    how = forms.ChoiceField(
        label=pgettext_lazy("needs", "How"),
        choices=[one for one in NeedReport.How.choices if one[0] in ("desk", "phone", "paper", "visit")],
    )
    guest_name = forms.CharField(
        label=gettext_lazy("Name of somebody who is not on record"), max_length=40, required=False
    )
    guest_phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=30, required=False)
    is_anonymous = forms.BooleanField(label=gettext_lazy("They do not want to be named"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("How are they told?"),
        choices=[one for one in NeedReport.Channel.choices if one[0] != "wechat"],
        initial="phone",
    )
    people = forms.IntegerField(
        label=gettext_lazy("How many people need it?"), min_value=1, max_value=100_000, initial=1
    )
    suits = forms.MultipleChoiceField(
        label=gettext_lazy("When does it suit them?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, label) for name, (label, _mask) in times.SPOKEN.items()],
        help_text=gettext_lazy("Nothing chosen: any time."),
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("They say it is urgent"), required=False)
    heard_on = day_field(gettext_lazy("Said on"), required=False, help_text=gettext_lazy("Empty: today."))
    helper_name = forms.CharField(label=gettext_lazy("Who speaks for them"), max_length=40, required=False)

    field_order = ("key", "community", "words", "how", "household_number", "resident_name")

    def __init__(self, *args: Any, desk: NeedsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = community_choices(desk.actor, subdistricts=False, alone=True)
        listed = [one for _group, some in choices for one in some]
        fields: dict[str, Any] = self.fields
        if len(listed) == 1:
            fields["community"] = forms.ChoiceField(choices=listed, widget=forms.HiddenInput, initial=listed[0][0])
        else:
            fields["community"].choices = [("", CHOOSE), *choices]
        add_resident_fields(self, desk.actor)
        if "household_number" in fields:
            fields["household_number"].label = _("Household number")
        self.order_fields(self.field_order)


@taking
def new(request: HttpRequest) -> HttpResponse:
    """Write down a need, and go on to its page with the receipt."""
    desk = desk_of(request)
    form = HearForm(request.POST or None, desk=desk)

    def do(entered: dict[str, Any]) -> NeedReport:
        community = UUID(entered["community"])
        return hearing.hear(
            actor=desk.actor,
            community=community,
            words=entered["words"],
            how=entered["how"],
            person=resident_of(desk, community, entered),  # type: ignore[arg-type]
            guest_name=entered["guest_name"],
            guest_phone=entered["guest_phone"],
            is_anonymous=entered["is_anonymous"],
            channel=entered["channel"],
            people=entered["people"],
            times_mask=times.mask_of(entered["suits"]),
            is_urgent=entered["is_urgent"],
            heard_at=_moment(entered["heard_on"], desk),
            helper_name=entered["helper_name"],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: voice_url(row.pk) if desk.keeps else reverse("staff:voice_new"),
        said=lambda row: _("Written down. The receipt is %(number)s.") % {"number": receipts.spaced(row.receipt)},
        title=_("Write down a need"),
        lead=_("One sentence is enough. They get a receipt and an answer."),
        button=_("Write down"),
        cancel_url=reverse("staff:needs_inbox") if desk.keeps else reverse("staff:today"),
        crumbs=[(pgettext_lazy("needs", "Needs"), reverse("staff:needs")), (_("Write down a need"), "")],
    )


def _moment(on: Any, desk: NeedsDesk) -> datetime:
    if on is None or on == desk.on:
        return desk.at
    if on > desk.on:
        raise Invalid(fields={"heard_on": [_("%(day)s lies in the future.") % {"day": spoken(on)}]})
    return local_moment(on, wall_time(12))
