"""Taking a shift, giving it back, sending people: exactly as many as it is for, and nobody in two places at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import shift_watch
from lianxin.domain.activities.commands.volunteers import ensure_volunteer
from lianxin.domain.activities.models import ReportingIn, Shift, ShiftPlace, Volunteer
from lianxin.domain.activities.queries.promises import list_promises, span_of
from lianxin.domain.activities.queries.teams import leads
from lianxin.domain.activities.rules import shifts as rules
from lianxin.domain.people.models import Organisation, Person
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = ShiftPlace.State
MOST_SENT = 50


class ShiftFull(Refused):
    """As many people as the shift is for have taken it."""

    title = gettext_lazy("This shift has enough people by now. Please choose another one.")


class ShiftClosed(Refused):
    """The shift is over, called off or not open yet."""

    title = gettext_lazy("This shift cannot be taken any more. Please choose another one.")


class TakenAlready(Refused):
    """The same person holds a place on it."""

    title = gettext_lazy("This person has taken the shift already.")


class InTwoPlaces(Refused):
    """Another shift or activity is at the same time, or too far away to come from it."""

    title = gettext_lazy("This does not go together with something else at that time.")


class SkillMissing(Refused):
    """The shift asks for a skill that the volunteer does not have."""

    title = gettext_lazy("This shift asks for a skill that is not noted for this volunteer.")


class TooYoung(Refused):
    """Under fourteen one helps together with somebody grown up."""

    title = gettext_lazy("Under 14 one helps together with the family. Please ask at the centre.")


class PlaceEnded(Refused):
    """The place was given back, or the shift was done."""

    title = gettext_lazy("This place was given back already, or the shift is over.")


@command("activities.take_shift")
def take_shift(
    *, actor: Actor, shift: UUID, person: UUID | None = None, at: datetime, key: UUID | None = None
) -> ShiftPlace:
    """Take a shift for oneself, or for somebody by staff or by the leader of its team.

    Whoever takes a first shift becomes a volunteer by it. Somebody of another community comes with
    `actor.visiting(shift.community_id)`. Raises ShiftFull, ShiftClosed, TakenAlready, InTwoPlaces, SkillMissing,
    TooYoung.
    """
    who = _person(actor, person)
    # The person first, then the shift: one person at two shifts at once waits here.
    row = _take_place(shift, at)
    by_office = policy.may_run(actor, row.community_id, row.venue_id)
    may = by_office or policy.is_self(actor, who.pk) or leads(actor=actor, team=row.team_id)
    policy.require(may)
    if row.starts_at <= at and not by_office:
        raise ShiftClosed(_("This shift has begun. Please speak to those who are there."))
    _check_person(row, who, at)
    volunteer = ensure_volunteer(who, on=local_day(at))
    _check_skills(row, volunteer)
    return _write(row, person=who, actor=actor, at=at, is_reporting_in=_reports_in(who, at))


@command("activities.send_people")
def send_people(
    *,
    actor: Actor,
    shift: UUID,
    organisation: UUID,
    names: Sequence[str],
    at: datetime,
    key: UUID | None = None,
) -> list[ShiftPlace]:
    """Send people of a partner by name, all of them or none; they are no residents here and nothing else is kept."""
    row = locks.lock_one(Shift.objects.filter(pk=shift))
    if row is None:
        raise Missing
    policy.require(policy.is_firm(actor, organisation) or policy.may_run(actor, row.community_id, row.venue_id))
    if not Organisation.objects.filter(pk=organisation).exclude(state__in=["merged", "closed"]).exists():
        raise Invalid(fields={"organisation": [_("This organisation is not on record, or has ended.")]})
    clean = _names(names)
    known = set(
        ShiftPlace.objects.filter(shift=row, organisation=organisation)
        .exclude(state=State.CANCELLED)
        .values_list("guest_name", flat=True)
    )
    twice = [name for name in clean if name in known]
    if twice:
        raise TakenAlready(_("%(names)s were sent already.") % {"names": "、".join(twice)})
    _require_open(row, at)
    if row.starts_at <= at and not policy.may_run(actor, row.community_id, row.venue_id):
        raise ShiftClosed(_("This shift has begun. Please speak to those who are there."))
    free = row.most - row.taken
    if len(clean) > free:
        raise ShiftFull(
            _("There is room for %(free)d more, and %(many)d were named. Please name fewer.")
            % {"free": max(0, free), "many": len(clean)}
        )
    Shift.objects.filter(pk=row.pk).update(taken=F("taken") + len(clean))
    row.taken += len(clean)
    places = [_new_place(row, actor=actor, at=at, guest_name=name, organisation_id=organisation) for name in clean]
    ShiftPlace.objects.bulk_create(places)
    shift_watch.watch(row, at=at)
    act().target(row, "people sent", {"people": [None, len(clean)], "organisation": [None, str(organisation)]})
    return places


@command("activities.give_shift_back")
def give_back(*, actor: Actor, place: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> ShiftPlace:
    """Give a place back: oneself before the shift begins, the office, the team's leader, or the partner who sent."""
    found = ShiftPlace.objects.filter(pk=place).only("shift_id").first()
    shift = locks.lock_one(Shift.objects.filter(pk=found.shift_id)) if found else None
    if shift is None:
        raise Missing
    row = ShiftPlace.objects.get(pk=place)
    by_office = policy.may_run(actor, shift.community_id, shift.venue_id)
    policy.require(
        by_office
        or policy.is_self(actor, row.person_id)
        or policy.is_firm(actor, row.organisation_id)
        or leads(actor=actor, team=shift.team_id)
    )
    if row.state != State.TAKEN or (shift.starts_at <= at and not by_office):
        raise PlaceEnded
    end_place(row, shift, reason=reason, at=at)
    if not policy.is_self(actor, row.person_id):
        shift_watch.tell(shift, row.person_id, shift_watch.CANCELLED, reason=reason or _("The place was given back."))
    return row


