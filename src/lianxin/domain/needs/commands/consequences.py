"""What follows for voices and entries when people go, records become one, homes change or communities merge."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.needs.commands import counting, found, reminding, searching
from lianxin.domain.needs.models import Answer, CategoryExample, Need, NeedReport, NeedVerdict
from lianxin.domain.people.events import (
    ConsentWithdrawn,
    HouseholdsMerged,
    HouseholdSplit,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedHousehold,
    PersonMovedOut,
)
from lianxin.domain.people.models import Person
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor

NOTICES = "notices"
LIVE = (NeedReport.State.NEW, NeedReport.State.JOINED)
Gone = PersonDied | PersonMovedOut | PersonErased


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """Keep what somebody said who died, left or is erased, and call nobody any more: answers stand on the receipt."""
    with scope.everything():
        _stop_telling(Q(person=event.person))


def preview_person_gone(event: Gone) -> list[str]:
    """Tell how many voices stay without somebody to answer."""
    with scope.everything():
        count = NeedReport.objects.filter(person=event.person, state__in=LIVE).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d need that they voiced stays on the list; nobody is called about it any more.",
        "%(n)d needs that they voiced stay on the list; nobody is called about them any more.",
        count,
    )
    return [words % {"n": count}]


def follow_consent_withdrawn(event: ConsentWithdrawn, *, actor: Actor, at: datetime) -> None:
    """Send no more messages to somebody who does not want any: answers stand on the page of the receipt."""
    if event.purpose != NOTICES:
        return
    with scope.everything():
        by_message = Q(person=event.person, channel__in=[NeedReport.Channel.SMS, NeedReport.Channel.WECHAT])
        NeedReport.objects.filter(by_message).update(channel=NeedReport.Channel.NONE)


def preview_consent_withdrawn(event: ConsentWithdrawn) -> list[str]:
    """Tell that answers are no longer sent."""
    if event.purpose != NOTICES:
        return []
    with scope.everything():
        by_message = [NeedReport.Channel.SMS, NeedReport.Channel.WECHAT]
        asks = NeedReport.objects.filter(person=event.person, channel__in=by_message, state__in=LIVE).exists()
    return [_("Answers to what they asked for stand on the receipt's page and are not sent.")] if asks else []


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let the voices of a record that was the same person stand under the one that stays."""
    with scope.everything():
        home = Person.objects.filter(pk=event.into).values_list("household_id", flat=True).first()
        _move_homes(Q(person=event.merged), home, at=at, person=event.into)


def follow_person_moved_household(event: PersonMovedHousehold, *, actor: Actor, at: datetime) -> None:
    """Count what somebody still asks for towards the household they live in now, while they stay in the community."""
    if event.from_community == event.to_community:
        with scope.everything():
            _move_homes(Q(person=event.person, state__in=LIVE), event.to_household, at=at)


def follow_household_split(event: HouseholdSplit, *, actor: Actor, at: datetime) -> None:
    """Count what the ones who left still ask for towards their new household."""
    with scope.everything():
        _move_homes(Q(person__in=event.people, state__in=LIVE), event.new_household, at=at)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the voices of merged households count towards the one that stays."""
    with scope.everything():
        _move_homes(Q(household__in=event.merged), event.into, at=at)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring the lists of the ended communities to their successor, with new numbers after the ones it has."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        entries = list(Need.objects.filter(community__in=ended).order_by("community", "number"))
        entries = sorted(found.needs(row.pk for row in entries), key=lambda row: (str(row.community_id), row.number))
        last = Need.objects.filter(community=event.into).aggregate(last=Max("number"))["last"] or 0
        for number, row in enumerate(entries, start=last + 1):
            row.community_id, row.number = event.into, number
        Need.objects.bulk_update(entries, ["community", "number"], batch_size=200)
        for model in (NeedReport, Answer, NeedVerdict, CategoryExample):
            model.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        searching.index(entries)
        reminding.look_at_inbox([*ended, event.into])
        reminding.look_at_answers([*ended, event.into])


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many entries go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Need.objects.filter(community__in=ended).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d entry of the needs list goes to the new community with a new number.",
        "%(n)d entries of the needs list go to the new community with new numbers.",
        count,
    )
    return [words % {"n": count}]


def nothing_to_tell(event: object) -> list[str]:
    """Say nothing: what follows changes nothing that anybody would notice."""
    return []


def _move_homes(which: Q, household: UUID | None, *, at: datetime, person: UUID | None = None) -> None:
    touched = set(NeedReport.objects.filter(which, need__isnull=False).values_list("need_id", flat=True))
    entries = found.needs((pk for pk in touched if pk), rank=locks.HOUSEHOLD) if touched else []
    values = {"household": household} | ({"person": person} if person else {})
    NeedReport.objects.filter(which).update(**values)
    counting.recount(entries, at=at)


def _stop_telling(which: Q) -> None:
    reports: Iterable[UUID] = list(NeedReport.objects.filter(which).values_list("pk", flat=True))
    NeedReport.objects.filter(pk__in=reports).update(channel=NeedReport.Channel.NONE)
    waiting = Answer.objects.filter(report__in=reports, state__in=reminding.TO_DO)
    communities = set(waiting.values_list("community_id", flat=True))
    waiting.update(state=Answer.State.SHOWN)
    reminding.look_at_answers(communities)
