"""Offers: making and changing them, and hearing from the giver whether they still hold."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.organisations import link_organisation
from lianxin.domain.people.models import OrganisationCommunity
from lianxin.domain.resources import events, policy
from lianxin.domain.resources.commands import found, writing
from lianxin.domain.resources.commands.searching import index_offer
from lianxin.domain.resources.models import Offer, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import contributions, duties, facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Refused

State = Offer.State
ASSURE_DUTY = "resources.assure"
PROMISES_DUTY = "resources.look_at_promises"
MEASURE = "offers_made"
PAGE = "staff:offer"
ASSURE_WITHIN = timedelta(days=7)
LIVE = (State.OFFERED, State.ACTIVE, State.PAUSED)
REASON_MOST = 200


class OfferEnded(Refused):
    """The offer is over."""

    title = gettext_lazy("This offer has ended. Enter a new one.")


class NotAssured(Refused):
    """Nobody has asked the giver yet."""

    title = gettext_lazy("Nobody has asked the giver yet whether this holds. Ask, then note that it is assured.")


@command("resources.offer")
def offer(
    *,
    actor: Actor,
    community: UUID,
    content: OfferContent,
    is_assured: bool = False,
    source: str = "",
    source_id: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Offer:
    """Enter an offer; it waits to be assured unless the office has asked the giver already."""
    keeps = policy.may_keep(actor, community)
    policy.require(keeps or (actor.covers(community) and policy.is_giver(actor, content.organisation, content.person)))
    codes = writing.check(content, community=community)
    if keeps:
        _ensure_link(actor, content.organisation, community, at)
    row = Offer(community_id=community, source=source, source_id=source_id, made_by=actor.account, made_at=at)
    writing.fill(row, content)
    row.save(force_insert=True)
    writing.write_parts(row, content, codes)
    act().target(row, "offered", {"title": [None, row.title], "kind": [None, row.kind]})
    if is_assured and keeps:
        _set_assured(row, actor, at)
    else:
        ask_to_assure(row, due_at=at + ASSURE_WITHIN)
    row.save()
    note_made(row, at)
    index_offer(row)
    return row


@command("resources.change_offer")
def change_offer(
    *,
    actor: Actor,
    offer: UUID,
    content: OfferContent,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Offer:
    """Change what an offer says; what a giver changes of what the plan reads has to be assured again."""
    row = found.offer_of(actor, offer, givers=True)
    _require_live(row)
    if version is not None and row.version != version:
        raise EditedMeanwhile
    keeps = policy.may_keep(actor, row.community_id)
    if not keeps and (content.organisation, content.person) != (row.organisation_id, row.person_id):
        raise Invalid(fields={"organisation": [_("Who gives it stays. Enter a new offer instead.")]})
    codes = writing.check(content, community=row.community_id)
    if keeps:
        _ensure_link(actor, content.organisation, row.community_id, at)
    old, old_content = {name: getattr(row, name) for name in writing.PLANNED_BY}, writing.content_of(row)
    old_title = row.title
    writing.fill(row, content)
    writing.write_parts(row, content, codes)
    row.version += 1
    now = writing.content_of(row)
    differs = any(getattr(row, name) != value for name, value in old.items()) or any(
        sorted(getattr(now, name)) != sorted(getattr(old_content, name))
        for name in ("categories", "weekly", "exceptions", "only", "never")
    )
    if differs and not keeps and row.state == State.ACTIVE:
        _leave_plan(row, State.OFFERED, _("The giver changed it; it has to be assured again."), actor, at)
        ask_to_assure(row, due_at=at + ASSURE_WITHIN)
    if row.state == State.ACTIVE and row.assured_on is not None:
        row.assure_by = writing.assured_until(row.assured_on, row.until_on)
    row.save()
    act().target(row, "changed", {"title": [old_title, row.title]})
    index_offer(row)
    return row


@command("resources.assure")
def assure(*, actor: Actor, offer: UUID, at: datetime, key: UUID | None = None) -> Offer:
    """Note that the giver was asked and said that the offer holds; it counts in the plan from now on."""
    row = found.offer_of(actor, offer)
    _require_live(row)
    _require_time_left(row, at)
    old = row.state
    _set_assured(row, actor, at)
    row.save()
    act().target(row, "assured", {"state": [old, row.state], "assured_on": [None, row.assured_on]})
    return row


@command("resources.still_holds")
def still_holds(*, actor: Actor, offer: UUID, at: datetime, key: UUID | None = None) -> Offer:
    """Take the giver's own word that an offer holds; a new one still waits for the office."""
    row = found.offer_of(actor, offer, givers=True)
    _require_live(row)
    _require_time_left(row, at)
    if row.state == State.OFFERED:
        raise Refused(_("The community will ask you about this offer and then plan with it. There is nothing to do."))
    old = row.state
    _set_assured(row, actor, at)
    row.save()
    act().target(row, "assured", {"state": [old, row.state], "assured_on": [None, row.assured_on]})
    return row


