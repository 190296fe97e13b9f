"""What is done with a planned visit: changed or called off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.needs.commands import visits as commands
from lianxin.domain.needs.models import Visit

from ..acting import REASON, ActForm, VersionedForm, answer_form, day_field
from .desk import VisitsDesk, desk_of, uuid_of, visit_url
from .gate import open_visit, sending
from .words import household_words


class ChangeForm(VersionedForm):
    """Who goes, why and by when."""

    worker = forms.ChoiceField(label=pgettext_lazy("visits", "Who goes"), required=False)
    due_on = day_field(pgettext_lazy("visits", "Due by"))
    reason = forms.ChoiceField(label=pgettext_lazy("visits", "Why"), choices=Visit.Reason.choices)
    reason_words = forms.CharField(
        label=pgettext_lazy("visits", "What for, in a few words"), max_length=120, required=False
    )

    def __init__(self, *args: Any, desk: VisitsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["worker"]
        field.choices = [("", _("nobody yet")), *desk.workers()]


class CallOffForm(ActForm):
    """Why."""

    why = forms.CharField(label=REASON, max_length=200)


def _title(desk: VisitsDesk, row: Visit) -> str:
    return household_words(desk.homes([row.household_id]).get(row.household_id))


def _fresh(desk: VisitsDesk, visit: UUID) -> dict[str, Any]:
    row = open_visit(desk.actor, visit)
    return {
        "worker": str(row.worker or ""),
        "due_on": row.due_on,
        "reason": row.reason,
        "reason_words": row.reason_words,
        "version": row.version,
    }


@sending
def change(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Change a planned visit."""
    desk = desk_of(request)
    row = open_visit(desk.actor, visit)
    return answer_form(
        request,
        ChangeForm(request.POST or None, desk=desk, initial=_fresh(desk, visit)),
        do=lambda entered: commands.change(
            actor=desk.actor,
            visit=visit,
            due_on=entered["due_on"],
            worker=uuid_of(entered["worker"]),
            reason=entered["reason"],
            reason_words=entered["reason_words"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: visit_url(visit),
        said=_("Saved."),
        fresh=lambda: _fresh(desk, visit),
        title=_("Change the plan"),
        button=_("Save"),
        cancel_url=visit_url(visit),
        crumbs=desk.crumbs((_title(desk, row), visit_url(visit)), (_("Change the plan"), "")),
    )


@sending
def call_off(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Call a planned visit off."""
    desk = desk_of(request)
    row = open_visit(desk.actor, visit)
    return answer_form(
        request,
        CallOffForm(request.POST or None),
        do=lambda entered: commands.call_off(
            actor=desk.actor, visit=visit, why=entered["why"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: visit_url(visit),
        said=_("Called off."),
        title=_("Call the visit off"),
        lead=_("When it was already made with a phone, the phone's record comes under “To be compared”."),
        button=_("Call off"),
        cancel_url=visit_url(visit),
        crumbs=desk.crumbs((_title(desk, row), visit_url(visit)), (_("Call the visit off"), "")),
    )
