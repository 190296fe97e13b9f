"""The form by which a resident books a room or waits for a slot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.bookings.rules.terms import Terms
from lianxin.platform.clock import LOCAL, local_moment
from lianxin.platform.ids import new_id

STEP = 30
LENGTHS = (30, 60, 90, 120, 150, 180, 240, 300, 360, 480)


def lengths_of(terms: Terms) -> list[int]:
    """Give how long a room can be had: half and whole hours within its terms."""
    found = {minutes for minutes in LENGTHS if terms.shortest_minutes <= minutes <= terms.longest_minutes}
    return sorted(found | {terms.shortest_minutes})


def starts_in(spans: Sequence[Span], *, shortest: int) -> list[datetime]:
    """Give the half hours at which a time may begin that ends within what is free."""
    found = []
    for span in spans:
        at = span.starts_at.astimezone(LOCAL)
        late = -at.minute % STEP
        at = (at + timedelta(minutes=late)).replace(second=0, microsecond=0)
        while at + timedelta(minutes=shortest) <= span.ends_at:
            if at >= span.starts_at:
                found.append(at)
            at += timedelta(minutes=STEP)
    return found


def length_words(minutes: int) -> str:
    """Say how long."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if not rest:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if rest == 30 and hours == 1:
        return _("1 hour and a half")
    if rest == 30:
        return _("%(n)d hours and a half") % {"n": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


class RoomForm(forms.Form):
    """From when, how long, what for."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    starts = forms.ChoiceField(label=gettext_lazy("From when?"))
    minutes = forms.TypedChoiceField(label=gettext_lazy("How long?"), coerce=int)
    title = forms.CharField(label=gettext_lazy("What will you use it for?"), max_length=120)
    people_expected = forms.IntegerField(
        label=gettext_lazy("How many people will come?"), required=False, min_value=1, max_value=10_000
    )
    set_up = forms.ChoiceField(label=gettext_lazy("How shall the room be arranged?"), required=False)

    def __init__(self, *args: Any, on: date, starts: Sequence[datetime], terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        fields: dict[str, Any] = self.fields
        fields["starts"].choices = [(f"{at:%H:%M}", f"{at:%H:%M}") for at in starts]
        fields["minutes"].choices = [(str(one), length_words(one)) for one in lengths_of(terms)]
        fields["set_up"].choices = [("", _("As it is")), *((way, way) for way in terms.set_ups)]
        if not terms.set_ups:
            del self.fields["set_up"]

    def span(self) -> Span:
        """Give the stretch that was chosen."""
        starts = local_moment(self.on, time.fromisoformat(self.cleaned_data["starts"]))
        return Span(starts, starts + timedelta(minutes=self.cleaned_data["minutes"]))
