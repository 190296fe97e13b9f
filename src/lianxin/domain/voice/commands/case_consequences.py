"""What follows for cases when people go, records become one, homes change, staff leave, or communities merge."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.events import (
    AccountClosed,
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
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.voice.commands import moving, reminding, searching, telling
from lianxin.domain.voice.models import (
    Case,
    CaseAnswer,
    CaseLink,
    CasePause,
    CasePicture,
    CaseReport,
    CaseStep,
    Handover,
    TierDecision,
)
from lianxin.domain.voice.rules import states
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor

NOTICES = "notices"
LIVE = Q(withdrawn_at=None, case__state__in=states.OPEN)
Gone = PersonDied | PersonMovedOut | PersonErased
OF_A_CASE = (CaseReport, CaseAnswer, CaseStep, CaseLink, CasePicture, CasePause, Handover, TierDecision)


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """Keep what somebody brought forward who died, left or is erased, and call nobody any more."""
    with scope.everything():
        reports = list(CaseReport.objects.filter(person=event.person).values_list("pk", flat=True))
        CaseReport.objects.filter(pk__in=reports).update(channel="none")
        waiting = CaseAnswer.objects.filter(report__in=reports, state__in=reminding.TO_DO)
        communities = set(waiting.values_list("community_id", flat=True))
        waiting.update(state=CaseAnswer.State.SHOWN)
        reminding.look_at_answers(communities)


def preview_person_gone(event: Gone) -> list[str]:
    """Tell how many cases stay without somebody to answer."""
    with scope.everything():
        count = CaseReport.objects.filter(LIVE, person=event.person).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d case that they brought forward goes on; nobody is called about it any more.",
        "%(n)d cases that they brought forward go on; nobody is called about them any more.",
        count,
    )
    return [words % {"n": count}]


def follow_consent_withdrawn(event: ConsentWithdrawn, *, actor: Actor, at: datetime) -> None:
    """Send no more messages to somebody who does not want any: answers stand on the page of the receipt."""
    if event.purpose == NOTICES:
        with scope.everything():
            CaseReport.objects.filter(person=event.person, channel__in=telling.BY_MESSAGE).update(channel="none")


def preview_consent_withdrawn(event: ConsentWithdrawn) -> list[str]:
    """Tell that answers are no longer sent."""
    if event.purpose != NOTICES:
        return []
    with scope.everything():
        sent = CaseReport.objects.filter(LIVE, person=event.person, channel__in=telling.BY_MESSAGE).exists()
    return [_("Answers to what they brought forward stand on the receipt's page and are not sent.")] if sent else []


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let the voices of a record that was the same person stand under the one that stays."""
    with scope.everything():
        home = Person.objects.filter(pk=event.into).values_list("household_id", flat=True).first()
        CaseReport.objects.filter(person=event.merged).update(person=event.into, household=home)


def follow_person_moved_household(event: PersonMovedHousehold, *, actor: Actor, at: datetime) -> None:
    """Let what somebody still waits for stand under the household they live in now, while they stay there."""
    if event.from_community == event.to_community:
        with scope.everything():
            _move_homes(Q(person=event.person), event.to_household)


def follow_household_split(event: HouseholdSplit, *, actor: Actor, at: datetime) -> None:
    """Let what the ones who left still wait for stand under their new household."""
    with scope.everything():
        _move_homes(Q(person__in=event.people), event.new_household)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the voices of merged households stand under the one that stays."""
    with scope.everything():
        CaseReport.objects.filter(household__in=event.merged).update(household=event.into)


def follow_account_closed(event: AccountClosed, *, actor: Actor, at: datetime) -> None:
    """Give the open cases of somebody who left to everybody of the office, so that none is nobody's."""
    with scope.everything():
        rows = locks.lock(Case.objects.filter(responsible=event.account, ended_at=None))
        for row in rows:
            row.responsible, row.responsible_name, row.responsible_role = None, "", moving.OFFICE
            row.version, row.changed_at = row.version + 1, at
            row.save(update_fields=["responsible", "responsible_name", "responsible_role", "version", "changed_at"])
            moving.append_step(row, "assign_office", before=row.state, at=at)
            reminding.look_at_case(row, at=at)


def preview_account_closed(event: AccountClosed) -> list[str]:
    """Tell how many cases go to the whole office."""
    with scope.everything():
        count = Case.objects.filter(responsible=event.account, ended_at=None).count()
    words = ngettext(
        "%(n)d open case goes to everybody of the office.", "%(n)d open cases go to everybody of the office.", count
    )
    return [words % {"n": count}] * (count > 0)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Let the cases of a closed place name it in words, where nothing else says where they are."""
    with scope.everything():
        rows = Case.objects.filter(venue=event.venue, ended_at=None)
        for row in rows.select_related("venue"):
            if row.venue is not None and not row.place_words:
                Case.objects.filter(pk=row.pk).update(place_words=row.venue.name[:120])


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring the cases of the ended communities to their successor, with new numbers after the ones it has."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        locks.advisory(f"voice.case.number.{event.into}")
        rows = locks.lock(Case.objects.filter(community__in=ended))
        last = Case.objects.filter(community=event.into).order_by("-number").values_list("number", flat=True).first()
        for number, row in enumerate(
            sorted(rows, key=lambda row: (str(row.community_id), row.number)), (last or 0) + 1
        ):
            row.community_id, row.number = event.into, number
        Case.objects.bulk_update(rows, ["community", "number"], batch_size=200)
        for model in OF_A_CASE:
            model.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        searching.index(rows)
        for row in rows:
            if row.state in states.OPEN:
                reminding.look_at_case(row, at=at)
        reminding.look_at_new([*ended, event.into])
        reminding.look_at_answers([*ended, event.into])


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many cases go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Case.objects.filter(community__in=ended).count()
    words = ngettext(
        "%(n)d case goes to the new community with a new number.",
        "%(n)d cases go to the new community with new numbers.",
        count,
    )
    return [words % {"n": count}] * (count > 0)


def nothing_to_tell(event: object) -> list[str]:
    """Say nothing: what follows changes nothing that anybody would notice."""
    return []


def _move_homes(which: Q, household: UUID) -> None:
    reports = list(CaseReport.objects.filter(LIVE & which).values_list("pk", flat=True))
    CaseReport.objects.filter(pk__in=reports).update(household=household)
