"""The waiting list: it works by itself. Places that come free go to the next party, for a time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import counters
from lianxin.domain.activities.commands.ending import CALL_DUTY, close_calls, end_rows
from lianxin.domain.activities.commands.parties import no_shows_of
from lianxin.domain.activities.commands.telling import phones_of, tell
from lianxin.domain.activities.models import Occurrence, OccurrenceLimit, SignUp
from lianxin.domain.activities.queries.line import in_order
from lianxin.domain.activities.rules import promotion
from lianxin.domain.activities.rules.eligibility import is_elder, waits_after_no_shows
from lianxin.engines.masking import mask_name
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused

State = SignUp.State
A_ROUND = 200


class NoOfferNow(Refused):
    """The place was not offered, or the time for it is over."""

    title = gettext_lazy("This offer is over. The place went to the next one who waited.")


def fill_places(*, occurrence: UUID, at: datetime) -> list[UUID]:
    """Give free places to those who wait, in their order, inside a command; gives the sign-ups that got one.

    Most are offered the place for a time. Who was only held back by a rule gets it at once, and so does everybody
    shortly before the start.
    """
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence).select_related("activity"))
    if place is None:
        raise Missing
    if not _may_fill(place, at):
        return []
    limits = list(OccurrenceLimit.objects.filter(occurrence=place.pk))
    rows = _waiting(place)
    chosen = _next(place, rows, free=_free(place), limits=limits, at=at)
    if not chosen.parties:
        return []
    members: dict[UUID, list[SignUp]] = {}
    for row in rows:
        members.setdefault(row.party, []).append(row)
    promoted = []
    for party in chosen.parties:
        promoted += _promote(place, party, members[party.id], at=at)
    counters.move(place.pk, taken=len(promoted), waiting=-len(promoted))
    counters.move_limits(Counter(row.limit_id for row in promoted if row.limit_id))
    return [row.pk for row in promoted]


def is_nobodys_turn(place: Occurrence, *, free: int | None, limits: Sequence[OccurrenceLimit], at: datetime) -> bool:
    """Tell whether a newcomer passes nobody: all who wait are held back by a rule or want another kind of place."""
    return _next(place, _waiting(place), free=free, limits=limits, at=at).is_nobody


@command("activities.accept_offer")
def accept_offer(
    *, actor: Actor, sign_up: UUID, token: str = "", at: datetime, key: UUID | None = None
) -> list[SignUp]:
    """Take the place that was offered to a party; raises NoOfferNow when its time is over."""
    from lianxin.domain.activities.commands.sign_ups import find_sign_up

    row = find_sign_up(actor, sign_up, token=token, at=at)
    place = locks.lock_one(Occurrence.objects.filter(pk=row.occurrence_id))
    rows = _offered(place, row.party)
    if not rows or any(one.offered_until is not None and one.offered_until <= at for one in rows):
        raise NoOfferNow
    SignUp.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=State.CONFIRMED, decided_at=at, offered_until=None
    )
    close_calls(rows)
    for one in rows:
        one.state = State.CONFIRMED
        act().target(one, "took the place", {"state": [State.OFFERED, State.CONFIRMED]})
    return rows


@command("activities.decline_offer")
def decline_offer(
    *, actor: Actor, sign_up: UUID, token: str = "", at: datetime, key: UUID | None = None
) -> list[SignUp]:
    """Let the next ones have the place that was offered to a party; raises NoOfferNow."""
    from lianxin.domain.activities.commands.sign_ups import find_sign_up

    row = find_sign_up(actor, sign_up, token=token, at=at)
    place = locks.lock_one(Occurrence.objects.filter(pk=row.occurrence_id))
    rows = _offered(place, row.party)
    if not rows:
        raise NoOfferNow
    end_rows(place, rows, state=State.CANCELLED, reason="", at=at)
    for one in rows:
        act().target(one, "declined the place", {"state": [State.OFFERED, State.CANCELLED]})
    fill_places(occurrence=place.pk, at=at)
    return rows


@command("activities.promote")
def promote(*, actor: Actor, occurrence: UUID, at: datetime) -> int:
    """Let offers whose time is over lapse and give free places to the next ones, of one occurrence."""
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence).select_related("activity"))
    if place is None:
        raise Missing
    policy.require(policy.may_run(actor, place.community_id, place.venue_id))
    lapsed = list(
        SignUp.objects.filter(occurrence=place.pk, state=State.OFFERED, offered_until__lte=at).order_by("place_no")
    )
    if lapsed:
        tell(lapsed, place, template="sign_up_lapsed", at=at)
        end_rows(place, lapsed, state=State.LAPSED, reason="", at=at)
    promoted = fill_places(occurrence=place.pk, at=at)
    if lapsed or promoted:
        change = {"lapsed": [None, len(lapsed)], "promoted": [None, len(promoted)]}
        act().target(place, "moved the waiting list on", change)
    return len(lapsed) + len(promoted)


def list_moving(*, at: datetime, limit: int = A_ROUND) -> list[UUID]:
    """List occurrences whose waiting list may have to move on: an offer is over, or places are free while some wait."""
    with scope.everything():
        lapsing = SignUp.objects.filter(state=State.OFFERED, offered_until__lte=at).values("occurrence")
        open_seats = Q(size__isnull=True) | Q(taken__lt=F("size"))
        not_before_the_draw = Q(is_drawn=False) | Q(drawn_at__isnull=False)
        moving = Q(waiting__gt=0, starts_at__gt=at) & open_seats & not_before_the_draw
        rows = Occurrence.objects.filter(state=Occurrence.State.PUBLISHED, ends_at__gt=at)
        rows = rows.filter(moving | Q(pk__in=lapsing)).order_by("starts_at", "pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def _may_fill(place: Occurrence, at: datetime) -> bool:
    if place.state != Occurrence.State.PUBLISHED or place.waiting == 0 or at >= place.starts_at:
        return False
    free = _free(place)
    return free is None or free > 0


def _free(place: Occurrence) -> int | None:
    return None if place.size is None else place.size - place.taken


def _waiting(place: Occurrence) -> list[SignUp]:
    rows = SignUp.objects.filter(occurrence=place.pk, state=State.WAITING).order_by("place_no")
    fields = ("party", "place_no", "limit", "person", "is_early", "accepted_at", "state", "community", "occurrence")
    return in_order(place, rows.only(*fields))


def _next(
    place: Occurrence,
    rows: Sequence[SignUp],
    *,
    free: int | None,
    limits: Sequence[OccurrenceLimit],
    at: datetime,
) -> promotion.Next:
    early = [row.person_id for row in rows if row.is_early and row.person_id]
    missed = no_shows_of(place.activity_id, early, on=local_day(at)) if early else {}
    parties: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        party = parties.setdefault(row.party, {"size": 0, "limits": Counter(), "held": None})
        party["size"] += 1
        if row.limit_id:
            party["limits"][row.limit_id] += 1
        held = promotion.held_until(
            first_until=place.first_until,
            starts_at=place.starts_at,
            is_early=row.is_early,
            missed_too_often=waits_after_no_shows(missed.get(row.person_id, 0) if row.person_id else 0, elder=False),
        )
        party["held"] = max(filter(None, (held, party["held"])), default=None)
    return promotion.whom_to_promote(
        [promotion.Party(pk, one["size"], one["limits"], one["held"]) for pk, one in parties.items()],
        free=free,
        limits_free={limit.pk: limit.size - limit.taken for limit in limits},
        at=at,
        starts_at=place.starts_at,
    )


def _promote(place: Occurrence, party: promotion.Party, rows: Sequence[SignUp], *, at: datetime) -> list[SignUp]:
    whole = list(SignUp.objects.filter(pk__in=[row.pk for row in rows]).select_related("person").order_by("place_no"))
    phones = phones_of(whole)
    on = local_day(at)
    is_called = not phones or any(row.person and is_elder(row.person.birth_on, on) for row in whole)
    until = promotion.offer_until(
        at=at,
        starts_at=place.starts_at,
        offer_minutes=place.offer_minutes,
        is_called=is_called,
        was_held=party.held_until is not None,
    )
    state = State.CONFIRMED if until is None else State.OFFERED
    SignUp.objects.filter(pk__in=[row.pk for row in whole]).update(state=state, offered_until=until, decided_at=at)
    for row in whole:
        row.state, row.offered_until = state, until
        act().target(row, "got a place" if until is None else "was offered a place", {"state": [State.WAITING, state]})
    tell(whole, place, template="sign_up_place" if until is None else "sign_up_offer", at=at)
    if is_called:
        _let_call(place, whole, until=until, at=at)
    return whole


def _let_call(place: Occurrence, rows: Sequence[SignUp], *, until: datetime | None, at: datetime) -> None:
    """Make it somebody's duty to call those who are old or cannot be sent a message."""
    first = next((row for row in rows if row.pk == row.party), rows[0])
    name = mask_name(first.person.name if first.person else first.guest_name)
    title = place.title or place.activity.title
    if len(rows) == 1:
        words = _("Call %(name)s: a place came free at “%(title)s”")
    else:
        words = _("Call %(name)s and %(more)d more: places came free at “%(title)s”")
    due_at = min(place.starts_at, at + timedelta(hours=2)) if until is None else at + (until - at) / 2
    duties.open(
        kind=CALL_DUTY,
        record=first,
        community_id=place.community_id,
        title=words % {"name": name, "title": title, "more": len(rows) - 1},
        due_at=due_at,
        assignee_role="community_staff",
        url_name="staff:sign_up",
        url_args={"sign_up": str(first.pk)},
    )


def _offered(place: Occurrence, party: UUID) -> list[SignUp]:
    return list(SignUp.objects.filter(occurrence=place.pk, party=party, state=State.OFFERED).order_by("place_no"))