@command("resources.pause")
def pause(*, actor: Actor, offer: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Offer:
    """Take an offer out of the plan for a while; what was promised out of it stays promised."""
    row = found.offer_of(actor, offer, givers=True)
    _require_live(row)
    if row.state == State.PAUSED:
        raise Refused(_("This offer is paused already."))
    old = row.state
    _leave_plan(row, State.PAUSED, _reason(reason), actor, at)
    row.save()
    duties.close(kind=ASSURE_DUTY, record=row)
    act().note(reason=row.state_reason)
    act().target(row, "paused", {"state": [old, row.state]})
    return row


@command("resources.resume")
def resume(*, actor: Actor, offer: UUID, at: datetime, key: UUID | None = None) -> Offer:
    """Let a paused offer be had again; one that was never assured waits for the office."""
    row = found.offer_of(actor, offer, givers=True)
    _require_live(row)
    _require_time_left(row, at)
    if row.state != State.PAUSED:
        raise Refused(_("This offer is not paused."))
    if row.assured_on is None:
        row.state, row.state_reason = State.OFFERED, ""
        ask_to_assure(row, due_at=at + ASSURE_WITHIN)
    else:
        _set_assured(row, actor, at)
    row.save()
    act().target(row, "resumed", {"state": [State.PAUSED, row.state]})
    return row


@command("resources.end")
def end(*, actor: Actor, offer: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Offer:
    """End an offer for good; somebody looks at what was promised out of it for days to come."""
    row = found.offer_of(actor, offer, givers=True)
    _require_live(row)
    end_row(row, reason=_reason(reason), actor=actor, at=at)
    return row


def end_row(row: Offer, *, reason: str, actor: Actor, at: datetime) -> None:
    """End an offer that is locked, inside the running command."""
    old = row.state
    _leave_plan(row, State.ENDED, reason, actor, at)
    row.save()
    duties.close(kind=ASSURE_DUTY, record=row)
    with scope.everything():
        ahead = Promise.objects.filter(offer=row, state=Promise.State.OPEN, on__gte=local_day(at)).count()
    if ahead:
        duties.open(
            kind=PROMISES_DUTY,
            record=row,
            community_id=row.community_id,
            title=_("An offer has ended, but %(n)d promises out of it lie ahead: %(title)s")
            % {"n": ahead, "title": row.title},
            due_at=at + timedelta(days=1),
            assignee_role="community_staff",
            url_name=PAGE,
            url_args={"offer": str(row.pk)},
        )
    act().note(reason=reason)
    act().target(row, "ended", {"state": [old, row.state]})
    index_offer(row)


def ask_to_assure(row: Offer, *, due_at: datetime) -> None:
    """Let the community's staff ask the giver whether an offer holds."""
    duties.open(
        kind=ASSURE_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Ask whether the offer holds: %(title)s") % {"title": row.title},
        due_at=due_at,
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"offer": str(row.pk)},
    )


def note_made(row: Offer, at: datetime) -> None:
    """Count an offer on the day on which it was entered."""
    facts.record(measure=MEASURE, record=row, quantity=1, community_id=row.community_id, on=local_day(at))


def _set_assured(row: Offer, actor: Actor, at: datetime) -> None:
    on = local_day(at)
    row.state, row.state_reason = State.ACTIVE, ""
    row.assured_on, row.assured_by = on, actor.account
    row.assure_by = writing.assured_until(on, row.until_on)
    row.version += 1
    duties.close(kind=ASSURE_DUTY, record=row)


def _leave_plan(row: Offer, state: State, reason: str, actor: Actor, at: datetime) -> None:
    was_planned = row.state == State.ACTIVE
    row.state, row.state_reason = state, reason
    row.version += 1
    if was_planned:
        event = events.OfferWithdrawn(offer=row.pk, community=row.community_id, reason=reason, on=local_day(at))
        contributions.follow(event, actor=actor, at=at)


def _require_live(row: Offer) -> None:
    if row.state not in LIVE:
        raise OfferEnded


def _require_time_left(row: Offer, at: datetime) -> None:
    if row.until_on is not None and row.until_on < local_day(at):
        raise Refused(_("Its last day is over. Change until when it can be had first."))


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > REASON_MOST:
        raise Invalid(fields={"reason": [_("At most %(most)d characters.") % {"most": REASON_MOST}]})
    return text


def _ensure_link(actor: Actor, organisation: UUID | None, community: UUID, at: datetime) -> None:
    """Note that a community works with whoever offers there something: its people find their own page by that."""
    if organisation is None:
        return
    links = OrganisationCommunity.objects.filter(organisation=organisation, community=community, until_on=None)
    if not links.exists():
        link_organisation(actor=actor, organisation=organisation, community=community, at=at)