@command("activities.mark_shift_missed")
def mark_missed(*, actor: Actor, place: UUID, at: datetime, key: UUID | None = None) -> ShiftPlace:
    """Note that somebody did not come to a shift; it has no consequence and is shown to nobody but the office."""
    row = ShiftPlace.objects.filter(pk=place).select_related("shift").first()
    if row is None:
        raise Missing
    policy.require(policy.may_run(actor, row.community_id, row.shift.venue_id))
    if row.shift.starts_at > at:
        raise Refused(_("The shift has not begun yet."))
    if not ShiftPlace.objects.filter(pk=row.pk, state=State.TAKEN).update(state=State.MISSED, ended_at=at):
        raise PlaceEnded
    row.refresh_from_db()
    act().target(row, "missed", {"state": [State.TAKEN, State.MISSED]})
    return row


@command("activities.close_shift")
def close_shift(*, actor: Actor, shift: UUID, at: datetime, key: UUID | None = None) -> Shift:
    """Close a shift that is over: whoever holds a place and was not noted as having come missed it."""
    row: Shift | None = locks.lock_one(Shift.objects.filter(pk=shift))
    if row is None:
        raise Missing
    policy.require(policy.may_run(actor, row.community_id, row.venue_id) or leads(actor=actor, team=row.team_id))
    if row.state != Shift.State.OPEN or row.ends_at > at:
        raise ShiftClosed(_("Only a shift that is over can be closed. One that is called off is cancelled instead."))
    finish_shift(row, at=at)
    return row


@command("activities.finish_shifts")
def finish_shifts_of(*, actor: Actor, occurrence: UUID, at: datetime, key: UUID | None = None) -> list[Shift]:
    """Close the shifts of an occurrence that is over; whoever holds a place and was not seen missed it."""
    rows = locks.lock(Shift.objects.filter(occurrence=occurrence, state=Shift.State.OPEN))
    for row in rows:
        policy.require(policy.may_run(actor, row.community_id, row.venue_id))
        finish_shift(row, at=at)
    return rows


def finish_shift(row: Shift, *, at: datetime) -> None:
    """Close one locked shift that is over."""
    ShiftPlace.objects.filter(shift=row, state=State.TAKEN).update(state=State.MISSED, ended_at=at)
    row.state, row.closed_at = Shift.State.DONE, at
    row.version += 1
    row.save(update_fields=["state", "closed_at", "version"])
    shift_watch.settle(row)
    act().target(row, "done", {"state": [Shift.State.OPEN, Shift.State.DONE]})


def end_place(row: ShiftPlace, shift: Shift, *, reason: str, at: datetime) -> None:
    """Give one place of a locked shift back."""
    row.state, row.ended_at, row.ended_reason = State.CANCELLED, at, reason.strip()[:200]
    row.save(update_fields=["state", "ended_at", "ended_reason"])
    Shift.objects.filter(pk=shift.pk).update(taken=F("taken") - 1)
    shift.taken -= 1
    shift_watch.watch(shift, at=at)
    act().target(row, "given back", {"state": [State.TAKEN, State.CANCELLED]})


