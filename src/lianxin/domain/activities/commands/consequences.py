"""What follows for activities when people go, households change, records become one, venues close or move."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.activities.commands import attendance, sign_ups
from lianxin.domain.activities.commands.ending import end_rows
from lianxin.domain.activities.commands.searching import index_activity
from lianxin.domain.activities.commands.shift_places import end_place
from lianxin.domain.activities.events import ActivityPublished, OccurrenceCancelled, OccurrenceChanged
from lianxin.domain.activities.models import (
    Activity,
    ActivityCommunity,
    ActivityOrganiser,
    Attendance,
    Certificate,
    FeedLink,
    HoursEntry,
    NoShow,
    Occurrence,
    OccurrencePicture,
    ReportingIn,
    Shift,
    ShiftPlace,
    SignUp,
    Team,
    TeamMember,
    Volunteer,
)
from lianxin.domain.people.events import (
    ConsentWithdrawn,
    HouseholdsMerged,
    HouseholdSplit,
    OrganisationsMerged,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedHousehold,
    PersonMovedOut,
)
from lianxin.domain.people.models import Person
from lianxin.domain.places.events import DivisionsMerged, VenueClosed, VenueMoved, VenuePaused
from lianxin.platform import duties, facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act

PLACE_DUTY = "activities.find_another_place"
PICTURES_DUTY = "activities.look_at_pictures"
PAGE = "staff:occurrence"
PICTURES_OF = "publish_name"
LOOK_WITHIN = timedelta(days=1)
AHEAD = (Occurrence.State.DRAFT, Occurrence.State.PUBLISHED)
LIVE_SHIFTS = (Shift.State.DRAFT, Shift.State.OPEN)
HELD = ShiftPlace.State.TAKEN

Gone = PersonDied | PersonMovedOut | PersonErased


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """End what somebody who died, left or is erased has ahead of them: places go to the next ones who wait."""
    with scope.everything():
        _end_shift_places(event.person, at)
        Volunteer.objects.filter(person=event.person).update(state=Volunteer.State.LEFT)
        for model in (TeamMember.objects.filter(volunteer__person=event.person, until_on=None),):
            for member in model:
                member.until_on = max(local_day(at), member.since_on)
                member.save(update_fields=["until_on"])
        for row in ReportingIn.objects.filter(person=event.person, until_on=None):
            row.until_on = max(local_day(at), row.reported_on)
            row.save(update_fields=["until_on"])
        FeedLink.objects.filter(person=event.person, revoked_at=None).update(revoked_at=at)
        sign_ups.end_of_person(people=[event.person], reason=_("The person is no longer here."), at=at)


def preview_person_gone(event: Gone) -> list[str]:
    """Tell what somebody has ahead of them."""
    with scope.everything():
        places = SignUp.objects.filter(
            person=event.person, state__in=SignUp.LIVE, occurrence__state=Occurrence.State.PUBLISHED
        ).count()
        shifts = ShiftPlace.objects.filter(person=event.person, state=HELD, shift__state__in=LIVE_SHIFTS).count()
    told = []
    if places:
        words = ngettext("%(count)d sign-up is cancelled.", "%(count)d sign-ups are cancelled.", places)
        told.append(words % {"count": places})
    if shifts:
        words = ngettext("%(count)d shift needs somebody else.", "%(count)d shifts need somebody else.", shifts)
        told.append(words % {"count": shifts})
    return told


def follow_person_moved_household(event: PersonMovedHousehold, *, actor: Actor, at: datetime) -> None:
    """Count what somebody has ahead of them to the household they live in now; what was keeps its household."""
    with scope.everything():
        _ahead().filter(person=event.person).update(household=event.to_household)
        if event.from_community != event.to_community:
            _recommunity([event.person], event.to_community)


def follow_household_split(event: HouseholdSplit, *, actor: Actor, at: datetime) -> None:
    """Count what those who left have ahead of them to their new household."""
    with scope.everything():
        _ahead().filter(person__in=event.people).update(household=event.new_household)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Count what merged households have ahead of them to the one that stays."""
    with scope.everything():
        _ahead().filter(household__in=event.merged).update(household=event.into)


