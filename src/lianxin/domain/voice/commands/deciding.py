"""Inside commands: which rules hold for a case, its decisions, and its clock.

`commands/tiers.py` gives these names to the rest of the module and adds what people do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.voice.models import Case, CasePause, CaseReport, Party, Tier, TierDecision, TierRules
from lianxin.domain.voice.rules import starter_rules
from lianxin.domain.voice.rules.limits import Limits, limits_of
from lianxin.domain.voice.rules.terms import term_of
from lianxin.domain.voice.rules.tiers import AGAIN, Reasons, classify
from lianxin.engines.workdays import Calendar, Pause, Term
from lianxin.platform import locks, scope
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.errors import Missing
from lianxin.platform.workcalendar import load_calendar

CLOCK = ("tier", "due_at", "is_due_assumed")


@dataclass(frozen=True, slots=True)
class Ground:
    """What many first decisions of one community need: loaded once, used for each."""

    rules: TierRules
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Grounds:
    """What cases of one community are decided by on any day: loaded once, used for each of many."""

    community: UUID
    line: Sequence[UUID]
    rows: Sequence[TierRules]
    calendar: Calendar

    def on(self, day: date) -> Ground:
        """Give what holds on a day; the starter rules are kept when nobody adopted any."""
        return Ground(_holding(self.line, self.rows, day) or rules_for(self.community, day), self.calendar)


def line_of(community: UUID) -> list[UUID]:
    """Give a community and the divisions above it, nearest first."""
    found: list[UUID] = []
    row = Division.objects.select_related("parent__parent").filter(pk=community).first()
    while row is not None and row.level in (Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT):
        found.append(row.pk)
        row = row.parent
    return found


def published(divisions: Iterable[UUID]) -> QuerySet[TierRules]:
    """Give the published versions of some divisions, the one that began last first."""
    rows = TierRules.objects.filter(division__in=list(divisions), state=TierRules.State.PUBLISHED)
    return rows.order_by("-valid_from", "-version")


def find_rules(community: UUID, on: date) -> TierRules | None:
    """Give the rules that hold in a community on a day: its own, else those above it; None when none were published."""
    line = line_of(community)
    return _holding(line, list(published(line)), on)


def _holding(line: Sequence[UUID], rows: Sequence[TierRules], on: date) -> TierRules | None:
    for division in line:
        own = [row for row in rows if row.division_id == division]
        holding = [row for row in own if row.valid_from is not None and row.valid_from <= on]
        if holding:
            return holding[0]
    if on >= starter_rules.VALID_FROM or not line:
        return None
    # Cases from before any rules go by the oldest of the whole district.
    return next((row for row in reversed(rows) if row.division_id == line[-1]), None)


def rules_for(community: UUID, on: date) -> TierRules:
    """Give the rules that hold in a community on a day; the starter rules are kept when nobody adopted any."""
    found = find_rules(community, on)
    if found is None:
        found = _keep_starter(line_of(community))
    return found


def _keep_starter(line: Sequence[UUID]) -> TierRules:
    if not line:
        raise Missing
    division = line[-1]
    locks.advisory(f"voice.tier_rules.{division}")
    again = published([division]).filter(valid_from__lte=starter_rules.VALID_FROM).first()
    if again is not None:
        return again
    highest = TierRules.objects.filter(division=division).aggregate(highest=Max("version"))["highest"] or 0
    began = local_moment(starter_rules.VALID_FROM)
    return TierRules.objects.create(
        division_id=division,
        version=highest + 1,
        name=starter_rules.NAME,
        adopted_words=starter_rules.ADOPTED,
        criteria=starter_rules.CRITERIA,
        terms=starter_rules.TERMS,
        limits=starter_rules.LIMITS,
        valid_from=starter_rules.VALID_FROM,
        state=TierRules.State.PUBLISHED,
        made_at=began,
        published_at=began,
    )


def ground_for(community: UUID, on: date) -> Ground:
    """Load the rules and the calendar for many first decisions."""
    return Ground(rules_for(community, on), load_calendar())


def grounds_for(community: UUID) -> Grounds:
    """Load the rules and the calendar for many first decisions on different days."""
    line = line_of(community)
    return Grounds(community, line, list(published(line)), load_calendar())


def first_decision(case: Case, *, words: str, ground: Ground, at: datetime) -> TierDecision:
    """Give a case's first decision without keeping it, and set the case's tier and clock; for keeping many at once."""
    tier, reasons = classify(
        ground.rules.criteria, subject=case.subject, is_danger=case.is_danger, voices=case.voices, words=words
    )
    return _make(case, ground, tier=tier, reasons=reasons, position=1, runs_from=case.opened_at, at=at)


def decide_first(case: Case, *, words: str | None = None, ground: Ground | None = None, at: datetime) -> TierDecision:
    """Decide the tier of a case that was just kept, by the rules of its community on the day it was opened.

    Sets and saves `tier`, `due_at` and `is_due_assumed` of the row. Without `words` those of its voices are read; with
    `ground` (see `ground_for`) many cases cost no further look-ups of rules and calendar.
    """
    decision = first_decision(
        case, words=_said(case) if words is None else words, ground=ground or _ground(case, case.opened_at), at=at
    )
    decision.save(force_insert=True)
    case.save(update_fields=list(CLOCK))
    return decision


def decide_again(case: Case, *, at: datetime) -> TierDecision | None:
    """Look whether another voice makes a case more urgent or harder; never over what a person decided.

    For whoever joins a voice to a case (after `voices` and `is_danger` were set). Gives the new decision, None when
    nothing changes: no further voice slows a case down.
    """
    running = running_decision(case)
    if running.decided_by is not None or running.is_lift or running.tier == Tier.FAST:
        return None
    tier, reasons = by_the_rules(case, running.rules)
    if tier in (running.tier, Tier.SIMPLE):
        return None
    return append(case, tier=tier, reasons=reasons, at=at, rules=running.rules)


def by_the_rules(case: Case, rules: TierRules) -> tuple[str, Reasons]:
    """Give what the rules say of a case as it is now."""
    parties = Party.objects.filter(matter__in=_matters(case), left_on=None).count() if case.pk else 0
    return classify(
        rules.criteria,
        subject=case.subject,
        is_danger=case.is_danger,
        voices=case.voices,
        words=_said(case),
        asked_parties=parties,
    )


def restart_clock(case: Case, *, at: datetime) -> TierDecision:
    """Begin a case's term anew because a reporter said it is not solved, or it was opened again.

    For closing: the time in which the house believed it was done is not counted against anybody.
    """
    running = running_decision(case)
    return append(case, tier=running.tier, reasons=[[AGAIN, ""]], at=at, rules=running.rules)


def append(
    case: Case,
    *,
    tier: str,
    reasons: Reasons,
    at: datetime,
    rules: TierRules | None = None,
    words: str = "",
    is_lift: bool = False,
    by: UUID | None = None,
) -> TierDecision:
    """Keep a further decision, whose term begins now, and set the case's tier and clock."""
    ground = _ground(case, at) if rules is None else Ground(rules, load_calendar())
    last = TierDecision.objects.filter(case=case).aggregate(last=Max("position"))["last"] or 0
    decision = _make(case, ground, tier=tier, reasons=reasons, position=last + 1, runs_from=at, at=at)
    decision.words, decision.is_lift, decision.decided_by = words, is_lift, by
    decision.save(force_insert=True)
    _set_clock(case, decision, pauses_of(case), ground.calendar)
    case.save(update_fields=list(CLOCK))
    return decision


