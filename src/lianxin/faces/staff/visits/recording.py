"""Writing a visit down at the desk, from memory or from the sheet of a round."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.commands.recording import Taken, record_visit
from lianxin.domain.needs.models import VisitPromise
from lianxin.domain.needs.queries.visit_packages import open_promises
from lianxin.domain.needs.rules.visit_records import Ended, Made, VisitRecord, Wish
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL, local_moment
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import deterministic_id, new_id

from ..acting import ActForm, ClockInput, answer_form, day_field, long_text
from .desk import desk_of, visit_url
from .gate import open_visit, sending
from .words import household_words, members_words

PROMISES = 2
USUAL = timedelta(minutes=20)


class RecordForm(ActForm):
    """What a visit came to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        widget=forms.RadioSelect,
        choices=[
            ("done", gettext_lazy("Somebody was met")),
            ("absent", gettext_lazy("Nobody was in")),
            ("refused", gettext_lazy("They do not want visits")),
        ],
    )
    on = day_field(pgettext_lazy("visits", "Made on"))
    started = forms.TimeField(label=pgettext_lazy("visits", "From"), widget=ClockInput)
    ended_at = forms.TimeField(label=pgettext_lazy("visits", "To"), widget=ClockInput)
    note = long_text(gettext_lazy("What did you find?"), most=2000, rows=4)
    wishes = long_text(
        gettext_lazy("What do they need?"),
        most=5000,
        help_text=gettext_lazy("In their own words, each need on a line of its own. Each gets a receipt."),
    )

    def __init__(self, *args: Any, owed: list[VisitPromise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed = owed
        for row in owed:
            self.fields[f"ended_{row.pk}"] = forms.ChoiceField(
                label=_("Promised before: %(words)s") % {"words": row.words},
                required=False,
                choices=[
                    ("", _("still owed")),
                    ("kept", pgettext("promise", "kept")),
                    ("dropped", _("cannot be kept")),
                ],
            )
            self.fields[f"result_{row.pk}"] = forms.CharField(
                label=_("How it went, or why it cannot be kept"), max_length=200, required=False
            )
        for number in range(PROMISES):
            self.fields[_made(number)] = forms.CharField(
                label=_("What did you promise?") if not number else _("And what else?"), max_length=200, required=False
            )
            self.fields[_due(number)] = day_field(_("By when?"), required=False)

    def ended(self) -> tuple[Ended, ...]:
        """Give what became of promises made before."""
        entered = self.cleaned_data
        return tuple(
            Ended(row.pk, entered[f"ended_{row.pk}"], " ".join(entered[f"result_{row.pk}"].split()))
            for row in self.owed
            if entered.get(f"ended_{row.pk}")
        )

    def made(self, key: UUID) -> tuple[Made, ...]:
        """Give what was promised now."""
        entered = self.cleaned_data
        return tuple(
            Made(deterministic_id(key, f"made {number}"), words, entered.get(_due(number)))
            for number in range(PROMISES)
            if (words := " ".join((entered.get(_made(number)) or "").split()))
        )

    def heard(self, key: UUID) -> tuple[Wish, ...]:
        """Give what they need, a line each."""
        lines = [line.strip() for line in self.cleaned_data["wishes"].splitlines() if line.strip()]
        return tuple(Wish(deterministic_id(key, f"wish {number}"), words) for number, words in enumerate(lines))


def _made(number: int) -> str:
    return "made" if not number else f"made_{number}"


def _due(number: int) -> str:
    return f"due_{number}"


@sending
def record(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Write down what a planned visit came to."""
    desk = desk_of(request)
    row = open_visit(desk.actor, visit)
    home = desk.homes([row.household_id]).get(row.household_id)
    with scope.within(desk.actor.communities):
        owed = open_promises([row.household_id]).get(row.household_id, [])
    local = desk.at.astimezone(LOCAL)
    began = max(local - USUAL, local.replace(hour=0, minute=0))
    form = RecordForm(
        request.POST or None,
        owed=owed,
        initial={"on": desk.on, "started": began.time(), "ended_at": local.time()},
    )

    def do(entered: dict[str, Any]) -> Taken:
        key = entered["key"] or new_id()
        ended_at = _moment(entered["on"], entered["ended_at"])
        if entered["on"] > desk.on:
            raise Invalid(fields={"on": [_("The day lies in the future.")]})
        sent = VisitRecord(
            record=key,
            visit=row.pk,
            version=row.version,
            outcome=entered["outcome"],
            started_at=_moment(entered["on"], entered["started"]),
            # The form knows minutes only: a visit that ended in this minute has ended.
            ended_at=min(ended_at, desk.at) if ended_at < desk.at + timedelta(minutes=1) else ended_at,
            note=entered["note"].strip(),
            made=form.made(key),
            ended=form.ended(),
            wishes=form.heard(key),
        )
        return record_visit(actor=desk.actor, record=sent, at=desk.at)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _taken: visit_url(visit),
        said=lambda taken: " ".join(filter(None, [_("The visit is written down."), taken.words])),
        title=_("Write down the visit"),
        lead=f"{household_words(home)} · {members_words(home)}",
        button=_("Save"),
        cancel_url=visit_url(visit),
        crumbs=desk.crumbs((household_words(home), visit_url(visit)), (_("Write down the visit"), "")),
    )


def _moment(on: date, at: wall_time) -> datetime:
    return local_moment(on, at)
