"""The parts that the projects module contributes to the sample district: last month planned, then carried out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.places.models import Division
from lianxin.domain.projects.commands import projects, proposals
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.models import MatchRun as Run
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from . import deciding, words
from .closing import close_month
from .deciding import Turn
from .issuing import issue_month
from .months import DECIDED_BEFORE, PUBLISHED_BEFORE, Months, months_of
from .planning import plan_once
from .staff import communities_in_order, office_account, staff_of

PART = "projects"
NEXT_ASKED_DAYS, NEXT_DECIDED_DAYS, WEEK_ASKED_DAYS = 4, 2, 1
LEAST_PROJECTS, APPROVED_SHARE = 3, 0.5


def build_matching(plan: Plan) -> None:
    """Plan last month, decide it and publish what came of it; each community whole or not at all."""
    months = months_of(plan)
    with translation.override("zh-hans"):
        run = plan_once(
            kind=Run.Kind.MONTHLY,
            asked_by=office_account(),
            at=months.asked_at,
            heard_until=months.asked_at.date(),
        )
        places = communities_in_order()
        turns = deciding.turns_of(run, deciding.LAST_MONTH, [one.pk for one in places]) if run else {}
        staff = staff_of(plan)
        with scope.everything():
            lately = Edition.objects.filter(from_on__gte=months.last)
            begun = set(lately.order_by().values_list("community", flat=True).distinct())
        for number, community in enumerate(places, start=1):
            if community.pk in staff and community.pk not in begun:
                with transaction.atomic():
                    mine = turns.get(community.pk, [])
                    _plan_community(months, community, staff[community.pk], mine, number)
            plan.tell(PART, number / len(places))


def _plan_community(months: Months, community: Division, actor: Actor, turns: list[Turn], number: int) -> None:
    dice = months.plan.random("projects", number)
    decided, published = months.before(DECIDED_BEFORE, 9), months.before(PUBLISHED_BEFORE, 10)
    said: list[tuple[str, Project]] = []
    for place, turn in enumerate(turns):
        at = decided + timedelta(minutes=11 * place)
        if turn.says == deciding.REFUSE:
            refusal, reason = dice.choice(words.REFUSED)
            deciding.turn_down(actor, turn.proposal, refusal, reason, at=at)
        elif turn.says in deciding.ACCEPTED:
            row = deciding.take_up(actor, turn, dice, on=months.plan.today, at=at)
            said += [(turn.says, row)] if row is not None else []
    said += _by_hand(months, community.pk, actor, dice, number, missing=LEAST_PROJECTS - len(said))
    for place, (_says, row) in enumerate(said):
        projects.approve(actor=actor, project=row.pk, at=decided + timedelta(hours=6, minutes=place))
        projects.publish(actor=actor, project=row.pk, at=published + timedelta(minutes=3 * place))
    issue_month(months, community, actor, months.last, dice)
    for says, row in said:
        if says == deciding.CANCEL:
            at = max(local_moment(row.from_on - timedelta(days=1), time(15, 30)), published + timedelta(hours=5))
            reason = dice.choice(words.CANCELLED)
            projects.cancel(actor=actor, project=row.pk, reason=reason, at=months.not_after_now(at))


def _by_hand(
    months: Months, community: UUID, actor: Actor, dice: Random, number: int, *, missing: int
) -> list[tuple[str, Project]]:
    """Enter projects of the community's own where the matcher found few."""
    at = months.before(DECIDED_BEFORE, 13)
    found = []
    needs = deciding.open_needs(community, "ABCD", heard_until=months.asked_at.date())
    for place, need in enumerate(needs[: max(0, missing)]):
        says = deciding.OWN[(number + place) % len(deciding.OWN)]
        first = months.last + timedelta(days=dice.randint(5, 20))
        last = max(first, months.plan.day(-deciding.GOES_ON_DAYS)) if says == deciding.GO_ON else first
        times = deciding.GOES_ON_TIMES if says == deciding.GO_ON else 1
        row = deciding.by_hand(
            actor, need, dice, from_on=first, until_on=last, times=times, at=at + timedelta(minutes=9 * place)
        )
        found.append((says, row))
    return found


