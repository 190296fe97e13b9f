"""What follows for reception days and mediations when people go, are merged, places close or communities merge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.events import (
    AccountClosed,
    ConsentWithdrawn,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedOut,
)
from lianxin.domain.places.events import DivisionsMerged, VenueClosed, VenuePaused
from lianxin.domain.voice.commands import (
    mediation_duties,
    reception_duties,
    reception_places,
    reception_telling,
)
from lianxin.domain.voice.models import (
    Channel,
    CourtConfirmation,
    Mediation,
    MediationClause,
    MediationParty,
    MediationTalk,
    ReceptionDay,
    ReceptionPlace,
    ReceptionSeries,
)
from lianxin.domain.voice.rules import mediation_states
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment

NOTICES = "notices"
Gone = PersonDied | PersonMovedOut | PersonErased
PLANNED = ReceptionDay.State.PLANNED


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """Give up the places of somebody who died, left or is erased, and let mediators look at their mediations."""
    with scope.everything():
        for pk in _ahead(event.person, at).order_by("day_id", "pk").values_list("pk", flat=True):
            row, day = reception_places.locked_place(pk)
            if row.state in reception_places.LIVE:
                reception_places.leave(row, day, at=at)
        for one in _mediated(event.person):
            mediation_duties.open_look(one, at=at)


def preview_person_gone(event: Gone) -> list[str]:
    """Tell which places are given up, and that somebody looks at mediations."""
    with scope.everything():
        places = ReceptionPlace.objects.filter(
            person=event.person, state__in=reception_places.LIVE, day__state=PLANNED
        ).count()
        quarrels = _mediated(event.person).count()
    told = []
    if places:
        words = ngettext(
            "Their place on a reception day is given up.",
            "Their %(n)d places on reception days are given up.",
            places,
        )
        told.append(words % {"n": places})
    if quarrels:
        told.append(_("The mediator of a mediation looks at how it goes on."))
    return told


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let places and sides of a record that was the same person belong to the one that stays, on no day twice."""
    with scope.everything():
        theirs = ReceptionPlace.objects.filter(person=event.merged)
        mine = set(
            ReceptionPlace.objects.filter(person=event.into, state__in=reception_places.LIVE).values_list(
                "day_id", flat=True
            )
        )
        for pk in theirs.filter(state__in=reception_places.LIVE, day__in=mine).values_list("pk", flat=True):
            row, day = reception_places.locked_place(pk)
            reception_places.leave(row, day, at=at)
        theirs.update(person=event.into)
        MediationParty.objects.filter(person=event.merged).update(person=event.into)


def follow_consent_withdrawn(event: ConsentWithdrawn, *, actor: Actor, at: datetime) -> None:
    """Send no more messages to somebody who does not want any: staff call them."""
    if event.purpose == NOTICES:
        with scope.everything():
            ReceptionPlace.objects.filter(
                person=event.person, channel__in=[Channel.SMS, Channel.WECHAT], state__in=reception_places.LIVE
            ).update(channel=Channel.PHONE)


def follow_account_closed(event: AccountClosed, *, actor: Actor, at: datetime) -> None:
    """Let another mediator be appointed where one left, and the office receive where a leader's account is closed."""
    with scope.everything():
        ReceptionSeries.objects.filter(leader_account=event.account, ended_at=None).update(leader_account=None)
        days = ReceptionDay.objects.filter(series__leader_account=None, state=PLANNED).select_related("series")
        for day in days.filter(starts_at__lte=at + reception_duties.AHEAD):
            reception_duties.look_at_day(day, at=at)
        for one in Mediation.objects.filter(mediator=event.account, ended_at=None).order_by("pk"):
            mediation_duties.open_replace(one, at=at)


def preview_account_closed(event: AccountClosed) -> list[str]:
    """Tell how many mediations need another mediator."""
    with scope.everything():
        count = Mediation.objects.filter(mediator=event.account, ended_at=None).count()
    if not count:
        return []
    words = ngettext("%(n)d mediation needs another mediator.", "%(n)d mediations need another mediator.", count)
    return [words % {"n": count}]


def follow_venue_ends(event: VenueClosed | VenuePaused, *, actor: Actor, at: datetime) -> None:
    """Let somebody find another place for the days ahead, and tell who has one that the place changes."""
    with scope.everything():
        for day in _days_at(event.venue, at):
            reception_duties.ask_for_place(day, at=at)
            places = day.places.filter(state__in=reception_places.LIVE).select_related("day__series")
            reception_telling.tell(
                places, reception_telling.CHANGED, reason=_("The place is closed; we tell you the new one."), at=at
            )


def preview_venue_ends(event: VenueClosed | VenuePaused) -> list[str]:
    """Tell how many reception days need another place."""
    with scope.everything():
        count = len(_days_at(event.venue, local_moment(event.on)))
    if not count:
        return []
    words = ngettext(
        "%(n)d reception day needs another place; who is booked on it is told.",
        "%(n)d reception days need another place; who is booked on them is told.",
        count,
    )
    return [words % {"n": count}]


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring reception days and mediations of the ended communities to their successor; mediations get new numbers."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        for model in (ReceptionSeries, ReceptionDay, ReceptionPlace):
            model.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        rows = locks.lock(Mediation.objects.filter(community__in=ended))
        rows.sort(key=lambda row: (str(row.community_id), row.number))
        last = Mediation.objects.filter(community=event.into).aggregate(last=Max("number"))["last"] or 0
        for number, row in enumerate(rows, start=last + 1):
            row.community_id, row.number = event.into, number
        Mediation.objects.bulk_update(rows, ["community", "number"], batch_size=200)
        for part in (MediationParty, MediationTalk, MediationClause, CourtConfirmation):
            part.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many mediations get new numbers."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Mediation.objects.filter(community__in=ended).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d mediation goes to the new community with a new number.",
        "%(n)d mediations go to the new community with new numbers.",
        count,
    )
    return [words % {"n": count}]


def nothing_to_tell(event: object) -> list[str]:
    """Say nothing: what follows changes nothing that anybody would notice."""
    return []


def _ahead(person: UUID, at: datetime) -> QuerySet[ReceptionPlace]:
    live = ReceptionPlace.objects.filter(person=person, state__in=reception_places.LIVE)
    return live.filter(day__state=PLANNED, day__starts_at__gt=at)


def _mediated(person: UUID) -> QuerySet[Mediation]:
    return Mediation.objects.filter(parties__person=person, state__in=mediation_states.LIVE).distinct().order_by("pk")


def _days_at(venue: UUID, at: datetime) -> list[ReceptionDay]:
    here = Q(series__venue=venue) | Q(series__room__venue=venue)
    days = ReceptionDay.objects.filter(here, state=PLANNED, starts_at__gt=at)
    return list(days.select_related("series__room__venue", "series__venue").order_by("starts_at", "pk"))
