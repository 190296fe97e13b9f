"""Phones of ODK Collect: let in with a password that is shown once, listed with when they last came, and ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import survey_devices as commands
from lianxin.domain.needs.models import SurveyDevice
from lianxin.domain.needs.queries.survey_devices import find_device, list_devices
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.faces.entrance.session import put_sealed, take_sealed
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

from ..access import PRESS, READ, SEND, View, guard
from ..acting import ActForm, answer_form
from ..choices import community_choices
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells

SHOWN_ONCE = "survey_device_shown"
COLUMNS = (
    Column(pgettext_lazy("survey phone", "Phone")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("User name")),
    Column(pgettext_lazy("survey phone", "Let in on")),
    Column(pgettext_lazy("survey phone", "Until")),
    Column(pgettext_lazy("survey phone", "Last seen")),
    Column(gettext_lazy("State")),
    Column(""),
)


def _there(actor: Actor, named: dict[str, Any]) -> None:
    with scope.within(actor.communities):
        find_device(actor=actor, device=named["survey_device"])


def _reading(view: View) -> View:
    return guard(READ, seen_by=policy.may_keep_any)(view)


def _sending(view: View) -> View:
    return guard(SEND, seen_by=policy.may_keep_any)(view)


def _pressing(view: View) -> View:
    return guard(PRESS, seen_by=policy.may_keep_any, there=_there)(view)


class LetInForm(ActForm):
    """Whose phone, of which community, for how long."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    name = forms.CharField(
        label=gettext_lazy("Whose phone is it?"),
        max_length=rules.LONGEST_NAME,
        help_text=gettext_lazy("The name stands beside the answers that it sends."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days?"),
        min_value=1,
        max_value=rules.MOST_DAYS,
        initial=rules.USUAL_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(actor, subdistricts=False, alone=True)
        fields["community"].choices = choices
        flat = [one for _name, group in choices for one in group]
        if len(flat) == 1:
            fields["community"].initial = flat[0][0]
            fields["community"].widget = forms.HiddenInput()


@_reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the phones on which another program fills our forms."""
    actor, at = actor_of(request), now()
    with scope.within(actor.communities):
        rows = list_devices(actor=actor)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, at) for one in part], following

        context = {
            "title": _("Phones with ODK Collect"),
            "crumbs": _crumbs(),
            "lead": _(
                "Who goes with ODK Collect fills the same forms as on our pages: let the phone in here, scan its code"
                " there. A lost phone is ended with one press; what it sent stays."
            ),
            "buttons": [(reverse("staff:survey_device_new"), _("Let a phone in"))],
            "empty_title": _("No phone is in."),
            "empty_text": _("Surveys by link and visits on our own pages need none."),
        }
        return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=rows.count())


def _row(one: SurveyDevice, at: Any) -> Row:
    word, tone = state_of(one, at)
    is_in = one.ended_at is None and at < one.expires_at
    url = reverse("staff:survey_device_end", kwargs={"survey_device": one.pk})
    return Row(
        cells(
            one.name,
            one.community.short_name,
            one.login,
            spoken(one.made_at),
            spoken(one.expires_at),
            spoken(one.last_seen_at) if one.last_seen_at else "",
            Cell(word, tone=tone),
        ),
        pk=one.pk,
        presses=[Press(url, _("End its access"))] if is_in else [],
    )


def state_of(one: SurveyDevice, at: Any) -> tuple[Any, str]:
    """Say how it stands with a phone, with a tone."""
    if one.ended_at is not None:
        return pgettext("survey phone", "ended"), "quiet"
    if at >= one.expires_at:
        return pgettext("survey phone", "time is up"), "quiet"
    if one.locked_until is not None and at < one.locked_until:
        return pgettext("survey phone", "locked after wrong passwords"), "stop"
    if one.last_seen_at is None:
        return pgettext("survey phone", "not seen yet"), "due"
    return pgettext("survey phone", "is in"), "done"


@_sending
def new(request: HttpRequest) -> HttpResponse:
    """Let a phone in."""
    actor, at = actor_of(request), now()
    form = LetInForm(request.POST or None, actor=actor)

    def do(entered: dict[str, Any]) -> SurveyDevice:
        made = commands.let_in(
            actor=actor,
            community=UUID(entered["community"]),
            name=entered["name"],
            days=entered["days"],
            at=at,
            key=entered["key"],
        )
        if made.secret:
            put_sealed(request, SHOWN_ONCE, f"{made.pk} {made.secret}")
        return made

    return answer_form(
        request,
        form,
        do=do,
        then=lambda made: reverse("staff:survey_device_shown", kwargs={"survey_device": made.pk}),
        title=_("Let a phone in"),
        lead=_("On the next page stands a code that ODK Collect scans, and a password. They are shown once."),
        button=_("Let it in"),
        cancel_url=reverse("staff:survey_devices"),
        crumbs=_crumbs(_("Let a phone in")),
    )


@_reading
def shown(request: HttpRequest, survey_device: UUID) -> HttpResponse:
    """Show the code and the password of a phone that was just let in; afterwards nobody can see them again."""
    actor = actor_of(request)
    with scope.within(actor.communities):
        row = find_device(actor=actor, device=survey_device)
    named, _space, secret = take_sealed(request, SHOWN_ONCE).partition(" ")
    if named != str(row.pk):
        return HttpResponseRedirect(reverse("staff:survey_devices"))
    request.session.pop(SHOWN_ONCE)
    server = (settings.BASE_URL or request.build_absolute_uri("/")).rstrip("/") + "/openrosa"
    context = {
        "title": row.name,
        "device": row,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "server": server,
        "until": row.expires_at,
        "code": rules.settings_text(server=server, login=row.login, secret=secret, project=row.community.short_name),
        "crumbs": _crumbs(row.name),
    }
    return render(request, "staff/surveys/device_shown.html", context)


@_pressing
def end(request: HttpRequest, survey_device: UUID) -> HttpResponse:
    """Shut a phone out."""
    actor = actor_of(request)
    return press(
        request,
        do=lambda: commands.end(actor=actor, device=survey_device, at=now(), key=key_of(request)),
        back=reverse("staff:survey_devices"),
        said=_("The phone cannot come in any more. What it sent stays."),
    )


def _crumbs(*way: Any) -> list[tuple[Any, str]]:
    above: list[tuple[Any, str]] = [(_("Surveys"), reverse("staff:surveys"))]
    if not way:
        return [*above, (_("Phones with ODK Collect"), "")]
    return [*above, (_("Phones with ODK Collect"), reverse("staff:survey_devices")), *((one, "") for one in way)]