def running_decision(case: Case) -> TierDecision:
    """Give the decision that runs: the last one; raises Missing for a case without any."""
    rows = TierDecision.objects.filter(case=case).select_related("rules").order_by("-position")
    found = rows.first()
    if found is None:
        raise Missing(_("This case has no tier yet."))
    return found


def limits_for(case: Case) -> Limits:
    """Give the limits that hold for a case: those of the rules by which its tier was decided."""
    return limits_of(running_decision(case).rules.limits)


def pauses_of(case: Case) -> list[Pause]:
    """Give the times in which a case's clock stood still."""
    rows = CasePause.objects.filter(case=case).order_by("paused_at")
    return [Pause(*span) for span in rows.values_list("paused_at", "resumed_at")]


def term_of_decision(decision: TierDecision) -> Term:
    """Give the term that a decision runs by."""
    return Term(hours=decision.term_hours or 0, working_days=decision.term_days or 0)


def recount_due(case: Case, *, at: datetime, calendar: Calendar | None = None) -> bool:
    """Count a case's deadline anew over its pauses, and keep it with the running decision; True when it changed."""
    before = (case.due_at, case.is_due_assumed)
    decision = running_decision(case)
    _set_clock(case, decision, pauses_of(case), calendar or load_calendar())
    if (case.due_at, case.is_due_assumed) == before and decision.due_at == case.due_at:
        return False
    decision.due_at = case.due_at
    decision.save(update_fields=["due_at"])
    case.save(update_fields=list(CLOCK))
    return True


def _ground(case: Case, at: datetime) -> Ground:
    return ground_for(case.community_id, local_day(at))


def _make(
    case: Case,
    ground: Ground,
    *,
    tier: str,
    reasons: Reasons,
    position: int,
    runs_from: datetime,
    at: datetime,
) -> TierDecision:
    term = term_of(ground.rules.terms, tier=tier, is_danger=case.is_danger)
    decision = TierDecision(
        community_id=case.community_id,
        case=case,
        position=position,
        tier=tier,
        rules=ground.rules,
        reasons=reasons,
        runs_from=runs_from,
        term_hours=term.hours or None,
        term_days=term.working_days or None,
        decided_at=at,
    )
    _set_clock(case, decision, [], ground.calendar)
    return decision


def _set_clock(case: Case, decision: TierDecision, pauses: Sequence[Pause], calendar: Calendar) -> None:
    term = term_of_decision(decision)
    case.tier = decision.tier
    case.due_at = calendar.due(term, since=decision.runs_from, pauses=pauses)
    case.is_due_assumed = calendar.due_is_assumed(term, since=decision.runs_from, pauses=pauses)
    decision.due_at = case.due_at


def _said(case: Case) -> str:
    with scope.everything():
        rows = CaseReport.objects.filter(case=case, withdrawn_at=None).order_by("heard_at", "pk")
        return "\n".join(rows.values_list("words", flat=True)[:200])


def _matters(case: Case) -> list[UUID]:
    links = case.links.filter(kind="matter")  # type: ignore[attr-defined]
    return list(links.values_list("record_id", flat=True))
