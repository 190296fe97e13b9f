"""Volunteers: who wants to help, what they can do, when it suits them; and the skills that a shift may ask for."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import ShiftPlace, Skill, TeamMember, Volunteer
from lianxin.domain.people.models import Person
from lianxin.domain.places.policy import may_change_reference_data
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State = Volunteer.State
HALVES = ("am", "pm", "eve")
SUITS = frozenset(f"{weekday}{half}" for weekday in range(7) for half in HALVES)
"""Half days that can suit somebody: 0am is Monday morning, 6eve Sunday evening."""


class ShiftsAhead(Refused):
    """Somebody who leaves still holds shifts."""

    title = gettext_lazy("There are shifts ahead. Give them back first, then leave.")


def read_skills(data_dir: Path) -> list[dict[str, str]]:
    """Read the skills that the program ships."""
    with (data_dir / "volunteer_skills.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@command("activities.load_skills")
def load_skills(*, actor: Actor, skills: Sequence[dict[str, str]], at: datetime) -> int:
    """Enter the skills that are not there yet; gives how many were new. What a district changed stays."""
    policy.require(may_change_reference_data(actor))
    known = set(Skill.objects.values_list("code", flat=True))
    fresh = [
        Skill(code=line["code"], name=line["name_zh"], name_en=line.get("name_en", ""), position=position)
        for position, line in enumerate(skills, start=1)
        if line["code"] not in known
    ]
    Skill.objects.bulk_create(fresh)
    return len(fresh)


@command("activities.register_volunteer")
def register_volunteer(
    *,
    actor: Actor,
    person: UUID | None = None,
    skills: Iterable[UUID] = (),
    suits: Iterable[str] = (),
    insurance_note: str = "",
    insured_until: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Volunteer:
    """Note that somebody wants to help, or changes what they can do: themselves, or by the office.

    What is noted of insurance and skills that need proof is the office's; others keep what was noted.
    """
    who = _person(actor, person)
    keeps = policy.may_keep_volunteers(actor, who.community_id)
    policy.require(keeps or policy.is_self(actor, who.pk))
    row = ensure_volunteer(who, on=local_day(at))
    return _fill(
        row,
        skills=skills,
        suits=suits,
        insurance=(insurance_note, insured_until) if keeps else None,
        at=at,
    )


@command("activities.edit_volunteer")
def edit_volunteer(
    *,
    actor: Actor,
    volunteer: UUID,
    skills: Iterable[UUID],
    suits: Iterable[str] = (),
    insurance_note: str | None = None,
    insured_until: date | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Volunteer:
    """Change what is noted of a volunteer; `insurance_note=None` leaves insurance as it is."""
    row = _volunteer(actor, volunteer)
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    keeps = policy.may_keep_volunteers(actor, row.community_id)
    insurance = (insurance_note, insured_until) if keeps and insurance_note is not None else None
    return _fill(row, skills=skills, suits=suits, insurance=insurance, at=at)


@command("activities.set_volunteer_state")
def set_state(*, actor: Actor, volunteer: UUID, state: str, at: datetime, key: UUID | None = None) -> Volunteer:
    """Let a volunteer take a rest, come back, or leave; raises ShiftsAhead while shifts are promised."""
    row = _volunteer(actor, volunteer)
    if state not in State.values:
        raise Invalid(fields={"state": [_("Choose active, resting or left.")]})
    if state == State.LEFT:
        with scope.everything():
            ahead = ShiftPlace.objects.filter(
                person=row.person_id, state=ShiftPlace.State.TAKEN, ends_at__gt=at
            ).exists()
        if ahead:
            raise ShiftsAhead
        on = local_day(at)
        for member in TeamMember.objects.filter(volunteer=row, until_on=None):
            member.until_on = max(on, member.since_on)
            member.save(update_fields=["until_on"])
    old, row.state = row.state, state
    row.version += 1
    row.save(update_fields=["state", "version"])
    act().target(row, "changed", {"state": [old, state]})
    return row


def ensure_volunteer(who: Person, *, on: date) -> Volunteer:
    """Give the person's entry as a volunteer, made or made active again where needed; their record is locked."""
    # It may have been entered before they moved to another community.
    with scope.everything():
        row = Volunteer.objects.filter(person=who).first()
    if row is None:
        row = Volunteer.objects.create(community_id=who.community_id, person=who, registered_on=on)
        act().target(row, "registered", {"state": [None, row.state]})
    elif row.state != State.ACTIVE:
        act().target(row, "came back", {"state": [row.state, State.ACTIVE]})
        row.state = State.ACTIVE
        row.version += 1
        row.save(update_fields=["state", "version"])
    return row


def _fill(
    row: Volunteer,
    *,
    skills: Iterable[UUID],
    suits: Iterable[str],
    insurance: tuple[str, date | None] | None,
    at: datetime,
) -> Volunteer:
    wanted = set(skills)
    chosen = list(Skill.objects.filter(pk__in=wanted))
    if len(chosen) != len(wanted):
        raise Invalid(fields={"skills": [_("Choose from the list of skills.")]})
    halves = sorted(set(suits))
    if not SUITS.issuperset(halves):
        raise Invalid(fields={"suits": [_("Choose from the days of the week.")]})
    old = sorted(skill.name for skill in row.skills.all())
    row.skills.set(chosen)
    row.suits = halves
    if insurance is not None:
        note, until = insurance
        if len(note) > 120:
            raise Invalid(fields={"insurance_note": [_("At most %(most)d characters.") % {"most": 120}]})
        row.insurance_note, row.insured_until = note.strip(), until
    row.version += 1
    row.save()
    act().target(row, "changed", {"skills": [old, sorted(skill.name for skill in chosen)], "suits": [None, halves]})
    return row


def _person(actor: Actor, person: UUID | None) -> Person:
    pk = person or actor.on_behalf_of or actor.person
    who: Person | None = locks.lock_one(Person.objects.filter(pk=pk)) if pk else None
    if who is None:
        raise Missing
    if who.state != Person.State.LIVING:
        raise Refused(_("This person no longer lives here, so nothing new is recorded."))
    return who


def _volunteer(actor: Actor, pk: UUID) -> Volunteer:
    row: Volunteer | None = locks.lock_one(Volunteer.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_volunteers(actor, row.community_id) or policy.is_self(actor, row.person_id))
    return row
