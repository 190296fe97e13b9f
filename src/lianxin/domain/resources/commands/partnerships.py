"""Partnerships: how an organisation is tied to a community, since when and until when."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.organisations import link_organisation
from lianxin.domain.people.models import Organisation
from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Partnership
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

Kind = Partnership.Kind
NOTE_MOST = 200


class TiedAlready(Refused):
    """The organisation is such a partner here."""

    title = gettext_lazy("This organisation is such a partner of the community already.")


class TieEnded(Refused):
    """The partnership is over."""

    title = gettext_lazy("This partnership has ended already.")


@command("resources.tie")
def tie(
    *,
    actor: Actor,
    community: UUID,
    organisation: UUID,
    kind: str,
    since_on: date | None = None,
    note: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Partnership:
    """Note what kind of partner an organisation is to a community, from a day on."""
    policy.require(policy.may_keep(actor, community))
    note, since = " ".join(note.split()), since_on or local_day(at)
    problems: dict[str, list[str]] = {}
    if kind not in Kind.values:
        problems["kind"] = [_("Choose what kind of partner it is.")]
    if len(note) > NOTE_MOST:
        problems["note"] = [_("At most %(most)d characters.") % {"most": NOTE_MOST}]
    there = Organisation.objects.exclude(state__in=[Organisation.State.MERGED, Organisation.State.CLOSED])
    if not there.filter(pk=organisation).exists():
        problems["organisation"] = [_("This organisation is not on record, or has ended.")]
    if problems:
        raise Invalid(fields=problems)
    link_organisation(actor=actor, organisation=organisation, community=community, at=at)
    mine = Partnership.objects.filter(community=community, organisation=organisation, kind=kind, until_on=None)
    if mine.exists():
        raise TiedAlready
    row = Partnership.objects.create(
        community_id=community, organisation_id=organisation, kind=kind, since_on=since, note=note
    )
    act().target(row, "tied", {"kind": [None, kind], "since_on": [None, since]})
    return row


@command("resources.untie")
def untie(
    *, actor: Actor, partnership: UUID, until_on: date | None = None, at: datetime, key: UUID | None = None
) -> Partnership:
    """End a partnership on a day; offers and agreements stay as they are."""
    row: Partnership | None = locks.lock_one(Partnership.objects.filter(pk=partnership))
    if row is None:
        raise Missing
    policy.require(policy.may_keep(actor, row.community_id))
    if row.until_on is not None:
        raise TieEnded
    until = until_on or max(local_day(at), row.since_on)
    if until < row.since_on:
        raise Invalid(fields={"until_on": [_("It cannot end before it began.")]})
    row.until_on = until
    row.version += 1
    row.save(update_fields=["until_on", "version"])
    act().target(row, "untied", {"until_on": [None, until]})
    return row
