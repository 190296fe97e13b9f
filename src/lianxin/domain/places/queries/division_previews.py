"""What would follow from a change of divisions or venues, told in sentences before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.platform import contributions, scope

from ..events import DivisionMoved, DivisionRecoded, DivisionRenamed, DivisionsMerged, DivisionSplit, VenueMoved
from ..models import Division, Venue
from .divisions import find_division
from .venues import find_venue


def preview_rename(*, division: UUID, official_name: str, on: date) -> list[str]:
    """Tell what follows from a new name."""
    known = find_division(division)
    return [
        _("%(old)s is called %(new)s from %(day)s; the old name stays findable.")
        % {"old": known.official_name, "new": official_name, "day": on},
        *_consequences(DivisionRenamed(division, known.official_name, official_name, on)),
    ]


def preview_recode(*, division: UUID, code: str, on: date) -> list[str]:
    """Tell what follows from a new code."""
    known = find_division(division)
    return [
        _("%(name)s has the code %(new)s from %(day)s instead of %(old)s; all its records stay its own.")
        % {"name": known.official_name, "old": known.code, "new": code, "day": on},
        *_consequences(DivisionRecoded(division, known.code, code, on)),
    ]


def preview_move(*, division: UUID, parent: UUID, on: date) -> list[str]:
    """Tell what follows from lying under another division."""
    known, above = find_division(division), find_division(parent)
    return [
        _("%(name)s lies in %(parent)s from %(day)s; figures before that day stay with %(old)s.")
        % {
            "name": known.official_name,
            "parent": above.official_name,
            "day": on,
            "old": known.parent.official_name if known.parent else "—",
        },
        *_consequences(DivisionMoved(division, known.parent_id, parent, on)),
    ]


def preview_split(*, division: UUID, children: Iterable[UUID], venues: Iterable[UUID], on: date) -> list[str]:
    """Tell what goes to the new parts and what stays with the first."""
    known = find_division(division)
    going, leaving = len(set(children)), len(set(venues))
    staying = Division.objects.filter(parent=known, ended_on__isnull=True).count() - going
    with scope.everything():
        venues_staying = Venue.objects.filter(community=known).count() - leaving
    return [
        ngettext("%(count)d division goes to the new parts.", "%(count)d divisions go to the new parts.", going)
        % {"count": going},
        ngettext("%(count)d venue goes to the new parts.", "%(count)d venues go to the new parts.", leaving)
        % {"count": leaving},
        _("%(divisions)d divisions and %(venues)d venues stay with %(name)s.")
        % {"divisions": staying, "venues": venues_staying, "name": known.official_name},
        *_consequences(DivisionSplit(division, (), on)),
    ]


def preview_merge(*, divisions: Iterable[UUID], into: UUID, on: date) -> list[str]:
    """Tell what the division that goes on takes over."""
    ending = sorted(set(divisions))
    target = find_division(into)
    names = "、".join(Division.objects.filter(pk__in=ending).values_list("official_name", flat=True))
    with scope.everything():
        venues = Venue.objects.filter(community__in=ending).count()
    children = Division.objects.filter(parent__in=ending, ended_on__isnull=True).count()
    return [
        _("%(names)s end on %(day)s and become part of %(into)s; their names stay findable.")
        % {"names": names, "day": on, "into": target.official_name},
        _("%(divisions)d divisions and %(venues)d venues go to %(name)s; past visits stay where they were counted.")
        % {"divisions": children, "venues": venues, "name": target.official_name},
        *_consequences(DivisionsMerged(tuple(ending), into, on)),
    ]


def preview_venue_move(*, venue: UUID, community: UUID, on: date) -> list[str]:
    """Tell what follows when a venue belongs to another community."""
    found = find_venue(venue)
    target = find_division(community)
    return [
        _("“%(venue)s” belongs to %(new)s instead of %(old)s from %(day)s, with its rooms, equipment and services.")
        % {"venue": found.name, "new": target.official_name, "old": found.community.official_name, "day": on},
        *_consequences(VenueMoved(venue, found.community_id, community, on)),
    ]


def _consequences(event: object) -> list[str]:
    """Give what all modules say follows, in every community that it touches."""
    with scope.everything():
        return contributions.preview(event)
