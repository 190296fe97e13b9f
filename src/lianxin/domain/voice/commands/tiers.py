"""What people do about the tier of a case: decide another one, appeal, answer the appeal."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, moving, rates, telling, tier_duties
from lianxin.domain.voice.commands.deciding import (
    Ground,
    append,
    by_the_rules,
    decide_again,
    decide_first,
    find_rules,
    first_decision,
    ground_for,
    limits_for,
    recount_due,
    restart_clock,
    rules_for,
    running_decision,
)
from lianxin.domain.voice.models import CaseAnswer, TierDecision
from lianxin.domain.voice.models.cases import Tier
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.tiers import APPEAL, BY_HAND
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

__all__ = [
    "Ground",
    "answer_appeal",
    "appeal",
    "decide",
    "decide_again",
    "decide_first",
    "find_rules",
    "first_decision",
    "ground_for",
    "limits_for",
    "recount_due",
    "restart_clock",
    "rules_for",
    "running_decision",
]
WORDS_LONGEST, APPEAL_LONGEST = 300, 500


class SameTier(Refused):
    """Deciding the same again would only move the deadline."""

    title = gettext_lazy("This case has that tier already.")


class AppealThere(Refused):
    """One appeal for each decision."""

    title = gettext_lazy("Somebody asked for another tier already. The office above answers.")


class AppealAnswered(Refused):
    """The decision that runs was looked at by the office above."""

    title = gettext_lazy("The office above has looked at this tier already and answered.")


class NoAppeal(Refused):
    """There is nothing to answer."""

    title = gettext_lazy("Nobody waits for an answer about this tier.")


@command("voice.decide_tier")
def decide(
    *,
    actor: Actor,
    case: UUID,
    tier: str,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> TierDecision:
    """Give a case another tier; its term begins now. Where the rules say otherwise, a reason is asked for."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "decide_tier")
    states.next_state(row.state, "decide_tier", who)
    _check_tier(tier)
    running = running_decision(row)
    if tier == running.tier:
        raise SameTier
    rules = rules_for(row.community_id, local_day(at))
    said, reasons = by_the_rules(row, rules)
    ask = "" if said == tier else _("The rules say otherwise. Write why this tier is right; the reporters read it.")
    plain = moving.check_words(words, longest=WORDS_LONGEST, ask=ask)
    decision = append(
        row,
        tier=tier,
        reasons=reasons if said == tier else [[BY_HAND, ""]],
        rules=rules,
        words=plain,
        by=actor.account,
        at=at,
    )
    moving.move(row, "decide_tier", who=who, words=plain, is_public=True, at=at)
    act().target(decision, "decided", {"tier": [running.tier, tier]})
    return decision


@command("voice.appeal_tier")
def appeal(
    *,
    actor: Actor,
    report: UUID,
    words: str,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> TierDecision:
    """Ask the office above for another tier, once for each decision; the case goes on meanwhile."""
    voice, row = found.report(report)
    who = moving.acting_as(actor, row, "appeal", holds_receipt=holds_receipt, person=voice.person_id)
    states.next_state(row.state, "appeal", who)
    plain = moving.check_words(words, longest=APPEAL_LONGEST, ask=_("Write why it is harder or more urgent."))
    running: TierDecision = found.locked(TierDecision, running_decision(row).pk)
    if running.appeal_decided_at is not None:
        raise AppealAnswered
    if running.appealed_at is not None:
        raise AppealThere
    running.appeal_words, running.appealed_at, running.appealed_by = plain, at, voice
    running.save(update_fields=["appeal_words", "appealed_at", "appealed_by"])
    moving.move(row, "appeal", who=who, at=at)
    rates.note_appealed(row, running, at=at)
    tier_duties.answer_appeal(row, at=at)
    return running


@command("voice.answer_appeal")
def answer_appeal(
    *,
    actor: Actor,
    decision: UUID,
    tier: str | None = None,
    words: str,
    at: datetime,
    key: UUID | None = None,
) -> TierDecision:
    """Answer somebody who asked for another tier: it stays (None), or becomes this one; they are told either way."""
    case = TierDecision.objects.filter(pk=decision).values_list("case", flat=True).first()
    if case is None:
        raise Missing
    row = found.case(case)
    policy.require(policy.may_supervise(actor, row.community_id))
    asked: TierDecision = found.locked(TierDecision, decision)
    if asked.appealed_at is None or asked.appeal_decided_at is not None:
        raise NoAppeal
    plain = moving.check_words(words, longest=APPEAL_LONGEST, ask=_("Write the answer; whoever asked reads it."))
    running = running_decision(row)
    changes = tier is not None and tier != running.tier
    if tier is not None:
        _check_tier(tier)
    if changes:
        states.next_state(row.state, "decide_tier", states.SUPERVISOR)
    asked.appeal_answer, asked.appeal_decided_at, asked.appeal_decided_by = plain, at, actor.account
    asked.save(update_fields=["appeal_answer", "appeal_decided_at", "appeal_decided_by"])
    waiting = TierDecision.objects.filter(case=row, appealed_at__isnull=False, appeal_decided_at=None)
    if not waiting.exists():
        tier_duties.close(tier_duties.APPEAL, row)
    if tier is not None and changes:
        append(
            row,
            tier=tier,
            reasons=[[APPEAL, ""]],
            rules=running.rules,
            words=plain[:WORDS_LONGEST],
            by=actor.account,
            at=at,
        )
        moving.move(row, "decide_tier", who=states.SUPERVISOR, words=plain, is_public=True, at=at)
    act().target(asked, "appeal answered", {"tier": [running.tier, tier or running.tier]})
    _tell_appellant(asked, plain, at=at)
    return asked


def _check_tier(tier: str) -> None:
    if tier not in Tier.values:
        raise Invalid(fields={"tier": [_("Choose simple, fast or by all.")]})


def _tell_appellant(decision: TierDecision, words: str, *, at: datetime) -> None:
    if decision.appealed_by is not None:
        telling.tell([decision.appealed_by], kind=CaseAnswer.Kind.PROGRESS, words=words, at=at)