def build_outcomes(plan: Plan) -> None:
    """Close what was carried out, ask the askers, plan next month, draft this month's editions."""
    months = months_of(plan)
    with translation.override("zh-hans"):
        staff = staff_of(plan)
        places = communities_in_order()
        with scope.everything():
            begun = set(Edition.objects.filter(from_on=months.this).values_list("community", flat=True))
        for number, community in enumerate(places, start=1):
            if community.pk in staff and community.pk not in begun:
                with transaction.atomic():
                    dice = plan.random("outcomes", number)
                    close_month(months, community.pk, staff[community.pk], dice, turn=number)
                    issue_month(months, community, staff[community.pk], months.this, dice)
            plan.tell("outcomes", 0.6 * number / len(places))
        _look_ahead(months, [one.pk for one in places], staff)


def _look_ahead(months: Months, places: list[UUID], staff: dict[UUID, Actor]) -> None:
    """Match the coming month and week; of the month some is decided already."""
    plan, office = months.plan, office_account()
    plan_once(kind=Run.Kind.WEEKLY, asked_by=office, at=plan.moment(WEEK_ASKED_DAYS, 16))
    run = plan_once(kind=Run.Kind.MONTHLY, asked_by=office, at=plan.moment(NEXT_ASKED_DAYS, 9, 30))
    turns = deciding.turns_of(run, deciding.NEXT_MONTH, places) if run else {}
    with scope.everything():
        lately = Project.objects.filter(is_sample=True, made_at__gte=plan.moment(NEXT_DECIDED_DAYS, 9))
        begun = set(lately.order_by().values_list("community", flat=True))
    for number, community in enumerate(places, start=1):
        mine = turns.get(community, [])
        if community in staff and community not in begun and not _is_decided(mine):
            with transaction.atomic():
                _decide_ahead(plan, community, staff[community], mine, plan.random("ahead", number))
        plan.tell("outcomes", 0.6 + 0.4 * number / len(places))


def _is_decided(turns: list[Turn]) -> bool:
    return any(one.proposal.decided_at or one.proposal.is_locked for one in turns)


def _decide_ahead(plan: Plan, community: UUID, actor: Actor, turns: list[Turn], dice: Random) -> None:
    decided = plan.moment(NEXT_DECIDED_DAYS, 9)
    for place, turn in enumerate(turns):
        at = decided + timedelta(minutes=13 * place)
        if turn.says == deciding.REFUSE:
            refusal, reason = dice.choice(words.REFUSED)
            deciding.turn_down(actor, turn.proposal, refusal, reason, at=at)
        elif turn.says == deciding.LOCK:
            proposals.lock(actor=actor, proposal=turn.proposal.pk, holds=True, at=at)
        elif turn.says in deciding.ACCEPTED:
            _bring_to(actor, turn, deciding.take_up(actor, turn, dice, on=plan.today, at=at), at + timedelta(hours=3))
    for need in deciding.open_needs(community, "E", heard_until=decided.date())[:1]:
        at = decided + timedelta(hours=5)
        first, last = plan.day(-12), plan.day(-40)
        row = deciding.by_hand(actor, need, dice, from_on=first, until_on=last, times=2, at=at)
        if dice.random() < APPROVED_SHARE:
            projects.approve(actor=actor, project=row.pk, at=at + timedelta(hours=1))


def _bring_to(actor: Actor, turn: Turn, row: Project | None, at: datetime) -> None:
    if row is None or turn.says == deciding.DRAFT:
        return
    projects.approve(actor=actor, project=row.pk, at=at)
    if turn.says == deciding.PUBLISH:
        projects.publish(actor=actor, project=row.pk, at=at + timedelta(hours=1))
