"""Through the gate: a request is refused, answered at once from what is known, or becomes one duty per community."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.reporting.commands.requests import LONGEST, lock_request
from lianxin.domain.reporting.models import RequestField, RequestPlace, RequestReach, UpperRequest
from lianxin.domain.reporting.queries import requests_gate
from lianxin.domain.reporting.queries.requests_checks import ANSWER
from lianxin.domain.reporting.rules import requests as rules
from lianxin.engines.workdays import Calendar
from lianxin.platform import duties, facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.workcalendar import load_calendar

State, Reach = UpperRequest.State, RequestReach.State
PAGE = "staff:request_reach"


class StoppedAtGate(Invalid):
    """The gate does not let the request through: `lacks` says what is missing."""

    title = gettext_lazy("The gate does not let this through yet.")

    def __init__(self, lacks: Sequence[rules.Lack]) -> None:
        self.lacks = list(lacks)
        sentences: dict[str, list[str]] = {}
        for one in lacks:
            sentences.setdefault(one.where, []).append(one.words)
        super().__init__(fields=sentences)


class NeedsAsker(Refused):
    """Only what is asked again and again is approved anew."""


@command("reporting.send_request")
def send(
    *, actor: Actor, request: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> UpperRequest:
    """Let a draft through the gate; raises StoppedAtGate. What is known is answered now, the rest becomes duties."""
    row = lock_request(actor, request, version=version)
    state = rules.after(row.state, "send")
    places = list(RequestPlace.objects.filter(request=row).order_by("community__code", "pk"))
    seen = requests_gate.seen(row, at=at, places=len(places))
    if lacks := rules.lacks(seen, at=at):
        raise StoppedAtGate(lacks)
    _settle_again(row, seen.fields)
    row.state, row.sent_at, row.approved_at = state, at, at
    row.is_known_only = rules.is_known_only(seen.fields)
    if row.is_known_only:
        row.state, row.ended_at = rules.after(state, "close"), at
        row.expires_on = row.expires_on or local_day(at)
    row.version += 1
    calendar = load_calendar()
    _open_round(row, places, due_at=row.due_at, at=at, calendar=calendar)
    row.next_on = None if row.is_known_only else _next_day(row)
    row.save()
    act().target(row, "sent", {"state": [State.DRAFT, row.state]})
    return row


@command("reporting.close_request")
def close(*, actor: Actor, request: UUID, at: datetime, key: UUID | None = None) -> UpperRequest:
    """End a request: who has not answered need not any more."""
    return _end(lock_request(actor, request), "close", words="", at=at)


@command("reporting.withdraw_request")
def withdraw(*, actor: Actor, request: UUID, words: str, at: datetime, key: UUID | None = None) -> UpperRequest:
    """Take a request back with a reason that the communities read; what it asked until then stays counted."""
    said = " ".join(words.split())
    if not said or len(said) > 300:
        raise Invalid(fields={"words": [_("Say in at most %(most)d characters why.") % {"most": 300}]})
    return _end(lock_request(actor, request), "withdraw", words=said, at=at)


@command("reporting.renew_request")
def renew(
    *,
    actor: Actor,
    request: UUID,
    approver: str,
    approval_number: str = "",
    expires_on: date,
    at: datetime,
    key: UUID | None = None,
) -> UpperRequest:
    """Let a request that repeats live on, by a new approval and for a year at most."""
    row = lock_request(actor, request)
    rules.after(row.state, "renew")
    if row.repeats == "once":
        raise NeedsAsker(_("It is asked once and needs no new approval."))
    given = {"approver": " ".join(approver.split()), "approval_number": " ".join(approval_number.split())}
    wrong = {
        name: [_("Write this in at most %(most)d characters.") % {"most": LONGEST[name]}]
        for name, text in given.items()
        if len(text) > LONGEST[name]
    }
    if not given["approver"]:
        wrong["approver"] = [_("Nobody approved it: name the office or the post that did.")]
    if found := rules.expiry_lacks(expires_on, due_at=at, repeats=row.repeats, at=at):
        wrong["expires_on"] = [one.words for one in found]
    if wrong:
        raise Invalid(fields=wrong)
    before = {name: getattr(row, name) for name in (*given, "expires_on")}
    row.approver, row.approval_number, row.expires_on = given["approver"], given["approval_number"], expires_on
    row.approved_at, row.next_on = at, None
    row.next_on = _next_day(row)
    row.version += 1
    row.save()
    act().target(row, "approved anew", {name: [old, getattr(row, name)] for name, old in before.items()})
    return row


@command("reporting.open_round")
def open_round(*, actor: Actor, request: UUID, at: datetime) -> UpperRequest:
    """Ask the next round of a request that repeats: told by the clock, in working hours."""
    row = lock_request(actor, request)
    rules.after(row.state, "open_round")
    today = local_day(at)
    if row.next_on is None or row.next_on > today or (row.expires_on is not None and row.expires_on < today):
        raise rules.NotNow(row.state, "open_round")
    places = list(RequestPlace.objects.filter(request=row, community__ended_on=None).order_by("community__code", "pk"))
    calendar = load_calendar()
    due_at = rules.round_due(row.due_at, row.repeats, row.rounds + 1, calendar=calendar)
    if due_at <= at:
        # The worker stood still for weeks: what should have been asked then is asked for the next time only.
        row.rounds += 1
    else:
        _open_round(row, places, due_at=due_at, at=at, calendar=calendar)
    row.next_on = _next_day(row)
    row.version += 1
    row.save(update_fields=["rounds", "next_on", "version"])
    act().target(row, "asked again", {"rounds": [row.rounds - 1, row.rounds]})
    return row


@command("reporting.expire_request")
def expire(*, actor: Actor, request: UUID, at: datetime) -> UpperRequest:
    """End a request whose last day is over."""
    row = lock_request(actor, request)
    if row.expires_on is None or row.expires_on >= local_day(at):
        raise rules.NotNow(row.state, "expire")
    return _end(row, "expire", words="", at=at)


def list_due(*, at: datetime) -> tuple[list[UUID], list[UUID]]:
    """Give the requests whose last day is over, and those of which a round is to be asked today."""
    today = local_day(at)
    sent = UpperRequest.objects.filter(state=State.SENT)
    over = list(sent.filter(expires_on__lt=today).order_by("pk").values_list("pk", flat=True))
    if rules.is_out_of_hours(at, calendar=load_calendar()):
        return over, []
    rounds = sent.filter(next_on__lte=today, expires_on__gte=today).order_by("pk")
    return over, list(rounds.values_list("pk", flat=True))


def end_if_answered(row: UpperRequest, *, at: datetime) -> None:
    """Close a request that is asked once as soon as everybody has answered."""
    with scope.everything():
        waits = RequestReach.objects.filter(request=row, state=Reach.ASKED).exists()
    if row.state == State.SENT and row.repeats == "once" and not waits:
        _end(row, "close", words="", at=at)


def _settle_again(row: UpperRequest, fields: Sequence[rules.FieldSeen]) -> None:
    """Keep with each field whether it looked known on the day it went out: what counts as asked again."""
    for one in fields:
        if one.how == "hand" and one.id is not None:
            kept = {"is_again": bool(one.alike)} | ({} if one.alike else {"again_words": ""})
            RequestField.objects.filter(pk=one.id).update(**kept)


def _next_day(row: UpperRequest) -> date | None:
    """Give the day of the next round, None when it lies after the last day."""
    assert row.sent_at is not None
    on = rules.round_on(local_day(row.sent_at), row.repeats, row.rounds + 1)
    return on if on is not None and row.expires_on is not None and on <= row.expires_on else None


def _open_round(
    row: UpperRequest, places: Sequence[RequestPlace], *, due_at: datetime, at: datetime, calendar: Calendar
) -> None:
    """Bring one round to its communities: note what it weighs, and open a duty where somebody has to answer."""
    row.rounds += 1
    asks = not row.is_known_only
    burden = {
        "is_out_of_hours": asks and rules.is_out_of_hours(at, calendar=calendar),
        "is_short_notice": asks and rules.is_short_notice(at, due_at, calendar=calendar),
    }
    reaches = RequestReach.objects.bulk_create(
        [
            RequestReach(
                community_id=place.community_id,
                request=row,
                round=row.rounds,
                opened_at=at,
                due_at=due_at,
                state=Reach.ASKED if asks else Reach.DELIVERED,
                **burden,
            )
            for place in places
        ]
    )
    fields = list(row.fields.values_list("how", "is_again"))
    counts = {
        "demands_sent": int(asks),
        "fields_asked": sum(how == "hand" for how, _again in fields),
        "fields_asked_again": sum(how == "hand" and again for how, again in fields),
        "fields_answered_by_figures": sum(how != "hand" for how, _again in fields),
        "demands_out_of_hours": int(burden["is_out_of_hours"]),
        "demands_short_notice": int(burden["is_short_notice"]),
    }
    title = _("%(office)s asks: %(title)s") % {"office": row.office_name, "title": row.title}
    for reach in reaches:
        note(reach, counts, on=local_day(at), level=row.office_level)
        if asks:
            duties.open(
                kind=ANSWER,
                record=reach,
                community_id=reach.community_id,
                title=title,
                due_at=due_at,
                assignee_role="community_staff",
                url_name=PAGE,
                url_args={"request_reach": str(reach.pk)},
            )


def note(record: RequestReach, counts: dict[str, int], *, on: date, level: str) -> None:
    """Note the facts that one record proves; what is nothing is not noted."""
    for measure, quantity in counts.items():
        if quantity:
            facts.record(
                measure=measure,
                record=record,
                quantity=quantity,
                community_id=record.community_id,
                on=on,
                category=level,
            )


def _end(row: UpperRequest, what: str, *, words: str, at: datetime) -> UpperRequest:
    before = row.state
    row.state = rules.after(row.state, what)
    row.ended_at, row.end_words, row.next_on = at, words, None
    row.version += 1
    row.save(update_fields=["state", "ended_at", "end_words", "next_on", "version"])
    with scope.everything():
        for reach in locks.lock(RequestReach.objects.filter(request=row, state=Reach.ASKED)):
            reach.state = Reach.LAPSED
            reach.save(update_fields=["state"])
            duties.close(kind=ANSWER, record=reach)
    act().target(row, what, {"state": [before, row.state]})
    if words:
        act().note(reason=words)
    return row
