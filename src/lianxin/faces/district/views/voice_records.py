"""The cases behind one figure, each leading to its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import Subject, Tier
from lianxin.domain.voice.queries import cases
from lianxin.domain.voice.queries.figure_records import MOST, Record, list_records
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import Choices, area_name, communities_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

FIGURES = (
    ("heard", pgettext_lazy("voice", "Voices heard")),
    ("ended", pgettext_lazy("voice", "Cases ended")),
    ("in_time", gettext_lazy("Ended in time")),
    ("confirmed", gettext_lazy("Confirmed as solved")),
    ("by_staff", gettext_lazy("Confirmed, written down by staff only")),
    ("silent", gettext_lazy("No reply")),
    ("declined", gettext_lazy("Could not be done")),
    ("not_solved", gettext_lazy("Said to be not solved")),
    ("reopened", pgettext_lazy("voice", "Opened again")),
    ("lifted", gettext_lazy("Lifted to a harder tier")),
    ("appealed", gettext_lazy("Wishes for another tier")),
)


@dataclass(frozen=True)
class Row:
    """One case, and the day on which the figure counts it."""

    on: date
    title: str
    community: str
    tier: str
    subject: str
    state: str
    url: str


class RecordsFilter(ActivitiesFilter):
    """Which figure, of which community, tier and subject."""

    figure = forms.ChoiceField(label=gettext_lazy("Figure"), choices=FIGURES, required=False)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"), required=False, choices=[("", gettext_lazy("All")), *Tier.choices]
    )
    subject = forms.ChoiceField(
        label=pgettext_lazy("voice", "About"), required=False, choices=[("", gettext_lazy("All")), *Subject.choices]
    )

    def __init__(self, request: HttpRequest, communities: Choices, *, today: date) -> None:
        super().__init__(request, [("", _("All"))], today=today)
        del self.fields["subdistrict"]
        self.fields["community"].choices = [("", _("All")), *communities]  # type: ignore[attr-defined]
        self.order_fields(["figure", "community", "tier", "subject", "period"])


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the cases that one figure counts, newest first."""
    at = now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    form = RecordsFilter(request, [(str(one.pk), one.short_name) for one in communities], today=local_day(at))
    from_on, until_on = form.days()
    figure, community = form.asked("figure") or "heard", form.asked("community")
    with scope.within(actor.communities):
        found = list_records(
            figure=figure,
            from_on=from_on,
            until_on=until_on,
            communities=[UUID(community)] if community else None,
            tier=form.asked("tier"),
            subject=form.asked("subject"),
        )
        rows = [_row(actor, one) for one in found]
    listing = Listing(
        name="voice_records",
        title=str(dict(FIGURES)[figure]),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-on",
        row_template="district/row_voice_record.html",
        cells=lambda row: (row.on, row.title, row.community, row.tier, row.subject, row.state),
        columns=(
            Column(_("Day"), sort="on"),
            Column(pgettext("voice", "Case"), sort="title"),
            Column(_("Community"), sort="community"),
            Column(_("Tier now"), sort="tier"),
            Column(pgettext("voice", "About"), sort="subject"),
            Column(_("State now"), sort="state"),
        ),
    )
    context: dict[str, Any] = {
        "form": form,
        "ways": [(reverse("district:voice"), _("Back to the figures"), False)],
        "lead": _("The last %(n)d are shown.") % {"n": MOST} if len(rows) == MOST else "",
        "empty_title": _("Nothing was counted here in these days."),
        "empty_text": _("Choose another stretch of time."),
    }
    return answer(request, listing, shown=shown, template="district/voice.html", context=context, at=at)


def _row(actor: Actor, record: Record) -> Row:
    case = record.case
    return Row(
        on=record.on,
        title=f"{case.number} {cases.title_of(actor, case)}",
        community=case.community.short_name,
        tier=str(case.get_tier_display()),
        subject=str(case.get_subject_display()),
        state=str(case.get_state_display()),
        url=url_or_none("staff:case", case=case.pk) or "",
    )
