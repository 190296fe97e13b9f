"""Create divisions from lists, and give them further names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

from .. import policy
from ..models import Committee, Division, DivisionCode, DivisionName, DivisionParent, Level, NameKind
from ..queries.search_entries import division_entries
from ..rules import divisions as rules
from ..rules.history import DivisionRow
from .dated_rows import lock_divisions, refresh_search, require_day


@command("places.load_divisions")
def load_divisions(
    *, actor: Actor, rows: Sequence[DivisionRow], on: date, at: datetime, key: UUID | None = None
) -> list[Division]:
    """Create the divisions of a list that are not there yet, from a day; give the created ones.

    Nothing that exists is changed: a row whose code is in use under another name is an error that names it.
    """
    policy.require(policy.may_change_divisions(actor))
    require_day([], on=on, at=at)
    known = {division.code: division for division in Division.objects.filter(ended_on__isnull=True)}
    problems, new_rows = _compare(rows, known)
    if problems:
        raise Invalid(_("The list of divisions cannot be taken as it is."), fields={"rows": problems})

    created: list[Division] = []
    codes, parents, names = [], [], []
    for row in new_rows:
        level = rules.level_of(row.code)
        official = rules.clean_name(row.name)
        division = Division(
            level=level,
            committee=rules.committee_of(row.code) if level == Level.COMMUNITY else Committee.NONE,
            created_on=on,
            official_name=official,
            short_name=rules.spoken_name(official, level),
            code=row.code,
            parent=known.get(row.parent_code),
        )
        known[row.code] = division
        created.append(division)
        codes.append(DivisionCode(division=division, code=row.code, valid_from=on))
        if division.parent is not None:
            parents.append(DivisionParent(division=division, parent=division.parent, valid_from=on))
        names += [
            DivisionName(division=division, kind=kind, name=name, valid_from=on)
            for kind, name in (
                (NameKind.OFFICIAL, official),
                (NameKind.SPOKEN, division.short_name),
                (NameKind.SHORT, rules.short_name(official, level)),
            )
        ]
    Division.objects.bulk_create(created)
    DivisionCode.objects.bulk_create(codes)
    DivisionParent.objects.bulk_create(parents)
    DivisionName.objects.bulk_create(names)
    for division in created:
        act().target(division, "created", {"name": [None, division.official_name], "code": [None, division.code]})
    search.put(list(division_entries([division.pk for division in created])))
    return created


def _compare(rows: Sequence[DivisionRow], known: dict[str, Division]) -> tuple[list[str], list[DivisionRow]]:
    """Tell what is wrong with a list, and which of its rows are new."""
    problems: list[str] = []
    new_rows: list[DivisionRow] = []
    coming: set[str] = set()
    for row in rows:
        if not rules.is_code(row.code):
            problems.append(_("%(code)s is not a 12-digit code.") % {"code": row.code or "?"})
            continue
        if not rules.clean_name(row.name):
            problems.append(_("The division %(code)s has no name.") % {"code": row.code})
        if row.code in coming:
            problems.append(_("The code %(code)s stands in the list twice.") % {"code": row.code})
        present = known.get(row.code)
        if present is not None:
            if present.official_name != rules.clean_name(row.name):
                problems.append(
                    _("%(code)s is %(known)s, not %(name)s. Rename or recode it first.")
                    % {"code": row.code, "known": present.official_name, "name": row.name}
                )
            continue
        # A district may be loaded without the city above it: only its own tree must hang together.
        needs_parent = row.parent_code or rules.level_of(row.code) in (Level.SUBDISTRICT, Level.COMMUNITY)
        if needs_parent and row.parent_code not in known and row.parent_code not in coming:
            problems.append(
                _("%(name)s (%(code)s) lies in %(parent)s, which is not there.")
                % {"name": row.name, "code": row.code, "parent": row.parent_code or "?"}
            )
        coming.add(row.code)
        new_rows.append(row)
    return [str(problem) for problem in problems], new_rows


@command("places.add_division_alias")
def add_division_alias(
    *,
    actor: Actor,
    division: UUID,
    name: str,
    on: date,
    at: datetime,
    kind: str = NameKind.ALIAS,
    key: UUID | None = None,
) -> DivisionName:
    """Record another name under which people look for a division."""
    policy.require(policy.may_change_divisions(actor))
    cleaned = rules.clean_name(name)
    if not cleaned or len(cleaned) > 100:
        raise Invalid(fields={"name": [_("Enter a name of at most 100 characters.")]})
    if kind not in (NameKind.ALIAS, NameKind.FORMER):
        raise Invalid(fields={"kind": [_("An official name is changed by renaming.")]})
    known = lock_divisions([division])[division]
    require_day([known], on=on, at=at)
    row, created = DivisionName.objects.get_or_create(
        division=known, name=cleaned, kind=kind, valid_until=None, defaults={"valid_from": on}
    )
    if created:
        act().target(known, "alias added", {"name": [None, cleaned]})
        refresh_search([division])
    return row


@command("places.end_division_alias")
def end_division_alias(
    *, actor: Actor, alias: UUID, on: date, at: datetime, key: UUID | None = None
) -> DivisionName | None:
    """Stop showing a further name; it stays findable as a name of its time, unless it began on that very day."""
    policy.require(policy.may_change_divisions(actor))
    row = DivisionName.objects.filter(
        pk=alias, kind__in=[NameKind.ALIAS, NameKind.FORMER], valid_until__isnull=True
    ).first()
    if row is None:
        return None
    require_day([], on=on, at=at)
    act().target(row.division, "alias ended", {"name": [row.name, None]})
    if row.valid_from >= on:
        row.delete()
        refresh_search([row.division_id])
        return None
    row.valid_until = on
    row.save(update_fields=["valid_until"])
    refresh_search([row.division_id])
    return row
