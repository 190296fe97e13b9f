"""The part of the sample with what offices above asked, then and lately: through the gate, round it, and refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.people.models import Account, RoleGrant
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.commands import requests as drafts
from lianxin.domain.reporting.commands import requests_answers as answers
from lianxin.domain.reporting.commands import requests_demands as demands
from lianxin.domain.reporting.commands import requests_fields as fields
from lianxin.domain.reporting.commands import requests_history as history
from lianxin.domain.reporting.commands import requests_sending as sending
from lianxin.domain.reporting.commands.requests_history import PastDemand
from lianxin.domain.reporting.models import Demand, RequestReach, UpperRequest
from lianxin.domain.reporting.queries.requests import fields_of
from lianxin.domain.reporting.rules import requests as rules
from lianxin.domain.reporting.sample.request_stories import (
    CLOSED_MONTHS,
    CLOSED_STORIES,
    ROUND,
    STOPPED,
    STORIES,
    Story,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.sample import Plan
from lianxin.platform.workcalendar import load_calendar

SOME, ANSWERED_SHARE = 12, 0.8
BEFORE_DAYS = 100
# What came round the gate in the closed year, for each community.
CLOSED_YEAR = (2, 4)
# At which hour it came, and how many hours were left: mostly in working hours and for days, but not always.
HOURS = (9, 9, 10, 11, 15, 15, 16, 17, 19, 21)
LEFT = (3, 20, 50, 72, 100, 170)


def build_requests(plan: Plan) -> None:
    """Tell the requests and demands of the closed year and of the last months; safe to run again."""
    with translation.override("zh-hans"):
        with scope.everything():
            communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code", "pk"))
            told = UpperRequest.objects.filter(is_sample=True).exists()
        staff = _staff(plan)
        if communities and not told:
            with transaction.atomic():
                _tell_stories(plan, communities, staff)
                _stop_some(plan, communities)
        with scope.everything():
            noted = set(Demand.objects.order_by().values_list("community_id", flat=True).distinct())
        for community in communities:
            actor = staff.get(community.pk)
            if actor is not None and community.pk not in noted:
                with transaction.atomic():
                    _note_demands(plan, community, actor)


def _staff(plan: Plan) -> dict[UUID, Actor]:
    """Give for each community who came first of those who work there."""
    with scope.everything():
        grants = RoleGrant.objects.filter(role="community_staff", until_on=None).order_by("granted_at", "pk")
        first: dict[UUID, UUID] = {}
        for account, division in grants.values_list("account", "division"):
            first.setdefault(division, account)
        known = Account.objects.in_bulk(list(first.values()))
        return {division: actor_for(account=known[pk], at=plan.at, via="cli") for division, pk in first.items()}


def _moment(plan: Plan, story: Story) -> datetime:
    """Give when a story's request was sent: on a working day, or on the Saturday before where it came on a weekend."""
    day = date(plan.told_year, *story.on) if story.on else plan.day(story.days_ago)
    if story.on_weekend:
        day -= timedelta(days=(day.weekday() - 5) % 7)
    else:
        day = load_calendar().add_workdays(day, days=0)
    return local_moment(day, time(story.hour))


def _tell_stories(plan: Plan, communities: list[Division], staff: dict[UUID, Actor]) -> None:
    office = Actor.system(via="cli")
    for story in (*CLOSED_STORIES, *STORIES):
        dice = plan.random("requests", story.title, story.on or "lately")
        chosen = communities if story.everywhere else communities[:SOME]
        at = _moment(plan, story)
        due_at = local_moment(local_day(at) + timedelta(days=story.due_days), time(17, 30))
        row = _draft(plan, story, office, chosen, due_at, at)
        sent = sending.send(actor=office, request=row.pk, at=at)
        if story.hands or story.kind == "inspection":
            _answer(plan, sent, story, staff, dice)
        _go_round(plan, office, sent, story, staff, dice)


def _draft(
    plan: Plan, story: Story, office: Actor, chosen: list[Division], due_at: datetime, at: datetime
) -> UpperRequest:
    before = at - timedelta(hours=1)
    name, level = story.office
    row = drafts.draft(
        actor=office,
        office_name=name,
        office_level=level,
        kind=story.kind,
        title=story.title,
        purpose=story.purpose,
        approver=story.approver,
        approval_number=story.number.format(year=plan.told_year),
        came_by=story.came_by,
        repeats=story.repeats,
        due_at=due_at,
        expires_on=local_day(due_at) + timedelta(days=story.keeps_days if story.repeats != "once" else 20),
        communities=[one.pk for one in chosen],
        is_sample=True,
        at=before,
    )
    for measure, period in story.known:
        fields.ask_figure(actor=office, request=row.pk, measure=measure, period=period, at=before)
    for label, why, answer_type, unit, again, _said in story.hands:
        fields.ask_by_hand(
            actor=office,
            request=row.pk,
            label=label,
            why=why,
            answer_type=answer_type,
            unit=unit,
            again_words=again,
            at=before,
        )
    return row