def _person(actor: Actor, person: UUID | None) -> Person:
    pk = person or actor.on_behalf_of or actor.person
    who: Person | None = locks.lock_one(Person.objects.filter(pk=pk)) if pk else None
    if who is None:
        raise Missing
    if who.state != Person.State.LIVING:
        raise Refused(_("This person no longer lives here, so nothing new is recorded."))
    return who


def _take_place(pk: UUID, at: datetime) -> Shift:
    """Count one more on a shift by one conditional statement, which is also its lock; raises what is in the way."""
    locks.reach(locks.RECORD)
    won = Shift.objects.filter(pk=pk, state=Shift.State.OPEN, taken__lt=F("most"), ends_at__gt=at).update(
        taken=F("taken") + 1
    )
    row = Shift.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    if not won:
        _require_open(row, at)
        raise ShiftFull
    return row


def _require_open(row: Shift, at: datetime) -> None:
    if row.state == Shift.State.CANCELLED:
        raise ShiftClosed(_("This shift was called off."))
    if row.state != Shift.State.OPEN or row.ends_at <= at:
        raise ShiftClosed


def _check_person(row: Shift, who: Person, at: datetime) -> None:
    if rules.is_too_young(who.birth_on, on=local_day(row.starts_at)):
        raise TooYoung
    if ShiftPlace.objects.filter(shift=row, person=who).exclude(state=State.CANCELLED).exists():
        raise TakenAlready
    wanted = span_of(row)
    held = list_promises(
        person=who.pk,
        from_at=row.starts_at - timedelta(hours=4),
        until_at=row.ends_at + timedelta(hours=4),
        but_occurrence=row.occurrence_id,
    )
    clash = rules.find_clash(wanted, held=held)
    if clash is not None:
        raise InTwoPlaces(clash_words(clash))


def clash_words(clash: rules.Clash) -> str:
    """Say in a sentence what does not go together."""
    other = {"name": clash.other.name, "when": shift_watch.spoken(clash.other.starts_at)}
    if clash.is_overlap:
        return _("At that time there is already: %(name)s (%(when)s).") % other
    return _(
        "%(name)s (%(when)s) is too far away: the way takes about %(needed)d minutes, and there are %(there)d."
    ) % (other | {"needed": clash.minutes_needed, "there": max(0, clash.minutes_there)})


def _check_skills(row: Shift, volunteer: Volunteer) -> None:
    asked = {skill.pk: skill.name for skill in row.skills.all()}
    if not asked:
        return
    missing = rules.missing_skills(asked, held=volunteer.skills.values_list("pk", flat=True))
    if missing:
        names = "、".join(sorted(asked[pk] for pk in missing))
        raise SkillMissing(
            _("This shift asks for: %(names)s. If you can do that, have it noted at the centre.") % {"names": names}
        )


def _reports_in(who: Person, at: datetime) -> bool:
    return ReportingIn.objects.filter(person=who, until_on=None, reported_on__lte=local_day(at)).exists()


def _write(row: Shift, *, person: Person, actor: Actor, at: datetime, is_reporting_in: bool) -> ShiftPlace:
    place = _new_place(row, actor=actor, at=at, person=person, is_reporting_in=is_reporting_in)
    place.save(force_insert=True)
    shift_watch.watch(row, at=at)
    if not policy.is_self(actor, person.pk):
        shift_watch.tell(row, person.pk, shift_watch.PUT_DOWN)
    act().target(place, "taken", {"state": [None, State.TAKEN]})
    return place


def _new_place(row: Shift, *, actor: Actor, at: datetime, **values: object) -> ShiftPlace:
    return ShiftPlace(
        community_id=row.community_id,
        shift=row,
        state=State.TAKEN,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        taken_at=at,
        taken_by=actor.account,
        **values,
    )


def _names(names: Sequence[str]) -> list[str]:
    clean = [" ".join(name.split()) for name in names]
    clean = [name for name in clean if name]
    if not clean:
        raise Invalid(fields={"names": [_("Please name at least one person.")]})
    if len(clean) > MOST_SENT:
        raise Invalid(fields={"names": [_("At most %(most)d people at once.") % {"most": MOST_SENT}]})
    long = [name for name in clean if len(name) > 40]
    if long:
        raise Invalid(fields={"names": [_("“%(name)s…” is too long for a name.") % {"name": long[0][:20]}]})
    doubled = sorted({name for name in clean if clean.count(name) > 1})
    if doubled:
        raise Invalid(
            fields={
                "names": [
                    _("%(names)s stand there twice. Tell them apart, or take one out.") % {"names": "、".join(doubled)}
                ]
            }
        )
    return clean
