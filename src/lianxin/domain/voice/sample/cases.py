"""The part of the sample in which residents bring things forward: what was settled, and what is being worked on now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import communities_in_order, staff_of
from lianxin.domain.voice.commands import closing, history, moving
from lianxin.domain.voice.commands.hearing import Voice, hear_many
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .case_words import ASKED_TO_SAY, CANNOT, NOT_YET, QUIET, TROUBLES, Trouble, sentence
from .hard_cases import tell_hard_case

CUIYING = "440507004020"
# More than forty cases were solved there in the closed year.
SOLVED_AT_CUIYING = 46
FEWEST_IN_CLOSED_YEAR, MOST_IN_CLOSED_YEAR = 2, 5
PAST_DAYS = (25, 330)
HOW = ("page", "page", "desk", "desk", "phone", "visit", "paper", "reception")
SAID_HOW = {"page": "page", "desk": "desk", "phone": "phone", "visit": "visit", "paper": "paper", "reception": "phone"}
CONFIRMED_SHARE, SILENT_SHARE = 0.78, 0.15
People = Sequence[tuple[UUID, UUID, bool]]


def build_cases(plan: Plan) -> None:
    """Let every community of the sample have had cases, and have some now; each community whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            begun = set(Case.objects.order_by().values_list("community_id", flat=True).distinct())
        staff, communities = staff_of(plan), communities_in_order()
        for number, community in enumerate(communities, start=1):
            actor = staff.get(community.pk)
            if community.pk not in begun and actor is not None:
                _tell(plan, community, actor, number)
            plan.tell("cases", number / len(communities))


def _tell(plan: Plan, place: Division, actor: Actor, number: int) -> None:
    dice = plan.random("cases", place.code)
    with scope.everything():
        living = Person.objects.filter(community=place, state=Person.State.LIVING, birth_on__lt=plan.day(18 * 366))
        people = list(living.order_by("pk").values_list("pk", "household_id", "no_phone"))
    past = [_past(plan, dice, people, actor) for _turn in range(dice.randint(3, 9))]
    others = dice.randint(FEWEST_IN_CLOSED_YEAR, MOST_IN_CLOSED_YEAR)
    past += [_some_day(plan, dice, people, actor) for _turn in range(others)]
    if place.code == CUIYING:
        past += [_in_closed_year(plan, turn, dice, people, actor) for turn in range(SOLVED_AT_CUIYING)]
    with transaction.atomic(), scope.within(frozenset({place.pk})):
        past.sort(key=lambda one: one.ended_at)
        history.take_in(actor=actor, community=place.pk, cases=past, is_sample=True, at=plan.at)
        if place.code != CUIYING:
            tell_hard_case(plan, place, actor, people, number)
        _tell_now(plan, place, actor, people, dice)


def _past(plan: Plan, dice: Random, people: People, actor: Actor) -> history.PastCase:
    opened = plan.moment(dice.randint(*PAST_DAYS), dice.randint(8, 20), dice.choice((0, 15, 30, 45)))
    return _settled(dice.choice((*TROUBLES, *QUIET)), opened, dice, people, actor, end=_end(dice))


def _in_closed_year(plan: Plan, turn: int, dice: Random, people: People, actor: Actor) -> history.PastCase:
    """Give a case of the closed year that was solved; they spread over the year, the Spring Festival left out."""
    first = local_moment(date(plan.told_year, 1, 5), time(9))
    opened = first + timedelta(days=turn * 7 + dice.randint(0, 4), hours=dice.randint(0, 9))
    trouble = (*TROUBLES, *QUIET)[turn % (len(TROUBLES) + len(QUIET))]
    return _settled(trouble, opened, dice, people, actor, end="confirmed")


def _some_day(plan: Plan, dice: Random, people: People, actor: Actor) -> history.PastCase:
    """Give a case of the closed year that ended as cases end: most solved, some in silence, a few not to be helped."""
    on = date(plan.told_year, 1, 8) + timedelta(days=dice.randrange(320))
    opened = local_moment(on, time(dice.randint(8, 20), dice.choice((0, 15, 30, 45))))
    return _settled(dice.choice((*TROUBLES, *QUIET)), opened, dice, people, actor, end=_end(dice))


