"""Signing up and giving a place back: the counters first, then everything else under the lock they take."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import counters, waiting
from lianxin.domain.activities.commands.asking import NotForYou, asked, check_answers, choose_limits, refuse_others
from lianxin.domain.activities.commands.ending import end_rows
from lianxin.domain.activities.commands.parties import (
    AlreadySignedUp,
    Guest,
    HouseholdFull,
    complete,
    count_no_shows,
    how_for,
    is_held_back,
    read_party,
    refuse_doubles,
    require_may_sign_up,
)
from lianxin.domain.activities.commands.telling import tell
from lianxin.domain.activities.models import (
    Answer,
    Occurrence,
    OccurrenceLimit,
    SignUp,
)
from lianxin.domain.activities.queries.tickets import may_see_ticket
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.eligibility import (
    DESK,
    How,
    Somebody,
    Window,
)
from lianxin.platform import keys, locks, rows, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.ids import new_ids
from lianxin.platform.sensitive import seal

__all__ = [
    "AlreadySignedUp",
    "HouseholdFull",
    "NoPlaceLeft",
    "NotForYou",
    "SignUpClosed",
    "Somebody",
    "cancel_sign_up",
    "end_all",
    "end_of_person",
    "sign_up",
]
State = SignUp.State
PHONE_PURPOSE = "activities.signup.guest_phone"
ANSWER_PURPOSE = "activities.answer.text"
INSERTED = (
    "id",
    "community",
    "occurrence",
    "state",
    "place_no",
    "party",
    "limit",
    "person",
    "household",
    "guest_name",
    "guest_phone",
    "guest_digest",
    "how",
    "signed_by",
    "signed_by_person",
    "is_early",
    "code",
    "token_digest",
    "note",
    "accepted_at",
    "ended_reason",
)
_ATTRIBUTES = tuple(SignUp._meta.get_field(name).attname for name in INSERTED)  # type: ignore[union-attr]


class SignUpClosed(Refused):
    """One cannot sign up now: too early, too late, called off, or no sign-up is needed."""

    title = gettext_lazy("Sign-up is closed.")


class NoPlaceLeft(Refused):
    """All places are taken, and the waiting list is full or there is none."""

    title = gettext_lazy("All places are taken.")


class NotSignedUp(Refused):
    """The sign-up ended before."""

    title = gettext_lazy("This sign-up has ended already.")


@command("activities.sign_up")
def sign_up(
    *,
    actor: Actor,
    occurrence: UUID,
    people: Sequence[Somebody],
    how: str = How.SELF,
    at: datetime,
    key: UUID | None = None,
) -> list[SignUp]:
    """Give a party its places, all together, or put all of it on the waiting list; the actor visits the community.

    Raises AlreadySignedUp, HouseholdFull, NotForYou, SignUpClosed, NoPlaceLeft or Invalid; then nothing was changed.
    """
    if not act().lines:
        return _sign_up(actor, occurrence, people, how=how, at=at)
    with transaction.atomic():  # so that a command around this one may go on after a refusal
        return _sign_up(actor, occurrence, people, how=how, at=at)


def _sign_up(actor: Actor, occurrence: UUID, people: Sequence[Somebody], *, how: str, at: datetime) -> list[SignUp]:
    party = read_party(people, how=how)
    counted = counters.take(occurrence, len(party))
    if counted is None:
        raise SignUpClosed(_why_closed(_place(occurrence)))
    place = counted.place
    if not scope.covers(place.community_id):
        raise Missing
    if not place.takes_sign_ups and how not in DESK:
        raise SignUpClosed(_why_closed(place))
    _require_open(place, how=how, at=at)
    complete(party)
    require_may_sign_up(actor, place, party, how=how, at=at)
    audience, limits, questions = asked(place)
    if how not in DESK or how == How.IMPORT:
        refuse_others(audience, party, on=local_day(place.starts_at))
    choose_limits(limits, party, on=local_day(place.starts_at))
    check_answers(questions, party, by_desk=how in DESK)
    refuse_doubles(place, party)
    count_no_shows(place, party, at=at)
    held = how != How.WALK_IN and is_held_back(place, party, neighbours=audience.communities, at=at)
    state = _settle(place, counted, party, limits, held=held, how=how, at=at)
    made = _write(actor, place, party, state=state, first_no=counted.first_no, how=how, held=held, at=at)
    act().target(made[0], "signed up", {"state": [None, state], "people": [None, len(made)]})
    for row in made[1:]:
        act().target(row, "signed up", {"state": [None, state]})
    if how in DESK - {How.WALK_IN, How.IMPORT}:
        tell(made, place, template="sign_up_made" if state == State.CONFIRMED else "sign_up_waiting", at=at)
    return made


@command("activities.cancel_sign_up")
def cancel_sign_up(
    *,
    actor: Actor,
    sign_up: UUID,
    whole_party: bool = False,
    reason: str = "",
    token: str = "",
    at: datetime,
    key: UUID | None = None,
) -> list[SignUp]:
    """Give a place (or a wish for one) back; whoever waits is asked at once. Gives the sign-ups that ended.

    Residents, their family, whoever runs the occurrence, and who has the ticket's link may. Raises NotSignedUp.
    """
    row = find_sign_up(actor, sign_up, token=token, at=at)
    place = locks.lock_one(Occurrence.objects.filter(pk=row.occurrence_id))
    if place.state in (Occurrence.State.HELD, Occurrence.State.NOT_HELD) or at >= place.ends_at:
        raise NotSignedUp(_("This is over, so nothing has to be cancelled any more."))
    wanted = Q(party=row.party) if whole_party else Q(pk=row.pk)
    rows = list(SignUp.objects.filter(wanted, occurrence=place.pk, state__in=SignUp.LIVE).order_by("place_no"))
    if not rows:
        raise NotSignedUp
    end_rows(place, rows, state=State.CANCELLED, reason=reason.strip(), at=at)
    for each in rows:
        act().target(each, "cancelled", {"state": [each.state, State.CANCELLED]})
    act().note(reason=reason.strip())
    waiting.fill_places(occurrence=place.pk, at=at)
    return rows


def find_sign_up(actor: Actor, sign_up: UUID, *, token: str, at: datetime) -> SignUp:
    """Give a sign-up that the actor, or whoever has its link, may act on; raises Missing."""
    row = SignUp.objects.filter(pk=sign_up).select_related("occurrence").first()
    if row is None:
        raise Missing
    if token and row.token_digest == tokens.token_digest(token):
        return row
    if policy.may_run(actor, row.community_id, row.occurrence.venue_id) or may_see_ticket(actor, row, at=at):
        return row
    raise Missing


def end_all(*, occurrence: UUID, reason: str, at: datetime, state: str = State.CANCELLED) -> int:
    """End every live sign-up of an occurrence inside a command, and tell those with a phone; gives how many."""
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence))
    if place is None:
        raise Missing
    rows = list(SignUp.objects.filter(occurrence=place.pk, state__in=SignUp.LIVE).order_by("place_no"))
    if rows:
        end_rows(place, rows, state=state, reason=reason, at=at)
        if state == State.CANCELLED and at < place.ends_at:
            tell(rows, place, template="occurrence_cancelled", at=at, reason=reason)
    return len(rows)


def end_waiting(*, occurrence: UUID, at: datetime) -> int:
    """Tell everybody who still waits for a place that there was none, inside the command that ends the occurrence."""
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence))
    rows = list(
        SignUp.objects.filter(occurrence=occurrence, state__in=[State.WAITING, State.OFFERED, State.IN_DRAW]).order_by(
            "place_no"
        )
    )
    if rows:
        end_rows(place, rows, state=State.OVER, reason="", at=at)
    return len(rows)


def end_of_person(*, people: Iterable[UUID], reason: str, at: datetime) -> int:
    """End what people who died, left or were erased still have ahead of them, inside a command; gives how many."""
    ids = list(people)
    with scope.everything():
        ahead = SignUp.objects.filter(person__in=ids, state__in=SignUp.LIVE, occurrence__ends_at__gt=at)
        occurrences = sorted(set(ahead.values_list("occurrence", flat=True)))
        count = 0
        for place in locks.lock(Occurrence.objects.filter(pk__in=occurrences)):
            rows = list(SignUp.objects.filter(occurrence=place.pk, person__in=ids, state__in=SignUp.LIVE))
            end_rows(place, rows, state=State.CANCELLED, reason=reason, at=at)
            waiting.fill_places(occurrence=place.pk, at=at)
            count += len(rows)
    return count


def _place(pk: UUID) -> Occurrence:
    row = Occurrence.objects.filter(pk=pk).first()
    if row is None or row.state == Occurrence.State.DRAFT:
        raise Missing
    return row


def _why_closed(place: Occurrence) -> str:
    if place.state == Occurrence.State.CANCELLED:
        return _("This date was called off.")
    if place.state != Occurrence.State.PUBLISHED:
        return _("This date is over. Look for another one.")
    return _("Nobody has to sign up for this. Just come.")


def _require_open(place: Occurrence, *, how: str, at: datetime) -> None:
    window = Window(place.sign_up_from, place.sign_up_until, place.starts_at, place.ends_at, place.late_minutes)
    if window.lets_in(at, how):
        return
    match window.phase(at):
        case "early":
            raise SignUpClosed(_("Sign-up has not begun yet. The page says from when on."))
        case "closed":
            raise SignUpClosed(_("Sign-up is closed. Please call the community if you still want to come."))
    raise SignUpClosed(_("This date is over. Look for another one."))


def _settle(
    place: Occurrence,
    counted: counters.Counted,
    party: Sequence[Guest],
    limits: Sequence[OccurrenceLimit],
    *,
    held: bool,
    how: str,
    at: datetime,
) -> str:
    """Decide the party's state and set the counters right where the first UPDATE could not know better."""
    size = len(party)
    if place.is_drawn and place.drawn_at is None and how != How.WALK_IN:
        return State.IN_DRAW
    in_draw = place.is_drawn and place.drawn_at is None
    was_placed = not in_draw and counted.waiting == 0
    free = None if place.size is None else place.size - counted.taken + (size if was_placed else 0)
    wanted = Counter(guest.limit for guest in party if guest.limit)
    open_limits = all(limit.size - limit.taken >= wanted[limit.pk] for limit in limits)
    placed = was_placed
    if held or not open_limits:
        placed = False
    elif not was_placed and (free is None or free >= size):
        others_first = how != How.WALK_IN and not in_draw
        placed = not others_first or waiting.is_nobodys_turn(place, free=free, limits=limits, at=at)
    if how == How.WALK_IN and not placed:
        raise NoPlaceLeft
    if placed != was_placed:
        by = size if placed else -size
        counters.move(place.pk, taken=by, waiting=0 if in_draw else -by)
    if placed:
        counters.move_limits(wanted)
        return State.CONFIRMED
    now_waiting = counted.waiting + (size if was_placed else 0)
    if place.waiting_most is not None and now_waiting > place.waiting_most:
        raise NoPlaceLeft(
            _("All places are taken, and the waiting list is full. Look for another date.")
            if place.waiting_most
            else _("All places are taken. Look for another date.")
        )
    return State.WAITING


