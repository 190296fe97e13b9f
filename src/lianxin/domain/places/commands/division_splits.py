"""Cut parts out of a division, and merge divisions into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions, search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

from .. import policy
from ..events import DivisionsMerged, DivisionSplit
from ..models import Division, DivisionCode, DivisionName, DivisionParent, Level, LineageKind, NameKind, Venue
from ..rules import divisions as rules
from ..rules.history import DivisionRow
from .dated_rows import close_rows, lock_divisions, note_lineage, refresh_search, require_day, save_current
from .division_changes import move_divisions
from .divisions import load_divisions
from .venue_moves import give_venues


@dataclass(frozen=True)
class NewPart:
    """A part to be cut out: its name and code, and what goes with it; all else stays with the first."""

    name: str
    code: str
    children: frozenset[UUID] = frozenset()
    venues: frozenset[UUID] = frozenset()


@command("places.split_division")
def split_division(
    *,
    actor: Actor,
    division: UUID,
    parts: Sequence[NewPart],
    on: date,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> list[Division]:
    """Cut new divisions out of one from a day; give the new ones. Only what a part names goes with it."""
    policy.require(policy.may_change_divisions(actor))
    known = lock_divisions([division])[division]
    require_day([known], on=on, at=at)
    _check_parts(known, parts)
    above = known.parent.code if known.parent else ""
    rows = [DivisionRow(rules.clean_code(part.code), part.name, above) for part in parts]
    taken = set(
        Division.objects.filter(ended_on=None, code__in=[row.code for row in rows]).values_list("code", flat=True)
    )
    if taken:
        raise Invalid(fields={"parts": [_("The code %(code)s is already in use.") % {"code": min(taken)}]})
    created = load_divisions(actor=actor, rows=rows, on=on, at=at)
    for part, new in zip(parts, created, strict=True):
        note_lineage(known, new, LineageKind.SPLIT, on=on, note=note)
        if part.children:
            move_divisions(actor=actor, parents=dict.fromkeys(part.children, new.pk), on=on, at=at, note=note)
    going = {venue: new.pk for part, new in zip(parts, created, strict=True) for venue in part.venues}
    if going:
        give_venues(actor=actor, to=going, on=on, at=at)
    act().target(known, "split", {"parts": [None, [new.official_name for new in created]], "on": [None, on]})
    contributions.follow(DivisionSplit(division, tuple(new.pk for new in created), on), actor=actor, at=at)
    refresh_search([division, *(new.pk for new in created)])
    return created


def _check_parts(known: Division, parts: Sequence[NewPart]) -> None:
    """Refuse parts that overlap, name what is not the division's, or carry a code of another level."""
    problems: list[str] = []
    if known.parent is None:
        raise Invalid(_("A division without one above it cannot be split."))
    if not parts:
        problems.append(str(_("Name at least one part.")))
    for part in parts:
        code = rules.clean_code(part.code)
        if not rules.is_code(code) or rules.level_of(code) != known.level:
            problems.append(str(_("%(code)s is not a code for this level.") % {"code": code or "?"}))
        if not rules.clean_name(part.name):
            problems.append(str(_("Give every part a name.")))
    children = [child for part in parts for child in part.children]
    venues = [venue for part in parts for venue in part.venues]
    if len(set(children)) != len(children) or len(set(venues)) != len(venues):
        problems.append(str(_("A community or venue was given to two parts.")))
    if children and Division.objects.filter(pk__in=children, parent=known).count() != len(children):
        problems.append(str(_("A division that was named does not lie in %(name)s.") % {"name": known.official_name}))
    if venues and Venue.objects.filter(pk__in=venues, community=known).count() != len(venues):
        problems.append(str(_("A venue that was named does not belong to %(name)s.") % {"name": known.official_name}))
    if problems:
        raise Invalid(" ".join(problems), fields={"parts": problems})


@command("places.merge_divisions")
def merge_divisions(
    *,
    actor: Actor,
    divisions: Iterable[UUID],
    into: UUID,
    on: date,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> Division:
    """End divisions on a day as parts of another, which takes what lies under them and their venues.

    Records of what happened keep the community in which it happened.
    """
    policy.require(policy.may_change_divisions(actor))
    ending_ids = set(divisions)
    if into in ending_ids or not ending_ids:
        raise Invalid(fields={"divisions": [_("Choose divisions other than the one that goes on.")]})
    known = lock_divisions({*ending_ids, into})
    require_day(known.values(), on=on, at=at)
    target = known.pop(into)
    for ending in known.values():
        if ending.level != target.level:
            raise Invalid(
                _("%(name)s and %(into)s are not on the same level.")
                % {"name": ending.official_name, "into": target.official_name}
            )
        if on <= ending.created_on:
            raise Invalid(
                _("%(name)s exists only since %(day)s.") % {"name": ending.official_name, "day": ending.created_on},
                fields={"on": [_("Choose a later day.")]},
            )
    children = Division.objects.filter(parent__in=ending_ids, ended_on=None).values_list("pk", flat=True)
    if children:
        move_divisions(actor=actor, parents=dict.fromkeys(children, into), on=on, at=at, note=note)
    if target.level == Level.COMMUNITY:
        venues = list(Venue.objects.filter(community__in=ending_ids).values_list("pk", flat=True))
        if venues:
            give_venues(actor=actor, to=dict.fromkeys(venues, into), on=on, at=at, with_community=True)
    for ending in known.values():
        _end(ending, target, on=on)
        note_lineage(ending, target, LineageKind.MERGE, on=on, note=note)
        act().target(ending, "ended", {"into": [None, target.official_name], "on": [None, on]})
    act().target(target, "merged", {"from": [None, sorted(d.official_name for d in known.values())], "on": [None, on]})
    contributions.follow(DivisionsMerged(tuple(sorted(ending_ids)), into, on), actor=actor, at=at)
    search.drop("division", list(ending_ids))
    refresh_search([into])
    return target


def _end(ending: Division, target: Division, *, on: date) -> None:
    """Close all dated rows of a division, and let its names lead to the one that goes on."""
    for kind in NameKind.values:
        close_rows(DivisionName.objects.filter(division=ending, kind=kind), on=on)
    close_rows(DivisionCode.objects.filter(division=ending), on=on)
    close_rows(DivisionParent.objects.filter(division=ending), on=on)
    ending.ended_on = on
    save_current([ending])
    for name in dict.fromkeys((ending.official_name, ending.short_name)):
        DivisionName.objects.get_or_create(
            division=target, kind=NameKind.FORMER, name=name, valid_until=None, defaults={"valid_from": on}
        )
