"""Scores of venues against the standard of a day, in a fixed number of queries whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from lianxin.platform.errors import Missing

from ..models import Standard, StandardItem
from ..rules import standards as rules
from .observations import VenueSeen, observe_venues


@dataclass(frozen=True)
class VenueScore:
    """One venue with what was observed of it and how it does by one version of the standard."""

    seen: VenueSeen
    standard: UUID
    score: rules.Score

    @property
    def venue(self) -> UUID:
        """Give the venue's id."""
        return self.seen.venue

    @property
    def standing(self) -> str:
        """Give "meets", "short", or "unknown" when nothing is short but something is not known."""
        if self.score.shortfalls:
            return "short"
        return "unknown" if self.score.unknown or self.score.total is None else "meets"


@dataclass(frozen=True)
class CentreBoard:
    """The board of centres: rows after filters, and how many centres there are in each state before them."""

    standard: Standard | None
    rows: tuple[VenueScore, ...]
    centres: int
    short: dict[str, int]
    standings: dict[str, int]


def list_standards() -> QuerySet[Standard]:
    """Give all versions of all standards, newest first within a name."""
    return Standard.objects.order_by("name", "-version")


def find_standard(standard: UUID) -> Standard:
    """Give one version; raises Missing."""
    found = Standard.objects.filter(pk=standard).first()
    if found is None:
        raise Missing
    return found


def _holding_on(on: date, prefix: str = "") -> Q:
    return (
        ~Q(**{f"{prefix}state": Standard.State.DRAFT})
        & Q(**{f"{prefix}valid_from__lte": on})
        & (Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gt": on}))
    )


def find_standard_on(*, on: date) -> Standard | None:
    """Give the version that holds on a day; the latest to begin when several standards hold."""
    return Standard.objects.filter(_holding_on(on)).order_by("-valid_from", "-version", "pk").first()


def list_items(standard: UUID) -> QuerySet[StandardItem]:
    """Give the lines of one version in their order."""
    return StandardItem.objects.filter(standard=standard).order_by("position", "code")


def _items_for(on: date, standard: UUID | None) -> tuple[Standard | None, tuple[rules.Item, ...]]:
    """Give the asked version, or the one of the day, with its items as the rule needs them: one query."""
    lines = StandardItem.objects.select_related("standard")
    lines = lines.filter(standard=standard) if standard else lines.filter(_holding_on(on, "standard__"))
    found = list(lines.order_by("-standard__valid_from", "-standard__version", "standard", "position", "code"))
    if not found:
        return None, ()
    chosen = found[0].standard
    return chosen, tuple(as_item(line) for line in found if line.standard_id == chosen.pk)


def as_item(line: StandardItem) -> rules.Item:
    """Turn a row into the value that the rule needs, with the label in the reader's language."""
    english = (get_language() or "").startswith("en")
    return rules.Item(
        code=line.code,
        group=line.group,
        label=line.label_en if english and line.label_en else line.label,
        measure=line.measure,
        comparison=line.comparison,
        threshold=line.threshold,
        weight=line.weight,
        kind=line.kind,
        applies_to=line.applies_to,
        source=line.spoken_source,
        parameters=line.parameters,
    )


def as_json(outcome: rules.Outcome) -> dict[str, Any]:
    """Turn one outcome into plain values, to be kept as it was on that day."""
    return {
        "code": outcome.item.code,
        "group": outcome.item.group,
        "label": outcome.item.label,
        "measure": outcome.item.measure,
        "comparison": outcome.item.comparison,
        "threshold": str(outcome.item.threshold.normalize()),
        "number": None if outcome.number is None else str(round(outcome.number, 3)),
        "verdict": outcome.verdict.value,
        "sentence": outcome.sentence,
    }


def score_venues(
    *, on: date, kind: str = rules.CENTRE, venues: Iterable[UUID] | None = None, standard: UUID | None = None
) -> list[VenueScore]:
    """Score the venues in scope on a day, by the version of that day or by another; five queries."""
    chosen, items = _items_for(on, standard)
    if chosen is None:
        return []
    return _score_all(observe_venues(on=on, kind=kind, venues=venues), chosen, items)


def _score_all(seen: Iterable[VenueSeen], standard: Standard, items: tuple[rules.Item, ...]) -> list[VenueScore]:
    return [
        VenueScore(
            seen=one,
            standard=standard.pk,
            score=rules.score(items, one.observed, venue_kind=one.kind, community_kind=one.community_kind),
        )
        for one in seen
    ]


def score_venue(*, venue: UUID, on: date, standard: UUID | None = None) -> VenueScore | None:
    """Score one venue; None when there is no standard for the day, raises Missing outside the scope."""
    seen = observe_venues(on=on, kind=None, venues=[venue])
    if not seen:
        raise Missing
    chosen, items = _items_for(on, standard)
    return _score_all(seen, chosen, items)[0] if chosen else None


def score_by_versions(*, venue: UUID, on: date) -> list[tuple[Standard, VenueScore]]:
    """Score one venue by every published version, the newest first, by what is known on a day; raises Missing."""
    seen = observe_venues(on=on, kind=None, venues=[venue])
    if not seen:
        raise Missing
    lines = StandardItem.objects.exclude(standard__state=Standard.State.DRAFT).select_related("standard")
    versions: dict[UUID, tuple[Standard, list[rules.Item]]] = {}
    for line in lines.order_by("-standard__valid_from", "-standard__version", "standard", "position", "code"):
        versions.setdefault(line.standard_id, (line.standard, []))[1].append(as_item(line))
    return [(chosen, _score_all(seen, chosen, tuple(items))[0]) for chosen, items in versions.values()]


def compare_standards(
    *, on: date, old: UUID, new: UUID, kind: str = rules.CENTRE
) -> list[tuple[VenueScore, VenueScore]]:
    """Score the same observations of a day by two versions, drafts included: what a new version would change."""
    seen = observe_venues(on=on, kind=kind)
    sides = []
    for standard in (old, new):
        chosen, items = _items_for(on, standard)
        sides.append(_score_all(seen, chosen or find_standard(standard), items))
    return list(zip(*sides, strict=True))


def find_centre_board(
    *,
    on: date,
    subdistrict: UUID | None = None,
    shortfall: str = "",
    code: str = "",
    standing: str = "",
    state: str = "",
    standard: UUID | None = None,
) -> CentreBoard:
    """Give all centres in scope with score and shortfalls, the neediest first; five queries.

    `shortfall` is remote, small or weak, `code` one item, `standing` meets, short or unknown, `state` a venue state.
    """
    chosen, items = _items_for(on, standard)
    seen = observe_venues(on=on, kind=rules.CENTRE)
    rows = _score_all(seen, chosen, items) if chosen else []
    if subdistrict:
        rows = [row for row in rows if row.seen.subdistrict == subdistrict]
    short = {group: sum(group in row.score.named for row in rows) for group in rules.GROUPS}
    standings = {name: sum(row.standing == name for row in rows) for name in ("meets", "short", "unknown")}
    centres = len(rows) if chosen else sum(subdistrict in (None, one.subdistrict) for one in seen)
    kept = [
        row
        for row in rows
        if (not shortfall or shortfall in row.score.named)
        and (not code or any(o.item.code == code for o in row.score.shortfalls))
        and (not standing or row.standing == standing)
        and (not state or row.seen.state == state)
    ]
    kept.sort(key=lambda row: (row.score.total is None, row.score.total or 0, row.seen.community_code, row.seen.name))
    return CentreBoard(standard=chosen, rows=tuple(kept), centres=centres, short=short, standings=standings)
