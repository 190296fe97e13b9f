"""Reception days for residents: the community's calendar, booking a time, the waiting line, giving it up, the feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.voice.commands import reception_places
from lianxin.domain.voice.commands.reception_telling import page_path, when_of, where_of
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.domain.voice.queries import receptions
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.acting import carry_out, press
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import key_from, linked_only, standing
from lianxin.faces.resident.views.calendars import answer_calendar
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

State, Place = ReceptionDay.State, ReceptionPlace.State
DAY_TONES: dict[str, str] = {
    State.PLANNED: "info",
    State.HELD: "done",
    State.MISSED: "stop",
    State.CANCELLED: "quiet",
}
PLACE_WORDS: dict[str, Any] = {
    Place.BOOKED: gettext_lazy("the time is yours"),
    Place.WAITING: gettext_lazy("you wait in line"),
    Place.RECEIVED: gettext_lazy("you were received"),
    Place.ABSENT: gettext_lazy("you did not come"),
    Place.CANCELLED: pgettext_lazy("place", "given up"),
}
PLACE_TONES: dict[str, str] = {
    Place.BOOKED: "done",
    Place.WAITING: "due",
    Place.RECEIVED: "done",
    Place.ABSENT: "quiet",
    Place.CANCELLED: "quiet",
}


class BookForm(forms.Form):
    """When, what about, how to be told."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    slot = forms.TypedChoiceField(label=gettext_lazy("When would you like to come?"), coerce=int, empty_value=None)
    about = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("You may leave it empty. Only the community reads it."),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How shall we tell you if something changes?"),
        choices=[("sms", gettext_lazy("By text message")), ("phone", gettext_lazy("Call me"))],
    )

    def __init__(self, *args: Any, slots: Sequence[tuple[int, datetime]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["slot"].choices = [(str(number), f"{at.astimezone(LOCAL):%H:%M}") for number, at in slots]
        if not slots:
            del self.fields["slot"]


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show a community's reception days: those ahead, or those that are over with the ones that were missed."""
    at = now()
    division = find_division(community)
    past = request.GET.get("past") == "on"
    context = {
        "community": division,
        "past": past,
        "days": [_line(one) for one in receptions.list_public(community=community, at=at, past=past)],
        "feed": request.build_absolute_uri(reverse("resident:receptions_feed", args=[community])),
        "is_visitor": actor_of(request).is_anonymous,
        "crumbs": [(division.short_name, reverse("resident:community", args=[community])), (_("Reception days"), "")],
    }
    return page(request, "resident/voice/receptions/list.html", context)


@require_safe
def feed(request: HttpRequest, community: UUID) -> HttpResponse:
    """Give a community's reception days as a calendar to subscribe to."""
    base = request.build_absolute_uri("/").rstrip("/")
    body = receptions.calendar_of(community=community, base_url=base, at=now())
    return answer_calendar(request, body, "receptions")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Show one day, and take a time on it with one form."""
    if request.method == "POST":
        return _book(request, reception=reception)
    return _page(request, reception=reception)


@linked_only
def _book(request: HttpRequest, *, reception: UUID) -> HttpResponse:
    return _page(request, reception=reception)


def _page(request: HttpRequest, *, reception: UUID) -> HttpResponse:
    at = now()
    one = receptions.find_public(day=reception)
    day, actor = one.day, actor_of(request)
    who = standing(request, at=at) if actor.person is not None else None
    is_open = day.state == State.PLANNED and day.starts_at > at
    form = BookForm(request.POST or None, slots=one.free_slots)
    if request.method == "POST" and who is not None:

        def do(entered: dict[str, Any]) -> ReceptionPlace:
            return reception_places.book(
                actor=who.actor.visiting(day.community_id),
                day=reception,
                person=who.person,
                slot=entered.get("slot"),
                wait="slot" not in form.fields,
                about=entered["about"],
                channel=entered["channel"],
                at=at,
                key=entered["key"],
            )

        done = carry_out(request, form, do=do, then=lambda _row: reverse("resident:my_receptions"), said=_said)
        if done is not None:
            return done
    mine = [row for row in receptions.list_own(people=[who.person], at=at) if row.day_id == day.pk] if who else []
    name = day.community.short_name
    context = _line(one) | {
        "community": day.community,
        "form": form,
        "is_open": is_open,
        "is_visitor": actor.is_anonymous,
        "is_linked": who is not None,
        "mine": [_place(row, at=at) for row in mine if row.state in (Place.BOOKED, Place.WAITING)],
        "crumbs": [
            (name, reverse("resident:community", args=[day.community_id])),
            (_("Reception days"), reverse("resident:receptions", args=[day.community_id])),
            (day.series.title, ""),
        ],
    }
    return page(request, "resident/voice/receptions/day.html", context, status=422 if form.errors else 200)


def _said(row: ReceptionPlace) -> str:
    if row.state == Place.BOOKED:
        return _("The time is yours. If you cannot come, please give it back so that somebody else can come.")
    return _("You wait in line. When a time becomes free it is yours, and you are told.")


def _line(one: receptions.PublicDay) -> dict[str, Any]:
    day = one.day
    starts, ends = day.starts_at.astimezone(LOCAL), day.ends_at.astimezone(LOCAL)
    return {
        "one": one,
        "day": day,
        "hours": f"{starts:%H:%M}–{ends:%H:%M}",
        "leader": f"{day.leader_name} {day.series.leader_title}".strip(),
        "state": day.get_state_display(),
        "tone": DAY_TONES[day.state],
        "is_planned": day.state == State.PLANNED,
    }


@linked_only
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List my places on reception days, and those of people I act for."""
    at = now()
    who = standing(request, at=at)
    people = [who.person]
    if who.principal is None:
        people += [one.person for one in list_principals(actor=who.actor, on=local_day(at))]
    context = {
        "places": [_place(row, at=at, me=who.person) for row in receptions.list_own(people=people, at=at)],
        "crumbs": my_crumbs(_("My reception days")),
    }
    return render(request, "resident/voice/receptions/mine.html", context)


def _place(row: ReceptionPlace, *, at: datetime, me: UUID | None = None) -> dict[str, Any]:
    day = row.day
    live = row.state in (Place.BOOKED, Place.WAITING)
    off = live and day.state != State.PLANNED
    return {
        "row": row,
        "day": day,
        "when": when_of(row),
        "where": where_of(day),
        "state": day.get_state_display() if off else PLACE_WORDS[row.state],
        "tone": DAY_TONES[day.state] if off else PLACE_TONES[row.state],
        "in_line": receptions.in_line(row) if row.state == Place.WAITING else 0,
        "is_other": me is not None and row.person_id != me,
        "may_give_up": live and day.state == State.PLANNED and day.starts_at > at,
        "url": page_path(row),
    }


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, received: UUID) -> HttpResponse:
    """Give my place up, after asking."""
    at = now()
    who = standing(request, at=at)
    people = [who.person, *(one.person for one in list_principals(actor=who.actor, on=local_day(at)))]
    row = next((one for one in receptions.list_own(people=people, at=at) if one.pk == received), None)
    if row is None:
        raise Missing
    back = reverse("resident:my_receptions")
    actor = who.actor.visiting(row.community_id)
    if row.person_id is not None and row.person_id != who.actor.person:
        actor = actor.acting_for(row.person_id, "link")
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        return press(
            request,
            do=lambda: reception_places.give_up(actor=actor, place=received, at=at, key=key_from(request)),
            back=back,
            said=_("Given back. Somebody else can come now."),
        )
    context = {
        "question": _("Give this time back?"),
        "text": f"{row.day.series.title} {when_of(row)}",
        "consequences": [_("The first one who waits in line gets it.")],
        "hidden": None,
        "button_text": _("Give it back"),
        "danger": True,
        "cancel_url": back,
        "crumbs": [*my_crumbs("")[:1], (_("My reception days"), back), (_("Give it back"), "")],
    }
    return render(request, "resident/shop/confirm.html", context)


@never_cache
@require_safe
def slip(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Show a place to whoever has its link: when, where, what was answered and promised."""
    row = receptions.find_by_token(number=number, token=token)
    context = _place(row, at=now()) | {
        "number": receipts.spaced(row.receipt),
        "promises": list(row.commitments.all()),
        "path": page_path(row),
        "crumbs": [
            (row.community.short_name, reverse("resident:community", args=[row.community_id])),
            (_("Reception days"), reverse("resident:receptions", args=[row.community_id])),
            (pgettext("reception", "My place"), ""),
        ],
    }
    response = render(request, "resident/voice/receptions/slip.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_POST
def slip_give_up(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Give a place up by its link."""
    row = receptions.find_by_token(number=number, token=token)
    if row.state not in (Place.BOOKED, Place.WAITING):
        return HttpResponseRedirect(page_path(row))
    return press(
        request,
        do=lambda: reception_places.give_up(
            actor=actor_of(request).visiting(row.community_id),
            place=row.pk,
            holds_receipt=True,
            at=now(),
            key=key_from(request),
        ),
        back=page_path(row),
        said=_("Given back. Somebody else can come now."),
    )
