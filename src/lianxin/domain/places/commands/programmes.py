"""Programmes and their batches: which communities go first, which follow, which leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import locks, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

from .. import policy
from ..events import DivisionsMerged, DivisionSplit
from ..models import BatchMember, Division, Level, Programme, ProgrammeBatch
from ..queries.programmes import entry_of
from ..rules import programmes as rules


class AlreadyInProgramme(Refused):
    """A community is in at most one batch of a programme at a time."""

    title = gettext_lazy("A community is in this programme already.")


class ProgrammeEnded(Refused):
    """An ended programme takes no one in and lets no one out."""

    title = gettext_lazy("This programme has ended.")


def _programme(programme: UUID, *, version: int | None = None) -> Programme:
    found = locks.lock_one(Programme.objects.filter(pk=programme))
    if found is None:
        raise Missing
    if version is not None and version != found.version:
        raise EditedMeanwhile
    return found


def _bump(programme: Programme, *fields: str) -> None:
    programme.version += 1
    programme.save(update_fields=[*fields, "version"])


def _index(programme: Programme) -> None:
    search.put([entry_of(programme)])


def _check_words(name: str, purpose: str, *, other_than: UUID | None = None) -> None:
    faults = {}
    if not name or len(name) > 100:
        faults["name"] = [_("Please give the programme a name of at most 100 characters.")]
    elif Programme.objects.filter(name=name).exclude(pk__in=[other_than] if other_than else []).exists():
        faults["name"] = [_("There is a programme of this name already.")]
    if not purpose:
        faults["purpose"] = [_("Please say what the programme is for.")]
    if faults:
        raise Invalid(fields=faults)


@command("places.start_programme")
def start_programme(*, actor: Actor, at: datetime, name: str, purpose: str, key: UUID | None = None) -> Programme:
    """Set a programme up; it runs from its first batch on."""
    policy.require(policy.may_edit_programmes(actor))
    name, purpose = name.strip(), purpose.strip()
    _check_words(name, purpose)
    programme = Programme.objects.create(name=name, purpose=purpose)
    act().target(programme, "started", {"name": [None, name]})
    _index(programme)
    return programme


@command("places.edit_programme")
def edit_programme(
    *, actor: Actor, at: datetime, programme: UUID, name: str, purpose: str, version: int | None = None
) -> Programme:
    """Change a programme's name and purpose."""
    policy.require(policy.may_edit_programmes(actor))
    found = _programme(programme, version=version)
    name, purpose = name.strip(), purpose.strip()
    _check_words(name, purpose, other_than=found.pk)
    act().target(found, "edited", {"name": [found.name, name]})
    found.name, found.purpose = name, purpose
    _bump(found, "name", "purpose")
    _index(found)
    return found