def follow_household_moved(event: object, *, actor: Actor, at: datetime) -> None:
    """Let volunteers of a household follow it to its new community; what they signed up for they still may come to."""
    people: Sequence[UUID] = event.people  # type: ignore[attr-defined]
    with scope.everything():
        _recommunity(people, event.to_community)  # type: ignore[attr-defined]


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let everything of a record that was the same person stand under the one that stays, nothing twice."""
    old, new = event.merged, event.into
    with scope.everything():
        home = Person.objects.filter(pk=new).values_list("household_id", flat=True).first()
        mine = Attendance.objects.filter(person=new, undone_at=None).order_by().values("occurrence")
        doubled = Attendance.objects.filter(person=old, undone_at=None, occurrence__in=mine)
        twice = list(doubled.order_by("pk").values_list("pk", flat=True))
        _end_doubled_sign_ups(old, new, at)
        _merge_volunteers(old, new, at)
        if twice:
            attendance.undo_many(
                actor=Actor.system(actor.via), attendances=twice, reason=_("Two records were one person."), at=at
            )
        _move_hours(old, new, actor, at)
        SignUp.objects.filter(person=old).update(person=new, household=home)
        for model in (Attendance, NoShow, Certificate):
            model.objects.filter(person=old).update(person=new)  # type: ignore[attr-defined]
        FeedLink.objects.filter(person=old, revoked_at=None).update(revoked_at=at)
        FeedLink.objects.filter(person=old).update(person=new)


def preview_person_merged(event: PersonMerged) -> list[str]:
    """Tell how many times somebody came under the record that goes."""
    with scope.everything():
        count = Attendance.objects.filter(person=event.merged, undone_at=None).count()
    return [_("%(count)d times of coming to activities go with it.") % {"count": count}] if count else []


def follow_organisations_merged(event: OrganisationsMerged, *, actor: Actor, at: datetime) -> None:
    """Let activities, teams and people sent by a merged entry belong to the one that stays."""
    with scope.everything():
        there = ActivityOrganiser.objects.filter(organisation=event.into).order_by().values("activity")
        ActivityOrganiser.objects.filter(organisation=event.merged, activity__in=there).delete()
        for model in (ActivityOrganiser, Team, ShiftPlace, ReportingIn):
            model.objects.filter(organisation=event.merged).update(organisation=event.into)  # type: ignore[attr-defined]


def follow_consent_withdrawn(event: ConsentWithdrawn, *, actor: Actor, at: datetime) -> None:
    """Take public pictures of what somebody came to out of sight until someone has looked at them."""
    if event.purpose != PICTURES_OF:
        return
    with scope.everything():
        for row in _pictures_with(event.person).select_related("occurrence__activity"):
            row.is_public = False
            row.save(update_fields=["is_public"])
            date = row.occurrence
            duties.open(
                kind=PICTURES_DUTY,
                record=date,
                community_id=date.community_id,
                title=_("Look whether somebody who no longer agrees is on the pictures: %(title)s")
                % {"title": date.title or date.activity.title},
                due_at=at + LOOK_WITHIN,
                assignee_role="community_staff",
                url_name=PAGE,
                url_args={"occurrence": str(date.pk)},
            )


def preview_consent_withdrawn(event: ConsentWithdrawn) -> list[str]:
    """Tell how many public pictures are taken out of sight."""
    if event.purpose != PICTURES_OF:
        return []
    with scope.everything():
        count = _pictures_with(event.person).count()
    return [_("%(count)d pictures of activities are hidden until somebody has looked at them.") % {"count": count}] * (
        count > 0
    )


def follow_venue_closed(event: VenueClosed | VenuePaused | VenueMoved, *, actor: Actor, at: datetime) -> None:
    """Let somebody find another place for what was to be held at a venue that closed, paused or went elsewhere."""
    if isinstance(event, VenueMoved) and event.with_its_community:
        return
    with scope.everything():
        rows = list(_ahead_at(event.venue, at).select_related("activity").order_by("starts_at", "pk"))
        # The room's own bookings were called off by the module below.
        cancelled = [row.pk for row in rows if row.booking_time_id]
        if not isinstance(event, VenuePaused):
            Occurrence.objects.filter(pk__in=cancelled, booking_time__state="cancelled").update(booking_time=None)
        for row in rows:
            duties.open(
                kind=PLACE_DUTY,
                record=row,
                community_id=row.community_id,
                title=_("Find another place, or call it off: %(title)s") % {"title": row.title or row.activity.title},
                due_at=min(at + timedelta(days=3), max(at, row.starts_at - timedelta(days=1))),
                assignee_role="community_staff",
                url_name=PAGE,
                url_args={"occurrence": str(row.pk)},
            )


def preview_venue_closed(event: VenueClosed | VenuePaused | VenueMoved) -> list[str]:
    """Tell how many dates are planned at a venue."""
    with scope.everything():
        count = Occurrence.objects.filter(venue=event.venue, state=Occurrence.State.PUBLISHED).count()
    words = ngettext(
        "%(count)d date of activities is planned there and needs another place.",
        "%(count)d dates of activities are planned there and need another place.",
        count,
    )
    return [words % {"count": count}] if count else []


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring what goes on in the ended communities to their successor; what is over keeps its community."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        ahead = list(Occurrence.objects.filter(community__in=ended, state__in=AHEAD).values_list("pk", flat=True))
        open_shifts = list(
            Shift.objects.filter(community__in=ended, state__in=LIVE_SHIFTS).values_list("pk", flat=True)
        )
        for model, named in (
            (SignUp, "occurrence__in"),
            (Attendance, "occurrence__in"),
            (OccurrencePicture, "occurrence__in"),
        ):
            model.objects.filter(**{named: ahead}).update(community=event.into)  # type: ignore[attr-defined]
        ShiftPlace.objects.filter(shift__in=open_shifts).update(community=event.into)
        Shift.objects.filter(pk__in=open_shifts).update(community=event.into)
        Occurrence.objects.filter(pk__in=ahead).update(community=event.into)
        going_on = [Activity.State.DRAFT, Activity.State.PUBLISHED]
        Activity.objects.filter(community__in=ended, state__in=going_on).update(community=event.into)
        _join_communities(ended, event.into)
        _rename_teams(ended, event.into)
        for kept in (Team, TeamMember, Volunteer, FeedLink):
            kept.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        ReportingIn.objects.filter(community__in=ended, until_on=None).update(community=event.into)


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many dates that lie ahead go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Occurrence.objects.filter(community__in=ended, state__in=AHEAD).count()
    return [_("%(count)d dates of activities that lie ahead go to the new community.") % {"count": count}] * (count > 0)


def keep_findable(
    event: ActivityPublished | OccurrenceChanged | OccurrenceCancelled, *, actor: Actor, at: datetime
) -> None:
    """Let an activity and its dates be found as they are announced now."""
    with scope.everything():
        index_activity(event.activity)


def nothing_to_tell(event: object) -> list[str]:
    """Tell nothing: what follows changes nothing that anybody would miss."""
    return []


def _ahead() -> QuerySet[SignUp]:
    return SignUp.objects.filter(state__in=SignUp.LIVE, occurrence__state__in=AHEAD)


def _ahead_at(venue: UUID, at: datetime) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(venue=venue, state=Occurrence.State.PUBLISHED, ends_at__gt=at)


def _pictures_with(person: UUID) -> QuerySet[OccurrencePicture]:
    came = Attendance.objects.filter(person=person, undone_at=None).values("occurrence")
    return OccurrencePicture.objects.filter(occurrence__in=came, is_public=True, removed_at=None)


def _end_shift_places(person: UUID, at: datetime) -> None:
    held = ShiftPlace.objects.filter(person=person, state=HELD, shift__state__in=LIVE_SHIFTS)
    shifts = {row.pk: row for row in locks.lock(Shift.objects.filter(pk__in=held.order_by().values("shift")))}
    for place in held.order_by("pk"):
        end_place(place, shifts[place.shift_id], reason=_("The person is no longer here."), at=at)


def _recommunity(people: Sequence[UUID], community: UUID) -> None:
    """Let volunteers follow their people; a team belongs to its community and is left with it."""
    Volunteer.objects.filter(person__in=people).update(community=community)
    FeedLink.objects.filter(person__in=people).update(community=community)


def _end_doubled_sign_ups(old: UUID, new: UUID, at: datetime) -> None:
    mine = SignUp.objects.filter(person=new, state__in=SignUp.LIVE).order_by().values("occurrence")
    doubled = SignUp.objects.filter(person=old, state__in=SignUp.LIVE, occurrence__in=mine)
    for row in doubled.order_by("occurrence", "pk"):
        place = locks.lock_one(Occurrence.objects.filter(pk=row.occurrence_id))
        end_rows(place, [row], state=SignUp.State.CANCELLED, reason=_("Two records were one person."), at=at)


def _merge_volunteers(old: UUID, new: UUID, at: datetime) -> None:
    there = ShiftPlace.objects.filter(person=new).exclude(state=ShiftPlace.State.CANCELLED).order_by().values("shift")
    doubled = ShiftPlace.objects.filter(person=old, shift__in=there).exclude(state=ShiftPlace.State.CANCELLED)
    ids = set(doubled.filter(state=HELD).values_list("shift_id", flat=True))
    shifts = {row.pk: row for row in locks.lock(Shift.objects.filter(pk__in=ids))}
    for place in doubled.filter(state=HELD):
        end_place(place, shifts[place.shift_id], reason=_("Two records were one person."), at=at)
    still = doubled.values_list("pk", flat=True)
    ShiftPlace.objects.filter(person=old).exclude(pk__in=list(still)).update(person=new)
    if ReportingIn.objects.filter(person=new, until_on=None).exists():
        for row in ReportingIn.objects.filter(person=old, until_on=None):
            row.until_on = max(local_day(at), row.reported_on)
            row.save(update_fields=["until_on"])
    ReportingIn.objects.filter(person=old).update(person=new)
    theirs = Volunteer.objects.filter(person=old).first()
    mine = Volunteer.objects.filter(person=new).first()
    if theirs is None:
        return
    if mine is None:
        theirs.person_id = new
        theirs.save(update_fields=["person"])
        return
    mine.skills.add(*theirs.skills.all())
    of_both = TeamMember.objects.filter(volunteer=mine, until_on=None).values("team")
    for member in TeamMember.objects.filter(volunteer=theirs, until_on=None, team__in=of_both):
        member.until_on = max(local_day(at), member.since_on)
        member.save(update_fields=["until_on"])
    TeamMember.objects.filter(volunteer=theirs).update(volunteer=mine)
    theirs.state = Volunteer.State.LEFT
    theirs.save(update_fields=["state"])


def _move_hours(old: UUID, new: UUID, actor: Actor, at: datetime) -> None:
    """Bring hours over by a row on each side and day: the ledger only grows, and its sums stay."""
    days = HoursEntry.objects.filter(person=old).order_by("community", "on").values_list("community", "on")
    for community, on, minutes in days.annotate(n=Sum("minutes")):
        if not minutes:
            continue
        for person, quantity in ((old, -minutes), (new, minutes)):
            entry = HoursEntry.objects.create(
                community_id=community,
                person_id=person,
                kind=HoursEntry.Kind.TAKEN_OVER,
                on=on,
                minutes=quantity,
                reason=_("Two records were one person."),
                entered_at=at,
                entered_by=actor.account,
            )
            facts.record(measure="volunteer_minutes", record=entry, quantity=quantity, community_id=community, on=on)
            act().target(entry, "entered", {"minutes": [None, quantity]})


def _join_communities(ended: Sequence[UUID], into: UUID) -> None:
    """Let joint activities name the successor once, and none as its own partner."""
    there = ActivityCommunity.objects.filter(community=into).values_list("activity_id", flat=True)
    seen = set(there)
    for row in ActivityCommunity.objects.filter(community__in=ended).select_related("activity").order_by("pk"):
        if row.activity_id in seen or row.activity.community_id == into:
            row.delete()
            continue
        seen.add(row.activity_id)
        row.community_id = into
        row.save(update_fields=["community"])
    ActivityCommunity.objects.filter(community=into, activity__community=into).delete()


def _rename_teams(ended: Sequence[UUID], into: UUID) -> None:
    taken = set(Team.objects.filter(community=into, state=Team.State.ACTIVE).values_list("name", flat=True))
    for team in (
        Team.objects.filter(community__in=ended, state=Team.State.ACTIVE).select_related("community").order_by("pk")
    ):
        name, number = team.name, 1
        while name in taken:
            ending = f"（{team.community.short_name}{number if number > 1 else ''}）"
            name, number = team.name[: 60 - len(ending)] + ending, number + 1
        if name != team.name:
            team.name = name
            team.save(update_fields=["name"])
        taken.add(name)