def _end(dice: Random) -> str:
    turn = dice.random()
    if turn < CONFIRMED_SHARE:
        return "confirmed"
    return "silent" if turn < CONFIRMED_SHARE + SILENT_SHARE else "declined"


def _settled(
    trouble: Trouble, opened: datetime, dice: Random, people: People, actor: Actor, *, end: str
) -> history.PastCase:
    took = timedelta(days=dice.randint(*trouble.days), hours=dice.randint(1, 7))
    done = opened + took
    ended = done if end == "declined" else done + timedelta(days=8 if end == "silent" else dice.randint(0, 5))
    count = 1 if dice.random() < 0.7 else dice.randint(2, 5)
    is_open = trouble not in QUIET
    voices = [_voice(trouble, opened + timedelta(hours=3 * one), dice, people, end, ended) for one in range(count)]
    return history.PastCase(
        title=trouble.title,
        subject=trouble.subject,
        voices=[one for one in voices if one.heard_at <= done],
        answer=dice.choice(CANNOT) if end == "declined" else trouble.done,
        end=end,
        ended_at=ended,
        done_at=None if end == "declined" else done,
        responsible=actor.account,
        responsible_name=actor.name[:40],
        confidentiality="open" if is_open else "confidential",
        public_title=trouble.title if is_open else "",
    )


def _voice(
    trouble: Trouble, heard: datetime, dice: Random, people: People, end: str, ended: datetime
) -> history.PastVoice:
    who = dice.choice(people) if people else None
    how = dice.choice(HOW) if who is None or not who[2] else dice.choice(("desk", "visit", "paper"))
    said = "solved" if end == "confirmed" else ""
    return history.PastVoice(
        words=sentence(trouble, dice),
        how=how,
        heard_at=heard,
        person=who[0] if who else None,
        household=who[1] if who else None,
        channel="paper" if who and who[2] else dice.choice(("sms", "phone", "none")),
        is_read_back=how in ("desk", "paper", "visit"),
        said=said,
        said_words=dice.choice(ASKED_TO_SAY) if said and dice.random() < 0.5 else "",
        said_how=SAID_HOW[how] if said else "",
        said_at=ended if said else None,
    )


def _tell_now(plan: Plan, place: Division, actor: Actor, people: People, dice: Random) -> None:
    """Let some things be new, looked after, worked on, or said to be done and not yet confirmed."""
    some = dice.sample(TROUBLES, dice.randint(2, 4))
    voices = []
    for trouble in some:
        who = dice.choice(people) if people else None
        voices.append(
            Voice(
                words=sentence(trouble, dice),
                how=dice.choice(HOW[:6]),
                subject=trouble.subject,
                title=trouble.title,
                person=who[0] if who else None,
                household=who[1] if who else None,
                channel="paper" if who and who[2] else dice.choice(("sms", "phone", "none")),
                heard_at=plan.at - timedelta(days=dice.randint(0, 2), hours=dice.randint(1, 9)),
            )
        )
    reports = hear_many(actor=actor, community=place.pk, voices=voices, is_sample=True, at=plan.at)
    cases = CaseReport.objects.in_bulk(reports)
    for turn, (pk, trouble) in enumerate(zip(reports, some, strict=True)):
        case = cases[pk].case_id
        if turn == 0:
            continue
        moving.assign(actor=actor, case=case, account=actor.account, name=actor.name, at=plan.at)
        if turn == 1:
            # Writing down how it goes on begins the work on it.
            moving.progress(actor=actor, case=case, words="已经约好师傅，明天上午来看。", at=plan.at)
            moving.edit(actor=actor, case=case, public_title=trouble.title, is_public=True, at=plan.at)
        elif turn == 2:
            closing.finish(actor=actor, case=case, words=trouble.done, at=plan.at)
            if dice.random() < 0.3:
                closing.say(actor=actor, report=pk, solved=False, words=dice.choice(NOT_YET), how="phone", at=plan.at)
