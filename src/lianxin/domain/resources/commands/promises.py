"""Promises out of offers: made, kept, broken, called off; the record of them stands beside the offer."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.resources import events, policy
from lianxin.domain.resources.commands import found
from lianxin.domain.resources.commands.offers import NotAssured, OfferEnded
from lianxin.domain.resources.models import Offer, OfferException, Promise
from lianxin.domain.resources.rules.periods import period_of
from lianxin.platform import contributions, duties, facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = Promise.State
NOTE_DUTY = "resources.note_promise"
MEASURE = "promises_kept"
PAGE = "staff:offer"
REASON_MOST = 200
MOST_QUANTITY = 1_000_000


class NotThatOften(Refused):
    """The offer cannot be had so often."""


class NotOnThatDay(Refused):
    """The offer cannot be had on that day."""


class NotedAlready(Refused):
    """It is known what became of the promise."""

    title = gettext_lazy("What became of this promise is noted already. Take the note back first.")


@command("resources.promise")
def promise(
    *,
    actor: Actor,
    offer: UUID,
    on: date,
    quantity: int = 1,
    record_kind: str = "",
    record_id: UUID | None = None,
    community: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Promise:
    """Note what is promised out of an offer for a day; `community` is where, the offer's own unless said otherwise."""
    # An offer may lie in another community than the one it is promised to.
    with scope.everything():
        row: Offer | None = locks.lock_one(Offer.objects.filter(pk=offer))
    if row is None:
        raise Missing
    where = community or row.community_id
    policy.require(policy.may_keep(actor, where))
    _check(row, on, quantity)
    made = Promise.objects.create(
        community_id=where,
        offer=row,
        on=on,
        quantity=quantity,
        record_kind=record_kind,
        record_id=record_id,
        made_at=at,
    )
    duties.open(
        kind=NOTE_DUTY,
        record=made,
        community_id=where,
        title=_("Note whether this was kept: %(title)s") % {"title": row.title},
        due_at=local_moment(on + timedelta(days=1), time(12)),
        assignee_role="community_staff",
        url_name="staff:promise",
        url_args={"promise": str(made.pk)},
    )
    act().target(made, "promised", {"on": [None, on], "quantity": [None, quantity]})
    return made


@command("resources.keep")
def keep(
    *, actor: Actor, promise: UUID, quantity: int | None = None, reason: str = "", at: datetime, key: UUID | None = None
) -> Promise:
    """Note that a promise was kept, or partly when less came than was promised."""
    row = found.promise_of(actor, promise)
    kept = row.quantity if quantity is None else quantity
    if not 1 <= kept <= MOST_QUANTITY:
        raise Invalid(fields={"quantity": [_("Enter how much was given: 1 or more. Nothing at all is “not kept”.")]})
    if row.on > local_day(at):
        raise Refused(_("Its day has not come yet."))
    row.kept_quantity = kept
    _note(row, State.KEPT if kept >= row.quantity else State.PARTLY, reason, actor, at)
    facts.record(measure=MEASURE, record=row, quantity=1, community_id=row.community_id, on=row.on)
    return row


@command("resources.break")
def break_(*, actor: Actor, promise: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Promise:
    """Note that a promise was not kept."""
    row = found.promise_of(actor, promise)
    if row.on > local_day(at):
        raise Refused(_("Its day has not come yet. When the giver cannot come, call it off."))
    _note(row, State.BROKEN, reason, actor, at)
    return row


@command("resources.excuse")
def excuse(*, actor: Actor, promise: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Promise:
    """Note that a promise was called off in time: by the office, or by the giver before its day."""
    row = found.promise_of(actor, promise, givers=True)
    if not policy.may_keep(actor, row.community_id) and local_day(at) >= row.on:
        raise Refused(_("It is today or over. Please call the community, so that they can tell those who come."))
    _note(row, State.EXCUSED, reason, actor, at)
    return row


@command("resources.reopen_promise")
def reopen(*, actor: Actor, promise: UUID, at: datetime, key: UUID | None = None) -> Promise:
    """Take back what was noted of a promise."""
    row = found.promise_of(actor, promise)
    if row.state == State.OPEN:
        raise Refused(_("Nothing is noted of this promise yet."))
    if row.state in (State.KEPT, State.PARTLY):
        facts.correct(measure=MEASURE, record=row)
    old = row.state
    row.state, row.kept_quantity, row.reason, row.noted_by, row.noted_at = State.OPEN, None, "", None, None
    row.save()
    act().target(row, "reopened", {"state": [old, State.OPEN]})
    return row


def _note(row: Promise, state: State, reason: str, actor: Actor, at: datetime) -> None:
    reason = " ".join(reason.split())
    if len(reason) > REASON_MOST:
        raise Invalid(fields={"reason": [_("At most %(most)d characters.") % {"most": REASON_MOST}]})
    if row.state != State.OPEN:
        raise NotedAlready
    row.state, row.reason, row.noted_by, row.noted_at = state, reason, actor.account, at
    row.save()
    duties.close(kind=NOTE_DUTY, record=row)
    act().note(reason=reason)
    act().target(row, str(state), {"state": [State.OPEN, state]})
    event = events.PromiseNoted(
        promise=row.pk,
        offer=row.offer_id,
        community=row.community_id,
        state=str(state),
        record_kind=row.record_kind,
        record_id=row.record_id,
    )
    contributions.follow(event, actor=actor, at=at)


def _check(row: Offer, on: date, quantity: int) -> None:
    if not 1 <= quantity <= MOST_QUANTITY:
        raise Invalid(fields={"quantity": [_("Enter how much is promised: 1 or more.")]})
    if row.state == Offer.State.ENDED:
        raise OfferEnded
    if row.state == Offer.State.PAUSED:
        raise NotOnThatDay(_("The offer is paused. Ask the giver, and resume it first."))
    if row.state == Offer.State.OFFERED:
        raise NotAssured
    if on < row.from_on or (row.until_on is not None and on > row.until_on):
        raise NotOnThatDay(_("The offer cannot be had on that day: it lies outside its time."))
    with scope.everything():
        away = OfferException.objects.filter(offer=row, first_on__lte=on, last_on__gte=on).exists()
    if away:
        raise NotOnThatDay(_("The giver said that the offer cannot be had on that day."))
    if row.quantity is not None and quantity > row.quantity:
        raise NotOnThatDay(_("There is not that much: %(n)d %(unit)s.") % {"n": row.quantity, "unit": row.unit})
    with scope.everything():
        taken = _in_period(row, on).count()
    if taken >= row.times:
        raise NotThatOften(
            _("It can be had %(times)d times %(every)s, and that often it is promised already.")
            % {"times": row.times, "every": Offer.Every(row.every).label}
        )


def _in_period(row: Offer, on: date) -> QuerySet[Promise]:
    period = period_of(row.every, on)
    days = Q() if period is None else Q(on__gte=period[0], on__lt=period[1])
    return Promise.objects.filter(days, offer=row).exclude(state=State.EXCUSED)