def _answer(plan: Plan, row: UpperRequest, story: Story, staff: dict[UUID, Actor], dice: Random) -> None:
    """Let most communities answer the last round before the sample's moment."""
    hands = {one.label: one.pk for one in fields_of(row) if one.how == "hand"}
    with scope.everything():
        reaches = list(RequestReach.objects.filter(request=row, round=row.rounds).order_by("community__code", "pk"))
    for reach in reaches:
        wait = timedelta(minutes=dice.randint(20, 600))
        said = {hands[label]: dice.choice(words) for label, _why, _type, _unit, _again, words in story.hands}
        actor = staff.get(reach.community_id)
        at = min(reach.opened_at + wait, reach.due_at)
        if actor is not None and dice.random() < ANSWERED_SHARE and at < plan.at:
            answers.answer(actor=actor, reach=reach.pk, values=said, at=at)


def _go_round(
    plan: Plan, office: Actor, row: UpperRequest, story: Story, staff: dict[UUID, Actor], dice: Random
) -> None:
    """Ask the rounds that fell due until the sample's moment, and end what is over by then."""
    while row.next_on is not None and row.next_on < local_day(plan.at):
        day: date = load_calendar().add_workdays(row.next_on, days=0)
        at = local_moment(day, time(9))
        if at >= plan.at:
            break
        row = sending.open_round(actor=office, request=row.pk, at=at)
        _answer(plan, row, story, staff, dice)
    row.refresh_from_db()
    if row.state == rules.SENT and row.expires_on is not None and row.expires_on < local_day(plan.at):
        ended = local_moment(row.expires_on + timedelta(days=1), time(9))
        sending.expire(actor=office, request=row.pk, at=min(ended, plan.at))


def _stop_some(plan: Plan, communities: list[Division]) -> None:
    """Bring two requests to the gate that it does not let through: they stay drafts and say what they lack."""
    office, at = Actor.system(via="cli"), plan.moment(6, 15)
    for (name, level), kind, title, hand, more in STOPPED:
        entries: dict[str, Any] = dict(more)
        row = drafts.draft(
            actor=office,
            office_name=name,
            office_level=level,
            kind=kind,
            title=title,
            due_at=at + timedelta(days=12),
            communities=[one.pk for one in communities[:SOME]],
            is_sample=True,
            at=at,
            **entries,
        )
        if hand is not None:
            label, why, answer_type = hand
            fields.ask_by_hand(actor=office, request=row.pk, label=label, why=why, answer_type=answer_type, at=at)
        # Not sent: sending raises what the page of the draft tells.


def _note_demands(plan: Plan, community: Division, actor: Actor) -> None:
    """Let a community's book tell what came round the gate, and note what is still to be done."""
    dice = plan.random("demands", community.code)
    closed = [_in_closed_year(plan, dice) for _turn in range(dice.randint(*CLOSED_YEAR))]
    days = [plan.day(dice.randint(3, BEFORE_DAYS)) for _turn in range(dice.randint(1, 3))]
    lately = [_demand(day, dice) for day in days]
    over = [one for one in (*closed, *lately) if one.ended_at <= plan.at]
    history.take_in(
        actor=actor,
        community=community.pk,
        demands=sorted(over, key=lambda one: one.asked_at),
        is_sample=True,
        at=plan.at,
    )
    for one in lately:
        if one.ended_at > plan.at:
            demands.note(
                actor=actor,
                community=community.pk,
                office_name=one.office_name,
                office_level=one.office_level,
                kind=one.kind,
                title=one.title,
                came_by=one.came_by,
                field_count=one.field_count,
                asked_at=one.asked_at,
                due_at=one.due_at,
                is_sample=True,
                at=one.asked_at + timedelta(hours=1),
            )


def _in_closed_year(plan: Plan, dice: Random) -> PastDemand:
    [month] = dice.choices(range(1, 13), CLOSED_MONTHS)
    return _demand(date(plan.told_year, month, dice.randint(1, 28)), dice)


def _demand(day: date, dice: Random) -> PastDemand:
    (name, level), kind, title, came_by, count = dice.choice(ROUND)
    if day.weekday() > 4 and dice.random() < 0.6:
        day -= timedelta(days=2)
    asked_at = local_moment(day, time(dice.choice(HOURS), dice.choice((5, 20, 40))))
    due_at = asked_at + timedelta(hours=dice.choice(LEFT))
    return PastDemand(name, level, kind, title, came_by, asked_at, ended_at=due_at, due_at=due_at, field_count=count)