def _write(
    actor: Actor,
    place: Occurrence,
    party: Sequence[Guest],
    *,
    state: str,
    first_no: int,
    how: str,
    held: bool,
    at: datetime,
) -> list[SignUp]:
    ids = new_ids(len(party))
    made = []
    for number, (pk, guest) in enumerate(zip(ids, party, strict=True), start=first_no):
        is_guest = guest.person is None
        made.append(
            SignUp(
                id=pk,
                community_id=place.community_id,
                occurrence=place,
                state=state,
                place_no=number,
                party=ids[0],
                limit_id=guest.limit,
                person_id=guest.person,
                household_id=guest.household,
                guest_name=guest.name if is_guest else "",
                guest_phone=seal(guest.phone, PHONE_PURPOSE) if is_guest and guest.phone else None,
                guest_digest=guest.digests[0] if is_guest and guest.digests else "",
                how=how_for(how, guest, actor),
                signed_by=actor.account,
                signed_by_person=actor.person,
                is_early=held,
                code=tokens.code_for(place.pk, number),
                token_digest=tokens.token_digest(tokens.token_for(pk)),
                note=guest.somebody.note.strip(),
                accepted_at=at,
            )
        )
    _avoid_codes(place, made)
    rows.insert(SignUp, INSERTED, [tuple(getattr(row, name) for name in _ATTRIBUTES) for row in made])
    answers = [
        Answer(sign_up=row, question_id=question, text=seal(text.strip(), ANSWER_PURPOSE))
        for row, guest in zip(made, party, strict=True)
        for question, text in guest.somebody.answers.items()
        if text.strip()
    ]
    if answers:
        Answer.objects.bulk_create(answers)
    return made


def _avoid_codes(place: Occurrence, made: Sequence[SignUp]) -> None:
    """Take other codes where an older key gave the same ones: only while the ring holds several can two be alike."""
    if len(keys.ring().digests) == 1:
        return
    while SignUp.objects.filter(occurrence=place.pk, code__in=[row.code for row in made]).exists():
        for row in made:
            row.code = f"{secrets.randbelow(tokens.CODES):06d}"
