"""Programs of others that bring cases by Open311: let in with a key that is shown once, listed, and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import programs as commands
from lianxin.domain.voice.models import Program
from lianxin.domain.voice.queries import programs as queries
from lianxin.faces.entrance.session import put_sealed, take_sealed
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

from ..access import PRESS, READ, SEND, View, guard
from ..acting import ActForm, answer_form
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells

SHOWN_ONCE = "voice_program_shown"
COLUMNS = (
    Column(pgettext_lazy("program", "Program")),
    Column(pgettext_lazy("program", "Whom to ask")),
    Column(pgettext_lazy("program", "Let in on")),
    Column(pgettext_lazy("program", "Until")),
    Column(pgettext_lazy("program", "Last seen")),
    Column(gettext_lazy("State")),
    Column(""),
)


def _there(actor: Actor, named: dict[str, Any]) -> None:
    queries.find_program(named["program"])


def _guard(methods: tuple[str, ...]) -> Any:
    def wrap(view: View) -> View:
        return guard(methods, seen_by=policy.may_let_programs_in, there=_there)(view)

    return wrap


class LetInForm(ActForm):
    """Which program, whom to ask about it, for how long."""

    name = forms.CharField(label=pgettext_lazy("program", "Which program is it?"), max_length=commands.LONGEST["name"])
    contact = forms.CharField(
        label=gettext_lazy("Whom do we ask when something is wrong with it?"),
        max_length=commands.LONGEST["contact"],
        help_text=gettext_lazy("The office or firm, and a telephone number."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days?"),
        min_value=1,
        max_value=commands.MOST_DAYS,
        initial=commands.USUAL_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


@_guard(READ)
def browse(request: HttpRequest) -> HttpResponse:
    """List the programs that may bring cases."""
    at = now()
    rows = queries.list_programs()

    def fetch(after: str) -> Page:
        part, following = page_of(rows, after)
        return [_row(one, at) for one in part], following

    context = {
        "title": _("Programs that bring cases"),
        "crumbs": _crumbs(),
        "lead": _(
            "The city's other programs can send cases here by the Open311 standard. Reading public cases needs no key;"
            " sending needs one, which is shown once and can be ended with one press."
        ),
        "buttons": [(reverse("staff:program_new"), _("Let a program in"))],
        "empty_title": _("No program is in."),
        "empty_text": _("Residents, staff and visits need none."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=rows.count())


def _row(one: Program, at: datetime) -> Row:
    word, tone = _state_of(one, at)
    is_in = one.ended_at is None and at < one.expires_at
    url = reverse("staff:program_end", kwargs={"program": one.pk})
    return Row(
        cells(
            one.name,
            one.contact,
            spoken(one.made_at),
            spoken(one.expires_at),
            spoken(one.last_seen_at) if one.last_seen_at else "",
            Cell(word, tone=tone),
        ),
        pk=one.pk,
        presses=[Press(url, _("End its access"))] if is_in else [],
    )


def _state_of(one: Program, at: datetime) -> tuple[Any, str]:
    if one.ended_at is not None:
        return pgettext("program", "ended"), "quiet"
    if at >= one.expires_at:
        return pgettext("program", "time is up"), "quiet"
    if one.last_seen_at is None:
        return pgettext("program", "not seen yet"), "due"
    return pgettext("program", "is in"), "done"


@_guard(SEND)
def new(request: HttpRequest) -> HttpResponse:
    """Let a program in."""
    actor, at = actor_of(request), now()
    form = LetInForm(request.POST or None)

    def do(entered: dict[str, Any]) -> Program:
        given = {name: entered[name] for name in ("name", "contact", "days", "key")}
        made = commands.let_in(actor=actor, at=at, **given)
        secret = getattr(made, "secret", "")
        if secret:
            put_sealed(request, SHOWN_ONCE, f"{made.pk} {secret}")
        return made

    return answer_form(
        request,
        form,
        do=do,
        then=lambda made: reverse("staff:program_shown", kwargs={"program": made.pk}),
        title=_("Let a program in"),
        lead=_("On the next page stands its key. It is shown once."),
        button=_("Let it in"),
        cancel_url=reverse("staff:programs"),
        crumbs=_crumbs(_("Let a program in")),
    )


@_guard(READ)
def shown(request: HttpRequest, program: UUID) -> HttpResponse:
    """Show the key of a program that was just let in; afterwards nobody can see it again."""
    row = queries.find_program(program)
    named, _space, secret = take_sealed(request, SHOWN_ONCE).partition(" ")
    if named != str(row.pk):
        return HttpResponseRedirect(reverse("staff:programs"))
    request.session.pop(SHOWN_ONCE)
    context = {
        "title": row.name,
        "program": row,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "server": request.build_absolute_uri("/open311/v2"),
        "until": row.expires_at,
        "crumbs": _crumbs(row.name),
    }
    return render(request, "staff/voice/program_shown.html", context)


@_guard(PRESS)
def end(request: HttpRequest, program: UUID) -> HttpResponse:
    """Let a program in no more."""
    actor = actor_of(request)
    return press(
        request,
        do=lambda: commands.end(actor=actor, program=program, at=now(), key=key_of(request)),
        back=reverse("staff:programs"),
        said=_("The program cannot send any more. What it sent stays."),
    )


def _crumbs(*way: Any) -> list[tuple[Any, str]]:
    above: list[tuple[Any, str]] = [(_("Settings"), reverse("staff:settings"))]
    if not way:
        return [*above, (_("Programs that bring cases"), "")]
    return [*above, (_("Programs that bring cases"), reverse("staff:programs")), *((one, "") for one in way)]