@command("places.add_batch")
def add_batch(
    *,
    actor: Actor,
    at: datetime,
    programme: UUID,
    starts_on: date,
    ends_on: date | None = None,
    is_pilot: bool = True,
    note: str = "",
    communities: Sequence[UUID] = (),
    key: UUID | None = None,
) -> ProgrammeBatch:
    """Add the next batch, with the communities that join it on its first day."""
    policy.require(policy.may_edit_programmes(actor))
    found = _programme(programme)
    if found.state == rules.ENDED:
        raise ProgrammeEnded
    if ends_on and ends_on < starts_on:
        raise Invalid(fields={"ends_on": [_("The last day cannot lie before the first.")]})
    last = found.batches.order_by("-number").first()
    if last and starts_on < last.starts_on:
        raise Invalid(
            fields={
                "starts_on": [
                    _("Batch %(number)s starts on %(day)s; the next one starts that day or later.")
                    % {"number": last.number, "day": last.starts_on}
                ]
            }
        )
    number = (found.batches.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = ProgrammeBatch.objects.create(
        programme=found, number=number, starts_on=starts_on, ends_on=ends_on, is_pilot=is_pilot, note=note.strip()[:300]
    )
    if found.state == rules.PREPARING:
        found.state = rules.RUNNING
    _bump(found, "state")
    act().target(found, "added a batch", {"batch": [None, number]})
    if communities:
        _join(batch, communities, on=starts_on, reason="")
    return batch


@command("places.add_batch_members")
def add_batch_members(
    *,
    actor: Actor,
    at: datetime,
    batch: UUID,
    communities: Sequence[UUID],
    on: date,
    reason: str = "",
    key: UUID | None = None,
) -> list[BatchMember]:
    """Let communities join a batch on a day, all or none."""
    policy.require(policy.may_edit_programmes(actor))
    found = _open_batch(batch)
    return _join(found, communities, on=on, reason=reason.strip())


def _open_batch(batch: UUID) -> ProgrammeBatch:
    found = ProgrammeBatch.objects.filter(pk=batch).first()
    if found is None:
        raise Missing
    programme = _programme(found.programme_id)
    if programme.state == rules.ENDED:
        raise ProgrammeEnded
    found.programme = programme
    return found


def _join(batch: ProgrammeBatch, communities: Sequence[UUID], *, on: date, reason: str) -> list[BatchMember]:
    wanted = list(dict.fromkeys(communities))
    if not wanted:
        raise Invalid(fields={"communities": [_("Please choose at least one community.")]})
    if on < batch.starts_on or (batch.ends_on and on > batch.ends_on):
        raise Invalid(fields={"on": [_("This day lies outside the batch.")]})
    divisions = Division.objects.filter(pk__in=wanted, level=Level.COMMUNITY, created_on__lte=on)
    known = {d.pk: d for d in divisions.filter(Q(ended_on=None) | Q(ended_on__gt=on))}
    if len(known) != len(wanted):
        raise Invalid(fields={"communities": [_("Only communities that exist on that day can join.")]})
    # A later membership counts too: two memberships of one programme never share a day.
    there = BatchMember.objects.filter(programme=batch.programme_id, community__in=wanted)
    taken = there.filter(Q(left_on=None) | Q(left_on__gt=on)).select_related("community", "batch")
    if taken:
        names = ", ".join(f"{m.community.short_name} (#{m.batch.number})" for m in taken)
        raise AlreadyInProgramme(_("Already in this programme: %(names)s.") % {"names": names})
    members = [
        BatchMember(
            programme_id=batch.programme_id, batch=batch, community=known[pk], joined_on=on, reason=reason[:300]
        )
        for pk in wanted
    ]
    BatchMember.objects.bulk_create(members)
    for member in members:
        act().target(member, "joined", {"batch": [None, batch.number], "joined_on": [None, on]})
    return members


@command("places.remove_batch_member")
def remove_batch_member(*, actor: Actor, at: datetime, member: UUID, on: date, reason: str) -> BatchMember:
    """Let a community leave on a day, saying why; the days before stay as they were."""
    policy.require(policy.may_edit_programmes(actor))
    found = BatchMember.objects.filter(pk=member).select_related("batch").first()
    if found is None:
        raise Missing
    _open_batch(found.batch_id)
    found.refresh_from_db()
    faults = {}
    if not reason.strip():
        faults["reason"] = [_("Please say why.")]
    if on < found.joined_on:
        faults["on"] = [_("The community joined on %(day)s; choose that day or later.") % {"day": found.joined_on}]
    if faults:
        raise Invalid(fields=faults)
    if found.left_on is not None:
        raise Refused(_("This community has left already."))
    found.left_on, found.reason = on, reason.strip()[:300]
    found.save(update_fields=["left_on", "reason"])
    act().note(reason=found.reason)
    act().target(found, "left", {"left_on": [None, on]})
    return found


@command("places.end_programme")
def end_programme(
    *, actor: Actor, at: datetime, programme: UUID, on: date, reason: str = "", version: int | None = None
) -> Programme:
    """End a programme on a day: its communities belong to it up to, and not including, that day."""
    policy.require(policy.may_edit_programmes(actor))
    found = _programme(programme, version=version)
    if not rules.may_move(found.state, rules.ENDED):
        raise ProgrammeEnded
    if on > local_day(at):
        raise Invalid(fields={"on": [_("This day has not come yet.")]})
    members = BatchMember.objects.filter(programme=found, left_on=None)
    if members.filter(joined_on__gt=on).exists():
        raise Invalid(fields={"on": [_("A community joined after this day; choose a later one.")]})
    members.update(left_on=on)
    was, found.state, found.ended_on = found.state, rules.ENDED, on
    _bump(found, "state", "ended_on")
    act().note(reason=reason.strip())
    act().target(found, "ended", {"state": [was, found.state]})
    _index(found)
    return found


def carry_members_through_split(event: DivisionSplit, *, actor: Actor, at: datetime) -> None:
    """Let the parts of a split community go on in the batches in which the whole was."""
    for member in _members_on(BatchMember.objects.filter(community=event.division), event.on):
        for part in event.parts:
            _inherit(member, part, event.on)


def carry_members_through_merge(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """End the memberships of merged communities and let the one they became go on where it is not already."""
    for member in _members_on(BatchMember.objects.filter(community__in=event.divisions), event.on):
        member.left_on = max(event.on, member.joined_on)
        member.save(update_fields=["left_on"])
        act().target(member, "left", {"left_on": [None, event.on]})
        _inherit(member, event.into, event.on)


def _members_on(members: QuerySet[BatchMember], on: date) -> list[BatchMember]:
    open_ones = members.filter(left_on=None, programme__ended_on=None).select_related("batch")
    return list(open_ones.order_by("batch__number", "joined_on", "pk"))


def _inherit(member: BatchMember, community: UUID, on: date) -> None:
    there = BatchMember.objects.filter(programme=member.programme_id, community=community)
    if there.filter(Q(left_on=None) | Q(left_on__gt=on)).exists():
        return
    heir = BatchMember.objects.create(
        programme_id=member.programme_id,
        batch_id=member.batch_id,
        community_id=community,
        joined_on=max(on, member.joined_on),
        reason=member.reason,
        inherited_from=member,
    )
    act().target(heir, "inherited", {"joined_on": [None, heir.joined_on]})


def preview_split(event: DivisionSplit) -> list[str]:
    """Tell how many memberships the parts of a split will inherit."""
    return _preview(len(_members_on(BatchMember.objects.filter(community=event.division), event.on)))


def preview_merge(event: DivisionsMerged) -> list[str]:
    """Tell how many memberships go over in a merger."""
    return _preview(len(_members_on(BatchMember.objects.filter(community__in=event.divisions), event.on)))


def _preview(count: int) -> list[str]:
    return [_("%(count)d programme membership goes on with the successor.") % {"count": count}] if count else []
