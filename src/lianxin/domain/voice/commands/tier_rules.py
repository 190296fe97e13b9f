"""Versions of the rules: a draft from those that hold, published with where it was adopted; then it never changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division, Level
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import deciding, found
from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.rules import limits as limit_rules
from lianxin.domain.voice.rules import starter_rules
from lianxin.domain.voice.rules import terms as term_rules
from lianxin.domain.voice.rules import tiers as tier_criteria
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

LONGEST = {"name": 80, "adopted_words": 300}
LEVELS = (Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT)
State = TierRules.State


class DraftThere(Refused):
    """One draft at a time."""

    title = gettext_lazy("Somebody has begun a draft already. Go on with that one.")


class RulesPublished(Refused):
    """What cases were decided by stays as it was."""

    title = gettext_lazy("Published rules never change. Begin a draft of the next ones.")


@command("voice.begin_tier_rules")
def begin_draft(*, actor: Actor, division: UUID, at: datetime, key: UUID | None = None) -> TierRules:
    """Begin a draft for a community, a subdistrict or the district, from the rules that hold there now."""
    row = _division(division)
    policy.require(policy.may_write_rules(actor, row.level, below(row)))
    locks.advisory(f"voice.tier_rules.{division}")
    if TierRules.objects.filter(division=row, state=State.DRAFT).exists():
        raise DraftThere
    holding = holding_at(row, local_day(at))
    highest = TierRules.objects.filter(division=row).aggregate(highest=Max("version"))["highest"] or 0
    draft = TierRules.objects.create(
        division=row,
        version=highest + 1,
        name=_name_for(row),
        criteria=holding.criteria if holding else starter_rules.CRITERIA,
        terms=holding.terms if holding else starter_rules.TERMS,
        limits=holding.limits if holding else starter_rules.LIMITS,
        made_by=actor.account,
        made_at=at,
    )
    act().target(draft, "drafted", {"version": [None, draft.version]})
    return draft


@command("voice.edit_tier_rules")
def edit_draft(
    *,
    actor: Actor,
    rules: UUID,
    name: str | None = None,
    criteria: Sequence[Mapping[str, Any]] | None = None,
    terms: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    at: datetime,
    key: UUID | None = None,
) -> TierRules:
    """Change a draft; what is not given stays. Raises Invalid with a sentence for each thing that cannot hold."""
    draft = _draft(actor, rules)
    wrong: dict[str, list[str]] = {}
    if name is not None:
        plain = " ".join(name.split())
        if not plain:
            wrong["name"] = [_("Give these rules a name.")]
        elif len(plain) > LONGEST["name"]:
            wrong["name"] = [_("At most %(most)d characters.") % {"most": LONGEST["name"]}]
        draft.name = plain
    for field, given, check in (
        ("criteria", criteria, tier_criteria.check_criteria),
        ("terms", terms, term_rules.check_terms),
        ("limits", limits, limit_rules.check_limits),
    ):
        if given is not None:
            if sentences := check(given):
                wrong[field] = sentences
            setattr(draft, field, given)
    if wrong:
        raise Invalid(fields=wrong)
    draft.save(update_fields=["name", "criteria", "terms", "limits"])
    act().target(draft, "changed")
    return draft


@command("voice.publish_tier_rules")
def publish(
    *, actor: Actor, rules: UUID, adopted_words: str, valid_from: date, at: datetime, key: UUID | None = None
) -> TierRules:
    """Publish a draft: it holds for cases opened from a day on, which is not past; running cases keep their terms."""
    draft = _draft(actor, rules)
    words = " ".join(adopted_words.split())
    wrong: dict[str, list[str]] = {}
    if not words:
        wrong["adopted_words"] = [_("Say where they were adopted: a meeting, its minutes, a notice.")]
    elif len(words) > LONGEST["adopted_words"]:
        wrong["adopted_words"] = [_("At most %(most)d characters.") % {"most": LONGEST["adopted_words"]}]
    if valid_from < local_day(at):
        wrong["valid_from"] = [_("Rules cannot begin in the past: cases were decided by others then.")]
    sentences = [
        *tier_criteria.check_criteria(draft.criteria),
        *term_rules.check_terms(draft.terms),
        *limit_rules.check_limits(draft.limits),
    ]
    if sentences:
        wrong["criteria"] = sentences
    if wrong:
        raise Invalid(fields=wrong)
    draft.adopted_words, draft.valid_from, draft.state = words, valid_from, State.PUBLISHED
    draft.published_by, draft.published_at = actor.account, at
    draft.save(update_fields=["adopted_words", "valid_from", "state", "published_by", "published_at"])
    act().target(draft, "published", {"valid_from": [None, valid_from], "adopted_words": ["", words]})
    return draft


@command("voice.discard_tier_rules")
def discard_draft(*, actor: Actor, rules: UUID, at: datetime, key: UUID | None = None) -> None:
    """Put a draft aside for good."""
    draft = _draft(actor, rules)
    act().target(draft, "discarded", {"version": [draft.version, None]})
    draft.delete()


def holding_at(division: Division | None, on: date) -> TierRules | None:
    """Give the rules that hold in a division on a day: its own, else those above it; None for the starter rules."""
    row = division
    while row is not None:
        own = deciding.published([row.pk]).filter(valid_from__lte=on).first()
        if own is not None:
            return own
        row = Division.objects.filter(pk=row.parent_id).first() if row.parent_id else None
    return None


def below(division: Division) -> frozenset[UUID]:
    """Give the communities for which a division's rules would hold."""
    if division.level == Level.COMMUNITY:
        return frozenset({division.pk})
    rows = Division.objects.filter(level=Level.COMMUNITY, ended_on=None)
    rows = rows.filter(parent=division) if division.level == Level.SUBDISTRICT else rows
    return frozenset(rows.values_list("pk", flat=True))


def _division(pk: UUID) -> Division:
    row = Division.objects.filter(pk=pk, level__in=LEVELS, ended_on=None).first()
    if row is None:
        raise Missing
    return row


def _draft(actor: Actor, pk: UUID) -> TierRules:
    row: TierRules = found.locked(TierRules, pk)
    division = _division(row.division_id)
    policy.require(policy.may_write_rules(actor, division.level, below(division)))
    if row.state != State.DRAFT:
        raise RulesPublished
    return row


def _name_for(division: Division) -> str:
    return _("Rules of %(name)s") % {"name": division.short_name}
