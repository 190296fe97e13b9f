"""What follows for deliberation when people and communities become one, workers leave and venues close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import ngettext

from lianxin.domain.people.events import AccountClosed, OrganisationsMerged, PersonMerged
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.voice.commands import found, matter_duties, searching_matters
from lianxin.domain.voice.models import (
    AgendaItem,
    Commitment,
    Invitation,
    Matter,
    Meeting,
    MinutesAppendix,
    Party,
    Resolution,
    Speech,
)
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor

BELOW = (Party, Meeting, MinutesAppendix, Invitation, AgendaItem, Speech, Resolution)


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let what one record spoke for and came to be the other one's; where both were asked, one entry keeps the tie."""
    with scope.everything():
        Party.objects.filter(person=event.merged).update(person=event.into)
        there = Invitation.objects.filter(person=event.into).values("meeting")
        Invitation.objects.filter(
            person=event.merged, meeting__in=list(there.values_list("meeting", flat=True))
        ).update(person=None)
        Invitation.objects.filter(person=event.merged).update(person=event.into)


def follow_organisations_merged(event: OrganisationsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the sides of merged organisations be those of the one that stays."""
    with scope.everything():
        Party.objects.filter(organisation=event.merged).update(organisation=event.into)


def follow_account_closed(event: AccountClosed, *, actor: Actor, at: datetime) -> None:
    """Let what somebody who left saw to be seen to by their community."""
    with scope.everything():
        for row in locks.lock(Commitment.objects.filter(owner_account=event.account, state__in=rules.LIVE)):
            row.owner_account = None
            row.save(update_fields=["owner_account"])
            matter_duties.look_at_commitment(row, at=at)


def preview_account_closed(event: AccountClosed) -> list[str]:
    """Tell how many commitments the community sees to from now on."""
    with scope.everything():
        count = Commitment.objects.filter(owner_account=event.account, state__in=rules.LIVE).count()
    words = ngettext(
        "%(n)d commitment is seen to by the community from now on.",
        "%(n)d commitments are seen to by the community from now on.",
        count,
    )
    return [words % {"n": count}] * (count > 0)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Ask for another place for each meeting that is called to a room of a closed venue."""
    with scope.everything():
        for row in locks.lock(_meetings_at(event.venue)):
            row.room, row.booking_id = None, None
            row.version += 1
            row.save(update_fields=["room", "booking_id", "version"])
            title = Matter.objects.values_list("title", flat=True).get(pk=row.matter_id)
            matter_duties.ask_for_place(row, title=title, at=at)


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell how many meetings need another place."""
    with scope.everything():
        count = _meetings_at(event.venue).count()
    words = ngettext("%(n)d meeting needs another place.", "%(n)d meetings need another place.", count)
    return [words % {"n": count}] * (count > 0)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring matters and commitments of the ended communities to their successor; they are numbered on there."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        for matter in locks.lock(Matter.objects.filter(community__in=ended)):
            matter.community_id, matter.number = event.into, found.next_number(Matter, event.into)
            matter.version += 1
            matter.save(update_fields=["community", "number", "version"])
            searching_matters.index([matter])
        for model in BELOW:
            model.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        for row in locks.lock(Commitment.objects.filter(community__in=ended)):
            row.community_id, row.number = event.into, found.next_number(Commitment, event.into)
            row.version += 1
            row.save(update_fields=["community", "number", "version"])
            if row.state in rules.LIVE:
                matter_duties.look_at_commitment(row, at=at)
        _look_at(Meeting.objects.filter(community=event.into, state__in=["planned", "held"]))


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many matters and open commitments go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        matters = Matter.objects.filter(community__in=ended).count()
        promised = Commitment.objects.filter(community__in=ended, state__in=rules.LIVE).count()
    words = ngettext("%(n)d matter goes to the new community.", "%(n)d matters go to the new community.", matters)
    more = ngettext(
        "%(n)d open commitment goes to the new community.", "%(n)d open commitments go to the new community.", promised
    )
    return [*[words % {"n": matters}] * (matters > 0), *[more % {"n": promised}] * (promised > 0)]


def _meetings_at(venue: UUID) -> QuerySet[Meeting]:
    return Meeting.objects.filter(room__venue=venue, state=Meeting.State.PLANNED)


def _look_at(rows: Iterable[Meeting]) -> None:
    for row in rows:
        matter_duties.look_at_meeting(row, title=row.matter.title)
