"""Cases of the closed year that did not go straight: not solved at first, opened again, lifted, asked about above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from lianxin.domain.places.models import Division
from lianxin.domain.voice.commands import closing, lifting, moving, tiers
from lianxin.domain.voice.commands.hearing import Voice, hear_many
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .case_words import APPEALS, ASKED_TO_SAY, NOT_YET, TROUBLES, sentence

# So many communities had one such case; what became of it goes round.
EVERY = 3
NOT_SOLVED, AGAIN, LIFTED, APPEALED = "not solved", "opened again", "lifted", "appealed"
KINDS = (NOT_SOLVED, AGAIN, LIFTED, NOT_SOLVED, APPEALED, AGAIN, LIFTED, NOT_SOLVED)
# Rain and storms bring more; at the Spring Festival people wait.
MONTHS = (3, 2, 4, 4, 6, 7, 8, 8, 6, 4, 4, 3)
# Each so manieth was still open when the year ended.
OVER_THE_YEAR = 6
LASTS = timedelta(days=28)
HOW = ("desk", "desk", "visit", "phone")
DONE_AGAIN = "又去看了一次，把没弄好的补上，当面试过。"
OWN_SAY_SHARE = 0.4
People = Sequence[tuple[UUID, UUID, bool]]


@dataclass
class _Told:
    """One case as it goes on: what is done to it next, and when."""

    community: UUID
    actor: Actor
    case: UUID
    report: UUID
    dice: Random
    at: datetime

    def later(self, *, days: int = 0, hours: int = 0) -> datetime:
        """Let time pass, and give when it is now."""
        self.at += timedelta(days=days, hours=hours)
        return self.at

    def finish(self, words: str, *, days: int) -> None:
        """Let the office say that it is done."""
        closing.finish(actor=self.actor, case=self.case, words=words, at=self.later(days=days))

    def say(self, *, solved: bool, words: str, days: int) -> None:
        """Let who told it say whether it is solved: on their page, or to the office."""
        by_themselves = self.dice.random() < OWN_SAY_SHARE
        closing.say(
            actor=Actor.anonymous(via="cli").visiting(self.community) if by_themselves else self.actor,
            report=self.report,
            solved=solved,
            words=words,
            how="page" if by_themselves else self.dice.choice(HOW),
            holds_receipt=by_themselves,
            at=self.later(days=days),
        )


def tell_hard_case(plan: Plan, place: Division, actor: Actor, people: People, number: int) -> None:
    """Tell the one case of a community that took more than one turn, where its number says that it had one."""
    if number % EVERY:
        return
    turn = number // EVERY
    kind, dice = KINDS[turn % len(KINDS)], plan.random("hard cases", place.code)
    trouble = dice.choice([one for one in TROUBLES if not one.is_full])
    opened = _opened(plan, turn, dice)
    who = dice.choice(people) if people else None
    [report] = hear_many(
        actor=actor,
        community=place.pk,
        voices=[
            Voice(
                words=sentence(trouble, dice),
                how=dice.choice(("desk", "visit", "paper", "page")),
                subject=trouble.subject,
                title=trouble.title,
                person=who[0] if who else None,
                household=who[1] if who else None,
                heard_at=opened,
            )
        ],
        is_sample=True,
        at=opened,
    )
    case: UUID = CaseReport.objects.values_list("case", flat=True).get(pk=report)
    told = _Told(place.pk, actor, case, report, dice, opened)
    moving.assign(actor=actor, case=case, account=actor.account, name=actor.name, at=told.later(hours=2))
    thanks = dice.choice(ASKED_TO_SAY)
    if kind == NOT_SOLVED:
        told.finish(trouble.done, days=dice.randint(1, 5))
        told.say(solved=False, words=dice.choice(NOT_YET), days=dice.randint(0, 2))
        told.finish(DONE_AGAIN, days=dice.randint(1, 4))
    elif kind == AGAIN:
        told.finish(trouble.done, days=dice.randint(1, 5))
        told.say(solved=True, words=thanks, days=1)
        told.say(solved=False, words=dice.choice(NOT_YET), days=dice.randint(3, 9))
        told.finish(DONE_AGAIN, days=dice.randint(1, 4))
    elif kind == LIFTED:
        _be_late(told)
        told.finish(trouble.done, days=dice.randint(2, 5))
    else:
        _appeal(told, is_raised=dice.random() < 0.5)
        told.finish(trouble.done, days=dice.randint(1, 3))
    told.say(solved=True, words=thanks, days=dice.randint(1, 3))


def _opened(plan: Plan, turn: int, dice: Random) -> datetime:
    [month] = dice.choices(range(1, 13), MONTHS)
    is_over_the_year = turn % OVER_THE_YEAR == OVER_THE_YEAR - 1
    day = dice.randint(27, 30) if is_over_the_year else dice.randint(3, 26)
    on = date(plan.told_year, 12 if is_over_the_year else month, min(day, 28 if month == 2 else day))
    opened = local_moment(on, time(dice.randint(8, 17), dice.choice((0, 15, 30, 45))))
    return min(opened, plan.at - LASTS)


def _be_late(told: _Told) -> None:
    """Let its time run out, and the program lift it as the rules say."""
    due = Case.objects.values_list("due_at", flat=True).get(pk=told.case)
    assert due is not None
    told.at = due + timedelta(hours=1)
    lifting.lift_late(actor=Actor.system(via="cli"), community=told.community, at=told.at)


def _appeal(told: _Told, *, is_raised: bool) -> None:
    """Let who told it ask the office above to take it for more urgent, and that office answer."""
    asked, stays, raised = told.dice.choice(APPEALS)
    asked_about = tiers.appeal(actor=told.actor, report=told.report, words=asked, at=told.later(hours=20))
    tier = Case.objects.values_list("tier", flat=True).get(pk=told.case)
    is_raised = is_raised and tier == "simple"
    tiers.answer_appeal(
        actor=Actor.system(via="cli"),
        decision=asked_about.pk,
        tier="fast" if is_raised else None,
        words=raised if is_raised else stays,
        at=told.later(days=1),
    )
