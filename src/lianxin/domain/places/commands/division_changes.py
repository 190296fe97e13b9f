"""Rename, recode and move divisions: dated changes of one identity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Invalid

from .. import policy
from ..events import DivisionMoved, DivisionRecoded, DivisionRenamed
from ..models import Division, LineageKind
from ..rules import divisions as rules
from .dated_rows import (
    lock_divisions,
    note_lineage,
    refresh_search,
    require_day,
    save_current,
    set_codes,
    set_names,
    set_parent,
)


@command("places.rename_division")
def rename_division(
    *, actor: Actor, division: UUID, official_name: str, on: date, at: datetime, note: str = "", key: UUID | None = None
) -> Division:
    """Give a division another official name from a day; the former one stays findable."""
    policy.require(policy.may_change_divisions(actor))
    name = rules.clean_name(official_name)
    if not name or len(name) > 100:
        raise Invalid(fields={"official_name": [_("Enter a name of at most 100 characters.")]})
    known = lock_divisions([division])[division]
    require_day([known], on=on, at=at)
    old = known.official_name
    if old == name:
        return known
    set_names(known, name, on=on)
    save_current([known])
    note_lineage(known, known, LineageKind.RENAME, on=on, note=note or f"{old} → {name}")
    act().target(known, "renamed", {"official_name": [old, name], "on": [None, on]})
    contributions.follow(DivisionRenamed(division, old, name, on), actor=actor, at=at)
    refresh_search([division])
    return known


@command("places.recode_divisions")
def recode_divisions(
    *,
    actor: Actor,
    codes: Mapping[UUID, str],
    on: date,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> list[Division]:
    """Give divisions other 12-digit codes from a day; all or none, and codes may be swapped among them."""
    policy.require(policy.may_change_divisions(actor))
    wanted = {pk: rules.clean_code(code) for pk, code in codes.items()}
    divisions = lock_divisions(wanted)
    require_day(divisions.values(), on=on, at=at)
    problems = [
        str(_("%(code)s is not a 12-digit code.") % {"code": code or "?"})
        for code in wanted.values()
        if not rules.is_code(code)
    ]
    problems += [
        str(
            _("%(code)s is not a code for %(name)s: its zeros say another level.")
            % {"code": code, "name": divisions[pk].official_name}
        )
        for pk, code in wanted.items()
        if rules.is_code(code) and rules.level_of(code) != divisions[pk].level
    ]
    if len(set(wanted.values())) != len(wanted):
        problems.append(str(_("The same code was given to two divisions.")))
    if problems:
        raise Invalid(" ".join(problems), fields={"codes": problems})
    old = {pk: divisions[pk].code for pk in wanted}
    changed = {pk: code for pk, code in wanted.items() if code != old[pk]}
    set_codes(changed, divisions, on=on)
    save_current(divisions[pk] for pk in changed)
    for pk, code in changed.items():
        note_lineage(divisions[pk], divisions[pk], LineageKind.RECODE, on=on, note=note or f"{old[pk]} → {code}")
        act().target(divisions[pk], "recoded", {"code": [old[pk], code], "on": [None, on]})
        contributions.follow(DivisionRecoded(pk, old[pk], code, on), actor=actor, at=at)
    refresh_search(changed)
    return [divisions[pk] for pk in wanted]


@command("places.recode_division")
def recode_division(
    *, actor: Actor, division: UUID, code: str, on: date, at: datetime, note: str = "", key: UUID | None = None
) -> Division:
    """Give one division another 12-digit code from a day."""
    return recode_divisions(actor=actor, codes={division: code}, on=on, at=at, note=note, key=inner_key(key, "recode"))[
        0
    ]


@command("places.move_divisions")
def move_divisions(
    *,
    actor: Actor,
    parents: Mapping[UUID, UUID],
    on: date,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> list[Division]:
    """Put divisions under other ones from a day; their records stay theirs."""
    policy.require(policy.may_change_divisions(actor))
    divisions = lock_divisions({*parents, *parents.values()})
    require_day(divisions.values(), on=on, at=at)
    for pk, parent in parents.items():
        if rules.LEVELS.index(divisions[parent].level) >= rules.LEVELS.index(divisions[pk].level):
            raise Invalid(
                _("%(parent)s is not above %(name)s.")
                % {"parent": divisions[parent].official_name, "name": divisions[pk].official_name},
                fields={"parent": [_("Choose a division of a higher level.")]},
            )
    moved = []
    for pk, parent in parents.items():
        division = divisions[pk]
        old_id, old = division.parent_id, division.parent
        if old_id == parent:
            continue
        set_parent(division, divisions[parent], on=on)
        label = f"{old.official_name if old else ''} → {divisions[parent].official_name}"
        note_lineage(division, division, LineageKind.MOVE, on=on, note=note or label)
        act().target(division, "moved", {"parent": [old_id, parent], "on": [None, on]})
        contributions.follow(DivisionMoved(pk, old_id, parent, on), actor=actor, at=at)
        moved.append(division)
    save_current(moved)
    refresh_search(division.pk for division in moved)
    return [divisions[pk] for pk in parents]


@command("places.move_division")
def move_division(
    *, actor: Actor, division: UUID, parent: UUID, on: date, at: datetime, note: str = "", key: UUID | None = None
) -> Division:
    """Put one division under another from a day."""
    return move_divisions(actor=actor, parents={division: parent}, on=on, at=at, note=note, key=inner_key(key, "move"))[
        0
    ]
