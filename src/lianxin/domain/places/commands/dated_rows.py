"""The one place that writes dated names, codes and parents, and keeps the division's current columns equal to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import locks, search
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, Missing, Refused

from ..models import Division, DivisionCode, DivisionLineage, DivisionName, DivisionParent, LineageKind, NameKind
from ..queries.search_entries import division_entries
from ..rules import divisions as rules


class DivisionEnded(Refused):
    """The division no longer exists on that day."""

    title = _("This division no longer exists on that day.")


class LaterChangeKnown(Refused):
    """The day lies before a change that is already recorded."""

    title = _("A later change is already recorded. Enter a day after it.")


class CodeTaken(Refused):
    """Two divisions cannot have the same code on the same day."""

    title = _("Another division has this code on that day.")


def lock_divisions(ids: Iterable[UUID]) -> dict[UUID, Division]:
    """Lock divisions and give them by id; raises Missing when one is unknown."""
    wanted = set(ids)
    found = {division.pk: division for division in locks.lock(Division.objects.filter(pk__in=wanted))}
    if wanted - found.keys():
        raise Missing
    return found


def require_day(divisions: Iterable[Division], *, on: date, at: datetime) -> None:
    """Refuse a day that is not here yet, or on which a division does not exist."""
    if on > local_day(at):
        raise Invalid(
            _("Enter the change on the day it takes effect; that day has not come yet."),
            fields={"on": [_("This day lies in the future.")]},
        )
    for division in divisions:
        if division.ended_on is not None:
            raise DivisionEnded(
                _("%(name)s ended on %(day)s.") % {"name": division.official_name, "day": division.ended_on}
            )
        if on < division.created_on:
            raise DivisionEnded(
                _("%(name)s exists only since %(day)s.") % {"name": division.official_name, "day": division.created_on}
            )


def close_rows(rows: Any, *, on: date) -> None:
    """End the open rows on a day; a row that began on that very day held for no day and goes."""
    open_rows = rows.filter(valid_until__isnull=True)
    later = open_rows.filter(valid_from__gt=on).first()
    if later is not None:
        raise LaterChangeKnown(
            _("A change on %(day)s is already recorded. Enter a day after it.") % {"day": later.valid_from}
        )
    open_rows.filter(valid_from=on).delete()
    open_rows.update(valid_until=on)


def set_names(division: Division, official: str, *, on: date) -> None:
    """Give a division an official name from a day, with the spoken and the short name that follow from it."""
    values = {
        NameKind.OFFICIAL: official,
        NameKind.SPOKEN: rules.spoken_name(official, division.level),
        NameKind.SHORT: rules.short_name(official, division.level),
    }
    for kind, name in values.items():
        rows = DivisionName.objects.filter(division=division, kind=kind)
        if rows.filter(valid_until__isnull=True, name=name).exists():
            continue
        close_rows(rows, on=on)
        DivisionName.objects.create(division=division, kind=kind, name=name, valid_from=on)
    division.official_name = official
    division.short_name = values[NameKind.SPOKEN]


def set_codes(codes: dict[UUID, str], divisions: dict[UUID, Division], *, on: date) -> None:
    """Give divisions codes from a day; codes may be swapped among them."""
    for pk in codes:
        close_rows(DivisionCode.objects.filter(division=pk), on=on)
    taken = (
        DivisionCode.objects.filter(code__in=codes.values())
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
        .select_related("division")
        .first()
    )
    if taken is not None:
        raise CodeTaken(
            _("%(code)s is the code of %(name)s on that day.")
            % {"code": taken.code, "name": taken.division.official_name}
        )
    DivisionCode.objects.bulk_create(
        DivisionCode(division=divisions[pk], code=code, valid_from=on) for pk, code in codes.items()
    )
    # The column is unique among living divisions: codes that are swapped step aside first.
    for pk in codes:
        Division.objects.filter(pk=pk).update(code=f"~{pk.hex[-11:]}")
    for pk, code in codes.items():
        divisions[pk].code = code
        Division.objects.filter(pk=pk).update(code=code)


def set_parent(division: Division, parent: Division, *, on: date) -> None:
    """Put a division under another one from a day."""
    close_rows(DivisionParent.objects.filter(division=division), on=on)
    DivisionParent.objects.create(division=division, parent=parent, valid_from=on)
    division.parent = parent


def save_current(divisions: Iterable[Division]) -> None:
    """Write the current columns and count the version up."""
    for division in divisions:
        Division.objects.filter(pk=division.pk).update(
            official_name=division.official_name,
            short_name=division.short_name,
            code=division.code,
            parent=division.parent_id,
            ended_on=division.ended_on,
            version=F("version") + 1,
        )
        division.version += 1


def note_lineage(from_: Division, to: Division, kind: LineageKind, *, on: date, note: str = "") -> None:
    """Record one step of history."""
    DivisionLineage.objects.create(from_division=from_, to_division=to, kind=kind, on=on, note=note[:300])


def refresh_search(ids: Iterable[UUID]) -> None:
    """Put divisions into search again, with those below them, whose path changed."""
    wanted = set(ids)
    below = set(Division.objects.filter(parent__in=wanted).values_list("pk", flat=True))
    search.put(list(division_entries(wanted | below)))
