"""Versions of the rules as pages show them: what holds where, and how one differs from the one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands.deciding import find_rules, published
from lianxin.domain.voice.commands.tier_rules import below, holding_at
from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.models.cases import Tier
from lianxin.domain.voice.rules import starter_rules
from lianxin.domain.voice.rules.limits import SPANS, limits_of
from lianxin.domain.voice.rules.limits import name_of as limit_name
from lianxin.domain.voice.rules.terms import NAMES, term_words
from lianxin.domain.voice.rules.terms import name_of as term_name
from lianxin.domain.voice.rules.tiers import condition_words
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = TierRules.State


@dataclass(frozen=True, slots=True)
class Place:
    """A division whose rules somebody may look at: what holds there, and its draft."""

    division: Division
    holding: TierRules | None
    draft: TierRules | None
    may_write: bool


def find_place(*, actor: Actor, division: UUID, on: date) -> Place:
    """Give a division with the rules that hold there; raises Missing outside what the actor answers for."""
    row = Division.objects.select_related("parent").filter(pk=division, ended_on=None).first()
    if row is None or row.level not in (Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT):
        raise Missing
    communities = below(row)
    # The rules above a community are rules of its own cases, so its office reads them.
    if not policy.may_read_any(actor) or not any(actor.covers(one) for one in communities):
        raise Missing
    may_write = policy.may_write_rules(actor, row.level, communities)
    drafts = TierRules.objects.filter(division=row, state=State.DRAFT)
    return Place(row, holding_at(row, on), drafts.first() if may_write else None, may_write)


def list_places(*, actor: Actor) -> list[Division]:
    """Give the divisions whose rules an actor may look at: the district, its subdistricts, own communities."""
    rows = Division.objects.filter(ended_on=None, level=Level.COMMUNITY).select_related("parent__parent")
    communities = [row for row in rows if actor.covers(row.pk)]
    above = {row.parent.pk: row.parent for row in communities if row.parent}
    tops = {row.parent.pk: row.parent for row in above.values() if row.parent}
    return [*tops.values(), *sorted(above.values(), key=lambda row: row.code), *communities]


def list_versions(*, division: UUID) -> list[TierRules]:
    """Give the published versions of one division, newest first."""
    return list(published([division]).select_related("division"))


def find_version(*, actor: Actor, rules: UUID) -> TierRules:
    """Give one version that the actor may look at; a draft only to who writes it. Raises Missing."""
    row = TierRules.objects.select_related("division__parent").filter(pk=rules).first()
    if row is None or not policy.may_read_any(actor):
        raise Missing
    communities = below(row.division)
    if not any(actor.covers(one) for one in communities):
        raise Missing
    if row.state == State.DRAFT and not policy.may_write_rules(actor, row.division.level, communities):
        raise Missing
    return row


def holding_in_words(*, community: UUID, on: date) -> list[str]:
    """Say in words by which rules a community's cases are decided, for a page that explains them."""
    rules = find_rules(community, on)
    return in_words(
        rules.criteria if rules else starter_rules.CRITERIA,
        rules.terms if rules else starter_rules.TERMS,
        rules.limits if rules else starter_rules.LIMITS,
    )


def in_words(
    criteria: Sequence[Mapping[str, Any]], terms: Mapping[str, Mapping[str, int]], limits: Mapping[str, Any]
) -> list[str]:
    """Say a whole version in sentences, in the order in which it is read."""
    return [*criteria_in_words(criteria), *terms_in_words(terms), *limits_in_words(limits)]


def criteria_in_words(criteria: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say criteria in sentences."""
    return [
        _("If %(conditions)s: %(tier)s.")
        % {"conditions": _(", and ").join(condition_words(one["when"])), "tier": Tier(one["tier"]).label}
        for one in criteria
    ]


def terms_in_words(terms: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Say terms in sentences."""
    return [
        f"{term_name(name)}: {term_words(terms[name].get('hours'), terms[name].get('days'))}"
        for name in NAMES
        if name in terms
    ]


def limits_in_words(limits: Mapping[str, Any]) -> list[str]:
    """Say limits in sentences."""
    held = limits_of(limits)
    found = [f"{limit_name(name)}: {getattr(held, name)}" for name in SPANS]
    for before, after in held.lift_to.items():
        found.append(
            _("A late case of the tier “%(before)s” becomes “%(after)s”.")
            % {"before": Tier(before).label, "after": Tier(after).label}
        )
    return found


def differences(newer: TierRules, older: TierRules | None) -> tuple[list[str], list[str]]:
    """Give what a version says that the one before it did not, and what that one said that it no longer does."""
    now_said = in_words(newer.criteria, newer.terms, newer.limits)
    before = in_words(older.criteria, older.terms, older.limits) if older else []
    return [line for line in now_said if line not in before], [line for line in before if line not in now_said]


def version_before(row: TierRules) -> TierRules | None:
    """Give the version of the same division that held before this one, or of those above when it is the first."""
    own = published([row.division_id]).exclude(pk=row.pk)
    if row.valid_from is not None:
        own = own.filter(valid_from__lte=row.valid_from, version__lt=row.version)
    earlier = own.first()
    if earlier is not None or row.division.parent_id is None:
        return earlier
    return holding_at(row.division.parent, row.valid_from or date.max)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One division of a list: the rules that hold there, those to come, and the draft that the actor may write."""

    division: Division
    holding: TierRules | None
    coming: TierRules | None
    draft: TierRules | None

    @property
    def is_own(self) -> bool:
        """Tell whether the rules that hold are its own."""
        return self.holding is not None and self.holding.division_id == self.division.pk


def list_rows(*, actor: Actor, on: date) -> list[PlaceRow]:
    """Give the divisions whose rules an actor may look at with what holds there; four queries whatever their number."""
    places = list_places(actor=actor)
    ids = [row.pk for row in places]
    own: dict[UUID, list[TierRules]] = {}
    for row in published(ids).select_related("division"):
        own.setdefault(row.division_id, []).append(row)
    drafts = {row.division_id: row for row in TierRules.objects.filter(division__in=ids, state=State.DRAFT)}
    communities = {row.pk: row for row in places if row.level == Level.COMMUNITY}
    found = []
    for division in places:
        line = [division.pk, *_above(division)]
        holding = next((row for pk in line for row in own.get(pk, []) if row.valid_from and row.valid_from <= on), None)
        coming = next((row for row in own.get(division.pk, []) if row.valid_from and row.valid_from > on), None)
        below_it = frozenset(pk for pk, row in communities.items() if division.pk in (pk, *_above(row)))
        may_write = policy.may_write_rules(actor, division.level, below_it)
        found.append(PlaceRow(division, holding, coming, drafts.get(division.pk) if may_write else None))
    return found


def _above(division: Division) -> list[UUID]:
    line = []
    row = division.parent
    while row is not None:
        line.append(row.pk)
        row = row.parent if row.level == Level.SUBDISTRICT else None
    return line
